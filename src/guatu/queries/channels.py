"""The channels of this installation and how they fare; who wants to be told how."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q

from guatu.domain.errors import BadInput, GuatuError
from guatu.domain.private import EMAIL
from guatu.domain.reminding.channels import INBOX, NONE, Channels, read_channels
from guatu.domain.reminding.timing import Quiet
from guatu.domain.words import gettext as _
from guatu.records.bulk import in_chunks
from guatu.records.models import ChannelState, Delivery, NoticeChoice, Person, PersonalValue

SHOWN = 50


def channels() -> Channels:
    """What the file named by GUATU_CHANNELS says; nothing without one. Raises BadInput for one that cannot be read."""
    if not settings.GUATU_CHANNELS:
        return NONE
    path = Path(settings.GUATU_CHANNELS)
    try:
        stamp = path.stat()
        return _read(str(path), stamp.st_mtime_ns, stamp.st_size)
    except OSError:
        raise BadInput(
            _("GUATU_CHANNELS 指定的文件“{file}”读不到。请核对位置和权限。"), file=path.name
        ) from None


@lru_cache(maxsize=4)
def _read(path: str, _changed: int, _size: int) -> Channels:
    return read_channels(Path(path).read_text(encoding="utf-8"), Path(path).name)


def readable_by_others() -> bool:
    """Whether somebody else on the machine may read the file of the channels, with the secrets in it."""
    try:
        return bool(settings.GUATU_CHANNELS and Path(settings.GUATU_CHANNELS).stat().st_mode & 0o077)
    except OSError:
        return False


def channels_or_none() -> Channels:
    """The same for an act that must not be refused because of it: nothing where the file cannot be read."""
    try:
        return channels()
    except GuatuError:
        return NONE


def house_quiet() -> Quiet:
    """The quiet hours of who has chosen none."""
    return Quiet(*settings.GUATU_QUIET)


@dataclass(frozen=True, slots=True)
class Choice:
    """How a person wants to be told. `email`: by mail too, to `address`; without an address nothing is mailed."""

    email: bool = False
    at_once: bool = False
    quiet_from: str = ""
    quiet_to: str = ""
    quiet: Quiet | None = None
    address: str = ""

    @property
    def by_mail(self) -> bool:
        """Whether mail reaches the person."""
        return self.email and bool(self.address)


NO_CHOICE = Choice()


def choices(people: Collection[int]) -> Mapping[int, Choice]:
    """Person → what they have chosen; who has chosen nothing is not in it. Two statements for each 900 people."""
    found: dict[int, Choice] = {}
    for chunk in in_chunks(sorted(people)):
        addresses = mail_addresses(chunk)
        for row in NoticeChoice.objects.filter(person__in=chunk):
            found[row.person_id] = _choice(row, addresses.get(row.person_id, ""))
    return found


def choice_of(person: int) -> Choice:
    """What one person has chosen, and their address even if they have chosen nothing."""
    return choices([person]).get(person) or Choice(address=mail_addresses([person]).get(person, ""))


def _choice(row: NoticeChoice, address: str) -> Choice:
    quiet = None
    if row.quiet_from is not None and row.quiet_to is not None:
        quiet = Quiet(row.quiet_from, row.quiet_to)
    return Choice(
        email=row.email,
        at_once=row.at_once,
        quiet_from=f"{row.quiet_from:%H:%M}" if row.quiet_from is not None else "",
        quiet_to=f"{row.quiet_to:%H:%M}" if row.quiet_to is not None else "",
        quiet=quiet,
        address=address,
    )


def mail_addresses(people: Collection[int]) -> dict[int, str]:
    """Person → mail address as last noted."""
    found: dict[int, str] = {}
    for chunk in in_chunks(sorted(people)):
        rows = PersonalValue.objects.filter(field=EMAIL, person__in=chunk).order_by("version")
        found.update(
            {person: str(json.loads(value)) for person, value in rows.values_list("person", "value")}
        )
    return found


@dataclass(frozen=True, slots=True)
class Fares:
    """How a channel fares."""

    key: str
    waiting: int = 0
    failed: int = 0
    held: int = 0
    sent: int = 0
    sent_at: datetime | None = None
    error: str = ""
    error_at: datetime | None = None
    rests_until: datetime | None = None


def how_they_fare(keys: Collection[str]) -> dict[str, Fares]:
    """Each of these channels, and any other that something still lies in. Two statements."""
    counted = (
        Delivery.objects.exclude(channel=INBOX)
        .order_by()
        .values("channel")
        .annotate(
            waiting=Count("id", filter=Q(state__in=("waiting", "sending"))),
            failed=Count("id", filter=Q(state="failed")),
            held=Count("id", filter=Q(state="held")),
            sent=Count("id", filter=Q(state="sent")),
        )
    )
    rows = {row["channel"]: row for row in counted}
    states = {row.key: row for row in ChannelState.objects.all()}
    found = {}
    for key in [*keys, *sorted(rows.keys() - set(keys))]:
        row, state = rows.get(key), states.get(key)
        found[key] = Fares(
            key,
            waiting=row["waiting"] if row else 0,
            failed=row["failed"] if row else 0,
            held=row["held"] if row else 0,
            sent=row["sent"] if row else 0,
            sent_at=state.sent_at if state else None,
            error=state.error if state else "",
            error_at=state.error_at if state else None,
            rests_until=state.rests_until if state else None,
        )
    return found


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that did not go out: to whom, what went wrong, when it is tried next."""

    pk: int
    channel: str
    to: str
    state: str
    said: str
    attempts: int
    next_at: datetime | None
    made_at: datetime


def troubles() -> tuple[Trouble, ...]:
    """What failed, is held, or has been tried in vain, the newest first. One statement."""
    rows = (
        Delivery.objects.filter(Q(state__in=("failed", "held")) | Q(state="waiting", attempts__gt=0))
        .exclude(channel=INBOX)
        .select_related("person")
        .order_by("-made_at", "-id")[:SHOWN]
    )
    return tuple(
        Trouble(
            pk=row.pk,
            channel=row.channel,
            to=row.person.name if row.person is not None else row.addressee.partition(":")[2],
            state=row.state,
            said=row.error,
            attempts=row.attempts,
            next_at=row.next_at if row.state == "waiting" else None,
            made_at=row.made_at,
        )
        for row in rows
    )


def addressee_of(person: Person | int) -> str:
    """How a person is named as an addressee."""
    return f"p:{person.pk if isinstance(person, Person) else person}"
