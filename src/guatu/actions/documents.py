"""Documents (文稿): beginning one, and saving its text. Steps, fields and deadlines are those of any item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from guatu.access import Actor, get_unit
from guatu.actions.document_rules import require_writable, titles_in, writing_as
from guatu.actions.history import answered, answered_meanwhile
from guatu.actions.items import NewItem, create_items
from guatu.actions.noting import note_items
from guatu.actions.reach import items_of
from guatu.domain.errors import BadInput
from guatu.domain.figures.references import exists, key_of
from guatu.domain.loop_tracks import BODY, SECTIONS
from guatu.domain.pack import Pack
from guatu.domain.pack.template import NAMES
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.domain.writing.assigning import Share, notes_of, shares_of, still_there, touched
from guatu.domain.writing.body import Block, Body, ChartBlock, FiguresBlock, UnitsBlock
from guatu.domain.writing.body_json import body_of, plain
from guatu.domain.writing.from_template import struck_out
from guatu.domain.writing.merging import Clash, merge
from guatu.queries.document_bodies import body_of_template, title_of_template
from guatu.queries.document_numbers import next_document_number
from guatu.queries.documents import body_at, body_in, document_in_sight, documents_of, require_day
from guatu.records.models import Campaign, Item
from guatu.records.models.desk import BodyDraft
from guatu.records.packs import pack_of

SAVE_ACTION = "documents.save"


@dataclass(frozen=True, slots=True)
class Saved:
    """A document whose text was saved. `body` is what stands now; `clashes` say where somebody else wrote too."""

    document: Item
    body: Body
    clashes: tuple[Clash, ...] = ()


def create_document(
    actor: Actor,
    *,
    campaign: Campaign,
    unit: str = "",
    kind: str = "",
    as_of: date,
    title: str = "",
    template: str = "",
    copy_of: int | None = None,
    fields: Mapping[str, Any] | None = None,
    due: date | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """Begin a document of the unit (by code): from a report template of the pack, as a copy of an earlier one, or empty.

    Without `unit` or `kind` it has those of the earlier one, without `kind` that of the template. A briefing gets the next number of its series, to be changed at will.

    `as_of` is the day of its figures. Without a `title` it has that of the template or of the earlier one. `fields` are
    others of the register. Of an earlier one text and head are taken, not its number, nor who writes which section. Raises
    BadInput for a day before the campaign and without a title, NotFound for a template or a document out of sight.
    """
    pack = pack_of(campaign)
    spec = documents_of(pack)
    request = [unit, kind, as_of, title, template, copy_of, fields, due]
    if batch := answered(actor, "items.create", campaign, idempotency_key, request):
        return items_of(batch)[0]
    if template and copy_of is not None:
        raise BadInput(_("模板和已有文稿只能选一样作为底稿。请去掉一样。"))
    require_day(campaign, as_of)
    values: dict[str, Any] = dict(fields or {})
    body = Body()
    if template:
        lead = get_unit(actor, unit, campaign)
        body = body_of_template(campaign, template, unit=lead, day=as_of, actor=actor)
        title = title or title_of_template(campaign, template, unit=lead)
        kind = kind or pack.reports[template].kind or ""
        if spec.kinds.get(kind) == "briefing":  # it is sent to nobody and signed by nobody
            body = replace(body, salutation="", signature="")
    elif copy_of is not None:
        earlier = document_in_sight(actor, campaign, copy_of)
        body = body_in(earlier)
        title = title or earlier.title
        unit = unit or earlier.unit.code
        kind = kind or str(earlier.data.get(spec.kind) or "")
        for key in (spec.series, spec.recipients):
            if key and earlier.data.get(key):
                values.setdefault(key, earlier.data[key])
    if not title.strip():
        raise BadInput(_("没有填写标题。请填写，例如“关于……情况的报告”。"))
    values = {**values, spec.kind: kind, spec.as_of: as_of.isoformat()}
    if spec.issue and spec.kinds.get(kind) == "briefing" and not values.get(spec.issue):
        probe = Item(unit=get_unit(actor, unit, campaign), register=spec.register_key, data=values)
        values[spec.issue] = next_document_number(campaign, probe)
    row = NewItem(
        register=spec.register_key,
        unit=unit,
        title=title.strip(),
        fields=values,
        due=due,
        readers_of=copy_of,
        tracks={BODY: plain(body)},
    )
    return create_items(
        actor, campaign=campaign, rows=[row], idempotency_key=idempotency_key, request=request
    )[0]


def save_body(
    actor: Actor,
    *,
    campaign: Campaign,
    document: int,
    body: Body | Mapping[str, Any],
    base_version: int,
    reason: str = "",
    idempotency_key: str | None = None,
) -> Saved:
    """Save the text that was made from version `base_version` of the document, merged with what others saved since.

    Nothing of either is lost: what both changed stands twice until somebody chooses, and `Saved.clashes` says where. The
    writer's own draft (`document_drafts`) is done with. Raises BadInput for a text that is no body, for a figure that there
    is none of, and in a state in which the text stands; NotFound and NotAllowed as for editing an item.
    """
    given = body if isinstance(body, Body) else body_of(body)
    request = [document, plain(given), base_version]
    if batch := answered(actor, SAVE_ACTION, campaign, idempotency_key, request):
        found = items_of(batch)[0]
        return Saved(found, body_in(found))
    pack = pack_of(campaign)
    with transaction.atomic():
        # two at once: the second finds what the first has saved
        if batch := answered_meanwhile(actor, SAVE_ACTION, campaign, idempotency_key, request):
            found = items_of(batch)[0]
            return Saved(found, body_in(found))
        item = document_in_sight(actor, campaign, document)
        require_writable(pack, item)
        stored = body_in(item)
        base = stored if base_version == item.version else body_at(item, base_version)
        acting = writing_as(actor, campaign, item, touched(base, given), titles_in(base, given))
        _refuse_unknown(pack, given, stored)
        _refuse_judgements(pack, given, stored)
        merged = merge(base, stored, given)
        body_now = replace(merged.body, dropped=struck_out(stored, merged.body))
        shares = still_there(shares_of(item.data.get(SECTIONS)), merged.body)
        changed = note_items(
            acting,
            campaign=campaign,
            action=SAVE_ACTION,
            notes={item.pk: {BODY: plain(body_now), **_kept_shares(item, shares)}},
            versions={item.pk: item.version},
            reason=reason,
            request=request,
            idempotency_key=idempotency_key,
        )
        if actor.person is not None:
            BodyDraft.objects.filter(item=item, person_id=actor.person).delete()
    return Saved(changed[0] if changed else item, body_now, merged.clashes)


def _kept_shares(item: Item, shares: Sequence[Share]) -> dict[str, Any]:
    """Sections that are gone are given to nobody."""
    return notes_of(shares) if item.data.get(SECTIONS) else {}


def _refuse_unknown(pack: Pack, given: Body, stored: Body) -> None:
    """A figure that there is none of is a slip of the hand; one that stood there already may have left the pack since."""
    unknown = [
        key for key in sorted(given.keys - stored.keys) if key not in NAMES and not exists(pack.figures, key)
    ]
    if unknown:
        raise BadInput(
            _("正文中的“{keys}”不是统计项。请从统计项列表中插入，或写成文字。"), keys=listed(unknown[:5])
        )


def _refuse_judgements(pack: Pack, given: Body, stored: Body) -> None:
    """A judgement holds or does not: it is no number for a column or a line. What stood there already may stay."""
    before = {key for block in stored.every_block for key in _counted(block)}
    for block in given.every_block:
        for key in _counted(block):
            figure = pack.figures.get(key_of(key))
            if figure is not None and figure.is_claim and key not in before:
                raise BadInput(
                    _("“{label}”是判断，不是数，不能列入统计表、单位名单和图。请另选统计项，或写进正文。"),
                    label=figure.label,
                )


def _counted(block: Block) -> tuple[str, ...]:
    if isinstance(block, FiguresBlock | ChartBlock):
        return block.figures
    return (block.figure,) if isinstance(block, UnitsBlock) else ()
