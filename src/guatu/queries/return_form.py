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
from guatu.queries.addressees import Holder, holders
from guatu.queries.held_values import Held, held_of
from guatu.queries.item_history import Past, past_of
from guatu.queries.item_now import who_may
from guatu.queries.returns import collection_of, moment_of
from guatu.records.models import Campaign, FillDraft, Item, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

JUDGES = ("head", "liaison", "office")


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the way: filling, then each who looks at it, then accepted. `people` by name, empty if nobody is named.

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


def return_form(actor: Actor, campaign: Campaign, public_id: object, *, day: date, past: bool) -> ReturnForm:
    """The return as of `day`. Raises NotFound for what is out of sight, no return, or did not stand on that day.

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
    named = holders(campaign, found.line, JUDGES, day=day)
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
        stations=_stations(pack, flow, found, state, data, named, campaign.root_id),
        way=way,
        draft=_draft(found) if way.fill is not None else None,
        past=past_of(found.pk, None),
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


def _stations(
    pack: Pack,
    flow: Workflow,
    item: Item,
    state: str,
    data: Mapping[str, Any],
    named: tuple[Holder, ...],
    root: int,
) -> tuple[Station, ...]:
    """The way that this return takes by its review chain, with those who are asked at each station."""
    chain = list(data.get(CHAIN) or ())
    now = flow.states[state]
    here = len(chain) + 1 if now.phase == "closed" else 0
    if now.phase == "review" and now.judge in chain:
        here = chain.index(now.judge) + 1
    found = [Station(_("填报"), "", (here > 0) * -1)]
    filler = (data.get(FILLED_BY) or {}).get("person")
    named = tuple(one for one in named if one.person != filler)  # who filled on behalf does not look at it
    for place, judge in enumerate(chain, start=1):
        key = next(
            (key for key, one in flow.states.items() if one.phase == "review" and one.judge == judge), ""
        )
        ways = [
            way
            for way in flow.ways_from(key)
            if not way.reason and flow.phase_of(way.to) != "void" and fits_chain(flow, way, key, data)
        ]
        people = who_may(ways[0], item.line, root, named, pack)[0] if ways else ""
        label = ways[0].label if ways else flow.states[key].label
        found.append(Station(label, people, (place > here) - (place < here)))
    end = next(one.label for one in flow.states.values() if one.phase == "closed")
    found.append(Station(end, "", 1 if here <= len(chain) else 0))
    return tuple(found)
