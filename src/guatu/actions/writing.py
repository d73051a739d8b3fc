"""How item actions write: drafts become revisions, current rows and spells in one transaction.

Everything that can be worked out beforehand (timelines, spells, checks) is worked out before the transaction, because
on SQLite the transaction is the only writer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.access.secrecy import is_insider, is_team_only, withheld_among
from guatu.actions.history import Change, Origin, answered, body_text, record
from guatu.actions.lines import locked_head
from guatu.actions.messages import Settled, Telling, settle_all, tell_all
from guatu.actions.spells import changes, open_spells, set_current, write_spells
from guatu.domain.clock import EARLIEST, LATEST, today
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.history import Entry, check_entry, timeline
from guatu.domain.private import Sealed, is_stand_in, seal
from guatu.domain.spells import FIELD, Segment, segments
from guatu.domain.words import gettext as _
from guatu.queries.places import histories_at, places_mark
from guatu.queries.subjects import Past, pasts
from guatu.records.bulk import in_chunks, insert, insert_returning, upsert
from guatu.records.models import (
    ANCESTORS,
    Batch,
    Campaign,
    Evidence,
    Item,
    ItemUnit,
    PrivateValue,
)
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

CURRENT = (
    "unit state phase round state_since phase_since start due base_due data title due_kind late_entry on_behalf"
    " restricted version"
).split() + list(ANCESTORS)


NO_PAST = Past([], "")
"""Of an item that is new."""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """Evidence to hang on an item: a stored file (`sha256`, `size`) or a paper kept elsewhere (线下备查).

    `title` of a file is its name. `kind` is one that the item's workflow tells apart (整改后照片), or empty.
    """

    title: str
    place: str = ""
    keeper: str = ""
    number: str = ""
    sha256: str = ""
    size: int | None = None
    kind: str = ""

    def as_body(self) -> dict[str, Any]:
        """As it stands in the revision."""
        return {
            key: value
            for key in ("kind", "title", "place", "keeper", "number", "sha256", "size")
            if (value := getattr(self, key)) not in ("", None)
        }


@dataclass(slots=True)
class Draft:
    """One item's next revision in the making. `item` is its row; a new item has no primary key yet.

    `beside` are units to be put beside the lead unit, `leaving` rows of units that leave it.
    """

    item: Item
    effective: date
    dated: dict[str, Any]
    plain: dict[str, Any] | None = None
    withdraws: int | None = None
    evidence: tuple[NewEvidence, ...] = ()
    beside: tuple[ItemUnit, ...] = ()
    leaving: tuple[ItemUnit, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    private: list[tuple[str, Sealed]] = field(default_factory=list)
    past: Past = field(default_factory=lambda: NO_PAST)
    gone: list[int] = field(default_factory=list)
    added: list[Segment] = field(default_factory=list)


def plain_of(item: Item, data: Mapping[str, Any]) -> dict[str, Any]:
    """The full snapshot of an item's plain values; `data` holds its fields that are not dated."""
    plain = {
        "campaign": item.campaign_id,
        "register": item.register,
        "number": item.number,
        "public_id": str(item.public_id),
        "title": item.title,
        "parent": item.parent_id,
        "task": item.task_id,
        "start": item.start.isoformat() if item.start else None,
        "due_kind": item.due_kind,
        "late_entry": item.late_entry,
        "on_behalf": item.on_behalf,
        "data": dict(data),
    }
    return plain | {"restricted": True} if item.restricted else plain


def load_past(drafts: Sequence[Draft]) -> None:
    """Read the revisions of drafts of items that exist.

    Raises Conflict if an item was changed after its row was read: what was checked on the row holds no longer.
    """
    by_id = {draft.item.pk: draft for draft in drafts if draft.item.pk}
    for pk, past in pasts("item", by_id).items():
        by_id[pk].past = past
        if past.version != by_id[pk].item.version:
            raise _changed(by_id[pk].item, now=past.version, seen=by_id[pk].item.version)


def write(
    actor: Actor,
    *,
    action: str,
    campaign: Campaign,
    drafts: Sequence[Draft],
    reason: str = "",
    idempotency_key: str | None = None,
    request: Any = None,
    tellings: Sequence[Telling] = (),
    settled: Sequence[Settled] = (),
    origin: Origin | None = None,
) -> Batch:
    """Write the drafts as one batch: revisions, current rows, spells, evidence, messages. All or nothing.

    Raises BadInput for an effective day that the monotone rule refuses, Conflict if an item has changed meanwhile.
    Where another process has answered the same key in between, nothing is written and its batch is returned.
    """
    day = today(ZoneInfo(campaign.zone))
    _refuse_withheld(actor, campaign, drafts)
    mark = places_mark()
    _seal_private(campaign, drafts)
    _work_out(campaign, drafts, day, mark)
    _refuse_hiding(actor, campaign, drafts)
    pack_sha = campaign.pack.sha256
    with transaction.atomic():
        head = locked_head(day)  # from here on nobody else writes
        if batch := answered(actor, action, campaign, idempotency_key, request):
            return batch
        if head.places_mark != mark:
            _work_out(campaign, drafts, day, head.places_mark)  # a place changed after the lines were read
        new = [draft for draft in drafts if draft.item.pk is None]
        old = [draft for draft in drafts if draft.item.pk is not None]
        if new:
            _number(campaign, new)
            insert_returning([draft.item for draft in new])
        _refuse_changed(old)
        batch = record(
            actor,
            action=action,
            campaign=campaign,
            reason=reason,
            idempotency_key=idempotency_key,
            request=request,
            origin=origin,
            head=head,
            changes=(_change(draft, pack_sha) for draft in drafts),
        )
        upsert([draft.item for draft in old], CURRENT)
        write_spells([(draft.item, draft.gone, draft.added) for draft in drafts], batch.seq)
        _attach(drafts, batch.seq)
        settle_all(settled)
        tell_all(tellings, campaign=campaign, by=actor, batch=batch.seq)
    return batch


def _change(draft: Draft, pack_sha: str) -> Change:
    """The draft's revision. Its values are let go: they stand in the body, and of very many it tells."""
    body = body_text(
        draft.dated,
        draft.plain,
        withdraws=draft.withdraws,
        pack=pack_sha,
        evidence=[evidence.as_body() for evidence in draft.evidence],
        units=[[unit.unit_id, unit.role] for unit in draft.beside],
        units_gone=[[unit.unit_id, unit.role] for unit in draft.leaving],
        **draft.more,
    )
    draft.dated, draft.plain = {}, None
    past = draft.past
    return Change("item", draft.item.pk, past.version, past.last_hash, draft.effective, body)


def _refuse_withheld(actor: Actor, campaign: Campaign, drafts: Sequence[Draft]) -> None:
    """Whatever way led here: nobody changes an item that is kept from them. The console, which is no reader, may."""
    if actor.person is not None and withheld_among(
        actor, [draft.item for draft in drafts if draft.item.pk is not None], campaign
    ):
        raise NotFound()


def _refuse_hiding(actor: Actor, campaign: Campaign, drafts: Sequence[Draft]) -> None:
    """Nobody makes a team's own what they could not see themselves: only the team and the office do."""
    pack = pack_of(campaign)
    if actor.person is None or not pack.kept_to_teams:
        return
    for draft in drafts:
        item = draft.item
        if is_team_only(pack, item.register, item.state, item.data) and not is_insider(
            actor, campaign, item.line
        ):
            raise NotAllowed(
                _("您的身份（{post}）不能把“{title}”设为只有{team}看得到。请改填，或请{team}办理。"),
                post=actor.post_label,
                title=item.title,
                team=pack.words.team,
            )


def _seal_private(campaign: Campaign, drafts: Sequence[Draft]) -> None:
    """Take private values out of what is hashed and put their stand-ins in."""
    pack = pack_of(campaign)
    private = {key: [f.key for f in register.fields if f.private] for key, register in pack.registers.items()}
    for draft in drafts:
        for key in private[draft.item.register]:
            for values, name in ((draft.dated, FIELD + key), ((draft.plain or {}).get("data", {}), key)):
                value = values.get(name)
                if value is not None and not is_stand_in(value):
                    sealed = seal(value)
                    values[name] = sealed.stand_in
                    draft.private.append((key, sealed))


def _work_out(campaign: Campaign, drafts: Sequence[Draft], day: date, mark: str) -> None:
    """Check each draft's day and work out its current row and what becomes of its spells; `mark`: places as of it."""
    histories = histories_at(campaign.tree_id, mark)
    known = open_spells(draft.item.pk for draft in drafts if draft.item.pk is not None)
    for draft in drafts:
        name = f"{draft.item.number}“{draft.item.title}”" if draft.item.number else f"“{draft.item.title}”"
        before = timeline(draft.past.entries)
        entry = Entry(
            draft.past.version + 1, STILL_KNOWN, draft.effective, draft.dated, draft.plain, draft.withdraws
        )
        check_entry(before, entry, day, name)
        now = segments(timeline([*draft.past.entries, entry]), histories)
        draft.gone, draft.added = changes(known.get(draft.item.pk, {}), now)
        set_current(draft.item, now, day)
        _refuse_odd_days(draft, name)
        draft.item.version = entry.version


def _refuse_odd_days(draft: Draft, name: str) -> None:
    """A day of the year 1 or 9999 is a slip of the keyboard, and every count of days would break on it."""
    item = draft.item
    for day in (draft.effective, item.start, item.base_due, item.due):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise BadInput(
                _("{name}：日期 {value} 不在 {earliest} 至 {latest} 之间。请核对年份。"),
                name=name,
                value=day,
                earliest=EARLIEST,
                latest=LATEST,
            )


def _number(campaign: Campaign, drafts: Sequence[Draft]) -> None:
    """Give numbers: prefix and the next running number of the register. Never reused, never changed. Whoever calls holds the head's lock."""
    counters: dict[str, int] = {}
    for draft in drafts:
        if draft.item.number:  # taken in from elsewhere with the number that it has
            continue
        register, prefix = draft.item.register, draft.more.pop("prefix")
        if register not in counters:
            last = Item.objects.filter(campaign=campaign, register=register).order_by("-id").first()
            counters[register] = int(last.number.rpartition("-")[2]) if last else 0
        counters[register] += 1
        draft.item.number = f"{prefix}-{counters[register]:04d}"
        if draft.plain is not None:
            draft.plain["number"] = draft.item.number


def _refuse_changed(drafts: Sequence[Draft]) -> None:
    expected = {draft.item.pk: draft for draft in drafts}
    for chunk in in_chunks(list(expected)):
        rows = Item.objects.select_for_update().filter(pk__in=chunk).values_list("pk", "version")
        for pk, version in rows:
            draft = expected[pk]
            if version != draft.past.version:
                raise _changed(draft.item, now=version, seen=draft.past.version)


def refuse_seen(item: Item, seen: int | None) -> None:
    """Raise Conflict if somebody saw another version than the one that stands."""
    if seen is not None and seen != item.version:
        raise _changed(item, now=item.version, seen=seen)


def _changed(item: Item, now: int, seen: int) -> Conflict:
    return Conflict(
        _("{number} 刚被他人修改（现为第 {now} 版，您看到的是第 {seen} 版）。请刷新后核对，再提交一次。"),
        number=item.number,
        now=now,
        seen=seen,
    )


def _attach(drafts: Sequence[Draft], seq: int) -> None:
    insert(
        [
            Evidence(
                item_id=draft.item.pk,
                kind=evidence.kind,
                title=evidence.title,
                place=evidence.place,
                keeper=evidence.keeper,
                number=evidence.number,
                sha256=evidence.sha256,
                size=evidence.size,
                batch_seq=seq,
            )
            for draft in drafts
            for evidence in draft.evidence
        ]
    )
    insert(
        [
            PrivateValue(
                item_id=draft.item.pk,
                field=key,
                version=draft.item.version,
                salt=sealed.salt,
                value=sealed.text,
            )
            for draft in drafts
            for key, sealed in draft.private
        ]
    )
    beside = [unit for draft in drafts for unit in draft.beside]
    for draft in drafts:
        for unit in draft.beside:
            unit.item_id = draft.item.pk
    insert(beside)
    for chunk in in_chunks([unit.pk for draft in drafts for unit in draft.leaving]):
        ItemUnit.objects.filter(pk__in=chunk).delete()
