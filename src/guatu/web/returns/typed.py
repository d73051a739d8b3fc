"""What is typed into the form of a return: rows of cells, as they were typed and as values; kept as a draft and read back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from guatu.domain.doubts import Doubt, doubt
from guatu.domain.errors import BadInput
from guatu.domain.fields import parse
from guatu.domain.filling import EMPTY, MOST_ROWS, Filled
from guatu.domain.pack.register import NUMERIC_TYPES, Field
from guatu.domain.private import is_stand_in
from guatu.queries.held_values import Standing
from guatu.queries.return_form import ReturnForm
from guatu.web.here import Here
from guatu.web.item.handed_in import HandedIn, hand_in, kept_again
from guatu.web.item.typed import Files, Values, read_values
from guatu.web.numbers import typed_number
from guatu.web.returns.papers import drafted, from_drafted, read_paper

_ROW = re.compile(r"^r(\d{1,4})-item$")
LONGEST_TEXT = 4000


@dataclass(slots=True)
class RowTyped:
    """One row: `item` is the public id of the record that it changes ("" for a new one), `sure` the numbers confirmed.

    `version`: of that record as it was seen.
    """

    place: int
    item: str = ""
    version: int | None = None
    title: str = ""
    values: Values = field(default_factory=Values)
    sure: dict[str, str] = field(default_factory=dict)
    title_error: str = ""

    @property
    def prefix(self) -> str:
        """What the names of its inputs begin with."""
        return f"r{self.place}-"

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it."""
        return not self.item and not self.title and not any(self.values.raw.values())


@dataclass(slots=True)
class Typed:
    """The whole form. `draft` and `version` are those of the draft and of the return that were seen; `errors` by input.

    `answer`: the one that was refused, so that what it asks for stands open. `papers`: what the files in cells are called,
    by SHA-256; `handed`: the papers that go with the whole.
    """

    rows: list[RowTyped] = field(default_factory=list)
    explanation: str = ""
    minutes: str = ""
    seconds: int = 0
    draft: int = 0
    version: int | None = None
    key: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    sentence: str = ""
    answer: str = ""
    handed: HandedIn = field(default_factory=HandedIn)
    papers: dict[str, str] = field(default_factory=dict)

    def cells(self) -> dict[str, Any]:
        """As the draft keeps it."""
        kept: dict[str, Any] = {
            "rows": [
                {"item": row.item, "title": row.title, "raw": row.values.raw, "sure": row.sure}
                for row in self.rows
            ],
            "explanation": self.explanation,
            "minutes": self.minutes,
        }
        if self.papers:
            kept["papers"] = dict(self.papers)
        if self.handed.evidence:
            kept["evidence"] = [drafted(each) for each in self.handed.evidence]
        return kept


def read_typed(at: Here, found: ReturnForm, post: QueryDict, files: Files | None = None) -> Typed:
    """Read the form; rows in which nothing was typed are left out, unless there is to be one row."""
    places = sorted({int(match.group(1)) for name in post if (match := _ROW.match(name))})[:MOST_ROWS]
    papers: dict[str, str] = {}
    rows = [_read_row(at, found, post, files, place, papers) for place in places]
    one = found.form.rows == "one"
    kept = rows[:1] if one else [row for row in rows if not row.is_blank]
    typed = Typed(
        rows=kept,
        explanation=post.get("explanation", "").strip()[:LONGEST_TEXT],
        minutes=post.get("minutes", "").strip()[:6],
        seconds=typed_number(post.get("seconds", ""), 6) or 0,
        draft=typed_number(post.get("draft", ""), 9) or 0,
        version=typed_number(post.get("version", ""), 9),
        key=post.get("key", "")[:40] or str(uuid4()),
        handed=hand_in(at, post, files if files is not None else MultiValueDict(), ()),
        papers=papers,
    )
    if typed.minutes and typed_number(typed.minutes, 4) is None:
        typed.errors["minutes"] = _("“{value}”不是分钟数。请填整数，例如 15。").format(value=typed.minutes)
    return typed


def _read_row(
    at: Here, found: ReturnForm, post: QueryDict, files: Files | None, place: int, papers: dict[str, str]
) -> RowTyped:
    prefix = f"r{place}-"
    row = RowTyped(
        place=place,
        item=post.get(f"{prefix}item", "")[:36],
        version=typed_number(post.get(f"{prefix}version", ""), 9),
        title=post.get(f"{prefix}title", "").strip()[:300],
    )
    row.values = read_values(at, [each for each in found.fields if each.type != "file"], post, prefix=prefix)
    for each in found.fields:
        if each.type == "file":
            sha256, title, trouble = read_paper(at, each, post, files, prefix)
            row.values.raw[each.key] = sha256
            if trouble:
                row.values.errors[each.key] = trouble
            else:
                row.values.values[each.key] = sha256 or None
            if sha256 and title:
                papers[sha256] = title
    row.sure = {
        each.key: text for each in found.fields if (text := post.get(f"sure-{prefix}{each.key}", "")[:40])
    }
    return row


def from_draft(at: Here, found: ReturnForm) -> Typed | None:
    """What the draft holds, None without one. Its cells are text as they were typed; values are read when handed in."""
    draft = found.draft
    if draft is None:
        return None
    known = {one.public_id: one for one in found.held.rows}
    rows = []
    for place, told in enumerate(draft.cells.get("rows", ())):
        item = told.get("item", "")
        if item and item not in known:
            continue  # the record has left in between
        row = RowTyped(place, item, known[item].version if item else None, told.get("title", ""))
        row.values.raw = dict(told.get("raw", {}))
        row.sure = dict(told.get("sure", {}))
        rows.append(row)
    return Typed(
        rows=rows,
        explanation=draft.cells.get("explanation", ""),
        minutes=draft.cells.get("minutes", ""),
        seconds=draft.seconds,
        draft=draft.version,
        version=found.item.version,
        key=str(uuid4()),
        handed=kept_again(at, [from_drafted(told) for told in draft.cells.get("evidence", ())]),
        papers=dict(draft.cells.get("papers", {})),
    )


def without_paper(at: Here, typed: Typed, name: str) -> Typed:
    """The form without one file: that of the cell `name`, or the paper of the whole with this hash."""
    for row in typed.rows:
        for key in row.values.raw:
            if f"{row.prefix}{key}" == name:
                row.values.raw[key] = ""
                row.values.values[key] = None
    left = [each for each in typed.handed.evidence if each.sha256 != name]
    typed.handed = kept_again(at, left)
    return typed


def doubts_of(found: ReturnForm, row: RowTyped) -> dict[str, Doubt]:
    """The questions about the numbers of one row against the period before; those that were confirmed are left out."""
    before = found.held.previous
    if before is None or found.form.rows != "one":
        return {}
    asked = {}
    for each in found.fields:
        met = doubt(each, _number(each, row), before.data.get(each.key))
        if met is not None and row.sure.get(each.key) != row.values.raw.get(each.key):
            asked[each.key] = met
    return asked


def _number(each: Field, row: RowTyped) -> Any:
    """The number that stands in a cell; None for what is none. A draft holds text only."""
    if each.key in row.values.values:
        return row.values.values[each.key]
    try:
        return parse(each, row.values.raw.get(each.key, "")) if each.type in NUMERIC_TYPES else None
    except BadInput:
        return None


def filled_of(found: ReturnForm, rows: Sequence[RowTyped]) -> list[Filled]:
    """The rows as they are handed in. A new row takes along what is held and not asked."""
    known: Mapping[str, Standing] = {one.public_id: one for one in found.held.rows}
    held = {key: one.value for key, one in found.held.left_out.items()}
    filled = []
    for row in rows:
        record = known.get(row.item)
        values = dict(row.values.values)
        if record is None:
            values = {**held, **{key: value for key, value in values.items() if value not in EMPTY}}
        else:  # a private value is not shown in the form: left empty, it stands
            kept = {key for key, value in record.data.items() if is_stand_in(value)}
            values = {key: value for key, value in values.items() if key not in kept or value not in EMPTY}
        filled.append(Filled(values, record.pk if record else None, row.title, row.version))
    return filled


def minutes_of(typed: Typed) -> int | None:
    """What was typed, else what was measured in whole minutes, else nothing."""
    if typed.minutes:
        return typed_number(typed.minutes, 4)
    return -(-typed.seconds // 60) if typed.seconds else None
