"""Campaigns, packs, posts, teams and people against their revisions: the tables that decide rights and definitions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from guatu.domain.private import EMAIL, Sealed
from guatu.domain.telephones import TELEPHONE
from guatu.domain.words import gettext as _
from guatu.records.models import (
    Campaign,
    Delegation,
    Deployment,
    PackVersion,
    Person,
    PersonalValue,
    Post,
    Revision,
    Team,
    TeamUnit,
    Tree,
)

Said = dict[int, tuple[int, dict[str, Any]]]


def check_subjects() -> str:
    """The first row that differs from its last revision, in words; empty if none does."""
    return next(_compare(), "")


def _compare() -> Iterator[str]:
    for pack in PackVersion.objects.all():
        if hashlib.sha256(pack.body.encode()).hexdigest() != pack.sha256:
            yield _("专项模板 {key} {version} 的内容与其哈希值不符。").format(
                key=pack.key, version=pack.version
            )
        said = json.loads(pack.body)["head"]
        if (said["key"], said["version"]) != (pack.key, pack.version):
            yield _("专项模板 {key} {version} 的名称或版本与其内容不符。").format(
                key=pack.key, version=pack.version
            )
    yield from _differ("tree", _trees(), _("树"))
    yield from _deployment()
    yield from _recorded()
    yield from _differ("campaign", _campaigns(), _("专项工作"))
    yield from _differ("post", _posts(), _("身份"))
    yield from _differ("delegation", _delegations(), _("委托代办"))
    yield from _differ("team", _teams(), _("督导组"))
    yield from _differ("person", _people(), _("人员"))
    yield from _personal()


def _last(kind: str) -> Said:
    rows = Revision.objects.filter(subject_kind=kind).order_by("subject_id", "version")
    return {
        subject: (version, json.loads(body).get("plain", {}))
        for subject, version, body in rows.values_list("subject_id", "version", "body")
    }


def _personal() -> Iterator[str]:
    """A personal value that is kept has the hash that its revision and the last one name; an erased one is no error."""
    said: dict[int, dict[int, dict[str, Any]]] = {}
    rows = Revision.objects.filter(subject_kind="person").order_by("subject_id", "version")
    for person, version, body in rows.values_list("subject_id", "version", "body"):
        said.setdefault(person, {})[version] = json.loads(body).get("plain", {})
    for kept in PersonalValue.objects.order_by("pk").iterator(chunk_size=2000):
        versions = said.get(kept.person_id, {})
        wanted = Sealed(kept.salt, kept.value).stand_in
        told = [versions.get(kept.version, {}), versions[max(versions)] if versions else {}]
        if any(plain.get(kept.field) != wanted for plain in told):
            yield _("人员的不公开内容（内部号 {pk}）与其修订记录不符。").format(pk=kept.pk)


def _differ(kind: str, stored: Said, name: str) -> Iterator[str]:
    wanted = _last(kind)
    for subject in sorted(wanted.keys() | stored.keys()):
        if wanted.get(subject) != stored.get(subject):
            yield _("{name}（内部号 {pk}）与其修订记录不符。").format(name=name, pk=subject)


def _trees() -> Said:
    return {row.pk: (1, {"key": row.key, "name": row.name}) for row in Tree.objects.all()}


def _deployment() -> Iterator[str]:
    """Whether this is a demonstration: there, everybody may enter."""
    row = Deployment.objects.filter(pk=1).first()
    day = row.demo_day.isoformat() if row is not None and row.demo_day else None
    stored = {"demo": row is not None and row.demo, "demo_day": day}
    _version, said = _last("deployment").get(1, (0, {"demo": False, "demo_day": None}))
    if row is None or Deployment.objects.count() != 1 or stored != said:
        yield _("安装方式（是否演示）与其修订记录不符。")


def _recorded() -> Iterator[str]:
    """The batches that began and ended what is held: known-at depends on them."""
    batches: dict[tuple[str, int], list[int]] = {}
    rows = Revision.objects.filter(subject_kind__in=("post", "team", "delegation")).order_by(
        "subject_id", "version"
    )
    for kind, subject, batch in rows.values_list("subject_kind", "subject_id", "batch_id"):
        batches.setdefault((kind, subject), []).append(batch)
    for post in Post.objects.all():
        own = batches.get(("post", post.pk), [0])
        if (post.rec_from, post.end_rec) != (own[0], own[-1] if post.to_day is not None else None):
            yield _("身份（内部号 {pk}）的记录批次与其修订记录不符。").format(pk=post.pk)
    for given in Delegation.objects.all():
        own = batches.get(("delegation", given.pk), [0])
        if (given.rec_from, given.end_rec) != (own[0], own[-1]):
            yield _("委托代办（内部号 {pk}）的记录批次与其修订记录不符。").format(pk=given.pk)
    told = _assigned()
    for row in TeamUnit.objects.all():
        if told.get(row.pk) != (row.rec_from, row.end_rec):
            yield _("督导组联系单位（内部号 {pk}）的记录批次与其修订记录不符。").format(pk=row.pk)


def _assigned() -> dict[int, tuple[int, int | None]]:
    """When each assignment of a team was recorded, and its end: the batches of the versions that first tell of them.

    A team's revisions list its assignments in the order in which they were made.
    """
    rows: dict[int, list[int]] = {}
    for team, pk in TeamUnit.objects.order_by("pk").values_list("team_id", "pk"):
        rows.setdefault(team, []).append(pk)
    found: dict[int, tuple[int, int | None]] = {}
    revisions = Revision.objects.filter(subject_kind="team").order_by("subject_id", "version")
    for team, batch, body in revisions.values_list("subject_id", "batch_id", "body"):
        for pk, (_unit, _from, to) in zip(
            rows.get(team, ()), json.loads(body)["plain"]["units"], strict=False
        ):
            begun, ended = found.get(pk, (batch, None))
            found[pk] = (begun, batch if to is not None and ended is None else ended)
    return found


def _campaigns() -> Said:
    return {
        row.pk: (
            row.version,
            {
                "key": row.key,
                "name": row.name,
                "short_name": row.short_name,
                "pack": row.pack.sha256,
                "overlay": row.overlay,
                "tree": row.tree.key,
                "root": row.root_id,
                "wave": row.wave,
                "starts_on": row.starts_on.isoformat(),
                "ends_on": row.ends_on.isoformat() if row.ends_on else None,
                "zone": row.zone,
                "synthetic": row.synthetic,
            },
        )
        for row in Campaign.objects.select_related("pack", "tree")
    }


def _posts() -> Said:
    return {
        row.pk: (
            row.version,
            {
                "person": row.person_id,
                "role": row.role,
                "campaign": row.campaign_id,
                "unit": row.unit_id,
                "team": row.team_id,
                "aspect": row.aspect,
                "from": row.from_day.isoformat(),
                "to": row.to_day.isoformat() if row.to_day else None,
            },
        )
        for row in Post.objects.all()
    }


def _delegations() -> Said:
    return {
        row.pk: (
            row.version,
            {
                "post": row.post_id,
                "giver": row.giver_id,
                "taker": row.taker_id,
                "reason": row.reason,
                "from": row.from_day.isoformat(),
                "to": row.to_day.isoformat() if row.to_day else None,
            },
        )
        for row in Delegation.objects.all()
    }


def _teams() -> Said:
    units: dict[int, list[list[Any]]] = {}
    for row in TeamUnit.objects.order_by("pk"):
        ends = row.to_day.isoformat() if row.to_day else None
        units.setdefault(row.team_id, []).append([row.unit_id, row.from_day.isoformat(), ends])
    return {
        row.pk: (
            row.version,
            {
                "campaign": row.campaign_id,
                "key": row.key,
                "name": row.name,
                "units": units.get(row.pk, []),
            },
        )
        for row in Team.objects.all()
    }


def _people() -> Said:
    """A personal value stands apart, its hash in the revision; one that was erased leaves the revision as it is."""
    said = _last("person")
    noted = {
        (row.person_id, row.field): Sealed(row.salt, row.value).stand_in
        for row in PersonalValue.objects.order_by("version")
    }

    def personal(person: int) -> dict[str, Any]:
        _version, plain = said.get(person, (0, {}))
        return {
            field: noted.get((person, field), plain.get(field))
            for field in (TELEPHONE, EMAIL)
            if (person, field) in noted or field in plain
        }

    return {
        row.pk: (
            row.version,
            {
                "username": row.username,
                "name": row.name,
                "home_unit": row.home_unit_id,
                **personal(row.pk),
                **({} if row.is_active else {"active": False}),
            },
        )
        for row in Person.objects.all()
    }
