"""Drawing a sample for re-inspection (回头看): what it is drawn from, what the rule comes to, the same draw made again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from guatu.access import Actor, require
from guatu.access.policy import NOTHING
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import BadInput
from guatu.domain.pack.loop import Reinspection
from guatu.domain.pack.register import Register
from guatu.domain.sampling import Candidate, Draw, Ground, Rule, draw
from guatu.domain.words import gettext as _
from guatu.queries.unit_tree import UnitTree, as_known, unit_tree
from guatu.records.models import ANCESTORS, Campaign, LedgerHead, Sample, SampleItem, Spell, TeamUnit
from guatu.records.packs import pack_of

LONGEST_SEED = 40


@dataclass(frozen=True, slots=True)
class Ask:
    """What a draw asks for: items closed from `first` to `last`, the numbers of the rule, the seed.

    `team_days`: days that the teams have, None for no cap.
    """

    first: date
    last: date
    seed: str
    per_unit: int
    share: int
    team_days: int | None = None

    def rule(self, per_day: int) -> Rule:
        """The rule of the draw; a team looks at `per_day` items a day."""
        return Rule(self.per_unit, self.share, None if self.team_days is None else self.team_days * per_day)

    def as_rule(self, declared: Reinspection, reach: Collection[int]) -> dict[str, Any]:
        """As it stands with the sample, with what the pack said then. `reach`: the units in whose subtrees it was drawn."""
        return {
            "always": {key: list(values) for key, values in declared.always.items()},
            "reach": sorted(reach),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "per_unit": self.per_unit,
            "share": self.share,
            "team_days": self.team_days,
            "per_day": declared.per_day,
        }

    @classmethod
    def of(cls, sample: Sample) -> Ask:
        """What a sample was drawn by."""
        rule = sample.rule
        first, last = date.fromisoformat(rule["first"]), date.fromisoformat(rule["last"])
        return cls(first, last, sample.seed, rule["per_unit"], rule["share"], rule["team_days"])


@dataclass(frozen=True, slots=True)
class Preview:
    """What a draw would come to. `units`: how many units have closures, and how many of them the sample touches."""

    draw: Draw
    counted: Mapping[Ground, int]
    units: int
    touched: int


def reinspection_of(campaign: Campaign) -> Reinspection:
    """The pack's rule; BadInput where the campaign has none."""
    found = pack_of(campaign).loop.reinspection
    if found is None:
        raise BadInput(_("本专项工作没有设回头看。"))
    return found


def record_register(campaign: Campaign) -> Register:
    """The register in which re-inspections are recorded."""
    return pack_of(campaign).register(reinspection_of(campaign).register_key)


def meets(values: Mapping[str, Sequence[str]], data: Mapping[str, Any]) -> bool:
    """Whether an item's data meets one of the choices."""
    return any(data.get(key) in wanted for key, wanted in values.items())


def reach_to_draw(actor: Actor, campaign: Campaign) -> frozenset[int]:
    """The units in whose subtrees the actor's posts may draw."""
    found: set[int] = set()
    for grant in actor.grants:
        if grant.role in roles_with("draw_sample") and grant.campaign in (None, campaign.pk):
            found |= grant.assigned
            if grant.unit is not None:
                found.add(grant.unit)
    return frozenset(found)


def candidates(
    campaign: Campaign,
    ask: Ask,
    reach: Collection[int],
    *,
    day: date,
    always: Mapping[str, Sequence[str]],
    known_at: int | None = None,
) -> tuple[Candidate, ...]:
    """The items that may be drawn: closed from `ask.first` to `ask.last`, closed still on `day`, since then neither
    drawn nor looked at.

    Only those led in the subtrees of `reach`. `known_at`: as known at that batch, None for now. Three statements.
    """
    declared = reinspection_of(campaign)
    before = SampleItem.objects.filter(sample__campaign=campaign)
    if known_at is not None:
        before = before.filter(sample__batch_seq__lte=known_at)
    seen: dict[int, date] = {}
    for item, drawn_on in before.values_list("item_id", "sample__drawn_on"):
        seen[item] = max(drawn_on, seen.get(item, drawn_on))
    led = NOTHING
    for column in ANCESTORS:
        led |= Q(**{f"{column}__in": sorted(reach)})
    rows = (
        as_known(Spell.objects.filter(campaign=campaign, register=declared.of), known_at)
        .filter(
            led,
            valid_from__lte=day,
            valid_to__gt=day,
            phase="closed",
            phase_since__gte=ask.first,
            phase_since__lte=ask.last,
        )
        .values_list("item_id", "item__public_id", "item__number", "unit_id", "data", "phase_since")
    )
    looked = _looked_at(campaign, declared, day, known_at)
    return tuple(
        Candidate(item, number, unit, meets(always, data))
        for item, public_id, number, unit, data, closed in rows
        if (item not in seen or seen[item] < closed)
        and (str(public_id) not in looked or looked[str(public_id)] < closed)
    )


def _looked_at(
    campaign: Campaign, declared: Reinspection, day: date, known_at: int | None
) -> dict[str, date]:
    """When each item (by its public id) was last looked at again, on `day` as known then. One statement."""
    flow_day = record_register(campaign).flow_day
    records = as_known(Spell.objects.filter(campaign=campaign, register=declared.register_key), known_at)
    records = records.filter(valid_from__lte=day, valid_to__gt=day).exclude(phase="void")
    found: dict[str, date] = {}
    for data in records.values_list("data", flat=True):
        item, held_on = str(data.get(declared.item) or ""), data.get(flow_day or "")
        if item and held_on:
            found[item] = max(date.fromisoformat(held_on), found.get(item, date.min))
    return found


def drawing(actor: Actor, campaign: Campaign, ask: Ask, *, day: date) -> tuple[Draw, tuple[Candidate, ...]]:
    """The draw that `ask` comes to on `day`, and what it is drawn from.

    Raises BadInput for a period that ends before it begins, or one in which nothing was closed.
    """
    require(actor, "draw_sample", campaign=campaign)
    declared = reinspection_of(campaign)
    if ask.last < ask.first:
        raise BadInput(
            _("起始日 {first} 晚于截止日 {last}。请对调或另选日期。"), first=ask.first, last=ask.last
        )
    if not 0 < len(ask.seed.strip()) <= LONGEST_SEED:
        raise BadInput(_("随机种子须有 1 至 {most} 个字。请重新填写。"), most=LONGEST_SEED)
    if not 0 <= ask.share <= 100 or not 0 <= ask.per_unit <= 20:
        raise BadInput(_("抽查比例须在 0 至 100 之间，每个单位至少抽取的项数须在 0 至 20 之间。请核对。"))
    if ask.team_days is not None and not 0 <= ask.team_days <= 9999:
        raise BadInput(_("督导日须在 0 至 9999 之间；不限的请留空。"))
    found = candidates(campaign, ask, reach_to_draw(actor, campaign), day=day, always=declared.always)
    if not found:
        raise BadInput(
            _("{first} 至 {last} 没有可以抽取的事项：没有办结的，或已在此前抽过。请放宽日期。"),
            first=ask.first,
            last=ask.last,
        )
    return draw(found, ask.rule(declared.per_day), ask.seed.strip()), found


def preview(actor: Actor, campaign: Campaign, ask: Ask, *, day: date) -> Preview:
    """What the draw would come to, without drawing."""
    sample, found = drawing(actor, campaign, ask, day=day)
    unit_of = {one.item: one.unit for one in found}
    touched = {unit_of[one.item] for one in sample.drawn}
    return Preview(sample, sample.counted(), len(set(unit_of.values())), len(touched))


def drawn_again(campaign: Campaign, sample: Sample) -> tuple[int, ...]:
    """The items that the sample's rule, seed and day draw, as known when it was drawn. Two statements."""
    ask, rule = Ask.of(sample), sample.rule
    found = candidates(
        campaign, ask, rule["reach"], day=sample.drawn_on, always=rule["always"], known_at=sample.known_at
    )
    return tuple(one.item for one in draw(found, ask.rule(rule["per_day"]), ask.seed).drawn)


def known_now() -> int:
    """The batch up to which the draw knows."""
    return LedgerHead.objects.values_list("batch_seq", flat=True).get(pk=1)


def teams_of(campaign: Campaign, units: Sequence[int], day: date) -> dict[int, int]:
    """The team that each unit is assigned to on `day`, by the nearest unit on its line. Two or three statements."""
    tree: UnitTree = unit_tree(campaign, day)
    holding = TeamUnit.objects.filter(
        Q(to_day=None) | Q(to_day__gt=day), team__campaign=campaign, from_day__lte=day
    )
    by_unit = dict(holding.order_by("-team_id").values_list("unit_id", "team_id"))
    found = {}
    for unit in units:
        node = tree.nodes.get(unit)
        for above in reversed(node.line if node else (unit,)):
            if above in by_unit:
                found[unit] = by_unit[above]
                break
    return found
