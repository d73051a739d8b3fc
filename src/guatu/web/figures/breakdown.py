"""A figure cut by sector and by second-tier unit: parts that add up to the whole, or the sentence why they do not.

Who does not see the whole organisation is shown the units in reach and, in one number, all others together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from guatu.access import covers
from guatu.domain.capabilities import roles_with
from guatu.domain.figures.aggregates import Ratio
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.phrasing import percentage, plain
from guatu.domain.figures.references import key_of
from guatu.domain.figures.results import Result
from guatu.domain.figures.rows import Row
from guatu.domain.pack import Pack
from guatu.queries.figures import Table
from guatu.queries.unit_choices import UnitChoice, unit_choices
from guatu.queries.unit_tree import below_root
from guatu.web.figures.addresses import figure_href
from guatu.web.here import Here

ADDITIVE = frozenset({"count", "sum"})


@dataclass(frozen=True, slots=True)
class Part:
    """One line: its name, its number or both sides of a share, its share in words, where it leads.

    `involved` is the count of what the units of the line take part in (涉及), beside what they lead.
    """

    label: str
    amount: str
    share: str
    href: str = ""
    involved: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The parts and their total. `label` says by what; `note` says why parts need not add up.

    `by_role`: every part has two numbers, 牵头 and 涉及; the second is never added up.
    """

    label: str
    parts: tuple[Part, ...]
    total: Part
    note: str
    by_role: bool = False


@dataclass(frozen=True, slots=True)
class Cuts:
    """One figure as a whole and in parts, from one evaluation."""

    whole: Result
    printed: str
    sectors: Breakdown | None
    tiers: Breakdown | None


@dataclass(frozen=True, slots=True)
class CutRows:
    """The rows into which a figure is cut: sectors, units directly below the root, what the root holds itself.

    `partial`: only the reader's own units are among them.
    """

    sectors: tuple[Row, ...] = ()
    tiers: tuple[Row, ...] = ()
    own: tuple[Row, ...] = ()
    partial: bool = False

    @property
    def all(self) -> tuple[Row, ...]:
        """All of them, for one evaluation."""
        return (*self.sectors, *self.tiers, *self.own)


def cut_rows(at: Here, key: str, *, tiers: bool, units: Sequence[UnitChoice] | None = None) -> CutRows:
    """By sector, and with `tiers` by the units directly below the root; for a partial view, by the units in reach.

    Fixed numbers, yearly comparisons and claims of several figures have no parts.
    """
    if at.pack.figures[key_of(key)].agg.kind in ("const", "every", "yoy"):
        return CutRows()
    root = at.campaign.root
    if not _sees_whole(at):
        return CutRows(tiers=tier_rows(at, units), partial=True)
    return CutRows(
        sectors=tuple(Row(f"sector:{one.key}", one.label, sector=one.key) for one in at.pack.head.sectors),
        tiers=tier_rows(at) if tiers else (),
        own=(Row("own", _("{unit}本级").format(unit=root.short_name), unit=root.pk, own=True),),
    )


def tier_rows(at: Here, units: Sequence[UnitChoice] | None = None) -> tuple[Row, ...]:
    """The units directly below the root; for a partial view, the units in reach. One statement, none if `units` are given."""
    if not _sees_whole(at):
        return tuple(
            Row(one.code, one.short_name, unit=one.id)
            for one in (units if units is not None else unit_choices(at.campaign, at.actor))
        )
    return tuple(Row(node.code, node.short_name, unit=node.id) for node in below_root(at.campaign, at.as_of))


def _sees_whole(at: Here) -> bool:
    return covers(at.actor, roles_with("see_items"), at.campaign.root.line, at.campaign)


def _below(pack: Pack) -> str:
    """By which units the whole is cut: those of the level below the root."""
    levels = pack.head.levels
    return _("按{level}").format(level=levels[min(1, len(levels) - 1)].label)


def cuts(at: Here, table: Table, key: str, rows: CutRows, beside: Mapping[str, int] | None = None) -> Cuts:
    """The whole (the table's first row) and its parts, on the table's last day.

    `beside`: by row, what is only contributed to there (`involved_beside`); with any, parts are told by role.
    """
    beside = beside or {}
    top = table.rows[0]
    links = {row.key: figure_href(at, key, unit=row.key) for row in rows.tiers}
    tiers = _("您范围内的单位") if rows.partial else _below(at.pack)
    return Cuts(
        whole=table.result(key),
        printed=table.printed(key).text,
        sectors=_broken(table, key, top, (*rows.sectors, *rows.own), links, _("按板块"), beside=beside)
        if rows.sectors
        else None,
        tiers=_broken(table, key, top, (*rows.tiers, *rows.own), links, tiers, rows.partial, beside)
        if rows.tiers
        else None,
    )


def _broken(
    table: Table,
    key: str,
    top: Row,
    rows: Sequence[Row],
    links: dict[str, str],
    label: str,
    partial: bool = False,
    beside: Mapping[str, int] | None = None,
) -> Breakdown:
    figure, beside = table.figures[key], beside or {}
    parts = tuple(
        replace(
            _part(figure, row.label, found, links.get(row.key, "")),
            involved=f"{(found.number or 0) + beside.get(row.key, 0):,}" if beside else "",
        )
        for row in rows
        for found in (table.result(key, row=row.key),)
        if _anything(table, key, row) or row.key in beside
    )
    whole = table.result(key, row=top.key)
    if partial and (others := _others(whole, [table.result(key, row=row.key) for row in rows], figure)):
        parts = (*parts, _part(figure, _("范围外单位合计"), others, ""))
    total = _part(figure, _("合计"), whole, "")
    if figure.role == "involved":
        total = replace(total, amount=_("不汇总"))
    elif beside:
        total = replace(total, involved=_("不汇总"))
    return Breakdown(label, parts, total, _note(figure) or _role_note(bool(beside)), bool(beside))


def _role_note(by_role: bool) -> str:
    if not by_role:
        return ""
    return _("牵头：由该单位及其下级牵头的事项；涉及：牵头或配合的事项。一项可涉及几个单位，所以涉及不汇总。")


def _others(whole: Result, mine: Sequence[Result], figure: Figure) -> Result | None:
    """What lies outside the reader's units, in one number; None where parts do not add up or nothing is left."""
    if _note(figure):
        return None
    if whole.sides is not None:
        known = [one.sides for one in mine if one.sides is not None]
        part = whole.sides[0] - sum(one[0] for one in known)
        all_of = whole.sides[1] - sum(one[1] for one in known)
        return replace(whole, sides=(part, all_of)) if all_of else None
    if whole.number is None:
        return None
    left = whole.number - sum(one.number or 0 for one in mine)
    return replace(whole, number=left) if left else None


def _anything(table: Table, key: str, row: Row) -> bool:
    found = table.result(key, row=row.key)
    return bool(found.sides and found.sides[1]) or bool(found.number)


def _part(figure: Figure, label: str, result: Result, href: str) -> Part:
    if result.sides is not None:
        part, all_of = result.sides
        least = figure.agg.least if isinstance(figure.agg, Ratio) else 1
        share = percentage(part, all_of, figure.show).text if all_of >= least else ""
        return Part(label, f"{plain(part)} / {plain(all_of)}", share, href)
    return Part(label, "" if result.number is None else f"{result.number:,}", "", href)


def _note(figure: Figure) -> str:
    if figure.role == "involved":
        return _role_note(by_role=True)
    if figure.agg.kind in ADDITIVE or figure.agg.kind in ("ratio", "all"):
        return ""
    return _("同一对象可能出现在几个部分，合计去重，因此各部分之和可能大于合计。")
