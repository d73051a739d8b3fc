"""The item page as its template sees it: the query's answer with addresses, the picture of the way, the forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain.pack.register import Register
from guatu.queries.items import item_page
from guatu.queries.pages import ItemPage, ListRow, NextMove
from guatu.web.here import Here
from guatu.web.item.forms import EditForm, Input, MoveForm, needed_inputs
from guatu.web.item.path import Picture, draw


@dataclass(frozen=True, slots=True)
class MoveShown:
    """A next step with its address, what it asks to be filled, and what was typed if it was refused."""

    move: NextMove
    href: str
    inputs: tuple[Input, ...]
    typed: MoveForm
    open: bool
    asks_words: bool
    button: str


@dataclass(frozen=True, slots=True)
class Who:
    """Who may make these moves, and why this person may not."""

    moves: str
    who: str
    why_not: str
    may: bool


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way down to this page."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole page. `form` is there while the item is being edited.

    `child_lists` lead to all children where not all are shown; `logged`: recorded once, with no way to go.
    """

    item: ItemPage
    register: Register
    crumbs: tuple[Crumb, ...]
    wide: Picture | None
    narrow: Picture | None
    moves: tuple[MoveShown, ...]
    barred: bool
    who: tuple[Who, ...]
    edit_href: str
    comment_href: str
    may_comment: bool
    form: EditForm | None = None
    remark: str = ""
    remark_error: str = ""
    remark_key: str = ""
    children: tuple[tuple[ListRow, str], ...] = ()
    child_lists: tuple[Crumb, ...] = ()
    takes_evidence: bool = True
    logged: bool = False


def shown(
    at: Here,
    public_id: UUID,
    *,
    page: ItemPage | None = None,
    form: EditForm | None = None,
    refused: MoveForm | None = None,
    remark: str = "",
    remark_error: str = "",
) -> Shown:
    """The page of an item as of the day shown. Raises NotFound outside the person's scope."""
    page = page or item_page(at.actor, at.campaign, public_id, day=at.as_of)
    register, workflow = at.pack.register(page.register), at.pack.workflow_of(page.register)
    return Shown(
        item=page,
        register=register,
        crumbs=_crumbs(at, page),
        wide=draw(page.path, page.detours),
        narrow=draw(page.path, page.detours, narrow=True),
        moves=tuple(move_shown(at, page, register, move, refused) for move in page.moves if move.may),
        barred=any(not move.may for move in page.moves),
        who=_who(page.moves),
        edit_href=at.to("edit", page.public_id),
        comment_href=at.to("comment", page.public_id),
        may_comment=not page.past and may(at.actor, "comment", campaign=at.campaign),
        form=form,
        remark=remark,
        remark_error=remark_error,
        remark_key=str(uuid4()),
        children=tuple((row, at.to("item", row.public_id)) for row in page.children),
        child_lists=_child_lists(at, page),
        takes_evidence=any(way.proves for way in workflow.transitions),
        logged=len(workflow.states) - sum(state.phase == "void" for state in workflow.states.values()) < 2,
    )


def move_shown(
    at: Here, page: ItemPage, register: Register, move: NextMove, refused: MoveForm | None
) -> MoveShown:
    mine = refused if refused is not None and refused.transition == move.key else None
    inputs = needed_inputs(register, page, move.needs, mine.fields if mine else {})
    return MoveShown(
        move=move,
        href=at.to("move", page.public_id, move.key),
        inputs=inputs,
        typed=mine or MoveForm(),
        open=mine is not None,
        asks_words=bool(inputs or move.reason or move.evidence or move.decision),
        button=_button(move, bool(inputs)),
    )


def _button(move: NextMove, inputs: bool) -> str:
    """The words on the button that opens what a move asks for."""
    if move.evidence:
        return _("{move}，填材料").format(move=move.label)
    if move.decision:
        return _("{move}，填文号").format(move=move.label)
    if move.reason:
        return _("{move}，写原因").format(move=move.label)
    return _("{move}，填写后提交").format(move=move.label) if inputs else move.label


def _who(moves: Sequence[NextMove]) -> tuple[Who, ...]:
    """Moves that the same people may make, together."""
    groups: dict[tuple[str, str, bool], list[str]] = {}
    for move in moves:
        groups.setdefault((move.who, move.why_not, move.may), []).append(move.label)
    return tuple(
        Who("、".join(labels), who, why_not, may_do) for (who, why_not, may_do), labels in groups.items()
    )


def _child_lists(at: Here, page: ItemPage) -> tuple[Crumb, ...]:
    """The lists of all children, if the page shows only the first of them."""
    if page.child_count <= len(page.children):
        return ()
    below = [spec for spec in at.pack.registers.values() if spec.parent == page.register]
    return tuple(Crumb(spec.label, at.to("list", spec.key, parent=page.number)) for spec in below)


def _crumbs(at: Here, page: ItemPage) -> tuple[Crumb, ...]:
    units = [
        Crumb(unit.short_name, at.to("list", page.register, unit=unit.code)) for unit in page.line[1:]
    ] or [Crumb(unit.short_name, at.to("list", page.register, unit=unit.code)) for unit in page.line]
    return (Crumb(page.register_label, at.to("list", page.register)), *units)
