"""When a person looked at their desk: what changed since then is news. No fact of a campaign (decision 0050)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from guatu.access import Actor
from guatu.domain import clock
from guatu.records.models import LedgerHead, Seen

LOOK = timedelta(hours=1)
"""A look ends after this long; coming back later begins another one."""


@dataclass(frozen=True, slots=True)
class Look:
    """From where on there is news: after batch `seq`, known since `at`. Both None at the very first look."""

    seq: int | None
    at: datetime | None


def look(actor: Actor) -> Look:
    """Note that the person looks at the desk now, and say where their last look had ended. One statement, once an
    hour two.

    While a look lasts its beginning stays where it was, so that opening the page twice does not hide what is new.
    """
    if actor.person is None:
        return Look(None, None)
    now = clock.now()
    row = Seen.objects.filter(person=actor.person).first()
    if row is not None and timedelta(0) <= now - row.at < LOOK:
        return Look(row.before if row.before_at else None, row.before_at)
    head = LedgerHead.objects.filter(pk=1).values("batch_seq")[:1]
    if row is None:
        seq = LedgerHead.objects.values_list("batch_seq", flat=True).get(pk=1)
        try:
            with transaction.atomic():
                Seen.objects.create(person_id=actor.person, seq=seq, before=0, at=now)
        except IntegrityError:  # the same person, at the same moment, on another page
            pass
        return Look(None, None)
    Seen.objects.filter(pk=row.pk, at=row.at).update(seq=head, before=row.seq, at=now, before_at=row.at)
    return Look(row.seq, row.at)
