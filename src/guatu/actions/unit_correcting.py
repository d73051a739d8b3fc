"""Taking back a unit's merger or ending that was entered by mistake: a correction, so what was known before stays known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction

from guatu.access import Actor, require
from guatu.actions.reach import load_items, require_reach, require_units, units_by_code
from guatu.actions.units import Placing, write_places
from guatu.actions.writing import Draft, load_past, write
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import BadInput
from guatu.domain.history import timeline
from guatu.domain.spells import UNIT
from guatu.domain.words import gettext as _
from guatu.records.models import Batch, Campaign, Placement, Revision, Tree, Unit
from guatu.records.models.units import STILL_KNOWN

WITH_IT = ("items.hand_over", "items.pass_on", "people.end_posts", "people.reassign_teams")
"""What a merger writes in its transaction, directly before the places: batches of one transaction follow each other."""


def correct_ending(
    actor: Actor, *, campaigns: Sequence[Campaign], tree: Tree, unit: str, reason: str
) -> Batch:
    """Let a unit stand again as if it had never been merged or ended; its children and its items come back to it.

    An item that went on to a third unit since stays there. Posts and team assignments do not come back by themselves.
    Needs a reason. Raises BadInput for a unit that has not ended, or a child that moved again since.
    """
    require(actor, "manage_units")
    if not reason.strip():
        raise BadInput(_("更正须写明原因。请填写后再提交。"))
    found = units_by_code({unit})[unit]
    require_units(actor, "manage_units", tree.pk, [found.pk])
    known = list(Placement.objects.filter(unit=found, tree=tree, rec_to=STILL_KNOWN).order_by("version"))
    if len(known) < 2 or known[-1].kind != Placement.Kind.ENDED:
        raise BadInput(_("{unit}没有被合并或撤销，不必更正。请核对单位。"), unit=found.short_name)
    ended, before = known[-1], known[-2]
    with transaction.atomic():
        placings = [_again(found, before, ended), *_children(tree, found, ended)]
        batch = write_places(actor, tree, placings, "units.correct", reason)
        for campaign in campaigns:
            _bring_back(actor, campaign, found, ended, reason)
    return batch


def _again(unit: Unit, before: Placement, ended: Placement) -> Placing:
    parent = Unit.objects.get(pk=before.parent_id).code if before.parent_id else None
    return Placing(unit.code, ended.from_day, "under" if parent else "root", parent, withdraws=ended.version)


def _children(tree: Tree, unit: Unit, ended: Placement) -> Iterator[Placing]:
    """The units that came under the successor with the merger."""
    moved = Placement.objects.filter(tree=tree, rec_from=ended.rec_from, rec_to=STILL_KNOWN).exclude(
        unit=unit
    )
    for row in moved.select_related("unit"):
        later = Placement.objects.filter(
            unit=row.unit, tree=tree, rec_to=STILL_KNOWN, version__gt=row.version
        )
        if later.exists():
            raise BadInput(
                _("{child}在合并之后又改了隶属。请先更正它的隶属，再更正合并。"), child=row.unit.short_name
            )
        yield Placing(row.unit.code, row.from_day, "under", unit.code, withdraws=row.version)


def _bring_back(actor: Actor, campaign: Campaign, unit: Unit, ended: Placement, reason: str) -> None:
    """Withdraw the hand-over of each item that still stands with the successor."""
    versions: dict[int, Revision] = {}
    for seq in _with_it(ended.rec_from):
        rows = Revision.objects.filter(batch=seq, batch__action="items.hand_over", subject_kind="item")
        versions.update({row.subject_id: row for row in rows.filter(batch__campaign_key=campaign.key)})
    if not versions:
        return
    items = load_items(campaign, sorted(versions))
    drafts = []
    for pk, item in items.items():
        require_reach(actor, roles_with("hand_over"), item, campaign)
        day = versions[pk].effective_on
        drafts.append(
            Draft(item, day, {UNIT: unit.pk}, withdraws=versions[pk].version, more={"reason": reason})
        )
    load_past(drafts)
    still = [draft for draft in drafts if _last_lead(draft) == versions[draft.item.pk].version]
    if still:
        write(actor, action="items.correct", campaign=campaign, drafts=still, reason=reason)


def _last_lead(draft: Draft) -> int:
    """The version that gave the item its lead unit."""
    mark = timeline(draft.past.entries).last(UNIT)
    return mark.version if mark is not None else 0


def _with_it(seq: int) -> list[int]:
    """The batches that the merger wrote before its places."""
    found: list[int] = []
    while (batch := Batch.objects.filter(seq=seq - len(found) - 1).first()) and batch.action in WITH_IT:
        found.append(batch.seq)
    return found
