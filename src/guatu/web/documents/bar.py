"""What stands above every page of a document: its title, how far it is, the three ways to look at it, files, next steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.access import covers, may
from guatu.access.transitions import may_move
from guatu.domain.pack.documents import Documents, Stage
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import listed
from guatu.queries.document_drafters import Hands, hands
from guatu.queries.document_judges import bars, is_judged, left_out, others_for, why_barred
from guatu.queries.document_page import document_seen
from guatu.queries.document_writers import writes_in
from guatu.queries.documents import documents_of, stage_of
from guatu.records.models import Item
from guatu.web.documents.settled import FinalShown, final_shown
from guatu.web.here import Here

MENU = "documents"


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step of the workflow. `reason`: it asks for words; `why_not`: shown, but not for this reader; `first`: the way on."""

    key: str
    label: str
    href: str
    reason: bool
    first: bool
    why_not: str = ""
    refused: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """`current`: edit, paper, check or versions. `stage` is 征求意见稿 and the like, empty before and after. `final`: its issued
    text, whose files stand for those of the document. `made`: the steps of this round (step, who, day); `waits`: whom it waits
    for (step, names).
    """

    item: Item
    kind: str
    state: str
    tone: str
    stage: str
    as_of: str
    current: str
    writable: bool
    edit: str
    paper: str
    check: str
    versions: str
    sections: str
    item_href: str
    particulars: str
    docx: str
    pdf: str
    issue: str
    steps: tuple[StepShown, ...]
    rare: tuple[StepShown, ...]
    key: str
    version: int
    final: FinalShown | None = None
    made: tuple[tuple[str, str, str], ...] = ()
    waits: tuple[tuple[str, str], ...] = ()

    @property
    def several(self) -> bool:
        """Whether there are steps beside the one in the bar."""
        return any(not one.first for one in self.steps)

    @property
    def refused(self) -> bool:
        """Whether a step was refused: its sentence is shown."""
        return any(one.refused for one in self.steps)


def document_shown(at: Here, public_id: UUID) -> Item:
    """The document as of the day that is shown. NotFound out of sight, and on a day before it was begun."""
    return document_seen(at.actor, at.campaign, public_id, day=at.as_of if at.past else None)


def stage_name(stage: Stage | None) -> str:
    """What a document is called in its stage."""
    return {"comments": _("征求意见稿"), "approval": _("送审稿")}.get(stage or "", "")


def may_write(at: Here, item: Item) -> bool:
    """Whether the reader may change the text today: a section of their own only while it is being drafted."""
    return not at.past and writes_in(at.actor, at.campaign, item)


def may_arrange(at: Here, item: Item) -> bool:
    """Whether the reader may say who writes which section."""
    spec = documents_of(at.pack)
    fills = at.pack.register(spec.register_key).fills
    return not at.past and covers(at.actor, fills, item.line, at.campaign)


def may_begin(at: Here) -> bool:
    """Whether the reader may begin a document somewhere."""
    spec = at.pack.loop.documents
    if spec is None or at.past:
        return False
    fills = at.pack.register(spec.register_key).fills
    return any(grant.role in fills for grant in at.actor.grants)


def bar_of(
    at: Here, item: Item, current: str, *, refused: StepShown | None = None, steps: bool = True
) -> Bar:
    """Three statements at most: whose hands it went through, whom it waits for, and whether its text was issued."""
    spec = documents_of(at.pack)
    register, flow = at.pack.register(spec.register_key), at.pack.workflow_of(spec.register_key)
    field = next((each for each in register.fields if each.key == spec.kind), None)
    kinds = {choice.key: choice.label for choice in field.choices} if field else {}
    way = flow.transition(spec.hand_in)
    done = Hands() if way is None or item.state in way.origins or not steps else hands(at.pack, item)
    found = _steps(at, item, refused, done) if steps and not at.past else ()
    phase = flow.phase_of(item.state)
    final = final_shown(at, item)
    return Bar(
        item=item,
        kind=kinds.get(str(item.data.get(spec.kind) or ""), ""),
        state=flow.states[item.state].label,
        tone={"closed": "done", "void": "void", "review": "b"}.get(phase, ""),
        stage=stage_name(stage_of(at.pack, item)),
        as_of=day_text(item, spec),
        current=current,
        writable=may_write(at, item),
        edit=at.to("document-edit", item.public_id),
        paper=at.to("document", item.public_id),
        check=at.to("document-check", item.public_id),
        versions=at.to("document-versions", item.public_id),
        sections=at.to("document-sections", item.public_id),
        item_href=at.to("item", item.public_id),
        particulars=at.to("edit", item.public_id) if may_arrange(at, item) else "",
        docx=final.files["docx"] if final else at.to("document-file", item.public_id, "docx"),
        pdf=final.files["pdf"] if final else at.to("document-file", item.public_id, "pdf"),
        issue=_issue(at, item) if final is None else "",
        steps=tuple(one for one in found if not one.reason or one.key == spec.send_back),
        rare=tuple(one for one in found if one.reason and one.key != spec.send_back),
        key=str(uuid4()),
        version=item.version,
        final=final,
        made=_made(at, spec, item, done),
        waits=_waits(at, item, done) if current == "paper" and not at.past else (),
    )


def _issue(at: Here, item: Item) -> str:
    """Where it is issued, in a stage that has a name, for those who may."""
    if at.past or stage_of(at.pack, item) is None:
        return ""
    mine = may(at.actor, "issue_documents", at.campaign.root, at.campaign)
    return at.to("issue-document", item.public_id) if mine else ""


def day_text(item: Item, spec: Documents) -> str:
    """The day of the document's numbers as it stands in the register."""
    text = str(item.data.get(spec.as_of) or "")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _made(at: Here, spec: Documents, item: Item, done: Hands) -> tuple[tuple[str, str, str], ...]:
    flow = at.pack.workflow_of(item.register)
    labels = {way.key: way.label for way in flow.transitions}
    return tuple(
        (labels.get(one.step, one.step), one.name, f"{one.on:%m-%d}")
        for one in done.round(spec.hand_in)
        if one.on <= at.as_of
    )


def _waits(at: Here, item: Item, done: Hands) -> tuple[tuple[str, str], ...]:
    """Who is asked for the steps that are another's than those before; nobody where none can be told."""
    flow = at.pack.workflow_of(item.register)
    ways = [way for way in flow.ways_from(item.state) if is_judged(at.pack, item.register, way)][:1]
    told = [(way.label, others_for(at.campaign, item, way, left_out(at.pack, way, done))) for way in ways]
    return tuple((label, listed(names)) for label, names in told if names)


def _steps(at: Here, item: Item, refused: StepShown | None, done: Hands) -> tuple[StepShown, ...]:
    flow = at.pack.workflow_of(item.register)
    ways = [
        way
        for way in flow.ways_from(item.state)
        if not way.auto and may_move(at.actor, way, item, at.campaign)
    ]
    judged = {way.key for way in ways if is_judged(at.pack, item.register, way)}
    shown = []
    for way in ways:
        why = ""
        if way.key in judged and bars(at.actor, at.campaign, item, way, left_out(at.pack, way, done)):
            why = why_barred(at.actor, at.campaign, at.pack, item, way, done)
        shown.append(_step(at, item, way, why, refused, first=not why and not way.reason))
    taken = False
    found = []
    for one in shown:
        first = one.first and not taken
        taken = taken or first
        found.append(StepShown(**{**_values(one), "first": first}))
    return tuple(found)


def _step(
    at: Here, item: Item, way: Transition, why: str, refused: StepShown | None, *, first: bool
) -> StepShown:
    mine = refused if refused is not None and refused.key == way.key else None
    return StepShown(
        key=way.key,
        label=way.label,
        href=at.to("document-step", item.public_id, way.key),
        reason=way.reason,
        first=first,
        why_not=why,
        refused=mine.refused if mine else "",
        typed=mine.typed if mine else "",
    )


def _values(one: StepShown) -> dict[str, object]:
    return {name: getattr(one, name) for name in StepShown.__dataclass_fields__}


def may_comment(at: Here) -> bool:
    """Whether the reader may leave a remark."""
    return not at.past and may(at.actor, "comment", campaign=at.campaign)
