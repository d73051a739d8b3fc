"""The lists as their templates see them: the query's answer with addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain.pack.register import Register
from guatu.domain.proposals import MERGE, RULES, VOID, kind_label
from guatu.exchange.exporters import EXPORTERS, format_label
from guatu.queries.pages import Chip, Column, FilterGroup, ListPage, ListRow, Option, RegisterEntry
from guatu.queries.proposal_checks import way_to
from guatu.queries.registers import find_items, list_page, register_entries
from guatu.queries.saved_views import ViewShown
from guatu.queries.superior_forms import forms_of
from guatu.web.fill_sheets.words import download_words
from guatu.web.here import Here
from guatu.web.jobs.pages import files_of
from guatu.web.registers.addresses import changed, elsewhere, toggled, without
from guatu.web.registers.columns import ColumnsShown, columns_shown
from guatu.web.registers.forms import DAYS, OF_THE_PAGE, ListQuery
from guatu.web.registers.saved import SavedShown, saved_shown

MOST_WITHOUT_SCROLL = 10
"""Columns that a page of 1280 px shows without scrolling; more scroll inside the table."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The registers of one section."""

    label: str
    entries: tuple[tuple[RegisterEntry, str], ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """All registers by section; `files` are the formats in which all of them go out together."""

    shelves: tuple[Shelf, ...]
    files: tuple[tuple[str, str], ...]
    beside: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the list: its column and its text. `leads`: the first day of the row, shown on a phone too."""

    column: Column
    text: str
    leads: bool


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row with its address."""

    row: ListRow
    href: str
    cells: tuple[Cell, ...]
    number: str
    unit: str


@dataclass(frozen=True, slots=True)
class LightLink:
    """A light of the summary: a filter when off, taken out when on."""

    key: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class HeadShown:
    """A column's head; `href` sorts by it, `order` is the sort in force (ascending, descending or none)."""

    column: Column
    href: str
    order: str


@dataclass(frozen=True, slots=True)
class ListShown:
    """A list with everything that can be clicked. `files` are (format, address); `dated`: its items have due days."""

    list: ListPage
    rows: tuple[RowShown, ...]
    heads: tuple[HeadShown, ...]
    chips: tuple[tuple[Chip, str], ...]
    light_links: dict[str, LightLink]
    groups: tuple[FilterGroup, ...]
    sorts: tuple[Option, ...]
    sort_links: tuple[tuple[Option, str], ...]
    kept: tuple[tuple[str, str], ...]
    saved: SavedShown
    columns: ColumnsShown
    bulk: BulkShown
    files: tuple[tuple[str, str], ...]
    fill: tuple[tuple[str, str], ...]
    movement: str
    action: str
    clear: str
    previous: str
    next: str
    shows_due_words: bool
    dated: bool
    wide: bool


@dataclass(frozen=True, slots=True)
class BulkShown:
    """What can be done with the chosen rows. `due` is empty for those who may not change due days here.

    `asks`: what can be asked for, or done at once, for several items together (words, address).
    """

    excel: str
    due: str
    query: tuple[tuple[str, str], ...]
    asks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """The first hits of one register; `href` lists them all."""

    label: str
    measure: str
    count: int
    rows: tuple[tuple[ListRow, str], ...]
    href: str


@dataclass(frozen=True, slots=True)
class FindPage:
    """What a search found. `only` is the address of the item whose number was typed."""

    q: str
    groups: tuple[FoundGroup, ...]
    units_href: str
    only: str = ""


def index_page(at: Here) -> IndexPage:
    """Every register with the number of its items as of the day shown."""
    entries = register_entries(at.actor, at.campaign, day=at.as_of)
    return IndexPage(
        tuple(
            Shelf(label, tuple((entry, at.to("list", entry.key)) for entry in found))
            for label, found in groupby(entries, key=lambda entry: entry.section)
        ),
        files_of(at, "registers"),
        _beside(at),
    )


def _beside(at: Here) -> tuple[tuple[str, str], ...]:
    """Pages that look across registers: (words, address), as far as the campaign has them and the reader may come."""
    loop, found = at.pack.loop, []
    if loop.problems is not None:
        found.append((_("共性问题"), at.to("causes")))
    if loop.self_check is not None:
        found.append((_("举一反三"), at.to("self-checks")))
    if loop.referral is not None and may(at.actor, "coordinate", campaign=at.campaign):
        found.append((_("协调清单"), at.to("coordination")))
    if loop.collection is not None and may(at.actor, "shape_campaign", campaign=at.campaign):
        found.append((_("用 Excel 新建清单"), at.to("workbook-new")))
    return tuple(found)


def find_page(at: Here, q: str) -> FindPage:
    """Items whose number or title holds `q`, by register."""
    found = find_items(at.actor, at.campaign, q[:60], day=at.as_of)
    groups = tuple(
        FoundGroup(
            label=one.entry.label,
            measure=one.entry.measure,
            count=one.entry.count,
            rows=tuple((row, at.to("item", row.public_id)) for row in one.rows),
            href=at.to("list", one.entry.key, q=q),
        )
        for one in found
    )
    exact = [href for group in groups for row, href in group.rows if row.number == q.strip().upper()]
    return FindPage(q, groups, at.to("units", q=q), exact[0] if exact else "")


def list_shown(at: Here, key: str, query: ListQuery, views: tuple[ViewShown, ...]) -> ListShown:
    """One register's list, filtered, sorted, paged. Raises BadInput for an unknown filter, NotFound for the register."""
    found = list_page(
        at.actor,
        at.campaign,
        key,
        query.filters,
        day=at.as_of,
        sort=query.sort,
        page=query.page,
        columns=query.columns,
    )
    spec = at.pack.register(key)
    every = at.to("list", key, view="all" if any(view.usual for view in views) else "")
    offered = {group.name for group in found.groups}
    return ListShown(
        list=found,
        rows=tuple(_row(at, row, found.columns) for row in found.rows),
        heads=tuple(_head(at, column, found.sort) for column in found.columns),
        chips=tuple((chip, without(at, chip.name, chip.value)) for chip in found.chips),
        light_links={
            light: LightLink(light, toggled(at, "light", light), light in query.filters.lights)
            for light in ("red", "yellow", "green", "blue", "grey", "white")
        },
        groups=found.groups,
        sorts=found.sorts,
        sort_links=tuple((option, changed(at, sort=option.key, page="")) for option in found.sorts),
        kept=tuple(
            (name, value)
            for name, value in at.params
            if name not in offered | OF_THE_PAGE | {"q", "sort", "late", "review_overdue", *DAYS}
        ),
        saved=saved_shown(at, key, views, every),
        columns=columns_shown(at, spec, found),
        bulk=BulkShown(
            excel=reverse("list_file", args=[key, "xlsx"]),
            due=reverse("list_due", args=[key]) if _may_change_due(at, spec) and found.rows else "",
            query=tuple((name, value) for name, value in at.params if name in ("cols", "sort")),
            asks=(*_urging(at, spec), *_asks(at, spec)) if found.rows else (),
        ),
        files=(*_files(at, key), *_forms(at, key)),
        fill=_fill(at, spec),
        movement=at.to("movement", key),
        action=at.path,
        clear=every,
        previous=changed(at, page=str(found.page - 1)) if found.page > 1 else "",
        next=changed(at, page=str(found.page + 1)) if found.page < found.pages else "",
        shows_due_words=any(column.key == "due" for column in found.columns),
        dated=spec.due != "none",
        wide=len(found.columns) > MOST_WITHOUT_SCROLL,
    )


def _files(at: Here, key: str) -> Iterator[tuple[str, str]]:
    for form in EXPORTERS["list"].forms:
        yield format_label(form), elsewhere(at, "list_file", key, form)


def _fill(at: Here, spec: Register) -> tuple[tuple[str, str], ...]:
    """填报表 for those who fill the register: download what the list shows, upload what was filled."""
    if at.past or not at.actor.has_role(*spec.fills):
        return ()
    down = ((words, elsewhere(at, "fill-file", spec.key, form)) for form, words in download_words())
    return (*down, (_("上传填好的表"), at.to("fill", spec.key)))


def _forms(at: Here, key: str) -> Iterator[tuple[str, str]]:
    """The superiors' forms that take their rows from this register; this page's filters go along."""
    for form, title in forms_of(at.campaign, key):
        yield _("按上级表样导出：{title}").format(title=title), elsewhere(at, "superior-form-file", form)


def _urging(at: Here, spec: Register) -> tuple[tuple[str, str], ...]:
    """催办 of the chosen rows, and their list to be copied; nothing where items wait for nobody."""
    waits = any(state.phase in ("open", "review") for state in at.pack.workflow_of(spec.key).states.values())
    if at.past or not waits or not may(at.actor, "urge", campaign=at.campaign):
        return ()
    return ((_("催办：先看名单"), reverse("list_urge", args=[spec.key])),)


def _asks(at: Here, spec: Register) -> tuple[tuple[str, str], ...]:
    """移交, 并案, 撤销 of the chosen rows, as far as the reader may ask for any of it and the workflow knows it."""
    if at.past:
        return ()
    flow = at.pack.workflow_of(spec.key)
    roles = {grant.role for grant in at.actor.grants}
    found = []
    for kind, rule in RULES.items():
        ways = [way for state in flow.states for way in [way_to(kind, flow, state)] if way is not None]
        known = bool(ways) if kind in (MERGE, VOID) else any(s.phase == "open" for s in flow.states.values())
        may_do = kind in (MERGE, VOID) and any(roles.intersection(way.roles) for way in ways)
        if rule.several and known and (roles.intersection(rule.proposes) or may_do):
            found.append((kind_label(kind), reverse("propose", args=[kind])))
    return tuple(found)


def _may_change_due(at: Here, spec: Register) -> bool:
    return spec.due != "none" and not at.past and may(at.actor, "change_due", campaign=at.campaign)


def _row(at: Here, row: ListRow, columns: tuple[Column, ...]) -> RowShown:
    day = next((column.key for column in columns if column.kind == "day"), "")
    cells = tuple(
        Cell(column, text, column.key == day) for column, text in zip(columns, row.cells, strict=True)
    )
    return RowShown(row, at.to("item", row.public_id), cells, row.number, row.unit.code)


def _head(at: Here, column: Column, sort: str) -> HeadShown:
    if not column.sort:
        return HeadShown(column, "", "none")
    ascending = sort == column.sort
    order = "ascending" if ascending else "descending" if sort == f"-{column.sort}" else "none"
    wanted = f"-{column.sort}" if ascending else column.sort
    return HeadShown(column, changed(at, sort=wanted, page=""), order)
