"""Workbooks for filling offline: somebody's part of a register as the list's filters say, whole or one for each unit."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import islice
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.actions.history import at_sequence
from guatu.actions.jobs import Work
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.domain.imports.item_sheet import UNIT
from guatu.domain.words import gettext as _
from guatu.exchange import offline_form
from guatu.exchange.fill_marks import Mark
from guatu.exchange.kept_filters import filters_from
from guatu.exchange.register_workbook import FillBook, write_fill_book
from guatu.queries.item_sheet import HeldRow, Sheets
from guatu.queries.pages import ItemFilters
from guatu.queries.registers import listing, refuse_out_of_reach
from guatu.queries.unit_tree import Node, UnitTree
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

MOST_ROWS = 200_000
AT_ONCE = 2_000
"""Up to so many rows are handed out at once."""
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


def fill_book(
    actor: Actor, campaign: Campaign, register: str, filters: ItemFilters, *, sort: str = ""
) -> FillBook:
    """What the list shows today as one workbook; rows that the person may not change are locked in it.

    Raises what the list raises, and BadInput where there is neither a row nor a unit to enter one for.
    """
    known_at = at_sequence()
    found = listing(actor, campaign, register, filters, day=actor.day, sort=sort)
    refuse_out_of_reach(found, filters, found.mine.count())
    pks = list(islice((row["item_id"] for row in found.ordered.iterator()), MOST_ROWS + 1))
    if len(pks) > MOST_ROWS:
        raise BadInput(_("填报表最多 {most} 行。请先筛选，或按单位分开下载。"), most=MOST_ROWS)
    items: dict[int, Item] = {}
    for chunk in in_chunks(pks):
        items.update({item.pk: item for item in Item.objects.filter(pk__in=chunk)})
    sheets = Sheets.of(actor, campaign, register)
    rows = sheets.rows([items[pk] for pk in pks])
    top = found.tree.by_code(filters.unit) if filters.unit else _own_top(found.tree, sheets.leads())
    below = {found.tree.nodes[pk].code for pk in found.tree.below(top.id)}
    leads = [code for code in sheets.leads() if code in below]
    if not rows and not leads:
        raise BadInput(
            _("没有可下载的{noun}，也没有您可以填写的单位。请调整筛选条件。"), noun=found.spec.noun
        )
    pack = pack_of(campaign)
    mark = Mark(
        campaign=campaign.key,
        register=register,
        unit=top.code,
        pack=pack.key,
        pack_version=pack.version,
        issued_at=clock.now().astimezone(ZoneInfo(campaign.zone)).isoformat(timespec="seconds"),
        issued_by=actor.name,
        known_at=known_at,
        columns=tuple(column.key for column in sheets.columns),
        rows={row.number: row.version for row in rows},
    )
    return FillBook(sheets, rows, mark, top.short_name, leads)


def _own_top(tree: UnitTree, leads: Sequence[str]) -> Node:
    """The unit below which everything stands that the person fills for; the whole for who fills for nobody."""
    lines = [tree.nodes[tree.codes[code]].line for code in leads if code in tree.codes]
    shared = os.path.commonprefix(lines)  # noqa: RUF071  # of sequences, not of paths
    return tree.nodes[shared[-1] if shared else tree.root]


def part_of(book: FillBook, code: str, rows: Sequence[HeldRow]) -> FillBook:
    """The same for one lead unit alone."""
    name = book.sheets.book.units[code].short_name if code in book.sheets.book.units else code
    mark = replace(book.mark, unit=code, rows={row.number: row.version for row in rows})
    return FillBook(book.sheets, rows, mark, name, [code] if code in book.leads else [])


def is_heavy(work: Work, form: str) -> bool:
    """Whether it is made in the background: one workbook for each unit, or one with many rows."""
    if form in ("books", "offlines"):
        return True
    assert work.campaign is not None
    filters = filters_from(work.params.get("filters", {}))
    found = listing(work.actor, work.campaign, work.params["register"], filters, day=work.actor.day)
    return found.mine.count() > AT_ONCE


def render_one(work: Work) -> bytes:
    """The workbook of an export: everything that the filters say in one."""
    out = BytesIO()
    book = _asked(work)
    write_fill_book(out, book, lambda done: work.progress.step(done, len(book.rows)))
    return out.getvalue()


def render_each(work: Work) -> bytes:
    """A zip with one workbook for each unit that leads a row, or may lead a new one."""

    def written(part: FillBook) -> tuple[str, bytes]:
        file = BytesIO()
        write_fill_book(file, part)
        return file_name(part), file.getvalue()

    return _each(work, written)


def _each(work: Work, written: Callable[[FillBook], tuple[str, bytes]]) -> bytes:
    """A zip with one file (its name and content) for each unit."""
    book = _asked(work)
    rows: dict[str, list[HeldRow]] = {code: [] for code in book.leads}
    for row in book.rows:
        rows.setdefault(str(row.values[UNIT]), []).append(row)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as folder:
        for place, (code, own) in enumerate(rows.items()):
            folder.writestr(*written(part_of(book, code, own)))
            work.progress.step(place + 1, len(rows))
    return out.getvalue()


def render_offline(work: Work) -> bytes:
    """The offline form of the same rows. BadInput where there are more than a page can take."""
    return _offline(_asked(work))[1]


def render_offline_each(work: Work) -> bytes:
    """A zip with one offline form for each unit that leads a row, or may lead a new one."""
    return _each(work, _offline)


def _offline(book: FillBook) -> tuple[str, bytes]:
    """An offline form and what it is called."""
    if len(book.rows) > offline_form.MOST_ROWS:
        raise BadInput(
            _("离线采集包最多 {most} 行，这里有 {count} 行。请先筛选或按单位分开下载，或改用 Excel 填报表。"),
            most=offline_form.MOST_ROWS,
            count=len(book.rows),
        )
    name = file_name(book).removesuffix(".xlsx")
    return f"{name}.html", offline_form.offline_form(book, name)


def file_name(book: FillBook) -> str:
    """What the workbook is called: by its unit, so that a folder of them is in order."""
    name = f"{book.mark.unit}_{book.unit}_{book.sheets.register.label}.xlsx"
    return _UNSAFE.sub("_", name)


def _asked(work: Work) -> FillBook:
    assert work.campaign is not None
    filters = filters_from(work.params.get("filters", {}))
    return fill_book(
        work.actor, work.campaign, work.params["register"], filters, sort=work.params.get("sort", "")
    )


def fill_label(work: Work) -> str:
    """What the export is called; empty for a register that is not there."""
    found = pack_of(work.campaign).registers.get(work.params["register"]) if work.campaign else None
    return _("{register}填报表").format(register=found.label) if found else ""
