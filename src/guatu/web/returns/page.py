"""The form of a return as its template sees it: cells with where their values come from, what is doubtful, what came back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guatu.actions.returns import is_on_behalf
from guatu.domain.filling import EMPTY, is_needed
from guatu.domain.pack.register import Field
from guatu.domain.private import is_stand_in
from guatu.queries.held_values import HeldValue, Standing
from guatu.queries.lookups import item_numbers, unit_names
from guatu.queries.moments import zone_of
from guatu.queries.return_form import ReturnForm, rows_beside
from guatu.records.models import FillDraft
from guatu.web.here import Here
from guatu.web.item.inputs import Input, input_of, read_text, typed_text
from guatu.web.returns.papers import BoxShown, paper_box, whole_box
from guatu.web.returns.two_hands import other_row, theirs_said
from guatu.web.returns.typed import RowTyped, Typed, doubts_of, from_draft


@dataclass(frozen=True, slots=True)
class CellShown:
    """One cell. `source`: where its value comes from; `before`: the period before; `question`: what is doubtful.

    `text`: the value as people read it; `box`: of a file, where it is chosen. `sure`: the number that a tick confirms. `theirs`: what another hand has put there, as a sentence.
    """

    input: Input
    source: str = ""
    before: str = ""
    flaw: str = ""
    question: str = ""
    sure: str = ""
    ticked: bool = False
    theirs: str = ""
    needed: bool = False
    text: str = ""
    box: BoxShown | None = None

    @property
    def settled(self) -> bool:
        """Whether there is nothing to do about it: taken over, and nothing wrong with it."""
        return bool(self.source and self.input.value) and not (
            self.flaw or self.question or self.theirs or self.input.error
        )

    @property
    def sure_said(self) -> str:
        """The number that a tick confirms, in groups of three as the question beside it writes numbers."""
        whole, point, rest = self.sure.partition(".")
        return f"{int(whole):,}{point}{rest}" if whole.isascii() and whole.isdecimal() else self.sure

    @property
    def missing(self) -> bool:
        """Whether it is asked and still empty."""
        return self.needed and not self.input.value


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of cells; `number` is the record's, empty for a new one. `theirs`: what another hand calls it."""

    prefix: str
    place: int
    item: str
    version: int | None
    number: str
    title: str
    title_error: str
    flaw: str
    cells: tuple[CellShown, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A field that is not asked because it is held: its value and where it comes from."""

    label: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class FillPage:
    """The whole form. `behalf`: filled for another unit, so that the signed paper has to be there; `box` takes it.

    `missing` counts the asked cells that are still empty, `left` says what is still to do. `blank` is a row for the script to copy, `books` where the
    same is done by workbook.
    """

    found: ReturnForm
    typed: Typed
    rows: tuple[RowShown, ...]
    one: bool
    todo: tuple[CellShown, ...]
    done: tuple[CellShown, ...]
    left_out: tuple[LeftOut, ...]
    blank: RowShown | None
    columns: tuple[Field, ...]
    missing: int
    left: str
    behalf: bool
    box: BoxShown
    previous: str
    whole_flaw: str
    href: str
    save_href: str
    item_href: str
    draft_key: str
    saved: str
    fresh: bool
    measured: int
    books: tuple[tuple[str, str], ...] = field(default=())


def fill_page(
    at: Here, found: ReturnForm, typed: Typed | None = None, theirs: FillDraft | None = None
) -> FillPage:
    """The form with what was typed, else the draft, else what is held. `theirs`: another hand's draft, shown beside."""
    fresh = typed is None
    names = names_of(at, found)
    given = typed or _from_draft(at, found, names) or _from_held(at, found, names)
    one = found.form.rows == "one"
    if one and not given.rows:
        given.rows = _from_held(at, found, names).rows
    if fresh and not given.rows:  # a draft of other things than rows leaves one to be filled in
        given.rows = [RowTyped(0)]
    rows = tuple(_row(at, found, row, names, theirs, given) for row in given.rows)
    cells = rows[0].cells if one and rows else ()
    blank = None if one else _row(at, found, RowTyped(9999), names, None, given)
    behalf = found.way.fill is not None and is_on_behalf(at.actor, at.campaign, found.way.fill, found.item)
    before = found.held.previous
    draft = theirs or found.draft
    missing = sum(cell.missing for row in rows for cell in row.cells)
    missing += 0 if one else sum(not row.title for row in rows)
    if theirs is not None:
        given.draft = theirs.version
    return FillPage(
        found=found,
        typed=given,
        rows=rows,
        one=one,
        todo=tuple(cell for cell in cells if not cell.settled),
        done=tuple(cell for cell in cells if cell.settled),
        left_out=_left_out(found, names),
        blank=blank,
        columns=found.fields,
        missing=missing,
        left=left_said(
            missing,
            sum(bool(cell.question) for row in rows for cell in row.cells),
            none=not rows,
            scan=behalf and not given.handed.evidence,
        ),
        behalf=behalf,
        box=whole_box(given.handed, behalf=behalf, save=at.to("return-paper", found.item.public_id)),
        previous=before.number if before is not None else "",
        whole_flaw=found.flaw(None, ""),
        href=at.to("return", found.item.public_id),
        save_href=at.to("return-save", found.item.public_id),
        item_href=at.to("item", found.item.public_id),
        draft_key=f"fill:{found.item.public_id}:{found.item.version}:{given.draft}:{at.actor.person}",
        saved=saved_line(at, draft),
        fresh=fresh,
        measured=-(-given.seconds // 60) if given.seconds else 0,
        books=_books(at, found) if not one and not behalf else (),
    )


def left_said(missing: int, doubtful: int = 0, *, none: bool, scan: bool) -> str:
    """What is still to do before handing in: cells, and the scan of the signed paper where another unit is filled for.

    `none`: not a row stands in the form; `doubtful`: how many numbers wait to be confirmed.
    """
    if none:
        return _("还没有填写")
    if missing and scan:
        return ngettext("还差 {n} 格和签字的纸质表", "还差 {n} 格和签字的纸质表", missing).format(n=missing)
    if scan:
        return _("还差：签字的纸质表")
    if missing:
        return ngettext("还差 {n} 格", "还差 {n} 格", missing).format(n=missing)
    if doubtful:
        return ngettext("还有 {n} 个数要核对", "还有 {n} 个数要核对", doubtful).format(n=doubtful)
    return _("已填齐")


def _books(at: Here, found: ReturnForm) -> tuple[tuple[str, str], ...]:
    """The same rows as a workbook, out and in: what comes back so stands in the form and is handed in with it."""
    key, unit = found.register.key, found.item.unit.code
    return (
        (_("下载填报表"), at.to("fill-file", key, "xlsx", unit=unit)),
        (_("上传填好的表"), at.to("fill", key)),
    )


def _from_held(at: Here, found: ReturnForm, names: Mapping[str, str] | None = None) -> Typed:
    """A form that nobody has touched: the records there are, or one row with what is held."""
    known = names if names is not None else names_of(at, found)
    typed = Typed(version=found.item.version, key=str(uuid4()))
    typed.explanation = str(found.data.get(found.spec.explanation) or "")
    for place, record in enumerate(found.held.rows):
        row = RowTyped(place, record.public_id, record.version, record.title)
        row.values.raw = {each.key: _raw(each, record.data.get(each.key), known) for each in found.fields}
        typed.rows.append(row)
    if not typed.rows:
        row = RowTyped(0)
        row.values.raw = {
            each.key: _raw(each, held.value if (held := found.held.fresh.get(each.key)) else None, known)
            for each in found.fields
        }
        typed.rows.append(row)
    return typed


def _from_draft(at: Here, found: ReturnForm, names: Mapping[str, str]) -> Typed | None:
    """The draft; of one row, with what is held in the cells that it says nothing of; of many, with those that have come
    since. None without a draft."""
    drafted = from_draft(at, found)
    if drafted is not None and found.form.rows == "one":
        held = _from_held(at, found, names).rows[0].values.raw
        for row in drafted.rows:
            row.values.raw = {**held, **row.values.raw}
    elif drafted is not None and (beside := rows_beside(found)):
        for row in (row for row in _from_held(at, found, names).rows if row.item in beside):
            row.place = max((one.place for one in drafted.rows), default=-1) + 1
            drafted.rows.append(row)
    return drafted


def _raw(each: Field, value: Any, names: Mapping[str, str]) -> str:
    return "" if value in EMPTY or is_stand_in(value) else typed_text(each, value, names)


def _row(
    at: Here,
    found: ReturnForm,
    row: RowTyped,
    names: Mapping[str, str],
    theirs: FillDraft | None,
    typed: Typed,
) -> RowShown:
    record = next((one for one in found.held.rows if one.public_id == row.item), None)
    doubts = doubts_of(found, row)
    other = other_row(theirs, row, typed) if theirs is not None else {}
    changed = record is not None and row.version is not None and row.version != record.version
    return RowShown(
        prefix=row.prefix,
        place=row.place,
        item=row.item,
        version=record.version if record is not None else row.version,
        number=record.number if record is not None else "",
        title=row.title,
        title_error=row.title_error,
        flaw=found.flaw(record.pk, "") if record is not None else "",
        cells=tuple(
            _cell(at, found, row, each, record, names, doubts, other, theirs, typed, changed=changed)
            for each in found.fields
        ),
    )


def _cell(
    at: Here,
    found: ReturnForm,
    row: RowTyped,
    each: Field,
    record: Standing | None,
    names: Mapping[str, str],
    doubts: Mapping[str, Any],
    other: Mapping[str, str],
    theirs: FillDraft | None,
    typed: Typed,
    *,
    changed: bool,
) -> CellShown:
    raw = row.values.raw.get(each.key, "")
    stored = _raw(each, record.data.get(each.key), names) if record is not None else ""
    held: HeldValue | None = found.held.fresh.get(each.key)
    source = ""
    if record is not None and raw and raw == stored:
        source = _("{number} 已登记").format(number=record.number)
    elif record is None and held is not None and raw and raw == _raw(each, held.value, names):
        source = held.source
    before = found.held.previous if found.form.rows == "one" else None
    question = doubts.get(each.key)
    flow = at.pack.workflow_of(found.register.key)
    needed = is_needed(each, found.form, flow.initial[0], row.values.values or row.values.raw)
    input = input_of(each, raw, required=needed, error=row.values.errors.get(each.key, ""))
    input = replace(input, unit=each.unit or {"money": _("元"), "percent": "%"}.get(each.type, ""))
    return CellShown(
        input=input,
        source=source,
        before=_text(each, before, names),
        flaw=found.flaw(record.pk, each.key) if record is not None else "",
        question=question.question if question is not None else "",
        sure=raw if question is not None or each.key in row.sure else "",
        ticked=bool(raw) and row.sure.get(each.key) == raw,
        theirs=theirs_said(at, each, raw, stored, other, theirs, changed=changed),
        needed=needed,
        text=_value_text(each, record, held, names) if source else "",
        box=_box(at, found, row, each, raw, stored, typed) if each.type == "file" else None,
    )


def _box(
    at: Here, found: ReturnForm, row: RowTyped, each: Field, raw: str, stored: str, typed: Typed
) -> BoxShown:
    """Where the file of a cell is chosen, with the one that stands there."""
    href = at.to("field_file", row.item, each.key) if raw and raw == stored and not each.private else ""
    save = at.to("return-paper", found.item.public_id)
    error = row.values.errors.get(each.key, "")
    title = typed.papers.get(raw, "")
    return paper_box(at, each, row.prefix + each.key, raw, title, save=save, href=href, error=error)


def _text(each: Field, record: Standing | None, names: Mapping[str, str]) -> str:
    if record is None or record.data.get(each.key) in EMPTY or is_stand_in(record.data[each.key]):
        return ""
    return read_text(each, record.data[each.key], names)


def _value_text(
    each: Field, record: Standing | None, held: HeldValue | None, names: Mapping[str, str]
) -> str:
    value = record.data.get(each.key) if record is not None else held.value if held is not None else None
    return _("（不公开）") if is_stand_in(value) else read_text(each, value, names)


def _left_out(found: ReturnForm, names: Mapping[str, str]) -> tuple[LeftOut, ...]:
    shown = []
    for each in found.left_out:
        held = found.held.left_out.get(each.key)
        text = read_text(each, held.value, names) if held is not None else _("暂无")
        shown.append(LeftOut(each.label, text, held.source if held is not None else ""))
    return tuple(shown)


def names_of(at: Here, found: ReturnForm) -> dict[str, str]:
    """What a form calls the units and items that all these values point at. Two statements, none without such fields."""
    units: set[str] = set()
    items: set[str] = set()
    for each in (*found.fields, *found.left_out):
        for value in _values(found, each):
            if each.type in ("unit", "units") and value:
                units.update([value] if isinstance(value, str) else value)
            elif each.type == "item" and value:
                items.add(str(value))
    named = unit_names(units) if units else {}
    return {**named, **(item_numbers(at.actor, at.campaign, items) if items else {})}


def _values(found: ReturnForm, each: Field) -> Iterable[Any]:
    held = found.held
    records = [*held.rows, *([held.previous] if held.previous is not None else [])]
    yield from (one.data.get(each.key) for one in records)
    yield from (one[each.key].value for one in (held.fresh, held.left_out) if each.key in one)


def saved_line(at: Here, draft: FillDraft | None) -> str:
    """草稿已存，9:41。"""
    if draft is None:
        return ""
    moment = draft.saved_at.astimezone(zone_of(at.campaign))
    day = f"{moment:%H:%M}" if moment.date() == at.today else f"{moment:%m-%d %H:%M}"
    if draft.person_id not in (None, at.actor.person):
        return _("草稿由{who}存于 {when}").format(who=draft.person.name, when=day)
    return _("草稿已存，{when}").format(when=day)
