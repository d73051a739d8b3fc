"""What a unit owes under 填报 and what it has handed in lately, for whoever fills there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KeyTransform

from guatu.access import Actor, visible
from guatu.access.policy import NOTHING
from guatu.access.transitions import rows_to_move
from guatu.domain.collection import Form, answer_of, cells_asked, form_of, is_late
from guatu.domain.loop_tracks import CUT_OFF, FLAWS, FORM, HANDED_AT, SENT_BACK
from guatu.domain.words import gettext as _
from guatu.domain.words import ngettext
from guatu.queries.returns import collection_of, moment_of
from guatu.records.models import Campaign, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

MOST = 100
LATELY = 8
"""Returns handed in lately that are shown beside what is owed."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One return. `cells` the unit fills itself, `given` are held already; `flaws` cells came back.

    `drafted`: somebody has begun. `late`: past its cut-off, or handed in after it.
    """

    public_id: str
    number: str
    title: str
    unit: str
    asker: str
    state: str
    phase: str
    answer: str
    cut_off: datetime
    second_due: date | None
    cells: int
    given: int
    rows: str
    sent_back: bool
    flaws: int
    drafted: bool
    late: bool
    handed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwedList:
    """What is owed, by cut-off; what was handed in lately, the latest first. `count`: all that is owed."""

    owed: tuple[Owed, ...]
    handed: tuple[Owed, ...]
    count: int


def returns_owed(actor: Actor, campaign: Campaign, day: date) -> OwedList:
    """The returns that lie on the actor's own desk as of `day`, and those they could take back. Two statements.

    Only what nobody nearer fills: a liaison is not shown what the fillers below owe.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    flow = pack.workflow_of(spec.returns)
    mine = NOTHING
    for key in spec.hand_in:
        way = flow.transition(key)
        if way is not None:
            mine |= rows_to_move(actor, way, campaign, desk=True)
    if mine == NOTHING:
        return OwedList((), (), 0)
    rows = visible(
        actor,
        Spell.objects.filter(
            campaign=campaign,
            register=spec.returns,
            valid_from__lte=day,
            valid_to__gt=day,
            rec_to=STILL_KNOWN,
        ),
        campaign,
    ).filter(mine)
    told = rows.annotate(form=KeyTransform(FORM, "parent__data"))
    moment = moment_of(campaign, day)
    labels = {key: state.label for key, state in flow.states.items()}
    owed = [
        _owed(row, labels, spec.answer, moment)
        for row in told.filter(phase="open").order_by("due", "item_id")[:MOST].values(*_FIELDS)
    ]
    lately = told.filter(Q(phase="review") | Q(phase="closed")).order_by("-state_since", "-item_id")
    handed = [_owed(row, labels, spec.answer, moment) for row in lately[:LATELY].values(*_FIELDS)]
    owed.sort(key=lambda one: (one.cut_off, one.number))
    return OwedList(tuple(owed), tuple(handed), len(owed))


_FIELDS = (
    *("item__public_id", "item__number", "item__title", "unit__short_name", "state", "phase", "data", "form"),
    *("due", "parent__unit__short_name", "item__draft__version"),
)


def _owed(row: Mapping[str, Any], labels: Mapping[str, str], answer: str, moment: datetime) -> Owed:
    data, form = row["data"], form_of(row["form"])
    cut_off = datetime.fromisoformat(data[CUT_OFF]) if data.get(CUT_OFF) else form.cut_off
    handed = datetime.fromisoformat(data[HANDED_AT]) if data.get(HANDED_AT) else None
    stands = answer_of(row["phase"], data.get(answer), cut_off, moment)
    return Owed(
        public_id=str(row["item__public_id"]),
        number=row["item__number"],
        title=row["item__title"],
        unit=row["unit__short_name"],
        asker=row["parent__unit__short_name"] or "",
        state=labels.get(row["state"], row["state"]),
        phase=row["phase"],
        answer=stands,
        cut_off=cut_off,
        second_due=form.second_due,
        cells=cells_asked(form),
        given=given_of(form),
        rows=form.rows,
        sent_back=bool(data.get(SENT_BACK)),
        flaws=len(data.get(FLAWS) or ()),
        drafted=row["item__draft__version"] is not None and row["phase"] == "open",
        late=stands == "missing" or is_late(handed, cut_off),
        handed_at=handed,
    )


def given_of(form: Form) -> int:
    """How many cells of a row are held already: filled in beforehand or not asked at all."""
    return sum(bool(one.held) or one.left_out for one in form.fields)


def cost_words(form: Form) -> str:
    """What answering takes, in a sentence: 10 格里已带出 8 格，只填 2 格。"""
    own, given = cells_asked(form), given_of(form)
    if form.rows == "many":
        return ngettext("每行填 {own} 格。", "每行填 {own} 格。", own).format(own=own)
    if given:
        return _("{all} 格里已带出 {given} 格，只填 {own} 格。").format(all=own + given, given=given, own=own)
    return ngettext("填 {own} 格。", "填 {own} 格。", own).format(own=own)
