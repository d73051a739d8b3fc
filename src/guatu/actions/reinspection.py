"""Re-inspection (回头看): drawing a sample, and recording what was found at one of its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from uuid6 import uuid7

from guatu.access import Actor, covers, require, visible
from guatu.access.house_language import house_language
from guatu.actions.history import Change, answered, body_text, record
from guatu.actions.items import NewItem, create_items
from guatu.actions.reach import items_of
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import NewEvidence
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.sampling import Drawn
from guatu.domain.words import gettext as _
from guatu.queries.four_eyes import Standing, refuse_own_verification
from guatu.queries.sample_draw import (
    Ask,
    drawing,
    known_now,
    reach_to_draw,
    record_register,
    reinspection_of,
    teams_of,
)
from guatu.records.bulk import insert
from guatu.records.models import Campaign, Item, LedgerHead, Sample, SampleItem
from guatu.records.packs import pack_of

DRAW = "reinspection.draw"
LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found at an item: the key of the result, the day, a note, further fields of the register."""

    result: str
    held_on: date
    note: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[NewEvidence, ...] = ()


def draw_sample(
    actor: Actor, *, campaign: Campaign, ask: Ask, title: str = "", idempotency_key: str | None = None
) -> Sample:
    """Draw a sample and keep it: by the same rule and seed anybody can draw the same items again.

    Every item goes to the team that its unit is assigned to. Raises BadInput when nothing was closed in the period.
    """
    request = [ask, title]
    if batch := answered(actor, DRAW, campaign, idempotency_key, request):
        return Sample.objects.get(batch_seq=batch.seq)
    require(actor, "draw_sample", campaign=campaign)
    declared = reinspection_of(campaign)
    day = today(ZoneInfo(campaign.zone))
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # two draws at once: the second knows of the first
        known = known_now()
        drawn, found = drawing(actor, campaign, ask, day=day)
        unit_of = {one.item: one.unit for one in found}
        teams = teams_of(campaign, [unit_of[one.item] for one in drawn.drawn], day)
        with house_language():
            named = title.strip()[:LONGEST_TITLE] or _("{first} 至 {last} 销号事项回头看").format(
                first=ask.first, last=ask.last
            )
        sample = Sample.objects.create(
            public_id=UUID(int=uuid7().int),
            campaign=campaign,
            title=named,
            seed=ask.seed.strip(),
            rule=ask.as_rule(declared, reach_to_draw(actor, campaign)),
            drawn_on=day,
            known_at=known,
            population=drawn.population,
            drawn_by=actor.signed,
            batch_seq=0,
        )
        insert(
            [
                SampleItem(
                    sample=sample, item_id=one.item, ground=one.ground, team_id=teams.get(unit_of[one.item])
                )
                for one in drawn.drawn
            ]
        )
        change = Change("sample", sample.pk, 0, "", day, _body(sample, drawn.drawn, teams, unit_of))
        batch = record(
            actor,
            action=DRAW,
            campaign=campaign,
            changes=[change],
            idempotency_key=idempotency_key,
            request=request,
        )
        sample.batch_seq = batch.seq
        sample.save(update_fields=["batch_seq"])
    return sample


def _body(
    sample: Sample, drawn: Sequence[Drawn], teams: Mapping[int, int], unit_of: Mapping[int, int]
) -> str:
    return body_text(
        {},
        {
            "campaign": sample.campaign_id,
            "public_id": str(sample.public_id),
            "title": sample.title,
            "seed": sample.seed,
            "rule": sample.rule,
            "known_at": sample.known_at,
            "population": sample.population,
            "items": [[one.item, one.ground, teams.get(unit_of[one.item])] for one in drawn],
        },
    )


def record_reinspection(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    looked: Looked,
    idempotency_key: str | None = None,
) -> Item:
    """Record what was found at a closed item; a rebound brings it into another round in the same act.

    Whoever looks again stands outside the responsible units, as a verifier does. Returns the record.
    """
    declared = reinspection_of(campaign)
    register = record_register(campaign)
    found = visible(actor, Item.objects.filter(pk=item, campaign=campaign, register=declared.of), campaign)
    row = found.select_related("unit").first()
    if row is None:
        raise NotFound()
    if not covers(actor, roles_with("look_again"), row.line, campaign):
        raise NotAllowed(
            _("您的身份（{post}）不能登记 {number} 的回头看。请由督导组或{office}登记。"),
            post=actor.post_label,
            number=row.number,
            office=pack_of(campaign).words.office,
        )
    flow = pack_of(campaign).workflow_of(declared.of)
    own = [way.key for way in flow.transitions if way.level == "own"]
    refuse_own_verification(Standing.of(actor, campaign, [row], own), row)
    rebounds = looked.result == declared.rebound
    way = _way_back(flow, row) if rebounds and row.phase == "closed" else None
    if rebounds and not looked.note.strip():
        raise BadInput(_("{number}：认定反弹须写明情况。请填写后再提交。"), number=row.number)
    note = next((one.key for one in register.fields if one.type == "long_text"), None)
    fields = {
        **looked.fields,
        declared.item: str(row.public_id),
        declared.result: looked.result,
        **({register.flow_day: looked.held_on.isoformat()} if register.flow_day else {}),
        **({note: looked.note.strip()} if note and looked.note.strip() else {}),
    }
    new = NewItem(
        register=register.key,
        unit=row.unit.code,
        title=row.title,
        fields=fields,
        evidence=looked.evidence,
        readers_of=row.pk,
    )
    if batch := answered(actor, "items.create", campaign, idempotency_key, [new]):
        return items_of(batch)[0]
    if row.phase != "closed":
        raise BadInput(
            _("{number} 现为“{state}”，没有销号，不能登记回头看。请刷新后查看。"),
            number=row.number,
            state=flow.states[row.state].label,
        )
    with transaction.atomic():
        made = create_items(actor, campaign=campaign, rows=[new], idempotency_key=idempotency_key)[0]
        if way is not None:
            move = Move(row.pk, reason=looked.note.strip())
            move_items(actor, campaign=campaign, transition=way.key, moves=[move], effective=looked.held_on)
    return made


def _way_back(flow: Workflow, item: Item) -> Transition:
    """The step by which a closed item begins another round."""
    for way in flow.ways_from(item.state):
        if way.new_round:
            return way
    raise BadInput(_("{number} 的工作流程没有“反弹”这一步，不能登记反弹。"), number=item.number)
