"""What keeps requests and returns whole, whatever door they are moved through: item page, bulk, import, console.

A request is sent with its roster and a return is made by sending, never by hand. Nobody judges the return of their own
unit or one they have filled, and nobody two steps of it. Who is on the roster is for whoever asks. What has been handed in stands until it is sent
or taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guatu.access import Actor, covers
from guatu.access.system import is_system
from guatu.domain.collection import UNREPORTED, judges
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.loop_tracks import BASIS, CHAIN, FORM, HANDED_AT, RETURN
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _
from guatu.queries.own_review import refuse_own_review, reviewer_of
from guatu.records.bulk import in_chunks
from guatu.records.models import ANCESTORS, Campaign, Item


def refuse_bare_return(pack: Pack, register: str, tracks: Mapping[str, Any]) -> None:
    """Refuse a return that no request has asked for."""
    spec = pack.loop.collection
    if spec is not None and register == spec.returns and CHAIN not in tracks:
        raise BadInput(
            _("“{register}”由报送任务发出时建立，不能另建。要加单位的，请在报送任务中核增。"),
            register=pack.register(register).label,
        )


def require_return_rules(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    items: Mapping[int, Item],
    ways: Mapping[int, Transition],
    tracks: Mapping[int, Mapping[str, Any]],
) -> None:
    """Refuse a step of a request or a return that its rules forbid; other items pass. No statement without returns."""
    spec = pack.loop.collection
    if spec is None:
        return
    for pk, way in ways.items():
        if items[pk].register == spec.requests and way.key == spec.send and FORM not in tracks[pk]:
            raise BadInput(
                _("{number} 要先拟定要求、选好单位，再发出。请在“填报”中办理。"), number=items[pk].number
            )
        if items[pk].register == spec.returns and way.key in spec.hand_in and HANDED_AT not in tracks[pk]:
            raise BadInput(
                _("{number} 请在“填报”中打开后报送：要填的内容和报送时间记在那里。"), number=items[pk].number
            )
        if pack.workflow_of(items[pk].register).phase_of(way.to) == "void" and is_reported(items[pk]):
            require_unreported(pack, items[pk])
    flow = pack.workflow_of(spec.returns)
    returns = [item for item in items.values() if item.register == spec.returns]
    reduced = [item for item in returns if ways[item.pk].key == spec.reduce]
    if reduced:
        _refuse_foreign_roster(actor, campaign, [(item, ways[item.pk]) for item in reduced])
    judged = [item for item in returns if judges(flow, ways[item.pk], item.state)]
    if judged and not is_system(actor):
        reviewer = reviewer_of(actor, campaign, pack, judged)
        for item in judged:
            onward = flow.phase_of(ways[item.pk].to) in ("review", "closed")
            refuse_own_review(reviewer, item, onward=onward)


def require_unreported(pack: Pack, item: Item) -> None:
    """Refuse to change a return that is handed in, or a row that it carries: what is reviewed, or was accepted, stands.

    So does what a request asks, once it has been sent: its words are changed by a step of their own that tells everybody.
    """
    spec = pack.loop.collection
    if spec is not None and item.register == spec.requests and item.phase != "draft":
        raise NotAllowed(
            _(
                "{number} 已发出，名称、要求和依据不能直接改。请在“填报”中打开这项任务，办理“改要求”：写明原因，名单上的单位都会收到。"
            ),
            number=item.number,
        )
    handed_in = spec is not None and item.register == spec.returns and item.phase in ("review", "closed")
    if handed_in or is_reported(item):
        raise NotAllowed(
            _("{number} 已随报送上报，不能直接改。要改的，请先在“填报”中撤回修改，或由审核人退回。"),
            number=item.number,
        )


def is_reported(item: Item) -> bool:
    """Whether it is a row that stands as it was handed in with a return."""
    return item.data.get(RETURN) is not None and item.data.get(BASIS) != UNREPORTED


def require_not_collecting(pack: Pack, item: Item) -> None:
    """Refuse to date, transfer or correct requests and returns one by one: roster and cut-off are kept under 填报."""
    spec = pack.loop.collection
    if spec is not None and item.register in (spec.requests, spec.returns):
        raise BadInput(
            _(
                "{number} 的单位和时间由报送任务管。请在“填报”中核增、核减或调整截止时间，退回的请在审核页办理。"
            ),
            number=item.number,
        )


def _refuse_foreign_roster(
    actor: Actor, campaign: Campaign, steps: Sequence[tuple[Item, Transition]]
) -> None:
    """Only whoever asks takes a unit off the roster."""
    lines: dict[int, tuple[int, ...]] = {}
    for chunk in in_chunks(sorted({item.parent_id for item, _way in steps if item.parent_id})):
        rows = Item.objects.filter(pk__in=chunk).values_list("pk", *ANCESTORS)
        lines.update({pk: tuple(unit for unit in line if unit is not None) for pk, *line in rows})
    for item, way in steps:
        if not covers(actor, way.roles, lines.get(item.parent_id or 0, ()), campaign):
            raise NotAllowed(
                _("{number} 的应报单位名单由发出任务的单位管。请联系发出任务的单位核减。"),
                number=item.number,
            )
