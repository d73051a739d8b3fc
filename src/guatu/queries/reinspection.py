"""Re-inspection (回头看): the samples that were drawn, and what was found at their items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guatu.access import Actor, require, visible
from guatu.domain.errors import NotFound
from guatu.domain.sampling import Ground
from guatu.queries.sample_draw import Ask, drawn_again, record_register, reinspection_of
from guatu.records.models import Campaign, Item, Sample, SampleItem
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One sample in the list: how many items, how many looked at, how many of them rebounded."""

    public_id: UUID
    title: str
    drawn_on: date
    drawn_by: str
    items: int
    looked: int
    rebounded: int


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One drawn item. `result` is the key of what was found, empty while nobody has looked; `record` its record's id."""

    public_id: UUID
    number: str
    title: str
    unit: str
    unit_code: str
    ground: Ground
    team: str
    closed_on: date
    state: str
    result: str
    result_label: str
    rebound: bool
    record: UUID | None


@dataclass(frozen=True, slots=True)
class SamplePage:
    """A sample with its items in the order of the seed. `hidden` lie outside the reader's scope.

    `agrees`: drawn again now by the same rule, seed and day, as known then, it gives the same items.
    """

    sample: Sample
    ask: Ask
    per_day: int
    rows: tuple[DrawnRow, ...]
    counted: Mapping[Ground, int]
    looked: int
    rebounded: int
    hidden: int
    agrees: bool


def samples(actor: Actor, campaign: Campaign) -> tuple[SampleRow, ...]:
    """The samples of the campaign, the last one first. Three statements."""
    require(actor, "see_samples", campaign=campaign)
    rows = list(Sample.objects.filter(campaign=campaign).order_by("-drawn_on", "-pk")[:100])
    drawn = list(
        SampleItem.objects.filter(sample__in=rows).values_list("sample_id", "item_id", "item__public_id")
    )
    found = findings(campaign, [public_id for _sample, _item, public_id in drawn])
    declared = reinspection_of(campaign)
    counts: dict[int, Counter[str]] = {}
    since = {row.pk: row.drawn_on for row in rows}
    for sample, _item, public_id in drawn:
        said = found.get(str(public_id))
        count = counts.setdefault(sample, Counter())
        count["items"] += 1
        if said is not None and said.held_on >= since[sample]:
            count["looked"] += 1
            count["rebounded"] += said.result == declared.rebound
    return tuple(
        SampleRow(
            row.public_id,
            row.title,
            row.drawn_on,
            row.drawn_by,
            counts.get(row.pk, Counter())["items"],
            counts.get(row.pk, Counter())["looked"],
            counts.get(row.pk, Counter())["rebounded"],
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """The last record of an item's re-inspection."""

    record: UUID
    held_on: date
    result: str


def findings(campaign: Campaign, public_ids: Iterable[UUID]) -> dict[str, Finding]:
    """The last record of each item (by its public id as text). One statement."""
    declared = reinspection_of(campaign)
    flow_day = record_register(campaign).flow_day
    wanted = {str(one) for one in public_ids}
    found: dict[str, Finding] = {}
    rows = Item.objects.filter(campaign=campaign, register=declared.register_key).exclude(phase="void")
    for record, data in rows.order_by("pk").values_list("public_id", "data"):
        item = str(data.get(declared.item) or "")
        if item in wanted and flow_day is not None and data.get(flow_day):
            one = Finding(record, date.fromisoformat(data[flow_day]), str(data.get(declared.result) or ""))
            if item not in found or found[item].held_on <= one.held_on:
                found[item] = one
    return found


def get_sample(actor: Actor, campaign: Campaign, public_id: UUID) -> Sample:
    """The sample, if the actor may see samples of this campaign."""
    require(actor, "see_samples", campaign=campaign)
    found = Sample.objects.filter(campaign=campaign, public_id=public_id).first()
    if found is None:
        raise NotFound()
    return found


def sample_page(actor: Actor, campaign: Campaign, public_id: UUID) -> SamplePage:
    """A sample with what was found so far. At most eight statements."""
    declared, pack = reinspection_of(campaign), pack_of(campaign)
    sample = get_sample(actor, campaign, public_id)
    drawn = {
        row.item_id: row
        for row in SampleItem.objects.filter(sample=sample).select_related("team").order_by("pk")
    }
    seen = visible(actor, Item.objects.filter(pk__in=drawn), campaign).select_related("unit")
    items = {item.pk: item for item in seen}
    found = findings(campaign, [item.public_id for item in items.values()])
    results = record_register(campaign).field(declared.result)
    assert results is not None  # the pack's own check
    flow = pack.workflow_of(declared.of)
    rows = []
    for pk, row in drawn.items():
        if pk not in items:
            continue
        item = items[pk]
        said = found.get(str(item.public_id))
        if said is not None and said.held_on < sample.drawn_on:
            said = None
        state = flow.states.get(item.state)
        rows.append(
            DrawnRow(
                public_id=item.public_id,
                number=item.number,
                title=item.title,
                unit=item.unit.short_name,
                unit_code=item.unit.code,
                ground=_ground(row.ground),
                team=row.team.name if row.team else "",
                closed_on=item.phase_since,
                state=state.label if state else item.state,
                result=said.result if said else "",
                result_label=results.choice_label(said.result) if said else "",
                rebound=said is not None and said.result == declared.rebound,
                record=said.record if said else None,
            )
        )
    return SamplePage(
        sample=sample,
        ask=Ask.of(sample),
        per_day=sample.rule["per_day"],
        rows=tuple(rows),
        counted={ground: n for ground, n in _grounds(drawn.values()).items() if n},
        looked=sum(bool(row.result) for row in rows),
        rebounded=sum(row.rebound for row in rows),
        hidden=len(drawn) - len(items),
        agrees=drawn_again(campaign, sample) == tuple(drawn),
    )


def _grounds(rows: Iterable[SampleItem]) -> dict[Ground, int]:
    counted = Counter(row.ground for row in rows)
    return {"always": counted["always"], "unit": counted["unit"], "share": counted["share"]}


def _ground(text: str) -> Ground:
    return "always" if text == "always" else "unit" if text == "unit" else "share"
