"""The wall page as its template sees it: the chart as text, and every link of the toolbar, legend and panel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape
from urllib.parse import quote

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain.lights import GLYPHS, Light, waiting_states, word
from guatu.queries.pages import ItemFilters, Option
from guatu.queries.wall import wall
from guatu.queries.wall_days import first_day
from guatu.queries.wall_page import WallItem, WallPage, WallPanel
from guatu.web.here import Here
from guatu.web.jobs.pages import files_of
from guatu.web.wall.render import Addresses, table

SAFE = ":~@*"  # what the keys of rows hold beside letters and digits
ANY_CODE = "~~"  # stands for a unit's code while the addresses of all rows are written as one
LEGEND = (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE, Light.GREY, Light.WHITE)


@dataclass(frozen=True, slots=True)
class Link:
    """Something to choose: its words, its address, whether it is chosen, and a count."""

    label: str
    href: str
    chosen: bool
    count: int | None = None
    glyph: str = ""


@dataclass(frozen=True, slots=True)
class WeekLink:
    """The chart on the last day of a week of the campaign."""

    day: date
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class PanelShown:
    """The opened cell with its addresses. `all_href` lists every item of the cell, `urge_href` urges the unfinished.

    `unanswered`: the cell is white, and those are urged who have not acknowledged.
    """

    panel: WallPanel
    items: tuple[tuple[WallItem, str], ...]
    all_href: str
    urge_href: str
    unanswered: bool
    close_href: str
    crumbs: str
    closed: int


@dataclass(frozen=True, slots=True)
class NothingYet:
    """Why the chart counts nothing: the campaign's first day, the first day with tasks in sight and its address.

    `narrowed` says that only the filters leave nothing; then `first` is None. `begin` is where whoever hands down
    begins, empty for everybody else; `columns` what stands there.
    """

    starts_on: date
    first: date | None
    href: str
    narrowed: bool
    begin: str = ""
    columns: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A menu that narrows the chart by one thing. `every_href` takes this choice back and leaves the others."""

    label: str
    chosen: str
    links: tuple[Link, ...]
    every_href: str


@dataclass(frozen=True, slots=True)
class WallShown:
    """The whole page. `nothing` stands in the chart's place on a day without tasks."""

    wall: WallPage
    nothing: NothingYet | None
    chart: SafeString
    zooms: tuple[Link, ...]
    choices: tuple[Choice, ...]
    sector: str
    aspect: str
    legend: tuple[Link, ...]
    weeks: tuple[WeekLink, ...]
    panel: PanelShown | None
    unfiltered: str
    files: tuple[tuple[str, str], ...]


def shown(at: Here) -> WallShown:
    """The chart that the address asks for, on the day that is shown. Raises BadInput or NotFound for what is unknown."""
    asked = dict(at.params)
    opened = tuple(dict.fromkeys(value for name, value in at.params if name == "open" and value))
    page = wall(
        at.campaign,
        day=at.as_of,
        actor=at.actor,
        zoom=asked.get("zoom", ""),
        sector=asked.get("sector", ""),
        aspect=asked.get("aspect", ""),
        light=asked.get("light", ""),
        opened=opened,
        cell=asked.get("cell", ""),
    )
    return WallShown(
        wall=page,
        nothing=_nothing(at, page) if not page.rows[0].n and page.panel is None else None,
        chart=mark_safe(table(page, _addresses(at, page, asked.get("cell", "")))),  # noqa: S308  # escaped there
        zooms=tuple(
            Link(zoom.label, _changed(at, zoom=zoom.key, open=None), zoom.chosen, count)
            for zoom, count in zip(page.zooms, page.zoom_counts, strict=True)
        ),
        choices=(
            *((_choice(at, "sector", _("板块"), page.sectors),) if page.sectors else ()),
            _choice(at, "aspect", _("方面"), page.aspect_options),
        ),
        sector=_chosen(page.sectors),
        aspect=_chosen(page.aspect_options),
        legend=tuple(_light(at, page, light) for light in LEGEND),
        weeks=_weeks(at),
        panel=_panel(at, page),
        unfiltered=_changed(at, sector=None, aspect=None, light=None),
        files=files_of(at, "wall", [pair for pair in at.params if pair[0] != "cell"]),
    )


def _nothing(at: Here, page: WallPage) -> NothingYet:
    first = first_day(at.campaign, page.register, actor=at.actor)
    narrowed = bool(page.sector or page.aspect) and first is not None and first <= at.as_of
    if narrowed or first is None or first > at.today:
        begins = may(at.actor, "hand_down", campaign=at.campaign) and not at.past and at.pack.wall is not None
        register = at.pack.register(at.pack.wall.columns) if begins and at.pack.wall else None
        return NothingYet(
            at.campaign.starts_on,
            None,
            "",
            narrowed,
            at.to("list", register.key) if register else "",
            register.label if register else "",
        )
    pairs = [pair for pair in at.params if pair[0] != "cell"]
    return NothingYet(at.campaign.starts_on, first, _address(at, pairs, first), narrowed)


def _addresses(at: Here, page: WallPage, cell: str) -> Addresses:
    def prefix(name: str, **values: str | None) -> str:
        address = _changed(at, **values)
        query = address.partition("?")[2]
        return escape(f"?{query}&{name}=" if query else f"?{name}=")

    toggle = {}
    before, _code, after = escape(_opened(at, (*page.opened, ANY_CODE))).rpartition(ANY_CODE)
    for row in page.rows:
        if row.kind == "unit" and row.expandable:
            if row.code in page.opened:
                kept = tuple(code for code in page.opened if code != row.code)
                toggle[row.code] = escape(_opened(at, kept))
            elif not row.open:
                toggle[row.code] = f"{before}{quote(row.code, safe=SAFE)}{after}"
    return Addresses(
        cell=prefix("cell"),
        sector=prefix("sector", sector=None, zoom=_below_sectors(page)),
        toggle=toggle,
        selected=cell,
    )


def _below_sectors(page: WallPage) -> str | None:
    """The zoom to which a sector's name leads: the uppermost level."""
    return next((zoom.key for zoom in page.zooms if zoom.key != "sector"), None)


def _changed(at: Here, **values: str | None) -> str:
    """This page's address with single values changed; None takes one out. An opened cell is closed."""
    values = {"cell": None, **values}
    pairs = [(name, value) for name, value in at.params if name not in values]
    pairs += [(name, value) for name, value in values.items() if value]
    return _address(at, pairs)


def _opened(at: Here, codes: tuple[str, ...]) -> str:
    pairs = [(name, value) for name, value in at.params if name not in ("open", "cell")]
    return _address(at, [*pairs, *(("open", code) for code in codes)])


def _address(at: Here, pairs: list[tuple[str, str]], day: date | None = None) -> str:
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return replace(at, as_of=day or at.as_of).framed(at.path, query, safe=SAFE)


def _choice(at: Here, name: str, label: str, options: tuple[Option, ...]) -> Choice:
    links = (Link(option.label, _changed(at, **{name: option.key}), option.chosen) for option in options)
    return Choice(label, _chosen(options), tuple(links), _changed(at, **{name: None}))


def _chosen(options: tuple[Option, ...]) -> str:
    return next((option.label for option in options if option.chosen), "")


def _light(at: Here, page: WallPage, light: Light) -> Link:
    chosen = page.light == light.value
    href = _changed(at, light=None if chosen else light.value)
    return Link(word(light), href, chosen, page.lights.count(light), GLYPHS[light])


def _weeks(at: Here) -> tuple[WeekLink, ...]:
    """The campaign's weeks up to today, each by its last day; today ends the last one."""
    first = at.campaign.starts_on + timedelta(days=6)
    days = [first + timedelta(weeks=week) for week in range(max((at.today - first).days // 7 + 1, 0))]
    if not days or days[-1] != at.today:
        days.append(at.today)
    pairs = [pair for pair in at.params if pair[0] != "cell"]
    return tuple(WeekLink(day, _address(at, pairs, day), day == at.as_of) for day in days)


def _panel(at: Here, page: WallPage) -> PanelShown | None:
    panel = page.panel
    if panel is None:
        return None
    crumbs = " / ".join(unit.short_name for unit in panel.line[1:] or panel.line)
    return PanelShown(
        panel=panel,
        items=tuple((item, at.to("item", item.row.public_id)) for item in panel.items),
        all_href=at.to("list", page.register, **_query(panel.filters)),
        urge_href=_urge_href(at, page.register, panel),
        unanswered=panel.cell.light is Light.WHITE,
        close_href=_changed(at),
        crumbs=crumbs,
        closed=panel.cell.closed,
    )


def _urge_href(at: Here, register: str, panel: WallPanel) -> str:
    """Whom the unfinished items of the cell wait for, to be urged; empty where there is nobody to urge."""
    unfinished = panel.cell.n > panel.cell.closed
    if at.past or not unfinished or not may(at.actor, "urge", campaign=at.campaign):
        return ""
    pairs = QueryDict(mutable=True)
    pairs.update({name: value for name, value in _query(panel.filters).items() if value})
    if panel.cell.light is Light.WHITE:
        pairs.setlist("state", sorted(waiting_states(at.pack.workflow_of(register))))
    return at.framed(reverse("list_urge", args=[register]), pairs)


def _query(filters: ItemFilters) -> dict[str, object]:
    """The filters of a cell as a list's address has them."""
    return {
        "unit": filters.unit,
        "own": filters.own,
        "sector": filters.sector,
        "task": filters.task,
    }
