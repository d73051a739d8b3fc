"""What a text changed of which section, and whose that is to change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.loop_tracks import SECTIONS, WRITERS
from guatu.domain.writing.assigning import (
    AROUND,
    Share,
    not_ones_own,
    notes_of,
    shares_of,
    still_there,
    touched,
)
from guatu.domain.writing.body import Body, BodyHead, HeadingBlock, ParagraphBlock, sections_of

pytestmark = pytest.mark.sqlite


def body(*sections: tuple[str, str], before: str = "") -> Body:
    blocks: list[HeadingBlock | ParagraphBlock] = []
    if before:
        blocks.append(ParagraphBlock(id="p0", text=before))
    for key, text in sections:
        blocks += [HeadingBlock(id=key, text=key), ParagraphBlock(id=f"p{key}", text=text)]
    return Body(tuple(blocks))


TWO = body(("a", "一"), ("b", "二"))


def test_sections_begin_at_headings_of_the_first_level() -> None:
    text = body(("a", "一"), before="引言")
    text = replace(text, blocks=(*text.blocks, HeadingBlock(id="sub", text="小", level=2)))
    assert [(one.heading, len(one.blocks)) for one in sections_of(text)] == [("", 1), ("a", 3)]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (TWO, set()),
        (body(("a", "一改"), ("b", "二")), {"a"}),
        (body(("a", "一")), {"b"}),
        (body(("a", "一"), ("b", "二"), ("c", "三")), {"c"}),
        (body(("b", "二"), ("a", "一")), {AROUND}),
        (body(("a", "一"), ("b", "二"), before="引言"), {AROUND}),
        (replace(TWO, salutation="各单位："), {AROUND}),
        (replace(TWO, head=BodyHead(mark="文件")), {AROUND}),
    ],
)
def test_what_a_text_changed_is_told_by_section(after: Body, expected: set[str]) -> None:
    assert touched(TWO, after) == expected


@pytest.mark.parametrize(
    ("person", "anywhere", "leads", "refused"),
    [
        (1, True, True, ()),  # who began it writes everything
        (1, True, False, ("b",)),  # a writer: what is given to nobody, and their own
        (1, False, False, (AROUND, "b", "c")),  # somebody asked: their own alone
        (2, False, False, (AROUND, "a", "c")),
        (None, False, False, (AROUND, "a", "b", "c")),
    ],
)
def test_a_section_that_is_given_to_somebody_is_theirs(
    person: int | None, anywhere: bool, leads: bool, refused: tuple[str, ...]
) -> None:
    shares = (Share("a", 1), Share("b", 2))
    changed = ("a", "b", "c", AROUND)
    assert not_ones_own(changed, shares, person, anywhere=anywhere, leads=leads) == refused


@given(st.lists(st.builds(Share, st.sampled_from("abcd"), st.integers(1, 30), st.booleans()), max_size=6))
def test_who_has_to_write_is_named_whole_and_once(shares: list[Share]) -> None:
    noted = notes_of(shares)
    assert list(shares_of(noted[SECTIONS])) == shares
    for person in range(1, 31):
        waits = any(share.person == person and not share.done for share in shares)
        assert (f",{person}," in noted[WRITERS]) == waits


def test_a_section_that_is_gone_is_nobodys() -> None:
    assert still_there((Share("a", 1), Share("z", 2)), TWO) == (Share("a", 1),)
