"""Taking in a whole campaign from its archive: units, people, the campaign, its items with all their revisions.

The history of the items is written again batch by batch through the same door as every other write, under the names of
those who acted: versions, effective days and what four eyes look at stay as they were. Only when it was recorded is the
moment of loading; the moment of then stands in each revision as `origin`. Known-at begins with the day of loading.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, ProgrammingError, transaction

from guatu.access import Actor, require
from guatu.actions.beside import row_beside
from guatu.actions.history import Change, Origin, at_sequence, body_text, record
from guatu.actions.issued_intake import take_in_issued, take_in_phrases
from guatu.actions.links import NewLink, write_links
from guatu.actions.outside_intake import take_in_outside
from guatu.actions.people import NewPerson, appoint, enter_people
from guatu.actions.posts import Appointment
from guatu.actions.restricting import open_to
from guatu.actions.setup import create_campaign
from guatu.actions.unit_intake import take_in_units
from guatu.actions.writing import Draft, NewEvidence, load_past, plain_of, write
from guatu.domain.campaign_archive import KEPT, Archive, Rename, lookup, renamed, with_writers
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.pack.schema import Pack
from guatu.domain.spells import UNIT
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.bulk import in_chunks, insert_returning
from guatu.records.models import Campaign, Comment, Item, ItemUnit, Person, Team, TeamUnit, Unit

NAMED = 5
"""How many differences a sentence names."""
COMMENT_KINDS = frozenset(Comment.Kind.values)
ODD = (
    *(KeyError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, RecursionError),
    *(ValidationError, DataError, IntegrityError, ProgrammingError),
)
"""What an archive with values of another kind than they should be ends in; a full disk or a lost database is none of these."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was written: the campaign, and how many units and people were new here."""

    campaign: Campaign
    units: int
    people: int
    items: int
    issued: int = 0


def take_in(actor: Actor, *, archive: Archive, key: str = "", name: str = "") -> TakenIn:
    """Write the campaign of an archive into this installation, all or nothing; its files must be in the store.

    `key` and `name` replace the campaign's own, where those are taken. Units and people that are here already are met by
    code and user name and must be the same. Raises BadInput where they are not, where an item is here already, and for
    an archive that contradicts itself.
    """
    require(actor, "set_up")
    try:
        return _take_in(actor, archive, key, name)
    except ODD as odd:
        raise BadInput(
            _("整包的内容前后不符（{what}），没有装入。请重新导出后再装入。"), what=str(odd)[:80]
        ) from odd


def _take_in(actor: Actor, archive: Archive, key: str, name: str) -> TakenIn:
    pack = Pack.model_validate_json(archive.pack)
    if pack.sha256 != archive.head["pack_sha256"]:
        raise BadInput(_("整包中的专项模板与清单所记不符。请重新导出后再装入。"))
    _refuse_present(archive)
    _refuse_foreign_files(archive)
    with transaction.atomic():
        tree, new_units = take_in_units(actor, archive)
        codes = dict(Unit.objects.values_list("code", "pk"))
        people, new_people = _people(actor, archive)
        head = archive.head
        campaign = create_campaign(
            actor,
            key=key or head["key"],
            name=name or head["name"],
            short_name=name or head["short_name"],
            pack=pack,
            tree=tree,
            root=Unit.objects.get(code=head["root"]),
            starts_on=date.fromisoformat(head["starts_on"]),
            ends_on=date.fromisoformat(head["ends_on"]) if head["ends_on"] else None,
            wave=head["wave"],
            zone=head["zone"],
            overlay=head["overlay"],
            synthetic=head["synthetic"],
        )
        unit = lookup(codes, _("单位"))
        _posts(actor, campaign, archive, unit)
        take_in_outside(actor, campaign=campaign, rows=archive.outside, unit=unit)
        first = at_sequence()
        items, batches = _items(actor, campaign, pack, archive, unit, people)
        public = {str(item.public_id): item for item in items}
        _beside_items(actor, campaign, archive, public, people)
        issued = take_in_issued(
            actor, campaign=campaign, archive=archive, items=public, unit=unit, batches=batches, first=first
        )
        person = lookup(people, _("人员"))
        take_in_phrases(actor, campaign=campaign, rows=archive.phrases, pack=pack.head.key, person=person)
    return TakenIn(campaign, new_units, new_people, len(items), issued)


def _refuse_present(archive: Archive) -> None:
    wanted = [uuid.UUID(row["public_id"]) for row in archive.items]
    for chunk in in_chunks(wanted):
        here = Item.objects.filter(public_id__in=chunk).select_related("campaign").first()
        if here is not None:
            raise BadInput(
                _("{number} 等事项已在“{campaign}”中，这一整包装入过了。要再装一份，请先清空数据目录。"),
                number=here.number,
                campaign=here.campaign.name,
            )


def _refuse_foreign_files(archive: Archive) -> None:
    """Evidence and what was issued are files that the archive brings: nobody opens another campaign's by naming its hash."""
    brought = lookup({sha256: sha256 for sha256 in archive.files}, _("文件"))
    for row in archive.items:
        for revision in row["revisions"]:
            for one in revision.get("evidence", ()):
                if one.get("sha256"):
                    brought(one["sha256"])
    for issued in archive.issued:
        for sha256, _size in issued["files"].values():
            brought(sha256)


def _people(actor: Actor, archive: Archive) -> tuple[dict[str, int], int]:
    """User name → person, those who are new entered without a password."""
    here = {
        person.username: person
        for person in Person.objects.filter(username__in=[row["username"] for row in archive.people])
    }
    odd = [
        row["username"]
        for row in archive.people
        if row["username"] in here and here[row["username"]].name != row["name"]
    ]
    if odd:
        raise BadInput(
            _("账号 {names} 在本系统中是另一个人。请先改名，再装入。"), names=listed(sorted(odd)[:NAMED])
        )
    new = [
        NewPerson(row["username"], row["name"], row["home"])
        for row in archive.people
        if row["username"] not in here
    ]
    made = enter_people(actor, people=new) if new else []
    return {person.username: person.pk for person in (*here.values(), *made)}, len(new)


def _posts(actor: Actor, campaign: Campaign, archive: Archive, unit: Rename) -> None:
    """Teams and posts, past ones too: who has held one does not verify there. A house makes its administrators itself."""
    _teams(actor, campaign, archive.teams, unit)
    given = [
        Appointment(
            row["person"],
            row["role"],
            unit=row["unit"],
            team=row["team"],
            aspect=row["aspect"],
            from_day=date.fromisoformat(row["from"]),
            last_day=date.fromisoformat(row["to"]) - timedelta(days=1) if row["to"] else None,
        )
        for row in archive.posts
        if row["role"] not in ADMINISTRATORS
    ]
    if given:
        appoint(actor, campaign=campaign, appointments=given)


def _teams(actor: Actor, campaign: Campaign, rows: Sequence[Mapping[str, Any]], unit: Rename) -> None:
    """Teams with the units of now and of then, in one batch."""
    teams = [Team(campaign=campaign, key=row["key"], name=row["name"]) for row in rows]
    if not teams:
        return
    insert_returning(teams)
    changes, assigned = [], []
    for team, row in zip(teams, rows, strict=True):
        units = [[unit(code), first, until] for code, first, until in row["units"]]
        first_day = min((date.fromisoformat(first) for _unit, first, _until in units), default=today())
        plain = {"campaign": campaign.pk, "key": team.key, "name": team.name, "units": units}
        changes.append(Change("team", team.pk, 0, "", first_day, body_text({}, plain)))
        assigned += [
            TeamUnit(
                team=team,
                unit_id=pk,
                from_day=date.fromisoformat(first),
                to_day=date.fromisoformat(until) if until else None,
                rec_from=0,
            )
            for pk, first, until in units
        ]
    batch = record(actor, action=ACTION, campaign=campaign, changes=changes, reason=_("随专项工作装入"))
    for one in assigned:
        one.rec_from = batch.seq
        one.end_rec = batch.seq if one.to_day else None
    insert_returning(assigned)


def _items(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    archive: Archive,
    unit: Rename,
    people: Mapping[str, int],
) -> tuple[list[Item], dict[int, int]]:
    """Every revision of every item, batch by batch in the order in which they were written, under the names of then; with the
    number that each batch has here.
    """
    items: dict[str, Item] = {}
    batches: dict[int, int] = {}

    def item_of(public_id: str) -> int:
        if public_id not in items:
            lookup({}, _("事项"))(public_id)
        return items[public_id].pk

    acts: dict[int, list[tuple[Mapping[str, Any], int]]] = defaultdict(list)
    for row in archive.items:
        if row["register"] not in pack.registers:
            lookup({}, _("清单"))(row["register"])
        if not row["revisions"]:
            lookup({}, _("事项"))(row["public_id"])
        for layer, revision in enumerate(row["revisions"]):
            acts[revision["origin"]["seq"]].append((row, layer))
    for seq in sorted(acts):
        waiting = acts[seq]
        while waiting:  # of what was made in one breath, what stands above comes first
            ready = [(row, layer) for row, layer in waiting if layer or _above(row) <= items.keys()]
            if not ready:
                lookup({}, _("事项"))(sorted(_above(waiting[0][0]) - items.keys())[0])
            drafts = [
                _draft(
                    items[row["public_id"]] if layer else _new(campaign, row),
                    row["revisions"][layer],
                    unit,
                    item_of,
                    people.get,
                )
                for row, layer in ready
            ]
            load_past([draft for draft in drafts if draft.item.pk])
            for draft in drafts:
                _take_plain(draft)
            origin = ready[0][0]["revisions"][ready[0][1]]["origin"]
            batch = write(
                actor,
                action=ACTION,
                campaign=campaign,
                drafts=drafts,
                reason=_("随专项工作装入，原记于 {day}").format(day=origin["on"][:10]),
                origin=Origin(people.get(origin["person"]), origin["by"], origin["post"], origin["action"]),
            )
            batches[seq] = batch.seq
            items |= {
                row["public_id"]: draft.item for (row, _layer), draft in zip(ready, drafts, strict=True)
            }
            done = {(row["public_id"], layer) for row, layer in ready}
            waiting = [one for one in waiting if (one[0]["public_id"], one[1]) not in done]
    return list(items.values()), batches


ACTION = "campaign.take_in"


def _above(row: Mapping[str, Any]) -> set[str]:
    """The items that must be there before this one: what its first revision stands under."""
    plain = row["revisions"][0].get("plain") or {}
    return {plain[key] for key in ("parent", "task") if plain.get(key)}


def _new(campaign: Campaign, row: Mapping[str, Any]) -> Item:
    return Item(
        public_id=uuid.UUID(row["public_id"]),
        campaign=campaign,
        register=row["register"],
        number=row["number"],
        title="",
        version=1,
    )


def _draft(item: Item, revision: Mapping[str, Any], unit: Rename, item_of: Rename, person: Rename) -> Draft:
    body = renamed(revision, unit, _later(item_of), person)
    rows = [(Unit.objects.get(pk=pk), ItemUnit.Role(role)) for pk, role in body.get("units", ())]
    gone = body.get("units_gone", ())
    return Draft(
        item,
        date.fromisoformat(revision["on"]),
        with_writers(body["dated"]),
        plain=body.get("plain"),
        withdraws=body.get("withdraws"),
        evidence=tuple(NewEvidence(**one) for one in body.get("evidence", ())),
        beside=tuple(row_beside(one, role) for one, role in rows),
        leaving=tuple(
            row for pk, role in gone for row in ItemUnit.objects.filter(item=item.pk, unit=pk, role=role)
        ),
        more={key: body[key] for key in KEPT if key in body} | {"origin": {"on": revision["origin"]["on"]}},
    )


def _later(item_of: Rename) -> Rename:
    """As `item_of`, for values that may be empty."""
    return lambda value: item_of(value) if value is not None else None


def _take_plain(draft: Draft) -> None:
    """Set the item's row to what the revision says in plain values, and make the revision's own say where it is now."""
    plain, item = draft.plain, draft.item
    if plain is None:
        return
    item.title, item.due_kind = plain["title"], plain["due_kind"]
    item.parent_id, item.task_id = plain["parent"], plain["task"]
    item.start = date.fromisoformat(plain["start"]) if plain["start"] else None
    item.late_entry, item.on_behalf = plain["late_entry"], plain["on_behalf"]
    item.restricted = bool(plain.get("restricted"))
    draft.plain = plain_of(item, plain["data"])
    if UNIT in draft.dated and not item.unit_id:
        item.unit_id = draft.dated[UNIT]


def _beside_items(
    actor: Actor,
    campaign: Campaign,
    archive: Archive,
    public: Mapping[str, Item],
    people: Mapping[str, int],
) -> None:
    """Links, remarks and the readers of restricted items."""
    item, person = lookup(public, _("事项")), lookup(people, _("人员"))
    links = [
        NewLink(row["kind"], item(row["source"]).pk, item(row["target"]).pk, row["note"])
        for row in archive.links
    ]
    if links:
        write_links(actor, campaign=campaign, links=links)
    _comments(actor, campaign, archive.comments, item, people)
    readers: dict[str, set[int]] = defaultdict(set)
    for row in archive.readers:
        readers[row["item"]].add(person(row["person"]))
    for public_id, named in readers.items():
        open_to(actor, campaign, [item(public_id)], named, _("随专项工作装入"))


def _comments(
    actor: Actor,
    campaign: Campaign,
    rows: Sequence[Mapping[str, Any]],
    item: Rename,
    people: Mapping[str, int],
) -> None:
    """Remarks under the names that they had; nobody is told of them again."""
    made = [
        Comment(
            item=item(row["item"]),
            kind=row["kind"] if row["kind"] in COMMENT_KINDS else Comment.Kind.REMARK,
            person_id=people.get(row["person"], 0),
            person_name=row["name"],
            text=row["text"],
            anchor=row.get("anchor", ""),
            batch_seq=0,
        )
        for row in rows
    ]
    if not made:
        return
    insert_returning(made)
    changes = []
    for comment, row in zip(made, rows, strict=True):
        plain = {"item": comment.item_id, "person": comment.person_id, "text": comment.text}
        if comment.kind != Comment.Kind.REMARK:
            plain["kind"] = comment.kind
        if comment.anchor:
            plain["anchor"] = comment.anchor
        body = body_text({}, plain, origin={"by": row["name"], "on": row["on"]})
        changes.append(Change("comment", comment.pk, 0, "", today(), body))
    batch = record(actor, action=ACTION, campaign=campaign, changes=changes)
    Comment.objects.filter(pk__in=[comment.pk for comment in made]).update(batch_seq=batch.seq)
