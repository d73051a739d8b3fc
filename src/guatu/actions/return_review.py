"""Reviewing returns: letting them pass up the chain, accepting, sending back a whole return, a row or a cell, reopening.

Whoever reviews is never on the unit's own side (`return_rules`). What the rows of a return are recognised as moves with
every step, in the same transaction (`after_steps`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor, require, visible
from guatu.access.transitions import acting, may_move
from guatu.actions.history import answered
from guatu.actions.noting import note_items
from guatu.actions.reach import items_of, load_items
from guatu.actions.requests import CAPABILITY, request_in_hand
from guatu.actions.workflow import Move, move_items
from guatu.domain.clock import today
from guatu.domain.collection import Sample, draw_returns, fits_chain, sample_of
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.loop_tracks import FLAWS, FORM, HANDED_AT
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _
from guatu.domain.words import listed, ngettext
from guatu.queries.own_review import own_among
from guatu.queries.returns import collection_of, form_of_request, roster, rows_of
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

SAMPLE_ACTION = "requests.sample"


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong in a return: a cell (`item` the row, `field`), a whole row (`field` empty), or all of it (no `item`)."""

    reason: str
    item: int | None = None
    field: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """What letting many pass came to: the returns that moved on, and those that did not, each with the sentence why."""

    items: tuple[Item, ...]
    left_out: tuple[tuple[Item, str], ...]


def forward(
    actor: Actor,
    *,
    campaign: Campaign,
    returns: Sequence[int],
    versions: Mapping[int, int] | None = None,
    idempotency_key: str | None = None,
) -> list[Item]:
    """Let returns that wait for the second tier pass on (审核通过): to the office, or accepted where nobody comes after.

    All or nothing. Raises NotAllowed for whoever is on the unit's own side, BadInput for a return that does not wait here.
    """
    spec = collection_of(pack_of(campaign))
    return _let_through(actor, campaign, returns, spec.review, versions or {}, idempotency_key)


def accept(
    actor: Actor,
    *,
    campaign: Campaign,
    returns: Sequence[int],
    versions: Mapping[int, int] | None = None,
    idempotency_key: str | None = None,
) -> list[Item]:
    """Accept returns that wait for the office (接收). All or nothing; refused as `forward` is."""
    spec = collection_of(pack_of(campaign))
    return _let_through(actor, campaign, returns, (spec.accept,), versions or {}, idempotency_key)


def pass_rest(
    actor: Actor,
    *,
    campaign: Campaign,
    request: int,
    judge: str,
    without: Sequence[int] = (),
    below: int | None = None,
    idempotency_key: str | None = None,
) -> Passed:
    """Let everything pass that waits for `judge` (second, office) in this request and that the actor may review.

    Left out, with the reason: `without` (what is being looked at), the sample that was drawn and not yet looked at, and
    returns of the actor's own side. `below`: only the units below this one (a whole company). Raises BadInput when nothing
    is left.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    asked = Item.objects.filter(pk=request, campaign=campaign, register=spec.requests).first()
    if asked is None:
        raise NotFound()
    key = f"{idempotency_key}:rest" if idempotency_key else None
    day = today(ZoneInfo(campaign.zone))
    rows = [
        row
        for row in roster(campaign, asked, day)
        if row.judge == judge and (below is None or below in row.line)
    ]
    items = load_items(campaign, [row.pk for row in rows])
    keys = (spec.accept,) if judge == "office" else spec.review
    mine = {pk: item for pk, item in items.items() if _step(pack, item, keys, actor, campaign) is not None}
    if not mine and items and not visible(actor, Item.objects.filter(pk__in=list(items)), campaign).exists():
        raise NotFound()
    sample = sample_of(form_of_request(asked)) if judge == "office" else None
    aside = set(without)
    drawn = set(sample.returns) if sample is not None else set()
    steps = [(way, item) for item in mine.values() if (way := _fitting(pack, item, keys)) is not None]
    reviewer = acting(actor, steps, campaign) or actor  # the post, and whose it is, that history will name
    barred = own_among(reviewer, campaign, pack, [item for pk, item in mine.items() if pk not in aside])
    left_out = []
    chosen = []
    for pk, item in mine.items():
        if pk in aside:
            left_out.append((item, _("{number} 有疑点，没有一并办理。").format(number=item.number)))
        elif pk in drawn:
            left_out.append((item, _("{number} 抽中，须逐家看过再办理。").format(number=item.number)))
        elif pk in barred:
            left_out.append((item, barred[pk]))
        else:
            chosen.append(pk)
    if not chosen:
        raise BadInput(
            _("没有可以一并办理的：{why}"), why=left_out[0][1] if left_out else _("没有等您审核的报送。")
        )
    moved = _let_through(actor, campaign, chosen, keys, {}, key)
    return Passed(tuple(moved), tuple(left_out))


def send_back(
    actor: Actor,
    *,
    campaign: Campaign,
    return_: int,
    reason: str = "",
    flaws: Sequence[Flaw] = (),
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """Send a return back: all of it with a reason, or the rows and cells in `flaws`, each with its own (退回).

    What is accepted already is reopened by it. Its rows count nowhere until it is handed in again. Raises BadInput for a
    flaw without a reason or in no row of this return.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    item = load_items(campaign, [return_])[return_]
    if item.register != spec.returns:
        raise NotFound()
    if not visible(actor, Item.objects.filter(pk=return_), campaign).exists():
        raise NotFound()
    way = spec.reopen if item.phase == "closed" else spec.send_back
    marked = [_checked(flaw) for flaw in flaws]
    if marked:
        reason = _said(campaign, pack, item, marked, reason)
    if not reason.strip():
        raise BadInput(_("退回须写明原因。请写明哪里要改、怎样改。"))
    marks = {FLAWS: [asdict(flaw) for flaw in marked], HANDED_AT: None}
    return move_items(
        actor,
        campaign=campaign,
        transition=way,
        moves=[Move(item.pk, reason=reason.strip(), version=version, tracks=marks)],
        idempotency_key=idempotency_key,
    )[0]


def reopen(
    actor: Actor, *, campaign: Campaign, return_: int, reason: str, version: int | None = None
) -> Item:
    """Send an accepted return back (接收后退回). Raises BadInput for one that is not accepted."""
    item = load_items(campaign, [return_])[return_]
    if item.phase != "closed":
        raise BadInput(_("{number} 还没有接收，请直接退回。"), number=item.number)
    return send_back(actor, campaign=campaign, return_=return_, reason=reason, version=version)


def draw_return_sample(
    actor: Actor, *, campaign: Campaign, request: int, percent: int, seed: str = ""
) -> Sample:
    """Draw `percent` of the returns that wait for the office to be looked at closely before the rest is accepted.

    By seed (the request's number and its day unless given), so that the draw can be made again. Raises BadInput where
    nothing waits or for a share outside 1 to 100.
    """
    asked = request_in_hand(actor, campaign, request)
    if asked.unit_id != campaign.root_id:
        raise NotAllowed(_("抽查由{office}办理。"), office=pack_of(campaign).words.office)
    require(actor, CAPABILITY, asked.unit, campaign)
    if not 1 <= percent <= 100:
        raise BadInput(_("抽查比例 {value} 不在 1 至 100 之间。请改填。"), value=percent)
    day = today(ZoneInfo(campaign.zone))
    waiting = [row for row in roster(campaign, asked, day) if row.judge == "office"]
    if not waiting:
        raise BadInput(_("没有等待接收的报送，不能抽查。"))
    seed = seed.strip()[:40] or f"{asked.number} {day.isoformat()}"
    sample = draw_returns([(row.pk, row.number) for row in waiting], percent, seed)
    form = form_of_request(asked)
    plain = replace(form, more={**form.more, "sample": sample.plain()}).plain()
    note_items(
        actor,
        campaign=campaign,
        action=SAMPLE_ACTION,
        notes={asked.pk: {FORM: plain}},
        versions={asked.pk: asked.version},
    )
    return sample


def _let_through(
    actor: Actor,
    campaign: Campaign,
    returns: Sequence[int],
    keys: Sequence[str],
    versions: Mapping[int, int],
    idempotency_key: str | None,
) -> list[Item]:
    """Move each return by the one of these steps that fits its chain; steps of one kind are one batch."""
    if not returns:
        raise BadInput(_("没有选报送单位。请勾选后再提交。"))
    pack = pack_of(campaign)
    again = _answered(actor, campaign, returns, keys, versions, idempotency_key)
    if again:
        return again
    items = load_items(campaign, list(returns))
    if any(item.register != collection_of(pack).returns for item in items.values()):
        raise NotFound()
    by_step: dict[str, list[int]] = {}
    for pk in returns:
        way = _fitting(pack, items[pk], keys)
        by_step.setdefault(way.key if way is not None else keys[0], []).append(pk)  # refused there, by name
    moved: list[Item] = []
    with transaction.atomic():
        for step, pks in by_step.items():
            moved += move_items(
                actor,
                campaign=campaign,
                transition=step,
                moves=[Move(pk, version=versions.get(pk)) for pk in pks],
                idempotency_key=f"{idempotency_key}:{step}" if idempotency_key else None,
            )
    return moved


def _answered(
    actor: Actor,
    campaign: Campaign,
    returns: Sequence[int],
    keys: Sequence[str],
    versions: Mapping[int, int],
    idempotency_key: str | None,
) -> list[Item]:
    """What the same key moved before: a page sent twice asks again for what has gone on meanwhile."""
    if not idempotency_key:
        return []
    found: list[Item] = []
    for step in keys:
        request = [None, "", [Move(pk, version=versions.get(pk)) for pk in returns]]
        batch = answered(actor, f"items.move:{step}", campaign, f"{idempotency_key}:{step}", request)
        found += items_of(batch) if batch is not None else []
    return found


def _fitting(pack: Pack, item: Item, keys: Sequence[str]) -> Transition | None:
    """The one of these steps that leads on from the return's state in its review chain."""
    flow = pack.workflow_of(item.register)
    for way in flow.ways_from(item.state):
        if way.key in keys and fits_chain(flow, way, item.state, item.data):
            return way
    return None


def _step(pack: Pack, item: Item, keys: Sequence[str], actor: Actor, campaign: Campaign) -> Transition | None:
    """The same, if the actor's post makes it."""
    way = _fitting(pack, item, keys)
    return way if way is not None and may_move(actor, way, item, campaign) else None


def _checked(flaw: Flaw) -> Flaw:
    if not flaw.reason.strip():
        raise BadInput(_("退回的每一格都须写明原因。请补充后再提交。"))
    return replace(flaw, reason=flaw.reason.strip()[:500])


def _said(campaign: Campaign, pack: Pack, item: Item, flaws: Sequence[Flaw], reason: str) -> str:
    """The reason of the whole in words: which cells, each with its own reason. Refuses a cell of no row of the return."""
    register = pack.register(form_of_request(_request(item)).register)
    rows = {row.pk: row for row in rows_of(campaign, [item])}
    told = []
    for flaw in flaws:
        if flaw.item is None:
            told.append(flaw.reason)
            continue
        declared = register.field(flaw.field) if flaw.field else None
        if flaw.item not in rows or (flaw.field and declared is None):
            raise BadInput(_("退回的格子不在 {number} 的内容里。请刷新后再选。"), number=item.number)
        label = declared.label if declared is not None else rows[flaw.item].number
        told.append(_("{cell}：{reason}").format(cell=label, reason=flaw.reason))
    said = ngettext("退回 {n} 格：{told}", "退回 {n} 格：{told}", len(flaws)).format(
        n=len(flaws), told=listed(told)
    )
    return _("{reason}；{told}").format(reason=reason.strip(), told=said) if reason.strip() else said


def _request(item: Item) -> Item:
    if item.parent is None:
        raise NotFound()
    return item.parent
