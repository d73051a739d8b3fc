"""From the form under a proposal to answers: only what the form asked is read, nothing is lost of what was said before."""

from __future__ import annotations

from dataclasses import replace

from django.http import QueryDict

from guatu.domain.imports.item_cells import Lookups
from guatu.domain.imports.understanding.proposal import LEAVE, Answers, ColumnAnswer
from guatu.domain.imports.understanding.readings import OFFERED
from guatu.domain.imports.understanding.units import Units

MOST_COLUMNS, MOST_NAMES = 200, 5_000
_YEARS = range(1900, 2201)


def read_answers(post: QueryDict, before: Answers, lookups: Lookups) -> tuple[Answers, tuple[str, ...]]:
    """The answers with what the form says, and the names of units typed into it that are none (as they were typed)."""
    units, unknown = Units(lookups), []
    chosen = dict(before.units)
    for number in range(min(_number(post.get("names", "")) or 0, MOST_NAMES)):
        name = post.get(f"name-{number}", "")
        if not name:
            continue
        typed = post.get(f"other-{number}", "").strip()
        code = post.get(f"unit-{number}", "")
        if typed:
            found = units.find(typed)
            if found is None:
                unknown.append(typed)
            code = found or ""
        chosen[name] = code if code in lookups.units or code == LEAVE else ""
    one = post.get("one_unit", "").strip()
    one_unit = units.find(one) if one else ""
    if one_unit is None:
        unknown.append(one)
    year = _number(post.get("year", ""))
    unfit = post.get("unfit", "")
    answers = replace(
        before,
        label=" ".join(post.get("label", before.label).split())[:60],
        columns={**before.columns, **_columns(post)},
        unit_column=_place(post, "unit_column", before.unit_column),
        title_column=_place(post, "title_column", before.title_column),
        day_column=_place(post, "day_column", before.day_column),
        one_unit=one_unit if one_unit is not None else before.one_unit,
        units=chosen,
        year=year if year in _YEARS else before.year,
        unfit="blank" if unfit == "blank" else "skip" if unfit == "skip" else before.unfit,
        hidden="hidden" in post if "hidden_asked" in post else before.hidden,
        fill_down="fill_down" in post if "fill_asked" in post else before.fill_down,
        same=_same(post) if "same_asked" in post else before.same,
    )
    return answers, tuple(unknown)


def _columns(post: QueryDict) -> dict[int, ColumnAnswer]:
    found = {}
    for text in post.getlist("column")[:MOST_COLUMNS]:
        at = _number(text)
        if at is None:
            continue
        wanted = post.get(f"type-{at}", "")
        found[at] = ColumnAnswer(
            type=wanted if wanted in OFFERED else None,
            label=" ".join(post.get(f"label-{at}", "").split())[:60] or None,
            taken=f"take-{at}" in post,
            private=f"private-{at}" in post,
        )
    return found


def _same(post: QueryDict) -> dict[str, str]:
    """Choices that are one: the value of each box is “this←that” by two fields of the same number."""
    found = {}
    for number in post.getlist("same")[:MOST_COLUMNS]:
        one, other = post.get(f"same-one-{number}", ""), post.get(f"same-other-{number}", "")
        if one and other and one not in found.values():
            found[other] = one
    return found


def _place(post: QueryDict, name: str, before: int | None) -> int | None:
    if name not in post:
        return before
    text = post.get(name, "")
    return -1 if text == "-1" else _number(text)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
