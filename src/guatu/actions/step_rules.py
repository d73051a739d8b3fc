"""What a step asks of one item before it is made: words, a document, evidence, and what was done since a return."""

from __future__ import annotations

from guatu.access import Actor, covers
from guatu.access.proposals import stands_over
from guatu.access.system import is_system
from guatu.actions.writing import NewEvidence
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.loop_tracks import SENT_BACK
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.proposals import OFFICE
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.evidence import AtHand
from guatu.records.models import Campaign, Item, Link


def require_words(flow: Workflow, way: Transition, item: Item, reason: str, decision: str) -> None:
    """Refuse a step without its reason, without what was done since the return, or without its document."""
    if not reason.strip():
        if way.reason:
            raise BadInput(
                _("{number}：“{label}”须写明原因。请填写后再提交。"), number=item.number, label=way.label
            )
        if item.data.get(SENT_BACK) and flow.submits(way):
            raise BadInput(
                _("{number} 上次被退回，再次提交须写整改说明。请写明改了哪些内容、补了哪些材料。"),
                number=item.number,
            )
    if way.decision and not decision.strip():
        raise BadInput(
            _("{number}：本级事项须会议认定或上级认定。请填写认定文件名称和文号。"), number=item.number
        )
    if way.decision and not any(sign.isdigit() for sign in decision):
        raise BadInput(
            _("{number}：认定文件“{document}”没有文号。请写全，例如：领导小组会议纪要〔2023〕4号。"),
            number=item.number,
            document=decision.strip()[:60],
        )


def require_opened(pack: Pack, way: Transition, item: Item) -> None:
    """Refuse to file a team's finding of which no item has been opened yet: both are one act (`findings`).

    An item of another unit, or one that is done, is none.
    """
    spec = pack.loop.findings
    if spec is None or item.register != spec.register_key or way.key != spec.files:
        return
    opened = Link.objects.filter(
        kind=Link.Kind.FOUND_IN,
        target=item,
        source__register=spec.opens,
        source__unit=item.unit_id,
        source__phase__in=("draft", "open", "review"),
        ended_batch=None,
    )
    if not opened.exists():
        raise BadInput(
            _("{number} 还没有在“{register}”中建立事项。请从“督导”页办理立项。"),
            number=item.number,
            register=pack.register(spec.opens).label,
        )


def require_merger(actor: Actor, campaign: Campaign, flow: Workflow, way: Transition, item: Item) -> None:
    """Refuse to merge an item of one's own unit without approval, and to merge it into nothing (`restructuring`).

    The office decides without asking anybody, but it says into which one, too.
    """
    if not flow.states[way.to].merged or is_system(actor):
        return
    office = covers(actor, (OFFICE,), item.line, campaign)
    if not office and not stands_over(actor, way.roles, item.line, campaign):
        raise NotAllowed(_("{number} 由本单位牵头，并案须经上级批准。请提出“并案”申请。"), number=item.number)
    if not Link.objects.filter(kind=Link.Kind.MERGED_INTO, source=item, ended_batch=None).exists():
        raise BadInput(_("{number} 没有写明并入哪一项。请从事项页办理“并案”。"), number=item.number)


def require_evidence(
    flow: Workflow, way: Transition, item: Item, given: tuple[NewEvidence, ...], found: AtHand
) -> None:
    """Refuse a step that lacks evidence or a kind of it, evidence of no known kind, and a paper nobody could find.

    `found`: what the item has at hand in its present round; a signature on paper is none of it: its scan comes with the
    step itself, that of an earlier application signs nothing. A step to the close also needs what its submission
    needed: evidence that was withdrawn since proves nothing.
    """
    _require_known_kinds(flow, item, given)
    for evidence in given:
        if not evidence.sha256 and not (
            evidence.title.strip() and evidence.place.strip() and evidence.keeper.strip()
        ):
            raise BadInput(
                _("{number}：线下备查材料须写明名称、存放处、保管人。请补充后再提交。"), number=item.number
            )
    handed_in = {evidence.kind for evidence in given}
    kinds = handed_in if way.on_paper else handed_in | found.kinds
    missing = [flow.kind_label(kind) for kind in way.evidence_kinds if kind not in kinds]
    if missing:
        raise BadInput(
            _("{number} 缺少佐证材料：{kinds}。不宜上传的，请选“线下备查”并填写存放处、保管人。"),
            number=item.number,
            kinds=listed(missing),
        )
    if way.evidence and not given and not found.any:
        raise BadInput(
            _("{number} 缺少佐证材料。请上传；不宜上传的，请选“线下备查”并填写存放处、保管人。"),
            number=item.number,
        )
    proved, proved_kinds = flow.proof_of(way)
    if (proved and not given and not found.any) or not proved_kinds <= kinds:
        raise BadInput(
            _("{number} 的佐证材料已撤回，不能办结。请退回，由本单位补充后再核验。"), number=item.number
        )


def _require_known_kinds(flow: Workflow, item: Item, given: tuple[NewEvidence, ...]) -> None:
    known = {option.key: option.label for option in flow.evidence_kinds}
    for kind in sorted({evidence.kind for evidence in given if evidence.kind} - known.keys()):
        raise BadInput(
            _("{number}：没有“{kind}”这一种佐证材料。可用：{known}。"),
            number=item.number,
            kind=kind[:40],
            known=listed(known.values()) or _("不分种类"),
        )
