"""Making the day's reminders of a campaign: lines in inboxes and rows of the outbox, in one transaction, once a day.

Called by the worker and by `guatu notify`. Whoever gets there first writes the day's row; a second finds it and does
nothing; what fails half-way leaves nothing behind and is made again. Nothing is sent here (`exchange/delivering.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, transaction

from guatu.access.house_language import house_language
from guatu.actions.messages import Telling, tell_all
from guatu.domain.clock import now, today
from guatu.domain.errors import GuatuError
from guatu.domain.reminding.channels import INBOX, MAIL, Group
from guatu.domain.reminding.stages import OF_GROUPS, Stage
from guatu.domain.reminding.timing import Works, digest_moment
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.channels import (
    NO_CHOICE,
    Choice,
    addressee_of,
    channels_or_none,
    choices,
    house_quiet,
)
from guatu.queries.reminders import Due, Fact, due_facts, told_to_groups
from guatu.queries.working import house_works
from guatu.records.bulk import insert
from guatu.records.models import Campaign, Delivery, ReminderDay, Unit
from guatu.records.packs import pack_of

NAMES = 10
"""How many units a line names."""


@dataclass(slots=True)
class Reminded:
    """What was made, or would be: how many facts for how many people and groups; who is told what, for a preview."""

    campaign: str
    day: date
    facts: int = 0
    people: int = 0
    mails: int = 0
    groups: int = 0
    said: tuple[str, ...] = ()
    lines: list[dict[str, object]] = field(default_factory=list)


def remind(campaign: Campaign, moment: datetime | None = None, *, dry: bool = False) -> Reminded | None:
    """The reminders of the campaign's day at `moment` (default: now); None where there is nothing to do yet or any more.

    Nothing is made in quiet hours, after the campaign's end, or twice for a day; on a day off only what falls due that
    day. `dry`: nothing is written, and what was made already or is quiet now is shown all the same.
    """
    at = (moment or now()).astimezone(ZoneInfo(campaign.zone))
    day = at.date()
    if campaign.ends_on is not None and campaign.ends_on < day:
        return None
    if not dry and (
        house_quiet().covers(at.time()) or ReminderDay.objects.filter(campaign=campaign, day=day).exists()
    ):
        return None
    calendar, works = house_works()
    due = due_facts(
        campaign, day, calendar=calendar, up_after=settings.GUATU_REMIND_UP_DAYS, working=works(day)
    )
    rows = _rows(campaign, at, due, works)
    result = Reminded(campaign.key, day, said=tuple(due.said))
    tellings = _tellings(campaign, due.facts)
    _count(result, rows, due.facts)
    if dry:
        return result
    try:
        with transaction.atomic():
            ReminderDay.objects.create(
                campaign=campaign,
                day=day,
                made_at=now(),
                people=result.people,
                facts=result.facts,
                said="\n".join(due.said),
            )
            insert(rows)
            tell_all(tellings, campaign=campaign)
    except IntegrityError:  # another worker was faster
        return None
    return result


def remind_all(moment: datetime | None = None, *, dry: bool = False) -> list[Reminded]:
    """The same for every campaign. One that is refused says why and does not stop the others."""
    made = []
    for campaign in Campaign.objects.select_related("pack", "root", "tree").order_by("pk"):
        try:
            one = remind(campaign, moment, dry=dry)
        except GuatuError as refused:
            one = Reminded(campaign.key, today(ZoneInfo(campaign.zone)), said=(str(refused),))
        if one is not None:
            made.append(one)
    return made


def _rows(campaign: Campaign, at: datetime, due: Due, works: Works) -> list[Delivery]:
    """The outbox's rows: for everybody the inbox (told by the message beside), mail for who wants it, groups."""
    told = channels_or_none()
    people = {person for fact in due.facts for person in fact.people}
    wanted = choices(people) if told.mail is not None else {}
    rows: list[Delivery] = []
    for fact in due.facts:
        for person in sorted(fact.people):
            rows.append(_row(campaign, fact, at, INBOX, addressee_of(person), person))
            choice = wanted.get(person, NO_CHOICE)
            if choice.by_mail:
                mail = _row(campaign, fact, at, MAIL, addressee_of(person), person)
                mail.state, mail.sent_at = Delivery.State.WAITING, None
                mail.next_at = mail_moment(at, choice, works, addressee_of(person), _day_of(fact))
                rows.append(mail)
    groups = [group for group in told.group if group.campaign in ("", campaign.key)]
    return rows + (_group_rows(campaign, at, due, works, groups) if groups else [])


def mail_moment(at: datetime, choice: Choice, works: Works, who: str, due: date | None) -> datetime:
    """When the person's next digest goes out."""
    return digest_moment(at, choice.quiet or house_quiet(), works, who, due)


def _day_of(fact: Fact) -> date | None:
    """The day off on which it may be told all the same."""
    return fact.due if fact.stage is Stage.TODAY else None


def _row(
    campaign: Campaign, fact: Fact, at: datetime, channel: str, addressee: str, person: int | None
) -> Delivery:
    return Delivery(
        channel=channel,
        addressee=addressee,
        fact=fact.key,
        person_id=person,
        campaign=campaign,
        item_id=fact.item.pk,
        payload={"kind": "up" if fact.stage is Stage.UP else "due", "stage": str(fact.stage)},
        due=fact.due,
        state=Delivery.State.SENT,
        made_at=at,
        sent_at=at,
    )


def _group_rows(
    campaign: Campaign, at: datetime, due: Due, works: Works, groups: Sequence[Group]
) -> list[Delivery]:
    """What group chats are told. Of restricted items nothing at all: even a count says that there is something."""
    codes = {group.unit for group in groups}
    units = dict(Unit.objects.filter(code__in=codes).values_list("code", "pk"))
    due.said += [
        _("群“{name}”的单位代码“{unit}”不存在，没有向它提醒。请核对配置文件。").format(
            name=group.name, unit=group.unit
        )
        for group in groups
        if group.unit not in units
    ]
    open_facts = [fact for fact in due.facts if fact.stage in OF_GROUPS and not fact.item.restricted]
    told = told_to_groups([fact.key for fact in open_facts])
    rows = []
    for group in groups:
        for fact in open_facts:
            if units.get(group.unit) not in fact.item.line or (group.key, fact.key) in told:
                continue
            row = _row(campaign, fact, at, group.key, f"g:{group.name}", None)
            row.state, row.sent_at = Delivery.State.WAITING, None
            row.next_at = digest_moment(at, house_quiet(), works, group.key, _day_of(fact))
            rows.append(row)
    return rows


def _tellings(campaign: Campaign, facts: Iterable[Fact]) -> list[Telling]:
    """One line a day for each person, and for the level above one for each register."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    below: dict[tuple[int, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        for person in fact.people:
            if fact.stage is Stage.UP:
                below[(person, fact.item.register)].append(fact)
            else:
                counts[person][_kind_of(fact.stage)] += 1
    told = [
        Telling((person,), "due_digest", None, {key: count[key] for key in ("soon", "today", "late")})
        for person, count in sorted(counts.items())
    ]
    return told + [
        Telling((person,), *below_line(campaign, register, late))
        for (person, register), late in sorted(below.items())
    ]


def below_line(
    campaign: Campaign, register: str, late: Sequence[Fact]
) -> tuple[str, None, Mapping[str, object]]:
    """Kind, item and words of the line that tells the level above what is late below, by the names of the units."""
    names = sorted({(fact.item.unit.code, fact.unit_name) for fact in late})
    pack = pack_of(campaign)
    with house_language():
        said = listed(name for _code, name in names[:NAMES]) + ("…" if len(names) > NAMES else "")
    returns = pack.loop.collection is not None and register == pack.loop.collection.returns
    kind = "not_reported_below" if returns else "late_below"
    words = {
        "register": pack.register(register).label,
        "units": len(names),
        "items": len(late),
        "names": said,
    }
    return kind, None, words


def _kind_of(stage: Stage) -> str:
    if stage in (Stage.FAR, Stage.NEAR):
        return "soon"
    return "today" if stage is Stage.TODAY else "late"


def _count(result: Reminded, rows: Iterable[Delivery], facts: Iterable[Fact]) -> None:
    by_key = {fact.key: fact for fact in facts}
    rows = list(rows)
    result.facts = sum(row.channel == INBOX for row in rows)
    result.people = len({row.person_id for row in rows if row.channel == INBOX})
    result.mails = len({row.person_id for row in rows if row.channel == MAIL})
    result.groups = len({row.channel for row in rows if row.person_id is None})
    result.lines = [
        {
            "channel": row.channel,
            "addressee": row.addressee,
            "number": by_key[row.fact].item.number,
            "stage": by_key[row.fact].stage.value,
            "due": by_key[row.fact].due.isoformat(),
            "next_at": row.next_at.isoformat() if row.next_at else "",
        }
        for row in rows
    ]
