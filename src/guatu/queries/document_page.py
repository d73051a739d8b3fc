"""What the pages of documents read beside the text: which there are, a writer's draft, versions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery

from guatu.access import Actor, get_item, visible
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import NotFound
from guatu.domain.loop_tracks import BODY, SECTIONS, track
from guatu.domain.pack import Pack
from guatu.domain.spells import STATE
from guatu.domain.words import gettext as _
from guatu.domain.writing.assigning import shares_of, still_there
from guatu.domain.writing.body import Body, sections_of
from guatu.domain.writing.body_json import body_of
from guatu.queries.addressees import holders
from guatu.queries.documents import body_in, documents_of
from guatu.queries.item_history import past_of
from guatu.queries.unit_tree import as_known
from guatu.records.models import Batch, Campaign, Item, Person, Revision, Spell
from guatu.records.models.desk import BodyDraft
from guatu.records.packs import pack_of

MOST = 300


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document in the list. `who` saved it last, at `at` (nobody, None: a past day is shown); `as_of` the day of its
    numbers, None where it has none.
    """

    item: Item
    kind: str
    state: str
    phase: str
    as_of: date | None
    number: str
    who: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class BodyVersion:
    """A version of the text: the version of the document, who saved it when, and the body. `handed`: how often it was handed in."""

    version: int
    who: str
    post: str
    at: datetime
    reason: str
    body: Body
    handed: int = 0


def documents_seen(actor: Actor, campaign: Campaign, *, day: date | None = None) -> tuple[DocumentRow, ...]:
    """The documents that the actor sees, the last changed first; those called off are left out. One statement.

    `day`: as they stood on that past day, without those that were not begun yet; two statements more.
    """
    pack = pack_of(campaign)
    spec = documents_of(pack)
    register, flow = pack.register(spec.register_key), pack.workflow_of(spec.register_key)
    of_kind = next((each for each in register.fields if each.key == spec.kind), None)
    kinds = {choice.key: choice.label for choice in of_kind.choices} if of_kind else {}
    rows = Item.objects.filter(campaign=campaign, register=spec.register_key)
    if day is None:
        rows = rows.exclude(phase="void")
    last = Batch.objects.filter(
        seq=Subquery(
            Revision.objects.filter(
                subject_kind="item",
                subject_id=OuterRef(OuterRef("pk")),
                version=OuterRef(OuterRef("version")),
            ).values("batch_id")[:1]
        )
    )
    found = (
        visible(actor, rows, campaign)
        .select_related("unit")
        .annotate(who=Subquery(last.values("actor_name")[:1]), at=Subquery(last.values("recorded_on")[:1]))
        .order_by(F("at").desc(nulls_last=True), "-pk")[:MOST]
    )
    shown: list[Any] = list(found) if day is None else _as_of(found, day)
    return tuple(
        DocumentRow(
            item=item,
            kind=kinds.get(str(item.data.get(spec.kind) or ""), ""),
            state=flow.states[item.state].label,
            phase=item.phase,
            as_of=date.fromisoformat(str(item.data[spec.as_of])) if item.data.get(spec.as_of) else None,
            number=str(item.data.get(spec.number) or "") if spec.number else "",
            who=(item.who or "") if day is None else "",
            at=item.at if day is None else None,
        )
        for item in shown
        if item.phase != "void"
    )


def document_seen(actor: Actor, campaign: Campaign, public_id: object, *, day: date | None = None) -> Item:
    """The document with this public id, if the actor sees it; NotFound for any other item, and without documents.

    `day`: as it stood on that past day, text, fields, state and unit; not to be written to. NotFound where it was not begun
    yet.
    """
    spec = documents_of(pack_of(campaign))
    found = get_item(actor, str(public_id), campaign)
    if found.register != spec.register_key:
        raise NotFound()
    if day is not None and not _as_of([found], day):
        raise NotFound(
            _("{number} 在 {day} 还没有登记，或当时尚不知悉。请选较晚的日期查看。"),
            number=found.number,
            day=day,
        )
    return found


def _as_of(documents: Iterable[Item], day: date) -> list[Item]:
    """The documents, made what they were at the end of the day; those that were not there are left out. Two statements."""
    now = {item.pk: item for item in documents}
    on_day = Spell.objects.filter(item__in=list(now), valid_from__lte=day, valid_to__gt=day)
    spells = {spell.item_id: spell for spell in as_known(on_day, None).select_related("unit")}
    for pk, spell in spells.items():
        item = now[pk]
        item.state, item.phase, item.data, item.unit = spell.state, spell.phase, spell.data, spell.unit
    for pk, title in _titles(spells, day).items():
        now[pk].title = title
    return [item for pk, item in now.items() if pk in spells]


def _titles(documents: Iterable[int], day: date) -> dict[int, str]:
    """What each was called at the end of the day. One statement."""
    rows = Revision.objects.filter(subject_kind="item", subject_id__in=list(documents), effective_on__lte=day)
    told = rows.filter(body__contains='"plain":{').order_by("version").values_list("subject_id", "body")
    found = ((pk, json.loads(body).get("plain") or {}) for pk, body in told)
    return {pk: str(plain["title"]) for pk, plain in found if "title" in plain}


def own_draft(actor: Actor, document: Item) -> BodyDraft | None:
    """What the actor has typed and not saved."""
    if actor.person is None:
        return None
    return BodyDraft.objects.filter(item=document, person_id=actor.person).first()


@dataclass(frozen=True, slots=True)
class SectionShare:
    """A section of a document and who writes it; `person` is None where it is given to nobody."""

    heading: str
    title: str
    person: int | None
    name: str
    done: bool


def sections_shared(document: Item, body: Body | None = None) -> tuple[SectionShare, ...]:
    """Every section with who writes it. One statement where any is given, else none."""
    text = body if body is not None else body_in(document)
    given = {share.heading: share for share in still_there(shares_of(document.data.get(SECTIONS)), text)}
    people = {share.person for share in given.values()}
    names = dict(Person.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    return tuple(
        SectionShare(
            one.heading,
            one.title,
            share.person if share else None,
            names.get(share.person, "") if share else "",
            share.done if share else False,
        )
        for one in sections_of(text)
        if one.heading
        for share in (given.get(one.heading),)
    )


def writers_near(campaign: Campaign, document: Item) -> tuple[tuple[int, str], ...]:
    """Who can be given a section: whoever may leave a remark on the line of the document's unit, with their posts."""
    found: dict[int, str] = {}
    for holder in holders(campaign, document.line, roles_with("comment")):
        found.setdefault(holder.person, f"{holder.name}（{holder.label}）")
    return tuple(found.items())


def versions_of(document: Item, pack: Pack) -> tuple[BodyVersion, ...]:
    """Every version of the text, the latest first. One statement."""
    spec = documents_of(pack)
    way = pack.workflow_of(spec.register_key).transition(spec.hand_in)
    found: list[BodyVersion] = []
    for each in past_of(document.pk, None).revisions:
        dated = each.body["dated"]
        if track(BODY) in dated:
            body = body_of(dated[track(BODY)] or {})
            found.append(BodyVersion(each.version, each.who, each.post, each.recorded, each.reason, body))
        if found and way is not None and dated.get(STATE, {}).get("key") == way.to:
            found[-1] = replace(found[-1], handed=found[-1].handed + 1)
    return tuple(reversed(found))


def last_saved(versions: Sequence[BodyVersion], version: int) -> BodyVersion | None:
    """The text as it stood in a version of the document."""
    return next((one for one in versions if one.version <= version), None)
