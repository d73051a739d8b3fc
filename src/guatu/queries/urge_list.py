"""催办名单: of the chosen items, whom each waits for, since when, and how to reach them; urged today already or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from guatu.access import Actor, covers
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import end_of_day, today
from guatu.domain.pack import Pack
from guatu.domain.telephones import masked
from guatu.domain.words import gettext as _
from guatu.domain.words import listed, ngettext
from guatu.queries.addressees import Holder
from guatu.queries.list_order import order_of
from guatu.queries.pages import ItemFilters
from guatu.queries.registers import listing
from guatu.queries.telephones import telephones
from guatu.queries.waiting import Waiting, waiting_for
from guatu.records.bulk import in_chunks
from guatu.records.models import ANCESTORS, Batch, Campaign, Comment, Item, Unit

MOST = 500
"""Items that one list holds."""
URGED = "items.urge"


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody who is asked: under which post, and the telephone as far as the reader may see it."""

    name: str
    label: str
    telephone: str


@dataclass(frozen=True, slots=True)
class UrgeLine:
    """One item: what is missing (`step`), since when, who is asked; `urged` says who urged it today, empty if nobody."""

    public_id: str
    number: str
    title: str
    unit: str
    state: str
    step: str
    since: date
    days: int
    people: tuple[Reached, ...]
    urged: str


@dataclass(frozen=True, slots=True)
class UrgeList:
    """The items that wait for somebody, and how many of those asked for wait for nobody. `more` do not fit."""

    register: str
    label: str
    lines: tuple[UrgeLine, ...]
    none: int
    more: bool

    def as_text(self) -> str:
        """The list as people paste it into a chat or read it out on the telephone: one item a line."""
        return "\n".join(_said(place, line) for place, line in enumerate(self.lines, 1))


def urge_list(
    actor: Actor, campaign: Campaign, register: str, filters: ItemFilters, *, day: date
) -> UrgeList:
    """The items of a register that the filters choose, as far as they wait for somebody. Seven statements.

    Raises what `queries.registers.listing` raises.
    """
    found = listing(actor, campaign, register, filters, day=day)
    columns = ("item_id", "item__public_id", "item__number", "item__title", "unit_id", "unit__short_name")
    chosen = found.mine.filter(phase__in=("open", "review")).order_by(
        *order_of(found.pack, found.spec, found.sort)
    )
    rows = list(chosen.values(*columns, "state", "state_since", *ANCESTORS)[: MOST + 1])
    items = [_item(row, register) for row in rows[:MOST]]
    since = {row["item_id"]: row["state_since"] for row in rows}
    lines = lines_of(actor, campaign, found.pack, items, since, day)
    return UrgeList(
        register=found.spec.key,
        label=found.spec.label,
        lines=lines,
        none=len(items) - len(lines),
        more=len(rows) > MOST,
    )


def lines_of(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    items: Sequence[Item],
    since: Mapping[int, date],
    day: date,
) -> tuple[UrgeLine, ...]:
    """A line for each of the items that waits for somebody, in their order; `since`: item → in its state since."""
    waits = waiting_for(campaign, items)
    asked = [item for item in items if item.pk in waits and waits[item.pk].asked]
    known = telephones({one.person for item in asked for one in waits[item.pk].asked})
    urged = urged_today(campaign, [item.pk for item in asked])
    return tuple(
        _line(
            actor,
            campaign,
            pack,
            item,
            waits[item.pk],
            since[item.pk],
            day,
            known,
            urged.get(item.pk, ""),
        )
        for item in asked
    )


def urged_today(campaign: Campaign, items: Sequence[int]) -> dict[int, str]:
    """Item → who urged it today and when, in a sentence. Two statements, one on a day without urges."""
    zone = ZoneInfo(campaign.zone)
    begun = end_of_day(today(zone) - timedelta(days=1), zone)
    batches = Batch.objects.filter(campaign_key=campaign.key, action=URGED, recorded_on__gt=begun)
    times = {batch.seq: batch.recorded_on for batch in batches}
    found: dict[int, str] = {}
    if not times:
        return found
    for chunk in in_chunks(sorted(items)):
        rows = Comment.objects.filter(item__in=chunk, kind=Comment.Kind.URGE, batch_seq__in=sorted(times))
        for row in rows.order_by("id"):
            at = times[row.batch_seq].astimezone(zone)
            found[row.item_id] = _("今天 {time} 已由{who}催办").format(
                time=f"{at:%H:%M}", who=row.person_name
            )
    return found


def _item(row: Mapping[str, Any], register: str) -> Item:
    return Item(
        pk=row["item_id"],
        public_id=row["item__public_id"],
        number=row["item__number"],
        title=row["item__title"],
        register=register,
        state=row["state"],
        unit=Unit(pk=row["unit_id"], short_name=row["unit__short_name"]),
        **{name: row[name] for name in ANCESTORS},
    )


def _line(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    item: Item,
    waiting: Waiting,
    since: date,
    day: date,
    known: Mapping[int, str],
    urged: str,
) -> UrgeLine:
    return UrgeLine(
        public_id=str(item.public_id),
        number=item.number,
        title=item.title,
        unit=item.unit.short_name,
        state=pack.workflow_of(item.register).states[item.state].label,
        step=waiting.way.label,
        since=since,
        days=max((day - since).days, 0),
        people=tuple(_reached(actor, campaign, item, one, known) for one in _once(waiting.asked)),
        urged=urged,
    )


def _once(holders: Iterable[Holder]) -> Iterable[Holder]:
    return {one.person: one for one in holders}.values()


def _reached(
    actor: Actor, campaign: Campaign, item: Item, holder: Holder, known: Mapping[int, str]
) -> Reached:
    number = known.get(holder.person, "")
    full = _may_read(actor, campaign, item.line[: holder.depth], holder)
    return Reached(holder.name, holder.label, number if full else masked(number))


def _may_read(actor: Actor, campaign: Campaign, line: tuple[int, ...], holder: Holder) -> bool:
    """Whether the telephone is whole for this reader: of oneself, of one's line down and up, of one's team."""
    roles = roles_with("see_telephones")
    if holder.person == actor.person or (holder.unit is not None and covers(actor, roles, line, campaign)):
        return True
    return any(
        grant.role in roles
        and grant.campaign in (None, campaign.pk)
        and (
            (holder.unit is not None and holder.unit in grant.line)
            or (holder.team is not None and (holder.team == grant.team or len(grant.line) == 1))
        )
        for grant in actor.grants
    )


def _said(place: int, line: UrgeLine) -> str:
    people = listed(
        _("{label} {name} {telephone}")
        .format(label=one.label, name=one.name, telephone=one.telephone)
        .strip()
        for one in line.people
    )
    waited = ngettext("已 {n} 天", "已 {n} 天", line.days).format(n=line.days) if line.days else _("今天")
    return _("{place}. {unit}：{number} {title}，待{step}，自 {since} 起{waited}。联系：{people}").format(
        place=place,
        unit=line.unit,
        number=line.number,
        title=line.title,
        step=line.step,
        since=line.since,
        waited=waited,
        people=people,
    )
