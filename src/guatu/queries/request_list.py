"""Requests as the menu 填报 lists them: what each asks and until when, how far its roster has come in the reader's part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from guatu.access import Actor, visible
from guatu.domain.collection import Form, form_of
from guatu.domain.errors import NotFound
from guatu.domain.loop_tracks import FORM
from guatu.domain.pack import Pack
from guatu.domain.roster import Row, Tally, completeness, parts
from guatu.queries.returns import collection_of, moment_of, rosters, seen
from guatu.records.models import Campaign, Item, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

EACH = 15
"""Requests on one page."""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request. `mine`: the reader sees the request itself; else only the returns of their own part.

    `done` of `companies` have everything accepted. `due`: "" while there is time, "soon" on the day of the cut-off, "late" after it
    while something is missing.
    """

    pk: int
    public_id: str
    number: str
    title: str
    unit: int
    unit_name: str
    state: str
    phase: str
    form: Form
    register_label: str
    tally: Tally
    companies: int
    done: int
    due: str
    mine: bool
    waiting: int = 0

    @property
    def cut_off(self) -> datetime:
        """The moment until which a return is in time, local."""
        return self.form.cut_off


@dataclass(frozen=True, slots=True)
class RequestList:
    """One page of requests, drafts first, then the newest. `count`: all of them."""

    lines: tuple[RequestLine, ...]
    count: int


_SPELL = ("item_id", "item__public_id", "item__number", "item__title", "unit_id", "unit__short_name")


def requests_seen(actor: Actor, campaign: Campaign, day: date, page: int = 1) -> RequestList:
    """The requests in the reader's reach as of `day`, and those that ask units in it. Three statements.

    A liaison sees what the office asks of their company, and their own part of its roster only.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    now = Spell.objects.filter(
        campaign=campaign, valid_from__lte=day, valid_to__gt=day, rec_to=STILL_KNOWN
    ).exclude(phase="void")
    asked = visible(actor, now.filter(register=spec.returns), campaign, shared=False)
    own = visible(actor, now.filter(register=spec.requests), campaign, shared=False)
    mine = {row["item_id"]: row for row in own.values(*_SPELL, "state", "phase", "data")}
    others = set(asked.order_by().values_list("parent_id", flat=True).distinct()) - set(mine) - {None}
    rows = list(mine.values())
    if others:
        theirs = now.filter(register=spec.requests, item__in=others).exclude(phase="draft")
        rows += list(theirs.values(*_SPELL, "state", "phase", "data"))
    rows = [row for row in rows if (row["data"] or {}).get(FORM)]
    rows.sort(key=lambda row: (row["phase"] != "draft", row["phase"] == "closed", -row["item_id"]))
    shown = rows[(page - 1) * EACH : page * EACH]
    found = rosters(campaign, [row["item_id"] for row in shown], day)
    lines = tuple(
        _line(actor, campaign, pack, row, found.get(row["item_id"], ()), day, row["item_id"] in mine)
        for row in shown
    )
    return RequestList(lines, len(rows))


def _line(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    row: dict[str, object],
    roster: Sequence[Row],
    day: date,
    mine: bool,
) -> RequestLine:
    form = form_of(row["data"][FORM])  # type: ignore[index]
    within = seen(actor, campaign, roster)
    companies = parts(within, len(campaign.root.line))
    tally = completeness(within)
    register = pack.registers.get(form.register)
    return RequestLine(
        pk=int(str(row["item_id"])),
        public_id=str(row["item__public_id"]),
        number=str(row["item__number"]),
        title=str(row["item__title"]),
        unit=int(str(row["unit_id"])),
        unit_name=str(row["unit__short_name"]),
        state=str(row["state"]),
        phase=str(row["phase"]),
        form=form,
        register_label=register.label if register is not None else form.register,
        tally=tally,
        companies=len(companies),
        done=sum(part.complete for part in companies),
        due=due_of(campaign, form, tally, day),
        mine=mine,
        waiting=waiting_for_reader(actor, campaign, within),
    )


def due_of(campaign: Campaign, form: Form, tally: Tally, day: date) -> str:
    """How pressing it is: "" with time left or nothing missing, "soon" on its last day, "late" after it."""
    if not tally.open:
        return ""
    moment = moment_of(campaign, day)
    if moment > form.cut_off:
        return "late"
    return "soon" if moment.date() == form.cut_off.date() else ""


def waiting_for_reader(actor: Actor, campaign: Campaign, rows: Iterable[Row]) -> int:
    """How many returns wait for a judgement that is the reader's own to make (audit of their own side is left to the page).

    The office of the whole may review in place of a second-tier company; what waits there is not counted as its own.
    """
    office = any(
        grant.role == "office" and grant.unit == campaign.root_id and grant.campaign in (None, campaign.pk)
        for grant in actor.grants
    )
    above = [
        grant.unit
        for grant in actor.grants
        if grant.role in ("liaison", "office")
        and grant.unit != campaign.root_id
        and grant.campaign in (None, campaign.pk)
    ]
    return sum(
        office
        if row.judge == "office" or (row.judge == "second" and row.line[-2:-1] == (campaign.root_id,))
        else row.judge == "second" and any(unit in row.line[:-1] for unit in above)
        for row in rows
    )


def request_for(actor: Actor, campaign: Campaign, public_id: UUID | str) -> tuple[Item, bool]:
    """The request that the reader sees, or that asks a unit in their reach; whether they see it itself. At most two statements.

    NotFound for any other item; one that is still drawn up is seen only by whoever asks.
    """
    spec = collection_of(pack_of(campaign))
    rows = Item.objects.select_related("unit").filter(
        campaign=campaign, register=spec.requests, public_id=public_id
    )
    found = visible(actor, rows, campaign, shared=False).first()
    if found is not None:
        return found, True
    returns = Item.objects.filter(campaign=campaign, register=spec.returns).exclude(phase="void")
    asked = visible(actor, returns, campaign, shared=False).filter(parent__public_id=public_id)
    found = rows.filter(pk__in=asked.values("parent")).first()
    if found is None:
        raise NotFound()
    return found, False
