"""The pages of proposals as their templates see them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.domain.proposals import DUE_KIND, EXTENSION, MERGE, RULES, SPLIT, TRANSFER, VOID, kind_label
from guatu.queries.list_columns import due_kinds
from guatu.queries.pages import Option
from guatu.queries.proposal_checks import Wanted, wished
from guatu.queries.proposal_preview import Chosen, Preview, preview
from guatu.queries.proposals import (
    SHOWN,
    TABS,
    ProposalPage,
    ProposalRow,
    Tab,
    effect_of,
    proposal_page,
    proposal_rows,
    proposals_waiting,
)
from guatu.web.here import Here
from guatu.web.proposals.typed import Typed, chosen_numbers, understood


@dataclass(frozen=True, slots=True)
class TabShown:
    """One heading of the list."""

    label: str
    href: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ListShown:
    """The proposals under one heading; `full` if there may be more than are shown."""

    tabs: tuple[TabShown, ...]
    tab: Tab
    rows: tuple[tuple[ProposalRow, str], ...]
    full: bool
    empty: str


@dataclass(frozen=True, slots=True)
class OneShown:
    """One proposal with the sentence of a refusal and what was typed beside it."""

    found: ProposalPage
    items: tuple[tuple[object, str], ...]
    parts: tuple[tuple[object, str], ...]
    href: str
    list_href: str
    answer: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class FormShown:
    """The form by which something is asked for. `ready`: what was typed so far can be sent."""

    kind: str
    label: str
    typed: Typed
    lines: tuple[tuple[Chosen, str], ...]
    direct: bool
    may_ask: bool
    possible: int
    due_kinds: tuple[Option, ...]
    effect: str
    href: str
    back: str
    several: bool
    sentence: str = ""


def list_shown(at: Here, asked: str) -> ListShown:
    """What waits for the reader first; without anything there, what they asked for or what is open."""
    waiting = 0 if at.past else proposals_waiting(at.actor, at.campaign)
    tab: Tab = next((one for one in TABS if one == asked), "todo" if waiting else "open")
    rows = () if tab == "todo" and at.past else proposal_rows(at.actor, at.campaign, tab, day=at.as_of)
    labels = {"todo": _("等我办理"), "mine": _("我提出的"), "open": _("在办"), "decided": _("已办结")}
    return ListShown(
        tabs=tuple(
            TabShown(labels[one], at.to("proposals", tab=one), one == tab, waiting if one == "todo" else None)
            for one in TABS
        ),
        tab=tab,
        rows=tuple((row, at.to("proposal", row.public_id)) for row in rows),
        full=len(rows) == SHOWN,
        empty={
            "todo": _("没有等您同意或批准的申请。"),
            "mine": _("您还没有提出申请。需要时，请在事项页选“申请延期”“移交”“拆分”“并案”“撤销”。"),
            "open": _("没有在办的申请。"),
            "decided": _("还没有办结的申请。"),
        }[tab],
    )


def one_shown(at: Here, public_id: UUID, *, answer: str = "", sentence: str = "") -> OneShown:
    """One proposal as the reader meets it."""
    found = proposal_page(at.actor, at.campaign, public_id)
    return OneShown(
        found=found,
        items=tuple((line, at.to("item", line.public_id) if line.public_id else "") for line in found.items),
        parts=tuple((part, at.to("item", part.public_id) if part.public_id else "") for part in found.parts),
        href=at.to("proposal", public_id),
        list_href=at.to("proposals"),
        answer=answer,
        sentence=sentence,
    )


def form_shown(
    at: Here, kind: str, typed: Typed, sentence: str = ""
) -> tuple[FormShown, Preview, Wanted | None]:
    """The form with what would happen to each item; what is meant is None while something typed cannot be told."""
    try:
        wanted: Wanted | None = understood(at, typed, kind) if kind in RULES else Wanted(kind)
    except BadInput as failure:
        wanted, sentence = None, sentence or str(failure)
    numbers = chosen_numbers(typed, kind)
    found = preview(
        at.actor, at.campaign, kind, numbers or typed.numbers, wanted or Wanted(kind), day=at.as_of
    )
    first = found.lines[0].item
    several = len(typed.numbers) > 1
    page = FormShown(
        kind=kind,
        label=kind_label(kind),
        typed=typed,
        lines=tuple((line, at.to("item", line.item.public_id)) for line in found.lines),
        direct=found.direct,
        may_ask=found.may_ask,
        possible=len(found.possible),
        due_kinds=tuple(
            Option(key, due_kinds().get(key, key), key == typed.due_kind)
            for key in wished(at.pack, first.register)
        )
        if kind == DUE_KIND
        else (),
        effect=_effect(kind, len(found.possible), typed),
        href=at.to("propose", kind),
        back=at.to("list", first.register) if several else at.to("item", first.public_id),
        several=several,
        sentence=sentence,
    )
    return page, found, wanted


def _effect(kind: str, n: int, typed: Typed) -> str:
    """What a yes will do, as far as it is typed."""
    parts = sum(not row.empty for row in typed.parts)
    if kind in (EXTENSION, DUE_KIND, VOID):
        return effect_of(kind, n)
    if kind == TRANSFER:
        return effect_of(kind, n, unit=typed.to) if typed.to else ""
    if kind == MERGE:
        return effect_of(kind, n, into=typed.into) if typed.into else ""
    assert kind == SPLIT
    return effect_of(kind, n, parts=parts) if parts else ""
