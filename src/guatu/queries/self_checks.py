"""Self-check (举一反三): to whom a case may be sent, who has answered what, and how far it has come."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from guatu.access import Actor, covers, visible
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.pack import Pack
from guatu.domain.pack.loop import SelfCheck
from guatu.domain.words import gettext as _
from guatu.queries.hand_down import Choice
from guatu.queries.unit_tree import Node, UnitTree, unit_tree
from guatu.records.models import ANCESTORS, Campaign, Item, Link, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

CAPABILITY = "send_self_check"
OF = Link.Kind.SELF_CHECK_OF
OPENED = Link.Kind.FOUND_IN


def self_check_of(pack: Pack) -> SelfCheck:
    """What the pack says of self-checks; NotFound in a campaign without them."""
    if pack.loop.self_check is None:
        raise NotFound(_("本专项工作没有设“举一反三”。"))
    return pack.loop.self_check


def is_case(pack: Pack, item: Item) -> bool:
    """Whether a self-check may be sent out from this item."""
    spec = pack.loop.self_check
    return spec is not None and item.register in spec.cases and item.phase not in ("draft", "void")


def may_send(actor: Actor, campaign: Campaign, item: Item) -> bool:
    """Whether this person may send a self-check out from this item; what is restricted is told to no other unit."""
    pack = pack_of(campaign)
    return (
        not item.restricted
        and is_case(pack, item)
        and any(
            grant.role in roles_with(CAPABILITY) and grant.campaign in (None, campaign.pk)
            for grant in actor.grants
        )
    )


@dataclass(frozen=True, slots=True)
class Picked:
    """How similar units are picked: by sector, level, what stands below units, by hand; and whom to leave out."""

    sectors: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether anything was picked."""
        return bool(self.sectors or self.levels or self.below or self.codes)


@dataclass(frozen=True, slots=True)
class SimilarUnits:
    """The boxes to tick, the units that come of it, and those that have this case's self-check already."""

    sectors: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    companies: tuple[Choice, ...]
    units: tuple[Node, ...]
    already: tuple[Node, ...]
    unknown: tuple[str, ...]


def similar_units(actor: Actor, campaign: Campaign, case: Item, picked: Picked) -> SimilarUnits:
    """Units in the sender's reach by what was picked; the case's own unit, those above and below it are left out.

    Sector, level and company narrow one another; what is named by its code comes in addition. Two statements.
    """
    pack = pack_of(campaign)
    spec = self_check_of(pack)
    tree = unit_tree(campaign, today())
    register, roles = pack.register(spec.register_key), roles_with(CAPABILITY)
    reach = [
        node
        for node in tree.nodes.values()
        if node.level in register.lead_levels
        and node.id not in case.line
        and case.unit_id not in node.line
        and covers(actor, roles, node.line, campaign)
    ]
    by_code = {node.code: node.id for node in reach}
    wanted = picked_among(tree, reach, picked)
    held = holders(campaign, spec, case)
    chosen = [node for node in ordered(reach) if node.id in wanted]
    return SimilarUnits(
        sectors=choices_of(pack.head.sectors, reach, "sector", picked.sectors),
        levels=choices_of(pack.head.levels, reach, "level", picked.levels),
        companies=companies_of(actor, campaign, tree, reach, picked.below),
        units=tuple(node for node in chosen if node.id not in held),
        already=tuple(node for node in chosen if node.id in held),
        unknown=tuple(code for code in (*picked.codes, *picked.without) if code not in by_code),
    )


def holders(campaign: Campaign, spec: SelfCheck, case: Item) -> frozenset[int]:
    """The units that have been asked about this case already. One statement."""
    rows = Item.objects.filter(
        campaign=campaign,
        register=spec.register_key,
        links_out__kind=OF,
        links_out__target=case,
        links_out__ended_batch=None,
    )
    return frozenset(rows.exclude(phase="void").values_list("unit_id", flat=True))


def picked_among(tree: UnitTree, reach: Collection[Node], picked: Picked) -> set[int]:
    """Those of the units in reach that were picked. Sector, level and company narrow one another; codes come on top."""
    roots = {tree.codes[code] for code in picked.below if code in tree.codes}
    narrowed = bool(picked.sectors or picked.levels or picked.below)
    wanted = {
        node.id
        for node in reach
        if narrowed
        and (not picked.sectors or node.sector in picked.sectors)
        and (not picked.levels or node.level in picked.levels)
        and (not roots or not roots.isdisjoint(node.line))
    }
    by_code = {node.code: node.id for node in reach}
    wanted |= {by_code[code] for code in picked.codes if code in by_code}
    return wanted - {by_code[code] for code in picked.without if code in by_code}


def ordered(nodes: Collection[Node]) -> list[Node]:
    """Level by level, in the tree's order."""
    return sorted(nodes, key=lambda node: (len(node.line), node.order, node.code))


def choices_of(
    options: Collection[Any], reach: Collection[Node], attribute: str, chosen: Collection[str]
) -> tuple[Choice, ...]:
    """Boxes for the values of an attribute (sector, level) that units in reach have, each with how many there are."""
    counted = [(option, sum(getattr(node, attribute) == option.key for node in reach)) for option in options]
    return tuple(Choice(option.key, option.label, n, option.key in chosen) for option, n in counted if n)


def companies_of(
    actor: Actor, campaign: Campaign, tree: UnitTree, reach: Collection[Node], chosen: Collection[str]
) -> tuple[Choice, ...]:
    """Boxes for the units right below the campaign's root, each with how many of those in reach it holds."""
    tops = ordered([tree.nodes[unit] for unit in tree.children.get(tree.root, ())])
    counted = [(node, sum(node.id in other.line for other in reach)) for node in tops]
    return tuple(Choice(node.code, node.short_name, n, node.code in chosen) for node, n in counted if n)


@dataclass(frozen=True, slots=True)
class Asked:
    """One unit's self-check. `found`: 有 (True), 无 (False), not answered yet (None)."""

    pk: int
    public_id: str
    number: str
    unit: int
    unit_name: str
    line: tuple[int, ...]
    state: str
    state_label: str
    phase: str
    due: date | None
    found: bool | None
    explanation: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts: asked, answered, of these 有 and 无, not answered and overdue."""

    label: str = ""
    asked: int = 0
    answered: int = 0
    found: int = 0
    none: int = 0
    overdue: int = 0

    def plus(self, one: Asked) -> Tally:
        """With one more."""
        answered = one.phase in ("review", "closed")
        return Tally(
            self.label,
            self.asked + 1,
            self.answered + answered,
            self.found + (answered and one.found is True),
            self.none + (answered and one.found is False),
            self.overdue + one.overdue,
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a case's self-check has come: in all, by unit below the root, and unit by unit."""

    case: Item
    total: Tally
    firms: tuple[Tally, ...]
    rows: tuple[Asked, ...]


def coverage(actor: Actor, campaign: Campaign, case: Item, day: date) -> Coverage:
    """The self-checks of a case that the reader may see, as of `day`, the unanswered ones first. Two statements."""
    pack = pack_of(campaign)
    spec = self_check_of(pack)
    flow = pack.workflow_of(spec.register_key)
    rows = _asked(actor, campaign, spec, day).filter(
        item__links_out__kind=OF, item__links_out__target=case, item__links_out__ended_batch=None
    )
    found = [
        Asked(
            pk=row["item_id"],
            public_id=str(row["item__public_id"]),
            number=row["item__number"],
            unit=row["unit_id"],
            unit_name=row["unit__short_name"],
            line=tuple(row[name] for name in ANCESTORS if row[name] is not None),
            state=row["state"],
            state_label=flow.states[row["state"]].label if row["state"] in flow.states else row["state"],
            phase=row["phase"],
            due=row["due"],
            found=row["data"].get(spec.answer),
            explanation=str(row["data"].get(spec.explanation) or ""),
            overdue=row["phase"] == "open" and row["due"] is not None and row["due"] < day,
        )
        for row in rows.order_by("unit__order", "unit__code").values(*_ROW)
    ]
    names: Mapping[int, Node] = unit_tree(campaign, day).nodes
    depth = len(campaign.root.line)
    total = Tally()
    firms: dict[str, Tally] = {}
    for one in found:
        total = total.plus(one)
        top = one.line[depth] if len(one.line) > depth else (one.line[-1] if one.line else one.unit)
        label = names[top].short_name if top in names else one.unit_name
        firms[label] = firms.get(label, Tally(label)).plus(one)
    found.sort(key=lambda one: (one.phase in ("review", "closed"), not one.overdue, one.found is not True))
    return Coverage(case, total, tuple(firms.values()), tuple(found))


_ROW = (
    *("item_id", "item__public_id", "item__number", "unit_id", "unit__short_name"),
    *("state", "phase", "due", "data", *ANCESTORS),
)


def _asked(actor: Actor, campaign: Campaign, spec: SelfCheck, day: date) -> QuerySet[Spell]:
    """Self-checks as of a day, as far as the reader may see them; withdrawn ones do not count."""
    rows = Spell.objects.filter(
        campaign=campaign,
        register=spec.register_key,
        valid_from__lte=day,
        valid_to__gt=day,
        rec_to=STILL_KNOWN,
    )
    return visible(actor, rows.exclude(phase="void"), campaign)


@dataclass(frozen=True, slots=True)
class SentOut:
    """A case with self-checks, and how far they have come."""

    public_id: str
    number: str
    title: str
    unit: str
    tally: Tally
    seen: bool


def sent_out(actor: Actor, campaign: Campaign, day: date) -> tuple[SentOut, ...]:
    """Every case whose self-checks the reader may see, as of `day`, the newest first. Three statements.

    `seen`: the reader may open the case too; a unit that was asked knows its title without that.
    """
    spec = self_check_of(pack_of(campaign))
    answer = f"data__{spec.answer}"
    now = {
        row["item_id"]: row
        for row in _asked(actor, campaign, spec, day).values("item_id", "phase", "due", answer)
    }
    seen = _asked(actor, campaign, spec, day).values("item")
    rows = Link.objects.filter(kind=OF, source__in=seen, ended_batch=None).order_by("-target", "pk")
    cases: dict[str, SentOut] = {}
    within = set(
        visible(actor, Item.objects.filter(pk__in=rows.values("target")), campaign).values_list(
            "pk", flat=True
        )
    )
    for item, case, public_id, number, title, restricted, unit in rows.values_list(
        "source_id",
        "target_id",
        "target__public_id",
        "target__number",
        "target__title",
        "target__restricted",
        "target__unit__short_name",
    ):
        row, known = now[item], cases.get(str(public_id))
        late = row["phase"] == "open" and row["due"] is not None and row["due"] < day
        one = Asked(0, "", "", 0, "", (), "", "", row["phase"], None, row[answer], "", late)
        tally = (known.tally if known else Tally()).plus(one)
        shown = _("（限定知悉事项）") if restricted else title
        cases[str(public_id)] = SentOut(str(public_id), number, shown, unit, tally, case in within)
    return tuple(cases.values())


def case_of(actor: Actor, campaign: Campaign, item: Item) -> Item | None:
    """The case that a self-check was sent out from, as far as the reader may see it. One statement."""
    rows = Item.objects.filter(
        links_in__kind=OF, links_in__source=item, links_in__ended_batch=None, campaign=campaign
    )
    return visible(actor, rows, campaign).first()


def require_open(item: Item) -> None:
    """Refuse to answer what is not waiting for an answer."""
    if item.phase != "open":
        raise BadInput(_("{number} 已答复或已撤销，不能再答。请刷新后查看。"), number=item.number)
