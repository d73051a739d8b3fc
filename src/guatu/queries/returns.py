"""Requests and their rosters: what was asked, who has answered what as of a day, what a return carries.

The roster of a request is its return items, those taken off it left out; who reads it sees the part in their reach
(`seen`). Spells answer for any day and any known-at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from guatu.access import Actor, covering, seen_among, visible
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import end_of_day, now, today
from guatu.domain.collection import Form, answer_of, form_of, is_late
from guatu.domain.errors import NotFound
from guatu.domain.loop_tracks import (
    CELLS,
    CHAIN,
    CUT_OFF,
    FILLED_BY,
    FLAWS,
    FORM,
    HANDED_AT,
    RETURNS,
    SENT_BACK,
)
from guatu.domain.pack import Pack
from guatu.domain.pack.collection import Collection
from guatu.domain.pack.workflow import Workflow
from guatu.domain.roster import Row
from guatu.domain.words import gettext as _
from guatu.queries.unit_tree import as_known
from guatu.records.bulk import in_chunks
from guatu.records.carried import CarriedBy
from guatu.records.models import ANCESTORS, Campaign, Item, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

FOREVER = datetime.fromisoformat("9999-12-31T23:59")
"""The cut-off of a return without one."""
_ROW = (
    *("item_id", "item__public_id", "item__number", "unit_id", "unit__code", "unit__short_name"),
    *("unit__level", "state", "phase", "state_since", "data", "parent_id"),
    *("item__restricted", *ANCESTORS),
)


def collection_of(pack: Pack) -> Collection:
    """What the pack says of collecting data; NotFound in a campaign without it."""
    if pack.loop.collection is None:
        raise NotFound(_("本专项工作没有设“填报”。"))
    return pack.loop.collection


def form_of_request(request: Item) -> Form:
    """What the request asks; NotFound for an item that is no request drawn up under 填报."""
    plain = request.data.get(FORM)
    if not plain:
        raise NotFound(_("{number} 还没有拟定要什么、什么时候要。请在“填报”中拟定。"), number=request.number)
    return form_of(plain)


def as_it_stood(request: Item, day: date) -> Item:
    """The request as of a past `day`, to be shown: its state, its form and what it says then. NotFound before it was."""
    row = (
        Spell.objects.filter(item=request, valid_from__lte=day, valid_to__gt=day, rec_to=STILL_KNOWN)
        .values("state", "phase", "data", "due")
        .first()
    )
    if row is None:
        raise NotFound()
    found = copy(request)
    for name, value in row.items():
        setattr(found, name, value)
    return found


def moment_of(campaign: Campaign, day: date) -> datetime:
    """The local moment that “as of `day`” means: now for today, else the end of that day. Without a zone."""
    zone = ZoneInfo(campaign.zone)
    return (now(zone) if day == today(zone) else end_of_day(day, zone)).replace(tzinfo=None)


def roster(
    campaign: Campaign, request: int | Item, day: date, known_at: int | None = None
) -> tuple[Row, ...]:
    """Every unit of the request's roster as of `day`, as known at batch `known_at` (None = now). One statement.

    The whole roster: cut it down with `seen` before it is shown.
    """
    key = request.pk if isinstance(request, Item) else request
    return rosters(campaign, [key], day, known_at).get(key, ())


def rosters(
    campaign: Campaign, requests: Sequence[int], day: date, known_at: int | None = None
) -> dict[int, tuple[Row, ...]]:
    """Request → its roster, of many requests at once. One statement."""
    pack = pack_of(campaign)
    spec = collection_of(pack)
    flow, moment = pack.workflow_of(spec.returns), moment_of(campaign, day)
    spells = as_known(
        Spell.objects.filter(
            campaign=campaign,
            register=spec.returns,
            parent__in=list(requests),
            valid_from__lte=day,
            valid_to__gt=day,
        ),
        known_at,
    ).exclude(phase="void")
    found: dict[int, list[Row]] = {}
    for row in spells.order_by("unit__order", "unit__code", "item_id").values(*_ROW):
        found.setdefault(row["parent_id"], []).append(_row(row, spec, flow, moment))
    return {key: tuple(rows) for key, rows in found.items()}


def _row(row: dict[str, Any], spec: Collection, flow: Workflow, moment: datetime) -> Row:
    data, phase = row["data"], row["phase"]
    cut_off = datetime.fromisoformat(data[CUT_OFF]) if data.get(CUT_OFF) else FOREVER
    handed_at = datetime.fromisoformat(data[HANDED_AT]) if data.get(HANDED_AT) else None
    handed_at = handed_at.replace(tzinfo=None) if handed_at else None
    answer = answer_of(phase, data.get(spec.answer), cut_off, moment)
    cells, filled_by = data.get(CELLS) or {}, data.get(FILLED_BY) or {}
    state = flow.states.get(row["state"])
    return Row(
        pk=row["item_id"],
        public_id=str(row["item__public_id"]),
        number=row["item__number"],
        unit=row["unit_id"],
        code=row["unit__code"],
        name=row["unit__short_name"],
        level=row["unit__level"],
        line=tuple(row[name] for name in ANCESTORS if row[name] is not None),
        answer=answer,
        state=row["state"],
        phase=phase,
        judge=state.judge if state is not None and phase == "review" else "",
        chain=tuple(data.get(CHAIN) or ()),
        handed_at=handed_at,
        cut_off=None if cut_off == FOREVER else cut_off,
        late=phase in ("review", "closed") and is_late(handed_at, cut_off),
        sent_back=phase == "open" and bool(data.get(SENT_BACK)),
        returned=int(data.get(RETURNS) or 0),
        flaws=tuple(data.get(FLAWS) or ()),
        asked=cells.get("asked"),
        prefilled=cells.get("prefilled"),
        on_behalf=str(filled_by.get("name") or ""),
        filled_by=filled_by.get("person"),
        since=row["state_since"],
        kept=row["item__restricted"],
    )


def seen(actor: Actor, campaign: Campaign, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows in the reader's reach: of the units that they see, as those stood on that day.

    A restricted one is `kept` from whoever is not among its readers. No statement where none is restricted.
    """
    covers = covering(actor, roles_with("see_items"), campaign)
    found = [row for row in rows if covers(row.line)]
    closed = [row.pk for row in found if row.kept]
    if not closed:
        return tuple(found)
    mine = set(visible(actor, Item.objects.filter(pk__in=closed), campaign).values_list("pk", flat=True))
    return tuple(replace(row, kept=False) if row.pk in mine else row for row in found)


def rows_of(campaign: Campaign, returns: Sequence[Item], reader: Actor | None = None) -> list[Item]:
    """The items that these returns carry, void ones left out, in the order in which they were made.

    `reader`: only those that they may see; what is worked on, and not shown, is worked on whole.
    """
    found: list[Item] = []
    for chunk in in_chunks(sorted(item.pk for item in returns)):
        rows = Item.objects.alias(carried=CarriedBy("data")).filter(campaign=campaign, carried__in=chunk)
        standing = rows.exclude(phase="void").order_by("pk")
        found += seen_among(reader, standing, campaign) if reader is not None else standing
    return found
