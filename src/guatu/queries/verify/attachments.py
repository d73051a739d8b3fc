"""What hangs on items against their revisions: units beside the lead unit, evidence, comments, links."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterator
from typing import Any

from guatu.domain.private import Sealed
from guatu.domain.spells import FIELD
from guatu.domain.tree import line_in
from guatu.domain.words import gettext as _
from guatu.queries.places import forest
from guatu.queries.verify.derived import columns, padded
from guatu.records.files import hash_of
from guatu.records.models import (
    Comment,
    Evidence,
    ItemUnit,
    LedgerHead,
    Link,
    Person,
    PrivateValue,
    Revision,
)

Rows = Counter[tuple[Hashable, ...]]


def check_attachments() -> str:
    """The first row that no revision tells of, or that a revision tells otherwise; empty if there is none."""
    return next(_compare(), "")


def _compare() -> Iterator[str]:
    beside: Rows = Counter()
    evidence: Rows = Counter()
    withdrawn: Rows = Counter()
    comments: Rows = Counter()
    links: dict[int, tuple[Hashable, ...]] = {}
    rows = (
        Revision.objects.filter(subject_kind__in=("item", "comment", "link"))
        .order_by("id")
        .values_list("subject_kind", "subject_id", "batch_id", "body")
    )
    for kind, subject, batch, text in rows.iterator(chunk_size=5000):
        if kind == "comment":
            plain = json.loads(text)["plain"]
            said = plain.get("kind", "remark"), plain["text"], plain.get("anchor", "")
            comments[subject, plain["item"], plain["person"], *said, batch] += 1
        elif kind == "link":
            _link(links, subject, batch, json.loads(text)["plain"])
        elif '"units' in text or '"evidence"' in text:
            body = json.loads(text)
            beside.update((subject, unit, role) for unit, role in body.get("units", ()))
            beside.subtract((subject, unit, role) for unit, role in body.get("units_gone", ()))
            evidence.update((subject, batch, *_said(given)) for given in body.get("evidence", ()))
            if told := body.get("withdrawn_evidence"):
                withdrawn[told["evidence"], subject, batch, told["reason"]] += 1
    yield from _differ(beside, _beside(), _("配合单位"))
    yield from _lines()
    yield from _differ(evidence, _evidence(), _("佐证材料"))
    yield from _differ(withdrawn, _withdrawn(), _("撤回的佐证材料"))
    yield from _files()
    yield from _differ(comments, _comments(), _("评论"))
    yield from _differ(Counter(links.values()), _links(), _("关联"))
    yield from _private()


def _private() -> Iterator[str]:
    """A private value that is still kept has the hash that its revision names; an erased one is nobody's error."""
    for kept in PrivateValue.objects.order_by("pk").iterator(chunk_size=2000):
        revision = Revision.objects.filter(
            subject_kind="item", subject_id=kept.item_id, version=kept.version
        ).values_list("body", flat=True)
        body = json.loads(revision.first() or '{"dated":{}}')
        said = [body.get("plain", {}).get("data", {}).get(kept.field), body["dated"].get(FIELD + kept.field)]
        if Sealed(kept.salt, kept.value).stand_in not in said:
            yield _("不公开内容（内部号 {pk}）与其修订记录不符。").format(pk=kept.pk)


def _differ(wanted: Rows, stored: Rows, name: str) -> Iterator[str]:
    odd = (wanted - stored) + (stored - wanted)
    if odd:
        yield _("{name}（内部号 {pk}）与其修订记录不符。").format(
            name=name, pk=min(int(str(key[0])) for key in odd)
        )


def _beside() -> Rows:
    return Counter(ItemUnit.objects.values_list("item_id", "unit_id", "role"))


def _lines() -> Iterator[str]:
    """The lines of the units beside, on the day for which all current lines were worked out."""
    day = LedgerHead.objects.values_list("lines_on", flat=True).get(pk=1)
    known: dict[int, Any] = {}
    for row in ItemUnit.objects.select_related("item__campaign"):
        tree = row.item.campaign.tree_id
        if tree not in known:
            known[tree] = forest(tree).histories()
        if day is not None and columns(row) != padded(line_in(known[tree].get(row.unit_id, ()), day)):
            yield _("配合单位（内部号 {pk}）所在的层级与其修订记录不符。").format(pk=row.pk)


def _said(given: dict[str, Any]) -> tuple[Hashable, ...]:
    texts = tuple(given.get(key, "") for key in ("kind", "title", "place", "keeper", "number", "sha256"))
    return (*texts, given.get("size"), None)


def _evidence() -> Rows:
    names = "item_id batch_seq kind title place keeper number sha256 size taken_at"
    return Counter(Evidence.objects.values_list(*names.split()))


def _withdrawn() -> Rows:
    rows = Evidence.objects.exclude(withdrawn_batch=None, withdrawn_reason="")
    return Counter(rows.values_list("pk", "item_id", "withdrawn_batch", "withdrawn_reason"))


def _files() -> Iterator[str]:
    """Every file of evidence lies in the store and has the hash under which it was handed in."""
    looked_at: dict[str, str | None] = {}
    rows = Evidence.objects.exclude(sha256="").order_by("pk").values_list("sha256", "title", "item__number")
    for sha256, title, number in rows.iterator(chunk_size=2000):
        if sha256 not in looked_at:
            looked_at[sha256] = hash_of(sha256)
        if looked_at[sha256] is None:
            yield _("{number} 的佐证材料“{title}”的文件不见了。请从备份恢复。").format(
                number=number, title=title
            )
        elif looked_at[sha256] != sha256:
            yield _("{number} 的佐证材料“{title}”的文件与其哈希值不符。").format(number=number, title=title)


def _comments() -> Rows:
    """Comments under their writers' names; names do not change."""
    people = dict(Person.objects.values_list("pk", "name"))
    found: Rows = Counter()
    for row in Comment.objects.all():
        named = row.person_name == people.get(row.person_id)
        key = row.pk if named else -row.pk
        found[key, row.item_id, row.person_id, row.kind, row.text, row.anchor, row.batch_seq] += 1
    return found


def _link(links: dict[int, tuple[Hashable, ...]], subject: int, batch: int, plain: dict[str, Any]) -> None:
    """The link as its revisions say it: the first one makes it, another one takes it back."""
    made = links[subject][5] if subject in links else batch
    ended = batch if plain.get("ended") else None
    links[subject] = (
        subject,
        plain["kind"],
        plain["source"],
        plain["target"],
        plain.get("note", ""),
        made,
        ended,
    )


def _links() -> Rows:
    columns = ("pk", "kind", "source_id", "target_id", "note", "batch_seq", "ended_batch")
    return Counter(Link.objects.values_list(*columns))
