"""A filled workbook that comes back: read, compared, applied once (docs/workbook-round-trip.md).

`read` knows the file alone; `plan` compares it with what stands, as the person may see it; `apply` writes what the plan
says, all or nothing. The key of it all is the SHA-256 of the file: the same file again writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.access.filling import fills_on_behalf
from guatu.actions.items import Edit, NewItem
from guatu.actions.items_import import Applied, apply_rows
from guatu.actions.standing import DueChange
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Workbook
from guatu.domain.imports.item_diff import Comparing, Difference, NewRow, Standing
from guatu.domain.imports.item_sheet import (
    DUE,
    PARENT,
    START,
    STATE,
    TITLE,
    UNIT,
)
from guatu.domain.imports.returned_table import Table, find_table, numbers_in, rows_of
from guatu.domain.imports.twins import without_twins
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.exchange.fill_marks import LISTS, SHEET, Mark, mark_in
from guatu.exchange.tables_in import read_tables
from guatu.exchange.workbooks_in import Reader
from guatu.queries.item_sheet import Sheets
from guatu.queries.registers import register_of
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Campaign, Item
from guatu.records.packs import pack_of

MINE, THEIRS = "mine", "theirs"
"""Which side of a conflict is kept: what the sheet says, or what stands."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A file that came back. `mark`: what it says was given out, None if that is lost; `genuine`: and it is unchanged."""

    book: Workbook
    mark: Mark | None
    genuine: bool

    @property
    def key(self) -> str:
        """The idempotency key: the SHA-256 of the file."""
        return self.book.sha256


@dataclass(frozen=True, slots=True)
class Before:
    """That this very file was applied before: in which batch, by whom, when."""

    batch: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying the file would do. `matched`: the columns as they were recognised, (heading, our name), where the mark
    is lost and they have to be confirmed; `notes` are whole sentences."""

    returned: Returned
    register: str
    label: str
    sheet: str
    difference: Difference
    sheets: Sheets
    before: Before | None = None
    matched: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def to_confirm(self) -> bool:
        """Whether the columns have to be confirmed first."""
        return bool(self.matched)

    @property
    def ready(self) -> bool:
        """Whether it can be applied, once conflicts are decided and columns confirmed."""
        return not self.difference.problems and not self.difference.empty and self.before is None

    @property
    def redates(self) -> bool:
        """Whether due days of items that stand would change: that needs a reason or a document."""
        return any(
            cell.key == DUE and cell.kind != "locked" for row in self.difference.rows for cell in row.cells
        )


def read(source: Path | bytes, name: str = "", reader: Reader | None = None) -> Returned:
    """The file. Raises BadInput with one sentence for everything that is no table, or is not taken."""
    book = read_tables(source, name, returned=True, reader=reader)
    mark, genuine = mark_in(book)
    return Returned(book, mark, genuine)


def plan(
    actor: Actor,
    campaign: Campaign,
    returned: Returned,
    register: str = "",
    sheets: Sheets | None = None,
) -> Plan:
    """Compare the file with what stands. `register` may be left out for a file that says its own; `sheets` is read anew
    unless it is given.

    Raises NotFound for an unknown register, BadInput for a file of another campaign or register, or without our columns.
    """
    mark = returned.mark
    register = register or (mark.register if mark else "")
    spec = register_of(pack_of(campaign), register)
    _refuse_foreign(campaign, mark, spec.key, spec.label)
    sheets = sheets or Sheets.of(actor, campaign, spec.key)
    table = find_table(returned.book, sheets.columns, (SHEET, LISTS))
    trusted = mark is not None and returned.genuine and table.by_key
    issued = dict(mark.rows) if mark is not None and trusted else None
    standing = _standing(sheets, numbers_in(table), issued)
    comparing = Comparing(sheets.columns, sheets.book, table.heads, unit=_only_lead(sheets, mark))
    found = comparing.difference(rows_of(table), standing, issued)
    before = _before(returned.key)
    found, twins = (found, ()) if before else _without_twins(sheets, found)
    names = {column.key: column.label for column in sheets.columns}
    return Plan(
        returned,
        spec.key,
        spec.label,
        table.grid.name,
        found,
        sheets,
        before=before,
        matched=() if trusted else tuple((table.heads[key], names[key]) for key in table.places),
        notes=(*_notes(mark, returned.genuine, trusted, table, found, campaign), *_said_of(twins)),
    )


def _without_twins(sheets: Sheets, found: Difference) -> tuple[Difference, tuple[str, ...]]:
    """A file that was saved again after it had been imported brings the same new rows a second time."""
    if not found.new:
        return found, ()
    units = {str(row.values.get(UNIT)) for row in found.new}
    held = sheets.titled(units, {str(row.values.get(TITLE)) for row in found.new})
    return without_twins(found, sheets.columns, [(row.number, row.values) for row in held])


def _said_of(twins: Sequence[str]) -> Iterator[str]:
    if twins:
        yield _(
            "有 {count} 行没有编号，但与已有的事项完全相同（{numbers}），没有重复新增。确实要再记一项的，请在清单页新增。"
        ).format(count=len(twins), numbers=listed(twins[:20]))


def apply(
    actor: Actor,
    campaign: Campaign,
    found: Plan,
    *,
    choices: Mapping[tuple[int, str], str] | None = None,
    confirmed: bool = False,
    due_kind: str = "entry",
    document: str = "",
    reason: str = "",
) -> Applied:
    """Write what the plan says in one batch. `choices`: (row, column) of a conflict → MINE or THEIRS.

    Raises BadInput with nothing written while something has to be mended, decided or confirmed; Conflict when somebody has
    changed a row since the plan was made.
    """
    if found.before is not None:
        return Applied(found.before.batch, (), 0, 0, again=True)
    difference = found.difference
    if difference.problems:
        raise BadInput(
            _("有 {count} 处需要改正，没有导入。请改好后重新上传。第一处：{first}"),
            count=len(difference.problems),
            first=difference.problems[0].sentence,
        )
    if found.to_confirm and not confirmed:
        raise BadInput(_("本表缺少下发标识，已改按表头和编号识别。请核对对应关系后再导入。"))
    edits, dues = _decided(found, choices or {})
    told = reason.strip() or _("导入填报表“{name}”").format(name=found.returned.book.name[:120])
    return apply_rows(
        actor,
        campaign=campaign,
        register=found.register,
        creates=_new_items(actor, campaign, found),
        edits=edits,
        dues=dues,
        due_kind=due_kind,
        document=document,
        reason=told,
        idempotency_key=found.returned.key,
    )


def conflict_sentence(row: int, label: str, by: str) -> str:
    """第 5 行“整改措施”已由王某于 10:32 修改，与您的内容不一致。请选择保留哪一项。"""
    if not by:
        return _("第 {row} 行“{column}”已由他人修改，与您的内容不一致。请选择保留哪一项。").format(
            row=row, column=label
        )
    return _("第 {row} 行“{column}”已由{by} 修改，与您的内容不一致。请选择保留哪一项。").format(
        row=row, column=label, by=by
    )


def _decided(found: Plan, choices: Mapping[tuple[int, str], str]) -> tuple[list[Edit], list[DueChange]]:
    """Edits and due days, conflicts decided. Raises BadInput for the first conflict that is not."""
    edits, dues = [], []
    for row in found.difference.rows:
        fields, title, due = {}, None, None
        for cell in row.cells:
            if cell.kind == "locked":
                continue
            if cell.kind == "conflict":
                choice = choices.get((row.row, cell.key))
                if choice not in (MINE, THEIRS):
                    raise BadInput(conflict_sentence(row.row, cell.label, cell.by))
                if choice == THEIRS:
                    continue
            if cell.key == TITLE:
                title = str(cell.value)
            elif cell.key == DUE:
                if cell.value is None:
                    raise BadInput(
                        _("第 {row} 行的时限被清空了。时限只能改，不能清空。请填写日期后重新上传。"),
                        row=row.row,
                    )
                due = date.fromisoformat(str(cell.value))
            else:
                fields[cell.key] = cell.value
        if fields or title is not None:
            edits.append(Edit(row.pk, fields, title, row.version))
        if due is not None:
            dues.append(DueChange(row.pk, due))
    return edits, dues


def _new_items(actor: Actor, campaign: Campaign, found: Plan) -> list[NewItem]:
    rows = found.difference.new
    if not rows:
        return []
    pack = pack_of(campaign)
    spec = pack.register(found.register)
    wall = pack.wall
    whole = wall is not None and spec.parent == wall.columns
    parents = _parents(campaign, {str(row.values[PARENT]) for row in rows if PARENT in row.values})
    lines = {node.code: node.line for node in found.sheets.tree.nodes.values()}
    behalf = {
        code: fills_on_behalf(actor, spec.fills, lines.get(code, ()), campaign)
        for code in {str(row.values[UNIT]) for row in rows}
    }
    return [_new_item(row, spec.key, parents, whole, behalf) for row in rows]


def _new_item(
    row: NewRow,
    register: str,
    parents: Mapping[str, tuple[int, int | None]],
    whole: bool,
    behalf: Mapping[str, bool],
) -> NewItem:
    """`whole`: the item above is a column of the wall, and so the task itself."""
    values = dict(row.values)
    unit, title = str(values.pop(UNIT)), str(values.pop(TITLE))
    state, start, due = values.pop(STATE, ""), values.pop(START, None), values.pop(DUE, None)
    parent, task = parents.get(str(values.pop(PARENT, "")), (None, None))
    return NewItem(
        register=register,
        unit=unit,
        title=title,
        fields=values,
        state=str(state),
        start=date.fromisoformat(str(start)) if start else None,
        due=date.fromisoformat(str(due)) if due else None,
        parent=parent,
        task=parent if whole else task,
        on_behalf=behalf[unit],
    )


def _parents(campaign: Campaign, ids: set[str]) -> dict[str, tuple[int, int | None]]:
    """Public id → (primary key, its task)."""
    found: dict[str, tuple[int, int | None]] = {}
    for chunk in in_chunks(sorted(ids)):
        rows = Item.objects.filter(campaign=campaign, public_id__in=chunk)
        found.update(
            {
                str(public_id): (pk, task)
                for public_id, pk, task in rows.values_list("public_id", "pk", "task_id")
            }
        )
    return found


def _refuse_foreign(campaign: Campaign, mark: Mark | None, register: str, label: str) -> None:
    if mark is None:
        return
    if mark.campaign != campaign.key:
        raise BadInput(
            _("本表是另一项专项工作（{campaign}）下发的。请切换到该专项工作后上传。"), campaign=mark.campaign
        )
    if mark.register != register:
        known = pack_of(campaign).registers.get(mark.register)
        raise BadInput(
            _("本表是“{other}”的填报表，不是“{register}”的。请到该清单上传。"),
            other=known.label if known else mark.register,
            register=label,
        )


def _only_lead(sheets: Sheets, mark: Mark | None) -> str:
    """The one unit for which the person may enter rows, in all or below the unit whose part this is; else none."""
    leads = sheets.leads()
    if mark is not None and mark.unit in sheets.tree.codes:
        below = {sheets.tree.nodes[pk].code for pk in sheets.tree.below(sheets.tree.codes[mark.unit])}
        leads = [code for code in leads if code in below]
    return leads[0] if len(leads) == 1 else ""


def _standing(
    sheets: Sheets, numbers: Collection[str], issued: Mapping[str, int] | None
) -> dict[str, Standing]:
    held = sheets.by_numbers(numbers)
    behind = {
        row.pk: issued[number]
        for number, row in held.items()
        if issued is not None and number in issued and issued[number] < row.version
    }
    since = sheets.since(behind)
    zone = ZoneInfo(sheets.campaign.zone)
    found: dict[str, Standing] = {}
    for number, row in held.items():
        past = since.get(row.pk)
        found[number] = Standing(
            row.pk,
            number,
            row.version,
            row.values,
            {**row.values, **past.values} if past is not None else row.values,
            locked=row.locked,
            redates=row.redates,
            hands={key: _hand(who, at, zone) for key, (who, at) in past.hands.items()} if past else {},
            known=issued is not None and number in issued,
        )
    return found


def _hand(who: str, at: datetime, zone: ZoneInfo) -> str:
    """王某于 10:32; on another day than today 王某于 11月5日 10:32."""
    local, today = at.astimezone(zone), clock.today(zone)
    if local.date() == today:
        return _("{who}于 {time}").format(who=who, time=f"{local:%H:%M}")
    return _("{who}于 {day} {time}").format(who=who, day=local.date().isoformat(), time=f"{local:%H:%M}")


def _before(key: str) -> Before | None:
    batch = Batch.objects.filter(idempotency_key=key).first()
    return Before(batch.seq, batch.actor_name, batch.recorded_on) if batch else None


def _notes(
    mark: Mark | None,
    genuine: bool,
    trusted: bool,
    table: Table,
    found: Difference,
    campaign: Campaign,
) -> Iterator[str]:
    if mark is None or (genuine and not trusted):
        yield _("本表缺少下发标识，已改按表头和编号识别。请核对对应关系后再导入。")
    elif not genuine:
        yield _("本表的下发标识已被改动，已改按表头和编号识别。请核对对应关系后再导入。")
    elif mark.pack_version != pack_of(campaign).version:
        yield _("专项模板在下发之后有过更新（{before} → {now}），已按现在的字段核对。").format(
            before=mark.pack_version, now=pack_of(campaign).version
        )
    if table.ignored:
        yield _("未识别的列没有读取：{columns}。").format(columns=listed(table.ignored[:20]))
    if found.left:
        yield _("有 {count} 个空格没有改动系统中的内容。要清空的，请在事项页办理。").format(count=found.left)
    if found.missing:
        yield _("下发的 {count} 行不在表中：{numbers}。系统中的事项没有删除。").format(
            count=len(found.missing), numbers=listed(found.missing[:20])
        )
