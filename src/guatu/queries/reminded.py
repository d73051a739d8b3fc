"""What the people of a campaign were reminded of: for its office, by fact, the newest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Max

from guatu.access import Actor, visible
from guatu.domain.reminding.channels import INBOX
from guatu.domain.reminding.stages import Stage
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Delivery, Item, ReminderDay

EACH = 50
DAYS = 7


@dataclass(frozen=True, slots=True)
class Told:
    """One fact: of which item (empty for one out of sight), which stage, whom it reached by which channel.

    `ways`: (channel, names or the group's name, how many of them, state of delivery).
    """

    at: datetime
    public_id: str
    number: str
    title: str
    unit: str
    stage: str
    due: date | None
    ways: tuple[tuple[str, tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class DayTold:
    """What was made on a day; `said`: what could not be reckoned."""

    day: date
    people: int
    facts: int
    said: str


@dataclass(frozen=True, slots=True)
class Log:
    """One page of it, and the last days."""

    told: tuple[Told, ...]
    days: tuple[DayTold, ...]
    page: int
    more: bool


def reminded_log(actor: Actor, campaign: Campaign, *, page: int = 1) -> Log:
    """One page. Four statements: the facts, their rows, the items that may be seen, the last days."""
    begin = (page - 1) * EACH
    mine = Delivery.objects.filter(campaign=campaign, payload__kind__in=("due", "up"))
    facts = list(
        mine.order_by()
        .values("fact")
        .annotate(at=Max("made_at"))
        .order_by("-at", "fact")[begin : begin + EACH + 1]
    )
    shown = [row["fact"] for row in facts[:EACH]]
    rows: dict[str, list[Delivery]] = defaultdict(list)
    for row in mine.filter(fact__in=shown).select_related("person").order_by("pk"):
        rows[row.fact].append(row)
    pks = {row.item_id for found in rows.values() for row in found if row.item_id is not None}
    items = visible(actor, Item.objects.filter(pk__in=pks), campaign).select_related("unit")
    seen = {item.pk: item for item in items}
    zone = ZoneInfo(campaign.zone)
    days = ReminderDay.objects.filter(campaign=campaign).order_by("-day")[:DAYS]
    return Log(
        tuple(_told(rows[fact], seen, zone) for fact in shown),
        tuple(DayTold(row.day, row.people, row.facts, row.said) for row in days),
        page,
        len(facts) > EACH,
    )


def _told(rows: Sequence[Delivery], seen: dict[int, Item], zone: ZoneInfo) -> Told:
    first = rows[0]
    item = seen.get(first.item_id or 0)
    ways: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        name = row.person.name if row.person is not None else row.addressee.partition(":")[2]
        ways[(row.channel, row.state)].append(name)
    return Told(
        at=first.made_at.astimezone(zone),
        public_id=str(item.public_id) if item is not None else "",
        number=item.number if item is not None else "",
        title=item.title if item is not None else "",
        unit=item.unit.short_name if item is not None else "",
        stage=str(first.payload.get("stage", "")),
        due=first.due,
        ways=tuple(
            (channel, tuple(names), "" if channel == INBOX else state)
            for (channel, state), names in ways.items()
        ),
    )


def stage_said(stage: str) -> str:
    """The stage in words."""
    said = {
        Stage.FAR: _("提前 3 天"),
        Stage.NEAR: _("提前 1 天"),
        Stage.TODAY: _("当天到期"),
        Stage.LATE: _("逾期"),
        Stage.UP: _("逾期后报上一级"),
    }
    return said.get(Stage(stage), stage) if stage in {one.value for one in Stage} else stage


def state_said(state: str) -> str:
    """How a delivery stands, in words."""
    return {
        "waiting": _("待发送"),
        "sending": _("正在发送"),
        "sent": _("已发送"),
        "failed": _("未能发送"),
        "held": _("暂停，等待核实"),
        "dropped": _("不再需要"),
    }.get(state, state)
