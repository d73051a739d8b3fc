"""“@姓名” in running text: what is a mention and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.mentions import named_in, possible_names, spoken, tails

NAMES = ("陆文博", "任子衡", "任子", "李·欧")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@陆文博 请看", ["陆文博"]),
        ("请@陆文博补材料", ["陆文博"]),
        ("＠任子衡，@任子。", ["任子衡", "任子"]),
        ("@任子衡山路 12 号", ["任子衡"]),
        ("发到 office@example.com", []),
        ("比分 3 @ 4", []),
        ("@", []),
        ("", []),
    ],
)
def test_the_longest_name_behind_an_at_is_meant(text: str, found: list[str]) -> None:
    assert [named_in(tail, NAMES) for tail in tails(text)] == found


def test_what_is_refused_is_said_as_it_was_written_up_to_the_first_stop() -> None:
    assert spoken("季长宁，请看") == "季长宁"
    assert spoken("季长宁请看") == "季长宁请看"


@given(st.text(), st.sampled_from(NAMES), st.text())
def test_a_known_name_behind_an_at_after_a_blank_is_always_found(before: str, name: str, after: str) -> None:
    said = tails(f"{before} @{name}{after}")
    assert name in possible_names(said)
    assert any(named_in(tail, [name]) == name for tail in said)


@given(st.text().filter(lambda text: "@" not in text and "＠" not in text))
def test_without_an_at_nobody_is_meant(text: str) -> None:
    assert tails(text) == ()
