"""The verification queue (核验队列): what is under review and waits for this reader, reviewer's clock first.

Left out, and counted with the ground, is what four eyes would refuse this reader. Of each item the evidence in force is
told with which of it the reader has opened: several are verified together only where all of it was (`queries/evidence`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Window

from guatu.access import Actor, visible
from guatu.access.policy import NOTHING
from guatu.access.transitions import acting, rows_to_move
from guatu.domain.clocks import days_over
from guatu.domain.errors import NotAllowed
from guatu.domain.loop_tracks import ACT_BY
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Transition
from guatu.domain.spells import day_or_none
from guatu.domain.words import gettext as _
from guatu.domain.words import ngettext
from guatu.queries.four_eyes import Standing, refuse_own_verification
from guatu.queries.item_rows import state_shown
from guatu.queries.pages import StateShown, UnitRef
from guatu.records.bulk import in_chunks
from guatu.records.models import ANCESTORS, Campaign, Evidence, EvidenceOpened, Item, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

MOST = 300
"""Items looked at, the longest waiting first; the rest is only counted."""
REVIEWING = ("outside", "above", "root", "any")
"""Levels of the steps that are made from the reviewer's side."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One piece of evidence in force. `opened`: by this reader."""

    id: int
    title: str
    offline: bool
    opened: bool


@dataclass(frozen=True, slots=True)
class Queued:
    """One item that waits. `act_by`: by when the reviewer has to act, `over` the days beyond it (0 = in time).

    `step` is the next step (its key, label, whether under four eyes), `together` whether it may be made with others, if
    not `why_alone` says why; `unread`: for no other reason than that not all of its papers were opened.
    """

    public_id: str
    item: int
    version: int
    number: str
    title: str
    register: str
    register_label: str
    unit: UnitRef
    state: StateShown
    round: int
    since: date
    waiting: int
    act_by: date | None
    over: int
    step: Transition
    papers: tuple[Paper, ...]
    together: bool
    why_alone: str
    unread: bool

    @property
    def seen(self) -> int:
        """How many of its papers the reader has opened."""
        return sum(paper.opened for paper in self.papers)


@dataclass(frozen=True, slots=True)
class KindOf:
    """Items of one register in one state: how many of the queue there are."""

    key: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue. `barred` are items left out by four eyes, with the ground; `count` all that wait, `more` not looked at."""

    rows: tuple[Queued, ...]
    kinds: tuple[KindOf, ...]
    barred: tuple[tuple[str, str], ...]
    count: int
    more: int
    over: int
    all_of_them: bool


def verification_queue(
    actor: Actor, campaign: Campaign, *, day: date, kind: str = "", everything: bool = False
) -> Queue:
    """What waits for the reader's review as of `day`. Seven statements, whatever there is.

    `kind` (register:state) narrows it; `everything`: also what the reader may do but somebody else is asked to.
    """
    pack = pack_of(campaign)
    wanted, ways = _wanted(actor, campaign, pack, desk=not everything)
    if wanted == NOTHING:
        return Queue((), (), (), 0, 0, 0, everything)
    spells = Spell.objects.filter(
        wanted, campaign=campaign, valid_from__lte=day, valid_to__gt=day, rec_to=STILL_KNOWN
    )
    rows = list(
        visible(actor, spells, campaign)
        .annotate(total=Window(Count("id")), of_kind=Window(Count("id"), partition_by=["register", "state"]))
        .order_by("state_since", "item__number")
        .values(
            *ANCESTORS,
            "item_id",
            "item__public_id",
            "item__number",
            "item__title",
            "item__version",
            "item__on_behalf",
            "unit_id",
            "unit__code",
            "unit__name",
            "unit__short_name",
            "register",
            "state",
            "state_since",
            "round",
            "data",
            "total",
            "of_kind",
        )[:MOST]
    )
    barred = _barred(actor, campaign, pack, rows, ways)
    papers = _papers(actor, [row["item_id"] for row in rows if row["item_id"] not in barred])
    found = [
        _queued(pack, row, ways[row["register"], row["state"]], papers, day)
        for row in rows
        if row["item_id"] not in barred
    ]
    found.sort(key=lambda one: (-one.over, -one.waiting, one.number))
    total = rows[0]["total"] if rows else 0
    return Queue(
        rows=tuple(one for one in found if not kind or _kind(one.register, one.state.key) == kind),
        kinds=_kinds(pack, rows, kind),
        barred=tuple(barred.values()),
        count=total - len(barred),
        more=max(total - len(rows), 0),
        over=sum(one.over > 0 for one in found),
        all_of_them=everything,
    )


def _kind(register: str, state: str) -> str:
    return f"{register}:{state}"


def _wanted(
    actor: Actor, campaign: Campaign, pack: Pack, *, desk: bool
) -> tuple[Q, Mapping[tuple[str, str], list[Transition]]]:
    """The rows under review that the actor can bring on, and by which steps, by register and state."""
    found = NOTHING
    ways: dict[tuple[str, str], list[Transition]] = {}
    for register in pack.registers.values():
        flow = pack.workflow_of(register.key)
        for way in flow.transitions:
            if way.level not in REVIEWING or way.reason or way.auto or flow.phase_of(way.to) == "void":
                continue
            states = [state for state in way.origins if flow.phase_of(state) == "review"]
            reach = rows_to_move(actor, way, campaign, desk=desk) if states else NOTHING
            if reach == NOTHING:
                continue
            found |= Q(register=register.key, state__in=states) & reach
            for state in states:
                ways.setdefault((register.key, state), []).append(way)
    if found == NOTHING:
        return found, ways
    common = Q(
        register__in=sorted({key for key, _state in ways}), state__in=sorted({state for _key, state in ways})
    )
    return common & found, ways


def _barred(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    rows: Sequence[Mapping[str, Any]],
    ways: Mapping[tuple[str, str], Sequence[Transition]],
) -> dict[int, tuple[str, str]]:
    """Item → (number, ground) for what four eyes would refuse the actor."""
    judged = [
        Item(
            pk=row["item_id"],
            number=row["item__number"],
            unit_id=row["unit_id"],
            on_behalf=row["item__on_behalf"],
            **{name: row[name] for name in ANCESTORS},
        )
        for row in rows
        if any(way.four_eyes and not way.decision for way in ways[row["register"], row["state"]])
    ]
    if not judged:
        return {}
    by_item = {row["item_id"]: ways[row["register"], row["state"]] for row in rows}
    first = next(way for way in by_item[judged[0].pk] if way.four_eyes)
    verifier = acting(actor, [(first, judged[0])], campaign) or actor
    standing = Standing.of(verifier, campaign, judged, pack.own_steps)
    found = {}
    for item in judged:
        try:
            refuse_own_verification(standing, item)
        except NotAllowed as ground:
            found[item.pk] = (item.number, str(ground))
    return found


def _papers(actor: Actor, items: Sequence[int]) -> dict[int, list[Paper]]:
    """The evidence in force by item. One statement per chunk."""
    found: dict[int, list[Paper]] = {}
    opened = EvidenceOpened.objects.filter(person=actor.person, evidence=OuterRef("pk"))
    for chunk in in_chunks(list(items)):
        rows = Evidence.objects.filter(item__in=chunk, withdrawn_batch=None).annotate(seen=Exists(opened))
        for pk, item, title, sha256, seen in rows.order_by("pk").values_list(
            "pk", "item_id", "title", "sha256", "seen"
        ):
            found.setdefault(item, []).append(Paper(pk, title, not sha256, seen))
    return found


def _queued(
    pack: Pack,
    row: Mapping[str, Any],
    ways: Sequence[Transition],
    papers: Mapping[int, Sequence[Paper]],
    day: date,
) -> Queued:
    of_root = bool(ways) and any(way.decision for way in ways) and len(_line(row)) == 1
    fit = [way for way in ways if bool(way.decision) == of_root] or list(ways)
    register, flow = pack.register(row["register"]), pack.workflow_of(row["register"])
    its = tuple(papers.get(row["item_id"], ()))
    step = fit[0]
    why_alone = _why_alone(pack, row, step, its)
    return Queued(
        public_id=str(row["item__public_id"]),
        item=row["item_id"],
        version=row["item__version"],
        number=row["item__number"],
        title=row["item__title"],
        register=register.key,
        register_label=register.label,
        unit=UnitRef(row["unit__code"], row["unit__name"], row["unit__short_name"]),
        state=state_shown(flow, row["state"]),
        round=row["round"],
        since=row["state_since"],
        waiting=max((day - row["state_since"]).days, 0),
        act_by=day_or_none(row["data"].get(ACT_BY)),
        over=days_over(row["data"], day),
        step=step,
        papers=its,
        together=not why_alone,
        why_alone=why_alone,
        unread=bool(why_alone)
        and bool(its)
        and not _why_alone(pack, row, step, [replace(paper, opened=True) for paper in its]),
    )


def _line(row: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(row[name] for name in ANCESTORS if row[name] is not None)


def _why_alone(pack: Pack, row: Mapping[str, Any], step: Transition, papers: Sequence[Paper]) -> str:
    """Why an item may not be verified together with others; empty where it may."""
    if step.decision or step.proves:
        return _("须逐项填写认定文件或材料")
    if not step.four_eyes:
        return ""
    if row["register"] == pack.loop.problems and any(
        row["data"].get(key) in values for key, values in pack.loop.people_reported.items()
    ):
        return _("群众反映，须单独核验")
    if not papers:
        return _("没有材料可看，须单独核验")
    unseen = sum(not paper.opened for paper in papers)
    if unseen:
        return ngettext("还有 {n} 份没有打开", "还有 {n} 份没有打开", unseen).format(n=unseen)
    return ""


def _kinds(pack: Pack, rows: Sequence[Mapping[str, Any]], chosen: str) -> tuple[KindOf, ...]:
    counts = {(row["register"], row["state"]): row["of_kind"] for row in rows}
    found = []
    for (register, state), count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        flow = pack.workflow_of(register)
        label = _("{register} · {state}").format(
            register=pack.register(register).label, state=flow.states[state].label
        )
        key = _kind(register, state)
        found.append(KindOf(key, label, count, key == chosen))
    return tuple(found)
