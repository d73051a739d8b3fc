"""The item page as its template sees it: the query's answer with addresses, the picture of the way, the forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain.pack.base import Option
from guatu.domain.pack.register import Register
from guatu.exchange.file_kinds import ending_of
from guatu.exchange.uploads import is_picture
from guatu.queries.item_history import beside_role
from guatu.queries.item_since import SinceReturn
from guatu.queries.items import item_page
from guatu.queries.link_kinds import link_kinds
from guatu.queries.pages import ChildGroup, EvidenceShown, ItemPage, ListRow, NextMove, UnitRef
from guatu.queries.pages import Option as LinkOption
from guatu.web.here import Here
from guatu.web.item.around import Course, WhoCard, came_again, course, who_card
from guatu.web.item.forms import EditForm, Input, MoveForm, needed_inputs
from guatu.web.item.handed_in import HandedIn, Slot, slots
from guatu.web.item.other_steps import Step, other_steps
from guatu.web.item.path import Picture, draw


@dataclass(frozen=True, slots=True)
class MoveShown:
    """A next step with its address, what it asks to be filled, and what was typed if it was refused.

    `near`: it brings the item on or back along its way; any other step is folded away below.
    `slots`: where files are chosen, empty where the step asks for no evidence. `elsewhere`: the page on which it is made.
    """

    move: NextMove
    href: str
    inputs: tuple[Input, ...]
    typed: MoveForm
    open: bool
    asks_words: bool
    button: str
    slots: tuple[Slot, ...] = ()
    kinds: tuple[Option, ...] = ()
    draft: str = ""
    fresh: bool = True
    near: bool = True
    elsewhere: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way down to this page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A small form of the page that was refused: which, why, what was typed, which files were taken in."""

    form: str = ""
    sentence: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    handed: HandedIn = field(default_factory=HandedIn)


@dataclass(frozen=True, slots=True)
class Children:
    """The child items of one register with their addresses. `share`: done in per cent, None without any."""

    spec: Register
    rows: tuple[tuple[ListRow, str], ...]
    count: int
    done: int
    share: int | None
    list_href: str
    add_href: str
    form_href: str
    key: str
    flow_day: Input | None = None


@dataclass(frozen=True, slots=True)
class BesideShown:
    """A unit beside the lead unit; `mark` takes it away."""

    role: str
    unit: UnitRef
    mark: str


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """Evidence with the addresses of its file and its picture, and what its badge says."""

    evidence: EvidenceShown
    href: str
    picture: str
    badge: str
    size: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole page. `form` is there while the item is being edited, `tried` while a small form was refused.

    `key` marks the small forms, so that one that comes twice is written once; `edit_draft` names what the browser keeps
    of the edit form; `logged`: recorded once, with no way to go.
    """

    item: ItemPage
    register: Register
    crumbs: tuple[Crumb, ...]
    wide: Picture | None
    narrow: Picture | None
    moves: tuple[MoveShown, ...]
    barred: bool
    who: WhoCard
    course: Course
    edit_href: str
    comment_href: str
    may_comment: bool
    form: EditForm | None = None
    remark: str = ""
    remark_error: str = ""
    remark_key: str = ""
    children: tuple[Children, ...] = ()
    beside: tuple[BesideShown, ...] = ()
    files: tuple[EvidenceFile, ...] = ()
    slots: tuple[Slot, ...] = ()
    kinds: tuple[Option, ...] = ()
    links: tuple[LinkOption, ...] = ()
    tried: Tried = field(default_factory=Tried)
    key: str = ""
    edit_draft: str = ""
    takes_evidence: bool = True
    logged: bool = False
    steps: tuple[Step, ...] = ()
    rare: tuple[MoveShown, ...] = ()
    people_href: str = ""
    again: SinceReturn | None = None


def shown(
    at: Here,
    public_id: UUID,
    *,
    page: ItemPage | None = None,
    form: EditForm | None = None,
    refused: MoveForm | None = None,
    remark: str = "",
    remark_error: str = "",
    tried: Tried | None = None,
) -> Shown:
    """The page of an item as of the day shown. Raises NotFound outside the person's scope."""
    page = page or item_page(at.actor, at.campaign, public_id, day=at.as_of)
    register, workflow = at.pack.register(page.register), at.pack.workflow_of(page.register)
    moves = [move_shown(at, page, register, move, refused) for move in page.moves if _by_hand(at, page, move)]
    return Shown(
        item=page,
        register=register,
        crumbs=_crumbs(at, page),
        wide=draw(page.path, page.detours, page.branch),
        narrow=draw(page.path, page.detours, page.branch, narrow=True),
        moves=tuple(one for one in moves if one.near or one.open),
        rare=tuple(one for one in moves if not (one.near or one.open)),
        barred=any(not move.may for move in page.moves),
        who=who_card(at, page),
        course=course(at, page),
        again=came_again(page),
        people_href=at.to("item_people", page.public_id),
        edit_href=at.to("edit", page.public_id),
        comment_href=at.to("comment", page.public_id),
        may_comment=not page.past and may(at.actor, "comment", campaign=at.campaign),
        form=form,
        remark=remark,
        remark_error=remark_error,
        remark_key=str(uuid4()),
        children=tuple(_children(at, page, group) for group in page.children),
        beside=tuple(
            BesideShown(beside_role(each.role), each.unit, f"{each.role}:{each.unit.code}")
            for each in page.beside
        ),
        files=tuple(_file(at, page, each) for each in page.evidence),
        slots=slots(workflow.evidence_kinds),
        kinds=workflow.evidence_kinds,
        links=link_kinds() if page.editable else (),
        tried=tried or Tried(),
        key=str(uuid4()),
        edit_draft=f"edit:{public_id}:{page.version}:{at.actor.person}",
        takes_evidence=any(way.proves for way in workflow.transitions),
        logged=_logged(at, page.register),
        steps=other_steps(at, page.row) if page.row is not None else (),
    )


def move_shown(
    at: Here, page: ItemPage, register: Register, move: NextMove, refused: MoveForm | None
) -> MoveShown:
    mine = refused if refused is not None and refused.transition == move.key else None
    inputs = needed_inputs(register, page, move.needs, mine)
    kinds = at.pack.workflow_of(register.key).evidence_kinds
    return MoveShown(
        move=move,
        href=at.to("move", page.public_id, move.key),
        inputs=inputs,
        typed=mine or MoveForm(),
        open=mine is not None,
        asks_words=bool(inputs or move.reason or move.evidence or move.decision or move.notice),
        button=_button(move, bool(inputs)),
        slots=slots(kinds) if move.evidence else (),
        kinds=kinds,
        draft=f"move:{page.public_id}:{move.key}:{at.actor.person}",
        fresh=mine is None,
        near=_near(at, page, move),
        elsewhere=_elsewhere(at, page, move),
    )


def _elsewhere(at: Here, page: ItemPage, move: NextMove) -> str:
    """A finding is filed by opening an item, which is a form of its own; a return is filled in and taken back on its page."""
    asked = at.pack.loop.collection
    if asked is not None and page.register == asked.returns:
        own = move.key in (*asked.hand_in, *asked.sign, asked.amend)
        return at.to("return", page.public_id) if own else ""
    spec = at.pack.loop.findings
    files = spec is not None and (page.register, move.key) == (spec.register_key, spec.files)
    return at.to("finding-file", page.public_id) if files else ""


def _by_hand(at: Here, page: ItemPage, move: NextMove) -> bool:
    """Whether the reader may make the step, and it is not one that the worker makes when its day has come.

    What has been solved above may also be said by a person: it was solved without an item above being closed.
    """
    way = at.pack.workflow_of(page.register).transition(move.key)
    return move.may and (way is None or way.auto in ("", "solved_above") or page.state.phase == "review")


def _near(at: Here, page: ItemPage, move: NextMove) -> bool:
    way = at.pack.workflow_of(page.register).transition(move.key)
    if way is None or way.auto:
        return False
    return not way.reason or way.returns or page.state.phase in ("review", "closed")


def _button(move: NextMove, inputs: bool) -> str:
    """The words on the button that opens what a move asks for."""
    if move.evidence:
        return _("{move}，填材料").format(move=move.label)
    if move.decision:
        return _("{move}，填文号").format(move=move.label)
    if move.again:
        return _("{move}，写整改说明").format(move=move.label)
    if move.reason:
        return _("{move}，写原因").format(move=move.label)
    return _("{move}，填写后提交").format(move=move.label) if inputs else move.label


def _children(at: Here, page: ItemPage, group: ChildGroup) -> Children:
    """One register's children, with the list of all where not all are shown, and where another is entered."""
    key = group.register
    return Children(
        spec=at.pack.register(key),
        rows=tuple((row, at.to("item", row.public_id)) for row in group.rows),
        count=group.count,
        done=group.done,
        share=round(100 * group.done / group.count) if group.count and not _logged(at, key) else None,
        flow_day=_flow_day(at, key),
        list_href=at.to("list", key, parent=page.number) if group.count > len(group.rows) else "",
        add_href=at.to("new", key) if group.may_add else "",
        form_href=at.to("new", key, parent=page.number, unit=page.unit.code) if group.may_add else "",
        key=str(uuid4()),
    )


def _logged(at: Here, register: str) -> bool:
    """Whether its items are recorded once and for all, with no way to go."""
    states = at.pack.workflow_of(register).states.values()
    return sum(state.phase != "void" for state in states) < 2


def _flow_day(at: Here, register: str) -> Input | None:
    """The day that a line to add asks for, where the register logs what happened on a day."""
    spec = at.pack.register(register)
    declared = spec.field(spec.flow_day) if spec.flow_day else None
    return Input(declared.key, declared.label, "date", at.today.isoformat()) if declared else None


def _file(at: Here, page: ItemPage, each: EvidenceShown) -> EvidenceFile:
    if each.offline:
        return EvidenceFile(each, at.to("evidence-view", page.public_id, each.id), "", _("备查"), "")
    size = each.size or 0
    return EvidenceFile(
        evidence=each,
        href=at.to("evidence-view", page.public_id, each.id),
        picture=at.to("evidence_image", page.public_id, each.id) if is_picture(each.title) else "",
        badge=ending_of(each.title).upper()[:4] or _("文件"),
        size=f"{size / (1 << 20):.1f} MB" if size >= 1 << 20 else f"{max(round(size / 1024), 1)} kB",
    )


def _crumbs(at: Here, page: ItemPage) -> tuple[Crumb, ...]:
    units = [
        Crumb(unit.short_name, at.to("list", page.register, unit=unit.code)) for unit in page.line[1:]
    ] or [Crumb(unit.short_name, at.to("list", page.register, unit=unit.code)) for unit in page.line]
    return (Crumb(page.register_label, at.to("list", page.register)), *units)
