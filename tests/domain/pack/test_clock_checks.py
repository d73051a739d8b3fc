"""What a pack says of time and cannot mean: named with its file, key and what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.domain.pack import builtin_pack
from guatu.domain.pack.clock_checks import clock_mistakes
from guatu.domain.pack.schema import Pack


def changed(**changes: Any) -> Pack:
    """The built-in pack with another loop."""
    pack = builtin_pack("theme-education")
    flow = pack.workflows["closed_loop"].model_copy(update=changes)
    return pack.model_copy(update={"workflows": {**pack.workflows, "closed_loop": flow}})


def sentences(pack: Pack) -> list[str]:
    """What is said of the pack."""
    return [mistake.sentence for mistake in clock_mistakes(pack)]


@pytest.mark.parametrize("key", ["theme-education", "safety-drive"])
def test_the_built_in_packs_have_no_mistake_of_time(key: str) -> None:
    assert sentences(builtin_pack(key)) == []


def test_a_state_on_notice_without_a_notice_is_named() -> None:
    assert "没有说明怎样公示" in sentences(changed(notice=None))[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"field": "found_on"}, "found_on"),
        ({"kinds": {"nowhere": "public"}}, "nowhere"),
        ({"shows": ("owner",)}, "owner"),
    ],
)
def test_a_notice_that_names_what_is_not_there_or_a_person_is_refused(
    change: dict[str, Any], said: str
) -> None:
    notice = builtin_pack("theme-education").workflows["closed_loop"].notice
    assert notice is not None
    (sentence,) = sentences(changed(notice=notice.model_copy(update=change)))
    assert said in sentence


def test_a_periodic_check_stands_only_where_something_is_kept_up() -> None:
    states = builtin_pack("theme-education").workflows["closed_loop"].states
    odd = {**states, "doing": states["doing"].model_copy(update={"check_every": 30})}
    assert any("只有长期坚持的状态才有定期检查" in one for one in sentences(changed(states=odd)))
    bare = {**states, "long_term": states["long_term"].model_copy(update={"check_every": None})}
    assert any("check_every 的状态出发" in one for one in sentences(changed(states=bare)))
