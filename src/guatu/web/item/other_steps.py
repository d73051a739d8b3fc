"""What can be done with an item beside moving it on: a quiet row of buttons, each leading to a page of its own.

Whoever adds such a page adds a function to `STEPS`. It says under which words the step stands and where it leads, why
it is not open to this reader now (told beside the button), or None where it does not concern the item or the reader at
all. It reads what is at hand: a statement of its own would be one more on every item page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guatu.access import covers, may
from guatu.access.transitions import TEAM, fits, may_move
from guatu.domain.capabilities import roles_with
from guatu.domain.loop_tracks import LISTED_ON
from guatu.domain.pack.workflow import Transition
from guatu.domain.proposals import MERGE, RULES, SPLIT
from guatu.domain.words import gettext as _
from guatu.queries.hand_down import may_hand_down
from guatu.queries.referrals import referral_of
from guatu.queries.self_checks import may_send
from guatu.queries.waiting import next_way
from guatu.records.models import Item
from guatu.web.here import Here
from guatu.web.materials.pages import may_take
from guatu.web.proposals.steps import approval_step


@dataclass(frozen=True, slots=True)
class Step:
    """One button: its words, its address, and why not now; with `why_not` it is shown but does not lead anywhere."""

    label: str
    href: str
    why_not: str = ""


StepOf = Callable[[Here, Item], Step | None]


def other_steps(at: Here, item: Item) -> tuple[Step, ...]:
    """The steps open to the reader today, in the order of `STEPS`; none while a past day is shown."""
    if at.past:
        return ()
    return tuple(step for make in STEPS if (step := make(at, item)) is not None)


def hand_down(at: Here, item: Item) -> Step | None:
    """分解下达: from a key task to units."""
    if not may_hand_down(at.actor, at.campaign, item):
        return None
    return Step(_("分解下达"), at.to("hand-down", item.public_id))


def acknowledged(at: Here, item: Item) -> Step | None:
    """签收情况: of a key task, who below has acknowledged it."""
    if at.pack.wall is None or item.register != at.pack.wall.columns or item.phase == "void":
        return None
    return Step(_("签收情况"), at.to("acknowledged", item.public_id))


def approval(kind: str) -> StepOf:
    """What needs somebody else's yes: 申请延期, 变更时限类型, 移交, 拆分, 并案, 撤销."""

    def step(at: Here, item: Item) -> Step | None:
        found = approval_step(at, item, kind)
        return Step(*found) if found is not None else None

    return step


def of_records(make: StepOf) -> StepOf:
    """A step for what is reported and counted: none for a document or an entry of the pool of good practice."""

    def step(at: Here, item: Item) -> Step | None:
        documents = at.pack.loop.documents
        if documents is not None and item.register in documents.registers:
            return None
        return make(at, item)

    return step


def notice(at: Here, item: Item) -> Step | None:
    """公示与异议: while the item is on notice."""
    state = at.pack.workflow_of(item.register).states.get(item.state)
    if state is None or not state.on_notice:
        return None
    return Step(_("公示与异议"), at.to("notice", item.public_id))


def dossier(at: Here, item: Item) -> Step | None:
    """一问题一档: the item with its way and its papers as one PDF."""
    return Step(_("一问题一档"), at.to("dossier", item.public_id))


def signing_on_paper(at: Here, item: Item) -> Step | None:
    """打印签字版、上传签章件: where the item waits for the head's sign-off."""
    flow = at.pack.workflow_of(item.register)
    paper = next((way for way in flow.transitions if way.on_paper and item.state in way.origins), None)
    signs = [way for way in flow.transitions if way.signs]
    if paper is None or not any(may_move(at.actor, way, item, at.campaign) for way in signs):
        return None
    return Step(_("打印签字版、上传签章件"), at.to("sign-off", item.public_id))


def claiming(at: Here, item: Item) -> Step | None:
    """认领: what a unit below has referred upward, with the choice of the item in which it is solved."""
    spec = referral_of(at.pack, item.register)
    way = at.pack.workflow_of(item.register).transition(spec.claim) if spec is not None else None
    if way is None or item.state not in way.origins or not may_move(at.actor, way, item, at.campaign):
        return None
    return Step(_("认领到已有事项"), at.to("claim", item.public_id))


def coordinating(at: Here, item: Item) -> Step | None:
    """协调: what stands on the office's list."""
    listed = item.data.get(LISTED_ON) and referral_of(at.pack, item.register)
    if not listed or not may(at.actor, "coordinate", campaign=at.campaign):
        return None
    return Step(_("协调清单"), at.to("coordination") + f"#m-{item.number}")


def self_check(at: Here, item: Item) -> Step | None:
    """举一反三: from a case or problem to similar units; from a unit's self-check to its answer."""
    spec = at.pack.loop.self_check
    if spec is not None and item.register == spec.register_key and item.phase == "open":
        way = at.pack.workflow_of(item.register).transition(spec.answers)
        may_answer = way is not None and may_move(at.actor, way, item, at.campaign)
        return Step(_("答复"), at.to("self-check-answer", item.public_id)) if may_answer else None
    if not may_send(at.actor, at.campaign, item):
        return None
    return Step(_("举一反三"), at.to("self-check-send", item.public_id))


def urge(at: Here, item: Item) -> Step | None:
    """催办: whoever the item waits for, if that is somebody else."""
    if item.phase not in ("open", "review") or not covers(
        at.actor, roles_with("urge"), item.line, at.campaign
    ):
        return None
    flow = at.pack.workflow_of(item.register)
    way = next_way(flow, item.state, of_root=item.unit_id == at.campaign.root_id)
    if way is None or _asked(at, item, way):
        return None
    return Step(_("催办"), at.to("list_urge", item.register, item=item.number))


def _asked(at: Here, item: Item, way: Transition) -> bool:
    """Whether the reader is one of those whose business the step is before anybody else's."""
    first = TEAM if way.roles[0] in TEAM else {way.roles[0]}
    root = at.campaign.root_id
    return any(grant.role in first and fits(grant, way, item.line, root) for grant in at.actor.grants)


def readers(at: Here, item: Item) -> Step | None:
    """设为受限: to named readers."""
    if at.pack.register(item.register).shared or not may(at.actor, "restrict", item.unit, at.campaign):
        return None
    return Step(_("知悉人") if item.restricted else _("设为受限"), at.to("readers", item.public_id))


def sent_with(at: Here, item: Item) -> Step | None:
    """用在哪些上报数: which figures that were sent upward this record stood behind."""
    if item.phase == "draft" or not may(at.actor, "see_sent_figures", campaign=at.campaign):
        return None
    return Step(_("用在哪些上报数"), at.to("sent-used", item=item.number))


def collecting(at: Here, item: Item) -> Step | None:
    """报送情况 of a request; of a return, its review for who reviews and its form for the unit."""
    spec = at.pack.loop.collection
    if spec is None or item.register not in (spec.requests, spec.returns) or item.phase == "void":
        return None
    if item.register == spec.requests:
        drawn = item.phase == "draft"
        if drawn and not may(at.actor, "collect", item.unit, at.campaign):
            return None
        label = _("发出前核对") if drawn else _("报送情况")
        return Step(label, at.to("collection-send" if drawn else "collection-request", item.public_id))
    judged = item.phase == "review" and may(at.actor, "collect", campaign=at.campaign)
    if judged and item.parent is not None:
        return Step(_("审核"), at.to("collection-review-one", item.parent.public_id, item.public_id))
    return Step(_("打开填报页"), at.to("return", item.public_id))


def into_materials(at: Here, item: Item) -> Step | None:
    """收入素材库: what an item tells, as an entry of the pool of good practice."""
    documents = at.pack.loop.documents
    told = (
        (documents.register_key, documents.materials.register_key)
        if documents and documents.materials
        else ()
    )
    if not told or item.register in told or item.phase in ("draft", "void") or not may_take(at, item.line):
        return None
    why_not = _("受限事项不能收入素材库。") if item.restricted else ""
    return Step(_("收入素材库"), at.to("material-take", item.public_id), why_not)


def writing(at: Here, item: Item) -> Step | None:
    """打开文稿: from the item of a document to its text."""
    spec = at.pack.loop.documents
    if spec is None or item.register != spec.register_key:
        return None
    return Step(_("打开文稿"), at.to("document", item.public_id))


STEPS: tuple[StepOf, ...] = (
    writing,
    collecting,
    urge,
    hand_down,
    acknowledged,
    signing_on_paper,
    notice,
    claiming,
    coordinating,
    self_check,
    *(of_records(approval(kind)) if kind in (SPLIT, MERGE) else approval(kind) for kind in RULES),
    of_records(dossier),
    into_materials,
    of_records(sent_with),
    readers,
)
