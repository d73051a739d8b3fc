"""What a day that has come moves by itself: steps that a pack marks `auto`, made by the program (decision 0100).

Called by the worker's upkeep and by `guatu tick`. Each item is moved through the one function that moves items, with
the version that was looked at: where two workers look at once, the second finds a conflict and leaves the item alone.
What cannot be moved (a year without a working-day table) is reported, and the rest goes on. Whoever has kept an item
under review for too long is told, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from guatu.access.house_language import house_language
from guatu.access.system import system_actor
from guatu.actions.after_steps import resume_below
from guatu.actions.due_kinds import follow_stages
from guatu.actions.merged_rosters import fold_returns
from guatu.actions.overdue_reviews import tell_overdue_reviews
from guatu.actions.workflow import Move, move_items
from guatu.domain.clock import today
from guatu.domain.errors import GuatuError
from guatu.domain.loop_tracks import ACT_BY
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _
from guatu.queries.field_text import noted_before, notice_over
from guatu.queries.notices import objections_in_the_way
from guatu.records.models import Campaign, Item, Link
from guatu.records.packs import pack_of

TOGETHER = 200
"""How many items one batch moves."""


@dataclass(slots=True)
class Moved:
    """What was moved, as (number, step), and what could not be, as (number, sentence)."""

    moved: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def move_due(campaign: Campaign | None = None) -> Moved:
    """Make every step of the campaign (of all) whose day has come. Doing it twice changes nothing more."""
    result = Moved()
    campaigns = Campaign.objects.select_related("pack", "root").order_by("pk")
    for one in [campaign] if campaign is not None else campaigns:
        _move_due(one, result)
    return result


def _move_due(campaign: Campaign, result: Moved) -> None:
    pack, day = pack_of(campaign), today(ZoneInfo(campaign.zone))
    _follow_stages(campaign, result)
    tell_overdue_reviews(campaign, day)
    for register in pack.registers.values():
        for way in pack.workflow_of(register.key).transitions:
            if way.auto == "solved_above":
                _resume(campaign, register.key, way, result)
            elif way.auto == "merged":
                _fold(campaign, way, result)
            elif way.auto:
                rows = Item.objects.filter(campaign=campaign, register=register.key, state__in=way.origins)
                items = _DUE[way.auto](rows, day)
                for start in range(0, len(items), TOGETHER):
                    move_all(campaign, way, items[start : start + TOGETHER], result)


def _fold(campaign: Campaign, way: Transition, result: Moved) -> None:
    """What a unit owes twice since a merger whose day has come, or since one of the two was sent back."""
    try:
        result.moved += [(item.number, way.label) for item in fold_returns(campaign)]
    except GuatuError as failure:
        result.refused.append((way.label, str(failure)))


def _follow_stages(campaign: Campaign, result: Moved) -> None:
    """Due days of staged items whose stages were entered or changed since."""
    with house_language():
        label = _("按下一阶段的时限")
    try:
        result.moved += [(item.number, label) for item in follow_stages(campaign)]
    except GuatuError as failure:
        result.refused.append((label, str(failure)))


def _notice_over(rows: QuerySet[Item], day: date) -> list[Item]:
    """The last day of notice has passed and nobody's objection stands in the way."""
    items = list(rows.filter(notice_over(day)).order_by("pk"))
    barred = objections_in_the_way(items)
    return [item for item in items if item.pk not in barred]


def _unanswered(rows: QuerySet[Item], day: date) -> list[Item]:
    """Whoever was asked has let the days for an answer pass."""
    return list(rows.filter(noted_before(ACT_BY, day)).order_by("pk"))


def _check_due(rows: QuerySet[Item], day: date) -> list[Item]:
    """The day of the next periodic check has come."""
    return list(rows.filter(due__isnull=False, due__lte=day).order_by("pk"))


_DUE: dict[str, Callable[[QuerySet[Item], date], list[Item]]] = {
    "notice_over": _notice_over,
    "unanswered": _unanswered,
    "check_due": _check_due,
}


def _resume(campaign: Campaign, register: str, way: Transition, result: Moved) -> None:
    """What waits below although everything above is done: the step that follows a solution was missed."""
    done = Link.objects.filter(
        kind=Link.Kind.REFERRED_UP_TO,
        ended_batch=None,
        source__campaign=campaign,
        source__register=register,
        source__state__in=way.origins,
        target__phase__in=("closed", "void"),
    ).values_list("target", flat=True)
    found = sorted(set(done))
    if not found:
        return
    try:
        result.moved += [(item.number, way.label) for item in resume_below(campaign, found)]
    except GuatuError as failure:
        result.refused.append((way.label, str(failure)))


def move_all(campaign: Campaign, way: Transition, items: Sequence[Item], result: Moved) -> None:
    """All in one batch; where that is refused, one by one, so that one item does not hold the others."""
    if not items:
        return
    try:
        _step(campaign, way, items)
        result.moved += [(item.number, way.label) for item in items]
    except GuatuError as failure:
        if len(items) > 1:
            for item in items:
                move_all(campaign, way, [item], result)
        elif Item.objects.filter(pk=items[0].pk, version=items[0].version).exists():  # nobody was faster
            result.refused.append((items[0].number, str(failure)))


def _step(campaign: Campaign, way: Transition, items: Iterable[Item]) -> None:
    with house_language():
        said = _reason(way.auto)
    move_items(
        system_actor(),
        campaign=campaign,
        transition=way.key,
        moves=[Move(item.pk, reason=said, version=item.version) for item in items],
    )


def _reason(auto: str) -> str:
    if auto == "notice_over":
        return _("公示期满且无异议，系统自动办理。")
    if auto == "check_due":
        return _("定期检查日已到，系统自动办理。")
    return _("逾期未答，系统自动办理。")
