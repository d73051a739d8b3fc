"""What people have decided about phrases (认定): for the checker, and for whoever reviews it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, CharField, Count, DateField, Max, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast

from guatu.access import Actor, may, require
from guatu.domain.checker import Decided
from guatu.domain.figures.basis import BASES
from guatu.domain.loop_tracks import BASIS
from guatu.queries.field_text import text_of
from guatu.records.models import Campaign, PhraseDecision, PhraseUse, Spell
from guatu.records.packs import pack_of

DECIDE = "decide_phrases"
SIZE = 100


@dataclass(frozen=True, slots=True)
class KeptPhrase:
    """A decision as the reviewing page shows it. `figure` is the key, `label` its name today, both empty for 人工数.

    `texts`: how many texts it was used in; `own`: names of the reader's own among them; `may_end`: by this reader.
    """

    public_id: UUID
    phrase: str
    measure: str
    figure: str
    label: str
    person: str
    decided_on: date
    ended_on: date | None
    ended_by: str
    reason: str
    texts: int
    last_used: date | None
    own: tuple[str, ...]
    may_end: bool


def decided_for(campaign: Campaign) -> tuple[Decided, ...]:
    """The decisions that hold in the campaign, for `check(..., decided=…)`. One statement."""
    return _decided(standing_rows(campaign).order_by("pk"))


def decided_and_reported(campaign: Campaign) -> tuple[tuple[Decided, ...], frozenset[str]]:
    """As `decided_for`, and the registers of which some row is, or once was, recognised less far than by the office: there
    a number depends on the basis. One statement for both."""
    decided = standing_rows(campaign)
    if pack_of(campaign).loop.collection is None:
        return _decided(decided.order_by("pk")), frozenset()
    rows = Spell.objects.filter(campaign=campaign).annotate(said=text_of(BASIS))
    reported = (
        rows.filter(said__in=BASES[:-1])
        .order_by()
        .values_list(
            Cast(Value(0), BigIntegerField()),
            "register",
            Value("", output_field=CharField()),
            Value("", output_field=CharField()),
            Value("", output_field=CharField()),
            Cast(Value(None), DateField()),
            Cast(Value(None), UUIDField()),
        )
    )
    found = sorted(decided.union(reported), key=lambda row: row[0])
    return _decided(row for row in found if row[0]), frozenset(row[1] for row in found if not row[0])


def standing_rows(campaign: Campaign) -> QuerySet[PhraseDecision, tuple[Any, ...]]:
    """The columns of the decisions that hold, the key first."""
    rows = PhraseDecision.objects.filter(pack=pack_of(campaign).head.key, ended_on=None).order_by()
    return rows.values_list("pk", "phrase", "measure", "figure", "person__name", "decided_on", "public_id")


def _decided(rows: Iterable[tuple[Any, ...]]) -> tuple[Decided, ...]:
    return tuple(
        Decided(phrase, measure, figure or None, person, day, str(mark))
        for _pk, phrase, measure, figure, person, day, mark in rows
    )


def may_decide(actor: Actor, campaign: Campaign) -> bool:
    """Whether the actor may decide what a phrase means."""
    return actor.person is not None and may(actor, DECIDE, campaign=campaign)


def may_end_of(actor: Actor, campaign: Campaign, row: PhraseDecision) -> bool:
    """Whoever decided may take it back, and whoever decides for the whole campaign."""
    return may_decide(actor, campaign) and (
        row.person_id == actor.person or may(actor, DECIDE, campaign.root, campaign)
    )


def count_phrases(actor: Actor, campaign: Campaign, *, ended: bool = False, words: str = "") -> int:
    """How many decisions there are, as `kept_phrases` finds them. One statement."""
    require(actor, "check_text", campaign=campaign)
    return _rows(campaign, ended, words).count()


def _rows(campaign: Campaign, ended: bool, words: str) -> QuerySet[PhraseDecision]:
    pack = pack_of(campaign)
    rows = PhraseDecision.objects.filter(pack=pack.head.key, ended_on__isnull=not ended)
    if words.strip():
        labelled = [key for key, one in pack.figures.items() if words.strip() in one.label]
        rows = rows.filter(Q(phrase__contains=words.strip()) | Q(figure__in=labelled))
    return rows


def kept_phrases(
    actor: Actor, campaign: Campaign, *, ended: bool = False, words: str = "", first: int = 0
) -> tuple[KeptPhrase, ...]:
    """The decisions of the campaign's pack, the newest first, at most `SIZE` from the one at `first`; `words` narrows. Two
    statements."""
    require(actor, "check_text", campaign=campaign)
    pack = pack_of(campaign)
    rows = _rows(campaign, ended, words)
    found = list(
        rows.select_related("person")
        .annotate(texts=Count("uses"), last_used=Max("uses__used_on"))
        .order_by("-pk")[first : first + SIZE]
    )
    own: dict[int, list[str]] = {}
    if actor.person is not None and found:
        uses = PhraseUse.objects.filter(person=actor.person, decision__in=[row.pk for row in found])
        for decision, name in uses.order_by("-used_on", "name").values_list("decision", "name"):
            own.setdefault(decision, []).append(name)
    return tuple(
        KeptPhrase(
            row.public_id,
            row.phrase,
            row.measure,
            row.figure,
            pack.figures[row.figure].label if row.figure in pack.figures else "",
            row.person.name,
            row.decided_on,
            row.ended_on,
            row.ended_by,
            row.reason,
            row.texts,
            row.last_used,
            tuple(own.get(row.pk, ())),
            row.ended_on is None and may_end_of(actor, campaign, row),
        )
        for row in found
    )
