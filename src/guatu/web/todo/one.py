"""One item of the desk with its steps opened: what each asks for, and why a step is not this person's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from guatu.domain.pack.workflow import Workflow
from guatu.queries.items import item_page
from guatu.queries.pages import ItemPage, NextMove
from guatu.queries.todo_ways import offered
from guatu.web.here import Here
from guatu.web.item.forms import MoveForm
from guatu.web.item.pages import MoveShown, move_shown


@dataclass(frozen=True, slots=True)
class Opened:
    """`moves` are the steps that the desk offers, opened; `why_not` says why the next one is not this person's.

    `sentence`: why a step was refused that can no longer be made. `filled`: what the reviewer looks at before
    deciding, as (label, text).
    """

    item: ItemPage
    href: str
    back: str
    moves: tuple[MoveShown, ...]
    why_not: str
    filled: tuple[tuple[str, str], ...]
    sentence: str = ""


def opened(
    at: Here,
    public_id: UUID,
    *,
    refused: MoveForm | None = None,
    sentence: str = "",
    errors: Mapping[str, str] | None = None,
) -> Opened:
    """The item as of the day shown. Raises NotFound outside the person's scope."""
    page = item_page(at.actor, at.campaign, public_id, day=at.as_of)
    register = at.pack.register(page.register)
    wanted = offered(page.moves, at.pack, page.register, page.state.key)
    if refused is not None and refused.transition not in {move.key for move in wanted}:
        wanted += tuple(move for move in page.moves if move.key == refused.transition and move.may)
    typed = replace(refused, sentence=sentence) if refused is not None else None
    moves = []
    for move in wanted:
        if not move.may:
            continue
        found = move_shown(at, page, register, move, typed)
        mine = errors if typed is not None and typed.transition == move.key else None
        inputs = tuple(replace(each, error=(mine or {}).get(each.key, "")) for each in found.inputs)
        moves.append(
            replace(
                found,
                href=at.to("todo_move", public_id, move.key),
                inputs=inputs,
                open=found.open or (move.primary and typed is None),
            )
        )
    return Opened(
        item=page,
        href=at.to("item", public_id),
        back=at.to("todo"),
        moves=tuple(moves),
        why_not=_why_not(wanted, at.pack.workflow_of(page.register)),
        filled=tuple((each.label, each.text) for each in page.fields if each.text and not each.item)[:6],
        sentence="" if refused is None or any(one.typed.transition for one in moves) else sentence,
    )


def _why_not(wanted: Sequence[NextMove], flow: Workflow) -> str:
    """Why this person may not bring the item on, if they may not: four eyes say who else can."""
    forward = [move for move in wanted if (way := flow.transition(move.key)) is not None and not way.reason]
    if any(move.may for move in forward):
        return ""
    barred = [move for move in forward if (way := flow.transition(move.key)) is not None and way.four_eyes]
    return next((move.why_not for move in barred or forward), "")
