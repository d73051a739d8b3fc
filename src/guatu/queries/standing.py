"""Spells and items as of a day, cut to what an actor may see: the ground of the wall, the lists and the item pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Aggregate, CharField, F, Q, QuerySet, TextField
from django.db.models.expressions import Case, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import GreaterThan
from django.db.models.sql.compiler import SQLCompiler

from guatu.domain.light_sentences import Wording
from guatu.domain.lights import (
    Facts,
    Light,
    Tally,
    light_of,
    rebounded_states,
    returned_states,
    running_states,
    tally,
    unanswered_since,
    waiting_states,
)
from guatu.domain.loop_tracks import APPLIED_ON
from guatu.domain.pack import Pack
from guatu.domain.pack.schema import LightRule
from guatu.domain.pack.workflow import Workflow
from guatu.domain.spells import day_or_none
from guatu.queries.field_text import text_of
from guatu.queries.unit_tree import as_known
from guatu.records.models import Campaign, Spell

COUNTED = ("open", "review", "closed")


def spells_on(campaign: Campaign, register: str, day: date, known_at: int | None) -> QuerySet[Spell]:
    """Items of a register as of (day, known at), drafts and void ones too: at most one spell per item."""
    rows = Spell.objects.filter(campaign=campaign, register=register, valid_from__lte=day, valid_to__gt=day)
    return as_known(rows, known_at)


def light_rule(pack: Pack, register: str) -> LightRule | None:
    """The rule of a register's lights; None if its items carry no light."""
    kind = pack.register(register).light
    return None if kind == "none" else pack.head.lights.get(kind)


def wording(pack: Pack, register: str) -> Wording:
    """How the register's items are counted and closed in a sentence."""
    spec = pack.register(register)
    return Wording(spec.measure, spec.done_word)


@lru_cache(maxsize=64)
def _sorted(states: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(states))


class Listed(Aggregate):
    """The values of a whole-number column in a group as one text, separated by commas."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **more: Any) -> Any:
        """Its name there, and what it takes."""
        template = "STRING_AGG((%(expressions)s)::text, ',')"
        return self.as_sql(compiler, connection, template=template, **more)


WAITING = "waiting"


def mark_of(workflow: Workflow, day: date, rule: LightRule) -> Case:
    """What a group's light depends on beside start, due day and state; `Groups` reads it again.

    “waiting” for an item not acknowledged in time, the day of handing in for one handed in late, else empty.
    """
    waiting = Q(state__in=_sorted(waiting_states(workflow)), state_since__lte=unanswered_since(day, rule))
    text = CharField()
    return Case(
        When(waiting, then=Value(WAITING)),
        When(_handed_in_late(workflow), then=Cast(_handed_in(workflow), text)),
        default=Value(""),
        output_field=text,
    )


class Groups:
    """Reads groups of items that agree in start, due day, state and mark as facts, by the states of one workflow."""

    def __init__(self, workflow: Workflow) -> None:
        self._phases = {key: state.phase for key, state in workflow.states.items()}
        self._running = running_states(workflow)
        self._returned = returned_states(workflow)
        self._rebounded = rebounded_states(workflow)

    def facts(self, start: date | None, due: date | None, state: str, mark: str, n: int) -> Facts:
        """The facts of `n` items of a group."""
        phase, running = self._phases[state], state in self._running
        late = bool(mark) and mark != WAITING
        return Facts(
            start=start,
            due=due,
            n=n,
            closed=n if phase == "closed" else 0,
            running=n if running else 0,
            review=n if phase == "review" and not running else 0,
            returned=n if state in self._returned else 0,
            unanswered=n if mark == WAITING else 0,
            late_reviews=n if late else 0,
            handed_in=date.fromisoformat(mark) if late else None,
            rebounded=n if state in self._rebounded else 0,
        )


def _running(workflow: Workflow) -> Q:
    return Q(state__in=_sorted(running_states(workflow)))


def _signed_within(workflow: Workflow) -> bool:
    """Whether an item is under review before the unit has applied: then the day of application is not that of the phase.

    Asked first, because the application stands in `data`, which no index covers.
    """
    return any(state.phase == "review" and state.clock == "runs" for state in workflow.states.values())


def _handed_in(workflow: Workflow) -> Any:
    """The day on which an item under review was handed in, as text."""
    since = Cast("phase_since", TextField())
    return Coalesce(text_of(APPLIED_ON), since) if _signed_within(workflow) else since


def _handed_in_late(workflow: Workflow) -> Q:
    """Under review with the unit's clock stopped, and handed in after the due day."""
    review = Q(phase="review", due__isnull=False) & ~_running(workflow)
    if not _signed_within(workflow):
        return review & Q(phase_since__gt=F("due"))
    return review & Q(GreaterThan(_handed_in(workflow), Cast("due", TextField())))


def facts_of(row: Mapping[str, Any], workflow: Workflow, day: date, rule: LightRule) -> Facts:
    """The facts of one item from its columns state, phase, state_since, phase_since, start, due, data."""
    state, phase, due = row["state"], row["phase"], row["due"]
    running = state in running_states(workflow)
    review = phase == "review" and not running
    handed_in = day_or_none(row["data"].get(APPLIED_ON)) or row["phase_since"]
    late = review and due is not None and handed_in > due
    waiting = state in waiting_states(workflow) and row["state_since"] <= unanswered_since(day, rule)
    return Facts(
        start=row["start"],
        due=due,
        n=1,
        closed=int(phase == "closed"),
        running=int(running),
        review=int(review),
        returned=int(state in returned_states(workflow)),
        unanswered=int(waiting),
        late_reviews=int(late),
        handed_in=handed_in if late else None,
        rebounded=int(state in rebounded_states(workflow)),
    )


def item_light(row: Mapping[str, Any], workflow: Workflow, day: date, rule: LightRule) -> tuple[Light, Tally]:
    """The light of one item, and the counts that say why."""
    counted = tally((facts_of(row, workflow, day, rule),), day, rule)
    return light_of(counted, rule), counted


def late_on(workflow: Workflow, day: date) -> Q:
    """Overdue on `day`: past its due day while the clock runs, or handed in after it and still under review."""
    return (_running(workflow) & Q(due__lt=day)) | _handed_in_late(workflow)


def light_case(workflow: Workflow, day: date, rule: LightRule) -> Case:
    """The light of an item as an expression over the columns of Spell: `light_of` of one item, in SQL."""
    running = _running(workflow)
    soon = running & Q(due__gte=day, due__lte=day + timedelta(days=rule.due_soon_days))
    waiting = Q(state__in=_sorted(waiting_states(workflow)), state_since__lte=unanswered_since(day, rule))
    return Case(
        When(phase="closed", then=Value(Light.BLUE.value)),
        When(late_on(workflow, day), then=Value(Light.RED.value)),
        When(soon | Q(state__in=_sorted(returned_states(workflow))), then=Value(Light.YELLOW.value)),
        When(waiting, then=Value(Light.WHITE.value)),
        When(start__gt=day, then=Value(Light.GREY.value)),
        default=Value(Light.GREEN.value),
        output_field=CharField(),
    )
