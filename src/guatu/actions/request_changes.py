"""What is changed of a request after it was sent: its words, with a reason and told to every unit; opening it once more.

Its cut-off and its roster are changed in `requests`. No other door writes in a request that has been sent (`return_rules`).
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.access.house_language import house_language
from guatu.access.policy import acting_over
from guatu.actions.history import answered
from guatu.actions.item_drafts import Edit, apply_edit
from guatu.actions.messages import Telling
from guatu.actions.reach import items_of
from guatu.actions.requests import request_in_hand
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import Draft, load_past, plain_of, refuse_seen, write
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.history import timeline
from guatu.domain.pack import Pack
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.reminders import Who
from guatu.queries.returns import collection_of
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

REWORD_ACTION = "requests.reword"


def reword_request(
    actor: Actor,
    *,
    campaign: Campaign,
    request: int,
    title: str,
    instructions: str,
    document: str = "",
    reason: str,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """Change title, instructions and basis document of a request that has been sent; every unit on its roster is told why.

    Its returns are called as it is. Raises BadInput without a reason or a title, where nothing changes, and for a request
    that is not running; Conflict where `version` is not the one that stands.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    found = request_in_hand(actor, campaign, request)
    fields = {spec.instructions: instructions.strip()}
    if spec.document is not None:
        fields[spec.document] = document.strip()
    asked = [found.pk, title.strip(), fields, reason.strip()]
    if batch := answered(actor, REWORD_ACTION, campaign, idempotency_key, asked):
        return items_of(batch)[0]
    register, flow = pack.register(spec.requests), pack.workflow_of(spec.requests)
    if flow.phase_of(found.state) != "open":
        raise BadInput(
            _("{number} 现为“{state}”，不能改要求。"),
            number=found.number,
            state=flow.states[found.state].label,
        )
    if not title.strip():
        raise BadInput(_("没有填写任务名称。请写明要报什么，例如“十一月经营指标月报”。"))
    if not reason.strip():
        raise BadInput(_("改报送要求须写明原因，名单上的单位都会收到。请填写后再提交。"))
    refuse_seen(found, version)
    changed = {key: value for key, value in fields.items() if value != (found.data.get(key) or "")}
    renamed = title.strip() != found.title
    if not changed and not renamed:
        raise BadInput(_("报送要求没有变化。请修改后再提交。"))
    day = today(ZoneInfo(campaign.zone))
    owed = Item.objects.filter(campaign=campaign, register=spec.returns, parent=found).exclude(phase="void")
    returns = list(owed.order_by("pk"))
    draft = Draft(found, day, {}, more={"reason": reason.strip()})
    called = [Draft(one, day, {}) for one in returns] if renamed else []
    load_past([draft, *called])
    apply_edit(draft, Edit(found.pk, changed, title=title.strip()), register, flow, None, {})
    for each in called:
        each.item.title = title.strip()
        each.plain = plain_of(each.item, timeline(each.past.entries).plain.get("data", {}))
    batch = write(
        acting_over(actor, register.fills, [found.line], campaign),
        action=REWORD_ACTION,
        campaign=campaign,
        drafts=[draft, *called],
        reason=reason.strip(),
        idempotency_key=idempotency_key,
        request=asked,
        tellings=_tellings(
            campaign, pack, returns, [*(["title"] if renamed else []), *changed], reason.strip()
        ),
    )
    return items_of(batch)[0] if idempotency_key else found


def reopen_request(
    actor: Actor,
    *,
    campaign: Campaign,
    request: int,
    reason: str,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """Open a request that was ended once more (重新开放), with a reason: its roster, cut-off and words may change again.

    What was handed in and accepted stands. Raises BadInput without a reason and for one that has not been ended.
    """
    spec = collection_of(pack_of(campaign))
    found = request_in_hand(actor, campaign, request)
    if spec.resume is None:
        raise BadInput(_("{number} 办结后不再开放。请另发一项任务。"), number=found.number)
    return move_items(
        actor,
        campaign=campaign,
        transition=spec.resume,
        moves=[Move(found.pk, reason=reason.strip(), version=version)],
        idempotency_key=idempotency_key,
    )[0]


def _tellings(
    campaign: Campaign, pack: Pack, returns: Sequence[Item], changed: Sequence[str], reason: str
) -> list[Telling]:
    """One line for whoever fills in each unit of the roster: what was changed of what is asked, and why."""
    register = pack.register(collection_of(pack).requests)
    with house_language():
        names = {"title": _("任务名称"), **{field.key: field.label for field in register.fields}}
        words = {"what": listed(names[key] for key in changed), "reason": reason}
    who = Who.of(campaign, returns)
    return [Telling(people, "reworded", item.pk, words) for item in returns if (people := who.own(item))]
