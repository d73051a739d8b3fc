"""Directed links between items: found in, rebound of, self-check of, same as … made, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor, covers, visible
from guatu.actions.history import NO_HEAD, Change, body_text, heads, record
from guatu.actions.reach import load_items, require_reach
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.link_kinds import ASKED, BY_ACTIONS, RESTRUCTURED, link_words
from guatu.records.bulk import insert_returning
from guatu.records.models import Batch, Campaign, Item, LedgerHead, Link
from guatu.records.packs import pack_of

LINK = "items.link"


@dataclass(frozen=True, slots=True)
class NewLink:
    """One link to be made, by the primary keys of its two items; `note` says why they belong together."""

    kind: str
    source: int
    target: int
    note: str = ""


def link_items(
    actor: Actor, *, campaign: Campaign, kind: str, source: int, target: int, note: str = ""
) -> Link:
    """Link `source` to `target`, which may belong to another campaign; the same link is made once only.

    Needs a post that fills the source's register for its unit, and sight of the target. What splitting, merging, a claim
    and a self-check link is linked by them only: numbers and clocks rest on it. `note`: at most 200 characters.
    """
    if kind not in Link.Kind.values:
        raise BadInput(
            _("没有“{kind}”这种关联。可用：{known}。请改正后重试。"),
            kind=kind,
            known=listed(Link.Kind.values),
        )
    if kind in RESTRUCTURED:
        raise BadInput(_("拆分、并案的关联由办理拆分、并案形成，不能单独建立。请从事项页办理。"))
    if kind in BY_ACTIONS:
        raise BadInput(
            _("“{kind}”的关联由认领、发出自查或共性问题页上的判断形成，不能单独建立。请从相应页面办理。"),
            kind=link_words(kind, outgoing=True),
        )
    found = load_items(campaign, [source])[source]
    require_reach(actor, pack_of(campaign).register(found.register).fills, found, campaign)
    other = Item.objects.filter(pk=target).select_related("campaign", "campaign__pack").first()
    if other is None or not visible(actor, Item.objects.filter(pk=target), other.campaign).exists():
        raise NotFound()
    if source == target:
        raise BadInput(_("{number} 不能与自己关联。请另选一项。"), number=found.number)
    new = NewLink(kind, source, target, note.strip()[:200])
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # two who link the same wait for each other
        if Link.objects.filter(kind=kind, source=found, target=other, ended_batch=None).exists():
            raise BadInput(
                _("{source} 与 {target} 已有这种关联。请勿重复建立。"),
                source=found.number,
                target=other.number,
            )
        return write_links(actor, campaign=campaign, links=[new])[0]


def unlink_items(actor: Actor, *, campaign: Campaign, links: Sequence[int], reason: str = "") -> list[Link]:
    """Take links back in one batch; what was linked when stays in history.

    Needs, for each link, a post that fills the register of one of its two items for its unit. Links that splitting and
    merging made stay; those of claims and self-checks only the office takes back. Raises NotFound for a link that the actor cannot see, BadInput for one already taken back.
    """
    if not links:
        raise BadInput(_("没有选中关联。请选定后再办理。"))
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # before the links, as whoever groups items does
        rows = {
            row.pk: row
            for row in Link.objects.select_for_update(of=("self",))
            .filter(pk__in=links)
            .select_related("source__campaign__pack", "target__campaign__pack")
        }
        if len(rows) != len(set(links)):
            raise NotFound()
        for row in rows.values():
            _require_end(actor, row)
            if row.ended_batch is not None:
                raise Conflict(
                    _("{source} 与 {target} 的关联已经取消。请刷新后查看。"),
                    source=row.source.number,
                    target=row.target.number,
                )
            if row.kind in ASKED and not _corrects(actor, row):
                raise NotAllowed(
                    _("{source} 与 {target} 的关联由认领或发出自查形成，只能由{office}取消。"),
                    source=row.source.number,
                    target=row.target.number,
                    office=pack_of(campaign).words.office,
                )
            if row.kind in RESTRUCTURED:
                raise BadInput(
                    _("{source} 与 {target} 的关联由拆分或并案形成，不能单独取消。"),
                    source=row.source.number,
                    target=row.target.number,
                )
        known = heads("link", rows)
        day = today(ZoneInfo(campaign.zone))
        changes = [
            Change(
                "link",
                row.pk,
                known.get(row.pk, NO_HEAD).version,
                known.get(row.pk, NO_HEAD).hash,
                day,
                body_text({}, link_plain(row) | {"ended": True}),
            )
            for row in rows.values()
        ]
        batch = record(actor, action="items.unlink", campaign=campaign, changes=changes, reason=reason)
        Link.objects.filter(pk__in=rows).update(ended_batch=batch.seq)
        for row in rows.values():
            row.ended_batch = batch.seq
    return [rows[pk] for pk in dict.fromkeys(links)]


def write_links(
    actor: Actor,
    *,
    campaign: Campaign,
    links: Sequence[NewLink],
    idempotency_key: str | None = None,
    request: Any = None,
) -> list[Link]:
    """Write links inside the caller's transaction, in one batch. The caller has checked who may, and that none is there."""
    rows = [
        Link(kind=new.kind, source_id=new.source, target_id=new.target, note=new.note, batch_seq=0)
        for new in links
    ]
    insert_returning(rows)
    day = today(ZoneInfo(campaign.zone))
    changes = [Change("link", row.pk, 0, "", day, body_text({}, link_plain(row))) for row in rows]
    batch: Batch = record(
        actor,
        action=LINK,
        campaign=campaign,
        changes=changes,
        idempotency_key=idempotency_key,
        request=request,
    )
    Link.objects.filter(pk__in=[row.pk for row in rows]).update(batch_seq=batch.seq)
    for row in rows:
        row.batch_seq = batch.seq
    return rows


def link_plain(row: Link) -> dict[str, Any]:
    """A link as its revisions hold it; a note only where there is one."""
    plain: dict[str, Any] = {"kind": row.kind, "source": row.source_id, "target": row.target_id}
    return plain | ({"note": row.note} if row.note else {})


def _corrects(actor: Actor, row: Link) -> bool:
    roles = roles_with("correct_history")
    return any(covers(actor, roles, end.line, end.campaign) for end in (row.source, row.target))


def _require_end(actor: Actor, row: Link) -> None:
    """Whoever may fill at one end may take the link back; who sees neither end does not know of it."""
    refusal: Exception = NotFound()
    for end in (row.source, row.target):
        try:
            require_reach(actor, pack_of(end.campaign).register(end.register).fills, end, end.campaign)
        except NotFound:
            continue
        except NotAllowed as failure:
            refusal = failure
        else:
            return
    raise refusal
