"""The return of a unit as its people meet it: what is asked, what is held, what came back, who looks at it afterwards.

The request above a return is mostly out of its reader's sight: of it they learn what it asks, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from guatu.access import Actor, get_item
from guatu.access.transitions import may_move
from guatu.domain.collection import Answer, Form, answer_of, fits_chain, form_of, is_late
from guatu.domain.errors import NotFound
from guatu.domain.filling import asked_fields, held_fields, period_words
from guatu.domain.loop_tracks import CELLS, CHAIN, CUT_OFF, FILLED_BY, FLAWS, FORM, HANDED_AT
from guatu.domain.pack import Pack
from guatu.domain.pack.collection import Collection
from guatu.domain.pack.register import Field, Register
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.words import gettext as _
from guatu.queries.addressees import holders
from guatu.queries.held_values import Held, held_of
from guatu.queries.item_history import Past, past_of
from guatu.queries.item_now import who_may
from guatu.queries.returns import collection_of, moment_of
from guatu.records.models import Campaign, FillDraft, Item, Revision, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

JUDGES = ("head", "liaison", "office")
CAME = "came"
"""In a draft's cells: the rows (public ids) that stand beside it since a merger of units."""


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the way, by its state: with the unit, then with each who looks at it. `people` by name, empty if nobody is named.

    `place`: -1 behind, 0 now, 1 ahead.
    """

    label: str
    people: str
    place: int


@dataclass(frozen=True, slots=True)
class Flawed:
    """A cell (`field`), a row (no field) or the whole (no item) that was sent back, with the reason."""

    item: int | None
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Way:
    """What the reader may do with the return now: the step each would make, None for what they may not."""

    fill: Transition | None = None
    sign: Transition | None = None
    amend: Transition | None = None


@dataclass(frozen=True, slots=True)
class ReturnForm:
    """A return as of a day. `fields` are asked, `left_out` held already; `why_not` says why this reader does not fill it.

    `cut_off` and `handed_at` are local. `told`: what handing in cost and changed (`@cells`).
    """

    item: Item
    spec: Collection
    form: Form
    register: Register
    asker: str
    request: Item
    instructions: str
    document: str
    period: str
    fields: tuple[Field, ...]
    left_out: tuple[Field, ...]
    held: Held
    state: str
    state_label: str
    phase: str
    data: Mapping[str, Any]
    answer: Answer
    cut_off: datetime
    handed_at: datetime | None
    late: bool
    flaws: tuple[Flawed, ...]
    stations: tuple[Station, ...]
    way: Way
    draft: FillDraft | None = None
    past: Past | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    on_behalf: str = ""

    def flaw(self, item: int | None, key: str) -> str:
        """Why this cell came back; empty if it did not."""
        return next((one.reason for one in self.flaws if one.item == item and one.field == key), "")


def return_form(
    actor: Actor, campaign: Campaign, public_id: object, *, day: date, past: bool, shown: bool = True
) -> ReturnForm:
    """The return as of `day`. Raises NotFound for what is out of sight, no return, or did not stand on that day.

    `shown` False: of somebody who writes, and sees another page afterwards: without its stations and its past.

    Seven statements at most, and what a figure costs that is filled in beforehand.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    found = get_item(actor, str(public_id), campaign, among=Item.objects.select_related("parent__unit"))
    if found.register != spec.returns or found.parent is None or not found.parent.data.get(FORM):
        raise NotFound()
    flow = pack.workflow_of(spec.returns)
    state, phase, data = _as_of(found, day) if past else (found.state, found.phase, found.data)
    form = form_of(found.parent.data[FORM])
    register = pack.register(form.register)
    way = Way() if past else _way(actor, campaign, flow, spec, found)
    cut_off = datetime.fromisoformat(data[CUT_OFF]) if data.get(CUT_OFF) else form.cut_off
    handed = datetime.fromisoformat(data[HANDED_AT]) if data.get(HANDED_AT) else None
    return ReturnForm(
        item=found,
        spec=spec,
        form=form,
        register=register,
        asker=found.parent.unit.short_name,
        request=found.parent,
        instructions=str(found.parent.data.get(spec.instructions) or ""),
        document=str(found.parent.data.get(spec.document) or "") if spec.document else "",
        period=period_words(register, form.period),
        fields=asked_fields(form, register),
        left_out=held_fields(form, register),
        held=held_of(actor, campaign, pack, found, form, day, fill=way.fill is not None),
        state=state,
        state_label=flow.states[state].label,
        phase=phase,
        data=data,
        answer=answer_of(phase, data.get(spec.answer), cut_off, moment_of(campaign, day)),
        cut_off=cut_off,
        handed_at=handed,
        late=phase in ("review", "closed") and is_late(handed, cut_off),
        flaws=tuple(
            Flawed(one.get("item"), one.get("field") or "", one.get("reason") or "")
            for one in data.get(FLAWS) or ()
        ),
        stations=_stations(campaign, pack, flow, found, state, data, day) if shown else (),
        way=way,
        draft=_draft(found) if way.fill is not None else None,
        past=past_of(found.pk, None) if shown else None,
        told=data.get(CELLS) or {},
        on_behalf=str((data.get(FILLED_BY) or {}).get("name") or ""),
    )


def _as_of(item: Item, day: date) -> tuple[str, str, Mapping[str, Any]]:
    row = (
        Spell.objects.filter(item=item, valid_from__lte=day, valid_to__gt=day, rec_to=STILL_KNOWN)
        .values("state", "phase", "data")
        .first()
    )
    if row is None:
        raise NotFound()
    return row["state"], row["phase"], row["data"]


def _way(actor: Actor, campaign: Campaign, flow: Workflow, spec: Collection, item: Item) -> Way:
    def first(keys: tuple[str, ...]) -> Transition | None:
        for way in flow.ways_from(item.state):
            fits = way.key in keys and fits_chain(flow, way, item.state, item.data)
            if fits and may_move(actor, way, item, campaign):
                return way
        return None

    return Way(first(spec.hand_in), first(spec.sign), first((spec.amend,)))


def _draft(item: Item) -> FillDraft | None:
    return FillDraft.objects.select_related("person").filter(item=item).first()


def rows_beside(found: ReturnForm) -> set[str]:
    """The rows (public ids) that the draft does not know: a workbook, another page or a merger has brought them since.

    A form of many rows shows what its draft holds; a row that is in neither would be let go, unseen, when it is handed in.
    One statement where the draft leaves rows out.
    """
    if found.draft is None or found.form.rows == "one":
        return set()
    named = {row.get("item") for row in found.draft.cells.get("rows", ())}
    others = {one.pk: one.public_id for one in found.held.rows if one.public_id not in named}
    came = {one for one in others.values() if one in found.draft.cells.get(CAME, ())}
    if len(came) < len(others):
        later = Revision.objects.filter(subject_kind="item", subject_id__in=list(others))
        later = later.filter(batch__recorded_on__gt=found.draft.saved_at)
        came |= {others[pk] for pk in later.values_list("subject_id", flat=True)}
    return came


def _stations(
    campaign: Campaign,
    pack: Pack,
    flow: Workflow,
    item: Item,
    state: str,
    data: Mapping[str, Any],
    day: date,
) -> tuple[Station, ...]:
    """The way that this return takes by its review chain, each station by its state, with those who are asked there.

    What is behind is said as done, what is ahead as awaited; once it is closed the last judge's station says so. One statement.
    """
    named = holders(campaign, item.line, JUDGES, day=day)
    chain = list(data.get(CHAIN) or ())
    now = flow.states[state]
    closed = now.phase == "closed"
    here = len(chain) if closed else 0
    if now.phase == "review" and now.judge in chain:
        here = chain.index(now.judge) + 1
    found = [Station(now.label if not here else _("已报送"), "", (here > 0) * -1)]
    filler = (data.get(FILLED_BY) or {}).get("person")
    named = tuple(one for one in named if one.person != filler)  # who filled on behalf does not look at it
    done = {"head": _("已审签"), "second": _("已审核"), "office": _("已接收")}
    for place, judge in enumerate(chain, start=1):
        key = next(
            (key for key, one in flow.states.items() if one.phase == "review" and one.judge == judge), ""
        )
        ways = [
            way
            for way in flow.ways_from(key)
            if not way.reason and flow.phase_of(way.to) != "void" and fits_chain(flow, way, key, data)
        ]
        people = who_may(ways[0], item.line, campaign.root_id, named, pack)[0] if ways else ""
        label = done[judge] if place < here else flow.states[key].label if key else done[judge]
        if closed and place == here:
            label = now.label
        found.append(Station(label, people, (place > here) - (place < here)))
    if not chain:
        end = next(one.label for one in flow.states.values() if one.phase == "closed")
        found.append(Station(end, "", 0 if closed else 1))
    return tuple(found)
