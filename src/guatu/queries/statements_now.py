"""The statements that a document is checked with, chosen by the words of a command line or a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import OperationalError, connection

from guatu.access import Actor
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.statements import Relation, Statement
from guatu.domain.words import gettext as _
from guatu.queries.installation import campaign as campaign_called
from guatu.queries.moments import parse_day, parse_known
from guatu.queries.statements import campaign_names, own_names, relations, statements
from guatu.records.models import Campaign


@dataclass(frozen=True, slots=True)
class Stated:
    """Statements and relations of a day; empty ones when there is no campaign to compare with."""

    statements: Sequence[Statement]
    relations: Sequence[Relation]
    day: date
    own_names: tuple[str, ...] = ()
    campaign_names: tuple[str, ...] = ()


def statements_now(campaign: str | None, *, as_of: str | None, known_at: str | None, actor: Actor) -> Stated:
    """What our records say at (`as_of`, `known_at`).

    Where there is no campaign at all there are no statements: a document is then checked against itself. A campaign
    or a day that is asked for and does not exist is a sentence, as everywhere.
    """
    if campaign is None and not _has_campaign():
        return Stated((), (), _day_without_campaign(as_of))
    chosen = campaign_called(campaign)
    day = parse_day(as_of, chosen)
    known = parse_known(known_at, chosen)
    said = statements(chosen, day=day, known_at=known, actor=actor)
    return Stated(said, relations(chosen), day, own_names(chosen), campaign_names(chosen))


def _has_campaign() -> bool:
    try:
        return Campaign._meta.db_table in connection.introspection.table_names() and Campaign.objects.exists()
    except OperationalError:
        # The home does not exist yet; a server that is down is another matter.
        if connection.vendor == "sqlite":
            return False
        raise


def _day_without_campaign(text: str | None) -> date:
    if text is None:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(_("截至日期“{text}”不是有效的日期。请写成 2023-11-30 的形式。"), text=text) from None
