"""One item: its fields, its way, its next moves, its evidence, links, children and whole history, as of any day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, FilteredRelation, Q, QuerySet

from guatu.access import Actor, covers, get_item
from guatu.domain import clock
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import NotFound
from guatu.domain.loop_tracks import DECIDED_BY
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Field, Register
from guatu.domain.pack.workflow import Workflow
from guatu.domain.proposals import kind_label, state_label
from guatu.domain.spells import STATE
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.four_eyes import RESPONSIBLE, responsible_acts
from guatu.queries.item_beside import Attached, OtherItem, Others, Remark
from guatu.queries.item_children import children_of
from guatu.queries.item_history import Names, Past, events, past_of
from guatu.queries.item_moves import next_moves
from guatu.queries.item_now import now_said, took_part
from guatu.queries.item_path import branch_of, looked_at_again, path_of, stays
from guatu.queries.item_rows import due_said, light_shown, state_shown, value_shown
from guatu.queries.item_secrets import refuse_secret_day, said_since, told, told_from
from guatu.queries.link_kinds import link_words, may_end
from guatu.queries.moments import zone_of
from guatu.queries.pages import (
    AskedFor,
    CommentShown,
    EvidenceShown,
    FieldShown,
    ItemPage,
    LinkShown,
    UnitBeside,
    UnitRef,
)
from guatu.queries.private_values import revealed
from guatu.queries.standing import light_rule
from guatu.records.models import ANCESTORS, Campaign, Comment, Item, Unit
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

SPELL_FIELDS = (
    "unit_id",
    "state",
    "phase",
    "round",
    "state_since",
    "phase_since",
    "start",
    "due",
    "base_due",
    "data",
    *ANCESTORS,
)
"""What the page shows of the item's spell on the day."""


def item_page(
    actor: Actor, campaign: Campaign, public_id: UUID | str, *, day: date, known_at: int | None = None
) -> ItemPage:
    """The item as of (`day`, batch `known_at`).

    Raises NotFound outside the actor's reach, and for a day on which the item did not exist yet. On a past day the
    page is read-only: no moves, nothing editable.
    """
    item = get_item(actor, public_id, campaign, among=_on_day(day, known_at))
    pack = pack_of(campaign)
    register, workflow = pack.register(item.register), pack.workflow_of(item.register)
    row = _standing(item, day)
    refuse_secret_day(actor, campaign, pack, item, row, day)
    row["data"] = revealed(actor, campaign, register, item, row["data"])
    past = past_of(item.pk, known_at)
    known = past.known()
    first = told_from(actor, campaign, pack, item, past)
    names = _names(past, row, register)
    read_only = known_at is not None or day != clock.today(zone_of(campaign))
    on_line = tuple(unit for name in ANCESTORS if (unit := row[name]) is not None)
    leaving = workflow.ways_from(row["state"]) if row["state"] in workflow.states else ()
    roles = set() if read_only else {role for way in leaving for role in way.roles}
    beside = Attached.to(item, campaign, line=on_line, roles=roles, day=day, reader=actor.person)
    evidence = _evidence(beside, past, day, workflow)
    begun = past.round_begun()
    beside.comments = said_since(beside.comments, first)
    at_hand = frozenset(row.kind for row in beside.evidence if row.kind and row.batch_seq >= begun)
    steps, detours = path_of(workflow, stays(known.tracks.get(STATE, []), day))
    again = looked_at_again(pack, register.key, row["data"]) if steps and row["phase"] != "void" else None
    steps = (*steps, again) if again is not None else steps
    children = children_of(actor, campaign, pack, item, day, known_at, read_only=read_only)
    light = light_shown(pack, register.key, row, day)
    rule = light_rule(pack, register.key)
    said, _tone = due_said(register, workflow, row, day, rule.due_soon_days if rule else 7)
    may_edit, why_not_edit = _may_edit(actor, campaign, pack, register, item, read_only)
    moves = (
        ()
        if read_only
        else next_moves(
            actor,
            campaign,
            pack,
            item,
            row["data"],
            bool(evidence),
            past,
            beside.units | past.left(RESPONSIBLE),
            at_hand,
            beside.holders,
        )
    )
    acts = responsible_acts(pack.own_steps) + (["items.create"] if item.on_behalf else [])
    others = Others.of(actor, campaign, item, _named(register, item, row["data"]))
    title = str(known.plain.get("title", item.title))
    line = tuple(names.refs[unit] for name in ANCESTORS if (unit := row[name]) in names.refs)
    return ItemPage(
        public_id=item.public_id,
        campaign=campaign.key,
        register=register.key,
        register_label=register.label,
        number=item.number,
        title=title,
        version=past.revisions[-1].version,
        day=day,
        past=read_only,
        unit=names.refs[row["unit_id"]],
        line=line,
        state=state_shown(workflow, row["state"]),
        since=row["state_since"],
        round=row["round"],
        light=light,
        due=row["due"],
        base_due=row["base_due"],
        due_words=said,
        late_entry=item.late_entry,
        on_behalf=item.on_behalf,
        fields=(
            *_fields(register, item, row, names.by_code, others.named, _is_return(pack, register)),
            *_recognised(workflow, row["data"]),
        ),
        editable=tuple(key for key in register.field_keys if key not in workflow.verdicts)
        if may_edit
        else (),
        why_not_edit=why_not_edit,
        path=steps,
        detours=detours,
        moves=moves,
        evidence=evidence,
        links=_links(
            pack, others.linked, corrects=covers(actor, roles_with("correct_history"), item.line, campaign)
        ),
        children=children,
        comments=_comments(beside.comments, day, zone_of(campaign), known_at),
        timeline=told(
            events(past, pack, register, names.naming(others.named), day, zone_of(campaign)), first
        ),
        chain_ok=past.chain_ok,
        values=dict(row["data"]),
        beside=tuple(
            UnitBeside(names.refs[unit], role) for unit, role in past.beside(day) if unit in names.refs
        ),
        may_set_beside=not read_only
        and item.phase != "void"
        and covers(actor, roles_with("set_beside"), item.line, campaign),
        branch=branch_of(workflow, steps, row, day),
        now=now_said(pack, workflow, row, on_line, campaign.root_id, beside.holders, day),
        took_part=took_part(past, acts),
        judged=any(way.four_eyes and not way.decision for way in leaving),
        extensions=sum(
            each.action == "items.due:extension" and each.effective <= day for each in past.revisions
        ),
        asked=()
        if read_only
        else tuple(
            AskedFor(kind_label(one.kind), state_label(one.state, one.kind), one.who, one.public_id)
            for one in beside.asked
        ),
        row=item,
    )


def _on_day(day: date, known_at: int | None) -> QuerySet[Item]:
    """Items with the columns of the spell that holds as of (day, known at), under names that begin with `on_`."""
    known = Q(spells__valid_from__lte=day, spells__valid_to__gt=day)
    if known_at is None:
        known &= Q(spells__rec_to=STILL_KNOWN)
    else:
        known &= Q(spells__rec_from__lte=known_at, spells__rec_to__gt=known_at)
    columns = {f"on_{name}": F(f"on_day__{name}") for name in SPELL_FIELDS}
    return Item.objects.annotate(on_day=FilteredRelation("spells", condition=known), **columns)


def _standing(item: Any, day: date) -> dict[str, Any]:
    """The item's spell as of the day; NotFound with the day if there is none."""
    if item.on_state is None:
        raise NotFound(
            _("{number} 在 {day} 还没有登记，或当时尚不知悉。请选较晚的日期查看。"),
            number=item.number,
            day=day,
        )
    return {name: getattr(item, f"on_{name}") for name in SPELL_FIELDS}


class _Units:
    """The units that the page names: its line, those that led it before, those that its fields name by code."""

    def __init__(self, rows: Collection[Unit]) -> None:
        self.refs = {unit.pk: UnitRef(unit.code, unit.name, unit.short_name) for unit in rows}
        self.by_code = {unit.code: unit.short_name for unit in rows}
        self.names = {unit.pk: unit.short_name for unit in rows}

    def naming(self, items: Mapping[str, OtherItem]) -> Names:
        """The names needed to read the history: of units, and of the items that the fields name."""
        told = {public_id: f"{item.number} {item.title}" for public_id, item in items.items()}
        return Names(self.names, self.by_code, told)


def _names(past: Past, row: Mapping[str, Any], register: Register) -> _Units:
    ids = (
        past.units()
        | past.ever_beside()
        | {row[name] for name in ANCESTORS if row[name] is not None}
        | {row["unit_id"]}
    )
    codes: set[str] = set()
    for field in register.fields:
        if field.type in ("unit", "units"):
            for each in past.revisions:
                value = (each.body.get("plain") or {}).get("data", {}).get(field.key)
                codes.update([value] if isinstance(value, str) else value or [])
    return _Units(list(Unit.objects.filter(Q(pk__in=ids) | Q(code__in=codes))))


def _named(register: Register, item: Item, data: Mapping[str, Any]) -> list[str]:
    """The public ids of the items that this one belongs to and that its fields name."""
    above = [str(other.public_id) for other in (item.task, item.parent) if other is not None]
    return above + [str(data[f.key]) for f in register.fields if f.type == "item" and data.get(f.key)]


def _is_return(pack: Pack, register: Register) -> bool:
    spec = pack.loop.collection
    return spec is not None and register.key == spec.returns


def _fields(
    register: Register,
    item: Item,
    row: Mapping[str, Any],
    units: Mapping[str, str],
    others: Mapping[str, OtherItem],
    watched: bool,
) -> tuple[FieldShown, ...]:
    """What the item belongs to, then every field in the pack's order. `others`: the items named that may be seen.

    `watched`: what the item belongs to has a page of its own for those who are asked, whoever may see it as an item.
    """
    found = []
    if item.task is not None:
        found.append(_leading("task", _("所属重点任务"), others.get(str(item.task.public_id))))
    if item.parent is not None and item.parent_id != item.task_id:
        above = others.get(str(item.parent.public_id))
        if above is not None or not watched:
            found.append(_leading("parent", _("上级事项"), above))
    if row["start"] is not None:
        found.append(FieldShown("start", _("开始"), row["start"].isoformat(), "date", wide=False))
    for field in register.fields:
        value = row["data"].get(field.key)
        if field.type == "item" and value:
            found.append(_leading(field.key, field.label, others.get(str(value))))
        else:
            found.append(_plain(field, value, units))
    return tuple(found)


def _recognised(workflow: Workflow, data: Mapping[str, Any]) -> tuple[FieldShown, ...]:
    """How an item of the root unit was recognised (会议认定, 上级认定): no verifier from outside has seen it."""
    ways = [way for way in workflow.transitions if way.decision and way.decision == data.get(DECIDED_BY)]
    return tuple(FieldShown(DECIDED_BY, _("认定方式"), way.label, "choice", wide=False) for way in ways[:1])


def _leading(key: str, label: str, other: OtherItem | None) -> FieldShown:
    """A field that leads to another item; one out of the reader's sight has neither number nor title."""
    if other is None:
        return FieldShown(key, label, _("不在您的查看范围内"), "item", wide=False)
    return FieldShown(key, label, f"{other.number} {other.title}", "item", wide=True, item=other.public_id)


def _plain(field: Field, value: Any, units: Mapping[str, str]) -> FieldShown:
    text = value_shown(field, value, units)
    if text and field.unit and field.type in ("integer", "decimal") and not text.endswith(field.unit):
        text = f"{text} {field.unit}"
    wide = field.type == "long_text" or len(text) > 40
    return FieldShown(field.key, field.label, text, field.type, wide)


def _may_edit(
    actor: Actor, campaign: Campaign, pack: Pack, register: Register, item: Item, read_only: bool
) -> tuple[bool, str]:
    """Whether the reader may change fields now, and if not, why."""
    if read_only:
        return False, _("正在查看往日的数据，只能查看。请返回今天再修改。")
    if item.phase == "void":
        return False, _("事项已撤销，不能修改。")
    if not covers(actor, register.fills, item.line, campaign):
        roles = listed(pack.role_label(role) for role in register.fills)
        return False, _("您的身份（{post}）不能修改。可由{roles}修改。").format(
            post=actor.post_label, roles=roles
        )
    spec, flow = pack.loop.collection, pack.workflow_of(register.key)
    if spec is not None and register.key == spec.requests and item.phase != "draft":
        return False, _("已发出。名称、要求和依据请在“填报”中打开后办理“改要求”。")
    if flow.is_signed(item.state) and not covers(actor, roles_with("correct_history"), item.line, campaign):
        return False, _("内容已经审签，只能由{office}更正。要改的，请核验人退回。").format(
            office=pack.words.office
        )
    return True, ""


def _evidence(beside: Attached, past: Past, day: date, workflow: Workflow) -> tuple[EvidenceShown, ...]:
    """Evidence in force, of the revisions shown."""
    hands = {each.batch: each for each in past.revisions if each.effective <= day}
    return tuple(
        EvidenceShown(
            id=row.pk,
            kind=workflow.kind_label(row.kind),
            title=row.title,
            offline=not row.sha256,
            place=row.place,
            keeper=row.keeper,
            number=row.number,
            size=row.size,
            sha256=row.sha256,
            by=hands[row.batch_seq].who,
            recorded=hands[row.batch_seq].recorded,
            opened=row.pk in beside.opened,
        )
        for row in beside.evidence
        if row.batch_seq in hands
    )


def _comments(
    rows: Sequence[Remark], day: date, zone: ZoneInfo, known_at: int | None
) -> tuple[CommentShown, ...]:
    """The remarks made up to the end of the day, the latest first."""
    found = [
        CommentShown(row.comment.person_name, row.comment.text, at, row.comment.kind == Comment.Kind.URGE)
        for row in rows
        if (at := row.at.astimezone(zone)).date() <= day
        and (known_at is None or row.comment.batch_seq <= known_at)
    ]
    return tuple(reversed(found))


def _links(pack: Pack, linked: Sequence[OtherItem], *, corrects: bool) -> tuple[LinkShown, ...]:
    found = []
    for other in linked:
        flow = pack.workflow_of(other.register) if other.register in pack.registers else None
        state = flow.states[other.state].label if flow and other.state in flow.states else other.state
        words = link_words(other.link, outgoing=other.outgoing)
        row = other.row if may_end(other.link, corrects=corrects) else None
        found.append(LinkShown(words, other.public_id, other.number, other.title, state, other.note, row))
    return tuple(found)
