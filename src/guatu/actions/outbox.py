"""The outbox: what waits to leave the house, taken out one letter at a time and marked with what came of it.

A letter is taken (`claim`) under the lock of its channel's row: rate, quiet hours and the one digest a day are looked at
there, so they hold over any number of processes. Between taking and marking nothing is locked. A process that dies in
between leaves its letter marked as under way; after `LEASE` it is held for the administrator, who decides whether to
send it again: nobody is told a fact twice without somebody's decision.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from uuid6 import uuid7

from guatu.domain.clock import DEFAULT_ZONE
from guatu.domain.reminding.channels import INBOX, MAIL
from guatu.domain.reminding.outcomes import Outcome, Verdict
from guatu.domain.reminding.rates import Limit, earliest, still_counted
from guatu.domain.reminding.timing import (
    DAY,
    MOST_ATTEMPTS,
    Works,
    digest_moment,
    may_send,
    next_digest,
    next_moment,
    wait_after,
)
from guatu.domain.words import gettext as _
from guatu.queries.channels import NO_CHOICE, addressee_of, channels_or_none, choices, house_quiet
from guatu.queries.working import house_works
from guatu.records.bulk import in_chunks, insert
from guatu.records.models import Campaign, ChannelState, Delivery, Message

AT_ONCE = frozenset({"urged", "sent_back"})
"""Kinds of messages that may go out at once, if the person has chosen so; else they wait for the day's digest."""
MAILED = AT_ONCE | {"asked"}
"""Kinds of messages that are mailed at all, to those who want mail; the others stand in the inbox only."""
LEASE = timedelta(minutes=10)
TOGETHER = 5000
"""Facts of one letter at most: a group hears of a whole campaign at once."""
TURNS = 50
"""Addressees that are looked at for one letter: each that may not be written to now is put off."""
TEST = "test"
WAITING, SENDING = Delivery.State.WAITING, Delivery.State.SENDING


@dataclass(frozen=True, slots=True)
class Claimed:
    """One letter taken out: its facts, all for one addressee."""

    token: str
    rows: tuple[Delivery, ...]


def note_at_once(messages: Iterable[Message], campaign: Campaign | None) -> None:
    """Put what has just been said in inboxes into the outbox, for those who want mail. Inside the act's transaction.

    Nothing is asked where no mail server is configured or no message is of such a kind.
    """
    wanted = [row for row in messages if row.kind in MAILED]
    if not wanted or channels_or_none().mail is None:
        return
    chosen = choices({row.person_id for row in wanted})
    mailed = [row for row in wanted if chosen.get(row.person_id, NO_CHOICE).by_mail]
    if not mailed:
        return
    _calendar, works = house_works()
    zone = ZoneInfo(campaign.zone) if campaign is not None else DEFAULT_ZONE
    rows = []
    for row in mailed:
        choice, at = chosen[row.person_id], row.made_at.astimezone(zone)
        quiet, who = choice.quiet or house_quiet(), addressee_of(row.person_id)
        soon = choice.at_once and row.kind in AT_ONCE
        rows.append(
            Delivery(
                channel=MAIL,
                addressee=who,
                fact=f"{row.kind}:{row.batch_seq or at.isoformat()}:{row.item_id}",
                person_id=row.person_id,
                campaign=campaign,
                item_id=row.item_id,
                payload={"kind": row.kind, "params": row.params, "by": row.by_name},
                urgent=soon,
                next_at=next_moment(at, quiet, works) if soon else next_digest(at, quiet, works, who),
                made_at=row.made_at,
            )
        )
    insert(rows)


def anything_due(at: datetime) -> bool:
    """Whether anything waits to be sent now, or was left under way. One statement, no lock."""
    rows = Delivery.objects.exclude(channel=INBOX)
    return rows.filter(state__in=(WAITING, SENDING), next_at__lte=at).exists()


def waiting_now() -> dict[str, int]:
    """Channel → how many facts wait there, whether they may go now or later. One statement."""
    rows = Delivery.objects.filter(state__in=(WAITING, SENDING)).exclude(channel=INBOX).order_by()
    return dict(rows.values_list("channel").annotate(n=Count("pk")))


def claim(key: str, *, limits: Sequence[Limit], at: datetime) -> Claimed | None:
    """Take the next letter of the channel out; None where none may go now.

    Whoever may not be written to now is put off to the moment at which they may.
    """
    ChannelState.objects.get_or_create(key=key)
    _calendar, works = house_works()
    with transaction.atomic():
        state = ChannelState.objects.select_for_update().get(key=key)
        sent = [datetime.fromisoformat(moment) for moment in state.recent]
        resting = state.rests_until is not None and state.rests_until > at
        if resting or earliest(at, sent, limits) > at:
            return None
        rows = _next(key, at, works)
        if not rows:
            return None
        token = uuid7().hex
        for chunk in in_chunks([row.pk for row in rows]):
            Delivery.objects.filter(pk__in=chunk).update(
                state=SENDING, claim=token, attempts=F("attempts") + 1, next_at=at + LEASE, sent_at=at
            )
        state.recent = [moment.isoformat() for moment in still_counted(at, [*sent, at], limits)]
        state.save(update_fields=["recent"])
    return Claimed(token, tuple(rows))


def _next(key: str, at: datetime, works: Works) -> list[Delivery]:
    """The facts of the first addressee who may be told now; the others are put off."""
    due = Delivery.objects.filter(channel=key, state=WAITING, next_at__lte=at)
    for _turn in range(TURNS):
        first = due.order_by("-urgent", "next_at", "pk").first()
        if first is None:
            return []
        rows = due.filter(addressee=first.addressee).select_related("campaign", "person")
        ready: list[Delivery] = []
        later: dict[datetime, list[int]] = defaultdict(list)
        for row, moment in _judged(list(rows.order_by("pk")[:TOGETHER]), at, works):
            if moment is None:
                ready.append(row)
            else:
                later[moment].append(row.pk)
        for moment, pks in later.items():
            for chunk in in_chunks(pks):
                Delivery.objects.filter(pk__in=chunk).update(next_at=moment)
        if ready:
            return ready
    return []


def _judged(
    rows: Sequence[Delivery], at: datetime, works: Works
) -> Iterable[tuple[Delivery, datetime | None]]:
    """Each row with the moment to which it is put off; None if it may go now."""
    person = rows[0].person_id
    chosen = choices([person]) if person is not None else {}
    quiet = chosen.get(person or 0, NO_CHOICE).quiet or house_quiet()
    had: set[str] = set()
    for row in rows:
        if row.payload.get("kind") == TEST:
            yield row, None
            continue
        zone = ZoneInfo(row.campaign.zone) if row.campaign is not None else DEFAULT_ZONE
        here = at.astimezone(zone)
        due = row.due if row.payload.get("stage") == "due" else None
        if not may_send(here, quiet, works, due):
            yield row, next_moment(here, quiet, works, due)
        elif not row.urgent and _had_today(row, here, had):
            tomorrow = datetime.combine(here.date() + DAY, time(0), tzinfo=zone)
            yield row, digest_moment(tomorrow, quiet, works, row.addressee)
        else:
            yield row, None


def _had_today(row: Delivery, here: datetime, known: set[str]) -> bool:
    """Whether the addressee has had the day's digest already. Asked once for a letter."""
    if not known:
        begun = here.replace(hour=0, minute=0, second=0, microsecond=0)
        sent = Delivery.objects.filter(
            ~Q(fact__startswith=TEST),
            addressee=row.addressee,
            channel=row.channel,
            urgent=False,
            sent_at__gte=begun,
            state__in=(SENDING, Delivery.State.SENT, Delivery.State.HELD),
        )
        known.add("yes" if sent.exists() else "no")
    return "yes" in known


def drop(rows: Collection[int], said: str) -> None:
    """These facts have become needless before they went out."""
    for chunk in in_chunks(list(rows)):
        Delivery.objects.filter(pk__in=chunk, state=SENDING).update(
            state=Delivery.State.DROPPED, error=said, sent_at=None, next_at=None
        )


def settle(key: str, token: str, outcome: Outcome, at: datetime) -> None:
    """Mark the letter with what came of it; the channel keeps what went wrong and how long it is left alone.

    What concerns the whole channel (a server that is down) costs the letter no attempt.
    """
    with transaction.atomic():
        state = ChannelState.objects.select_for_update().get(key=key)
        rows = Delivery.objects.filter(claim=token, state=SENDING)
        if outcome.verdict is Verdict.SENT:
            rows.update(state=Delivery.State.SENT, sent_at=at, next_at=None, error="")
            state.sent_at, state.failures, state.rests_until, state.error = at, 0, None, ""
        elif outcome.verdict is Verdict.LATER:
            _put_off(rows, state, outcome, at)
        else:
            end = Delivery.State.FAILED if outcome.verdict is Verdict.REFUSED else Delivery.State.HELD
            kept = at if end is Delivery.State.HELD else None
            rows.update(state=end, error=outcome.said, next_at=None, sent_at=kept)
        if outcome.verdict is not Verdict.SENT:
            state.error, state.error_at = outcome.said, at
        state.save()


def _put_off(rows: QuerySet[Delivery], state: ChannelState, outcome: Outcome, at: datetime) -> None:
    chance, least = random.random(), timedelta(seconds=outcome.after)  # noqa: S311  not for secrets
    if outcome.whole:
        state.failures += 1
        state.rests_until = at + max(least, wait_after(state.failures, chance))
        rows.update(
            state=WAITING,
            next_at=state.rests_until,
            attempts=F("attempts") - 1,
            error=outcome.said,
            sent_at=None,
        )
        return
    for attempts in sorted(set(rows.values_list("attempts", flat=True))):
        over = attempts >= MOST_ATTEMPTS
        rows.filter(attempts=attempts).update(
            state=Delivery.State.FAILED if over else WAITING,
            next_at=None if over else at + max(least, wait_after(attempts, chance)),
            error=outcome.said,
            sent_at=None,
        )


def hold_lost(at: datetime) -> int:
    """Hold what a process that died had under way: it may have gone out. How many facts."""
    return Delivery.objects.filter(state=SENDING, next_at__lt=at).update(
        state=Delivery.State.HELD,
        next_at=None,
        error=_("发送途中中断，可能已经送达。请向对方核实，没有收到的再点“重发”。"),
    )


def hold_all(said: str) -> int:
    """Hold everything that waits to leave the house: a demonstration sends nothing. How many facts."""
    rows = Delivery.objects.filter(state=WAITING).exclude(channel=INBOX)
    return rows.update(state=Delivery.State.HELD, next_at=None, error=said)
