"""Everything of a campaign, read for its archive. For the installation's own hands only: it leaves nothing out by right."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from guatu.domain.campaign_archive import FORMAT, Archive, lookup, renamed
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.words import gettext as _
from guatu.queries.archived_documents import files_of_issued, issued_told, packs_told, phrases_told
from guatu.queries.verify.outside import outside_said
from guatu.records.models import (
    Batch,
    Campaign,
    Comment,
    Evidence,
    HeadCount,
    Item,
    ItemReader,
    Link,
    OutsideRow,
    Person,
    Placement,
    Post,
    Revision,
    SectorRow,
    TeamUnit,
    Tree,
    Unit,
)
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import written_pack


def read_campaign(campaign: Campaign) -> Archive:
    """The campaign with its tree, people, items and what hangs on them, as known now."""
    codes = dict(Unit.objects.values_list("pk", "code"))
    people = dict(Person.objects.values_list("pk", "username"))
    public = {
        pk: str(its) for pk, its in Item.objects.filter(campaign=campaign).values_list("pk", "public_id")
    }
    items = tuple(_items(campaign, codes, public, people))
    posts = tuple(_posts(campaign, codes))
    readers = [
        {"item": public[row.item_id], "person": people[row.person_id]}
        for row in ItemReader.objects.filter(item__campaign=campaign, ended_batch=None).order_by("pk")
    ]
    remarks = tuple(_comments(campaign, public, people))
    named = {one["origin"]["person"] for row in items for one in row["revisions"]} - {""}
    phrases = tuple(phrases_told(campaign))
    named |= {post["person"] for post in posts} | {
        row["person"] for row in (*readers, *remarks, *phrases) if row["person"]
    }
    issued = tuple(issued_told(campaign, codes, public))
    return Archive(
        head={
            "format": FORMAT,
            "key": campaign.key,
            "name": campaign.name,
            "short_name": campaign.short_name,
            "wave": campaign.wave,
            "zone": campaign.zone,
            "starts_on": campaign.starts_on.isoformat(),
            "ends_on": campaign.ends_on.isoformat() if campaign.ends_on else None,
            "synthetic": campaign.synthetic,
            "overlay": campaign.overlay,
            "tree": {"key": campaign.tree.key, "name": campaign.tree.name},
            "root": codes[campaign.root_id],
            "pack_sha256": campaign.pack.sha256,
        },
        pack=written_pack(campaign).canonical,
        units=tuple(units_of(campaign.tree)),
        people=tuple(_people(named, codes)),
        teams=tuple(_teams(campaign, codes)),
        posts=posts,
        items=items,
        links=tuple(_links(public)),
        comments=remarks,
        readers=tuple(readers),
        outside=tuple(_outside(campaign, codes)),
        packs=tuple(packs_told(campaign)),
        issued=issued,
        phrases=phrases,
        files=tuple(sorted({*_files(campaign, items), *files_of_issued(issued)})),
    )


def units_of(tree: Tree) -> Iterator[dict[str, Any]]:
    """Every unit of the tree with its places, sectors and head-counts as known now."""
    codes = dict(Unit.objects.values_list("pk", "code"))
    places: dict[int, list[dict[str, Any]]] = defaultdict(list)
    known = Placement.objects.filter(tree=tree, rec_to=STILL_KNOWN).order_by("from_day", "version")
    for row in known:
        places[row.unit_id].append(
            {
                "from": row.from_day.isoformat(),
                "kind": row.kind,
                "parent": codes[row.parent_id] if row.parent_id else None,
                "successor": codes[row.successor_id] if row.successor_id else None,
            }
        )
    sectors: dict[int, list[list[str]]] = defaultdict(list)
    for sector in SectorRow.objects.filter(rec_to=STILL_KNOWN).order_by("from_day", "version"):
        sectors[sector.unit_id].append([sector.from_day.isoformat(), sector.sector])
    counts: dict[int, list[list[Any]]] = defaultdict(list)
    for count in HeadCount.objects.filter(rec_to=STILL_KNOWN).order_by("from_day", "version"):
        counts[count.unit_id].append([count.from_day.isoformat(), count.kind, count.count])
    for unit in Unit.objects.filter(pk__in=places).order_by("order", "pk"):
        yield {
            "code": unit.code,
            "name": unit.name,
            "short_name": unit.short_name,
            "former_names": unit.former_names,
            "aliases": unit.aliases,
            "level": unit.level,
            "order": unit.order,
            "places": places[unit.pk],
            "sectors": sectors.get(unit.pk, []),
            "head_counts": counts.get(unit.pk, []),
        }


def _people(usernames: set[str], codes: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    for person in Person.objects.filter(username__in=usernames).order_by("username"):
        home = codes[person.home_unit_id] if person.home_unit_id else None
        yield {"username": person.username, "name": person.name, "home": home}


def _teams(campaign: Campaign, codes: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Teams with the units that are or were assigned to them: code, first day, first day no longer."""
    units: dict[int, list[list[str | None]]] = defaultdict(list)
    for row in TeamUnit.objects.filter(team__campaign=campaign).order_by("pk"):
        until = row.to_day.isoformat() if row.to_day else None
        units[row.team_id].append([codes[row.unit_id], row.from_day.isoformat(), until])
    for team in campaign.teams.order_by("pk"):
        yield {"key": team.key, "name": team.name, "units": units.get(team.pk, [])}


def _posts(campaign: Campaign, codes: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    rows = Post.objects.filter(campaign=campaign).exclude(role__in=ADMINISTRATORS).order_by("pk")
    rows = rows.select_related("person", "team")
    for post in rows:
        yield {
            "person": post.person.username,
            "role": post.role,
            "unit": codes[post.unit_id] if post.unit_id else None,
            "team": post.team.key if post.team else None,
            "aspect": post.aspect,
            "from": post.from_day.isoformat(),
            "to": post.to_day.isoformat() if post.to_day else None,
        }


def _items(
    campaign: Campaign, codes: Mapping[int, str], public: Mapping[int, str], people: Mapping[int, str]
) -> Iterator[dict[str, Any]]:
    """Items in the order of their making, each with all its revisions."""
    unit, item = lookup(codes, _("单位")), lookup(public, _("事项"))
    batches = {
        seq: {
            "seq": seq,
            "on": moment.isoformat(),
            "person": people.get(person or 0, ""),
            "by": by,
            "post": post,
            "action": action,
        }
        for seq, moment, person, by, post, action in Batch.objects.filter(
            campaign_key=campaign.key
        ).values_list("seq", "recorded_on", "actor_id", "actor_name", "post_name", "action")
    }
    gone = {
        (row.item_id, row.batch_seq, row.title, row.sha256)
        for row in Evidence.objects.filter(item__campaign=campaign).exclude(withdrawn_batch=None)
    }
    revisions: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Revision.objects.filter(subject_kind="item").order_by("subject_id", "version")
    for subject, seq, day, text in rows.values_list(
        "subject_id", "batch_id", "effective_on", "body"
    ).iterator():
        if subject not in public:
            continue
        said = renamed(json.loads(text), unit, item, lambda person: people.get(person, ""))
        kept = [
            one
            for one in said.pop("evidence", [])
            if (subject, seq, one.get("title", ""), one.get("sha256", "")) not in gone
        ]
        revisions[subject].append(
            {
                "on": day.isoformat(),
                **said,
                **({"evidence": kept} if kept else {}),
                "origin": batches[seq],
            }
        )
    numbers = Item.objects.filter(campaign=campaign).order_by("pk").values_list("pk", "register", "number")
    for pk, register, number in numbers:
        yield {"public_id": public[pk], "register": register, "number": number, "revisions": revisions[pk]}


def _links(public: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Links between two items of the campaign that still stand."""
    for row in Link.objects.filter(ended_batch=None).order_by("pk"):
        if row.source_id in public and row.target_id in public:
            yield {
                "kind": row.kind,
                "source": public[row.source_id],
                "target": public[row.target_id],
                "note": row.note,
            }


def _comments(
    campaign: Campaign, public: Mapping[int, str], people: Mapping[int, str]
) -> Iterator[dict[str, Any]]:
    rows = list(Comment.objects.filter(item__campaign=campaign).order_by("pk"))
    moments = dict(
        Batch.objects.filter(seq__in=[row.batch_seq for row in rows]).values_list("seq", "recorded_on")
    )
    for row in rows:
        yield {
            "item": public[row.item_id],
            "kind": row.kind,
            "person": people.get(row.person_id, ""),
            "name": row.person_name,
            "text": row.text,
            **({"anchor": row.anchor} if row.anchor else {}),
            "on": moments[row.batch_seq].date().isoformat(),
        }


def _outside(campaign: Campaign, codes: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    """Rows from outside the system, those that were withdrawn too."""
    for row in OutsideRow.objects.filter(campaign=campaign).order_by("pk"):
        said = outside_said(row)
        yield {**{key: value for key, value in said.items() if key != "campaign"}, "unit": codes[row.unit_id]}


def _files(campaign: Campaign, items: tuple[dict[str, Any], ...]) -> tuple[str, ...]:
    """What evidence that still stands and file fields refer to."""
    pack = written_pack(campaign)
    fields = {
        key: [field.key for field in register.fields if field.type == "file"]
        for key, register in pack.registers.items()
    }
    found: set[str] = set()
    for item in items:
        for revision in item["revisions"]:
            found.update(one["sha256"] for one in revision.get("evidence", ()) if one.get("sha256"))
            data = revision.get("plain", {}).get("data", {})
            for key in fields.get(item["register"], ()):
                values = (data.get(key), revision["dated"].get(f"data.{key}"))
                found.update(value for value in values if isinstance(value, str) and value)
    return tuple(sorted(found))
