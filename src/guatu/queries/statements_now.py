"""What a text is checked with: the figures of a day and what people have decided; nothing at all without a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import OperationalError, connection

from guatu.access import Actor
from guatu.domain.checker import Decided
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.statements import Relation, Statement
from guatu.domain.words import gettext as _
from guatu.queries.installation import campaign as campaign_called
from guatu.queries.moments import parse_day, parse_known
from guatu.queries.phrases import decided_and_reported
from guatu.queries.statements import all_ways, as_written, campaign_names, own_names, relations
from guatu.records.models import Campaign, Unit


@dataclass(frozen=True, slots=True)
class Stated:
    """What is known on `day`. Without a campaign there are no statements: a text is then checked against itself.

    `statements` have the names that the reader of the answer knows, `compared` those that texts are written with.
    """

    day: date
    statements: tuple[Statement, ...] = ()
    relations: tuple[Relation, ...] = ()
    own_names: tuple[str, ...] = ()
    campaign_names: tuple[str, ...] = ()
    decided: tuple[Decided, ...] = ()
    compared: tuple[Statement, ...] = ()


def stated(
    campaign: Campaign, *, day: date, known_at: int | None = None, unit: Unit | None = None, actor: Actor
) -> Stated:
    """What our records say at (`day`, `known_at`) for a unit's subtree, without one for the whole: every figure in every way
    that a text may count it, and every decision. The one basis of the check's pages, of the command and of documents."""
    decided, reported = decided_and_reported(campaign)
    said = all_ways(campaign, day=day, known_at=known_at, unit=unit, actor=actor, stepwise=reported)
    return Stated(
        day,
        tuple(said),
        relations(campaign),
        own_names(campaign),
        campaign_names(campaign),
        decided,
        tuple(as_written(campaign, said)),
    )


def statements_now(campaign: str | None, *, as_of: str | None, known_at: str | None, actor: Actor) -> Stated:
    """What our records say at (`as_of`, `known_at`).

    Where there is no campaign at all there are no statements: a document is then checked against itself. A campaign
    or a day that is asked for and does not exist is a sentence, as everywhere.
    """
    if campaign is None and not _has_campaign():
        return Stated(_day_without_campaign(as_of))
    chosen = campaign_called(campaign)
    day = parse_day(as_of, chosen)
    return stated(chosen, day=day, known_at=parse_known(known_at, chosen), actor=actor)


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
