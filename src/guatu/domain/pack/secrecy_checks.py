"""The checks of states that are kept to a team or to some roles: nobody may learn of an item from a count or by its way back."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.domain.pack.mistake import Mistake, unknown
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.workflow import State, Workflow
from guatu.domain.words import gettext as _

UNCOUNTED = ("draft", "void")
"""The phases that no chart, figure or statement counts."""


def secrecy_mistakes(pack: Pack) -> Iterator[Mistake]:
    """Every state kept to a team that a count, a step back or an unknown field would give away."""
    for workflow in pack.workflows.values():
        file = f"workflows/{workflow.key}.yaml"
        for key, state in workflow.states.items():
            yield from _state(pack, workflow, file, key, state)
        yield from _ways(workflow, file)


def _state(pack: Pack, workflow: Workflow, file: str, key: str, state: State) -> Iterator[Mistake]:
    at: tuple[str | int, ...] = ("states", key)
    if state.team_only_when and not state.team_only:
        yield Mistake(file, (*at, "team_only_when"), _("没有写 team_only。请补上 team_only: true，或删去。"))
    if not state.team_only and not state.shown_to:
        return
    if state.phase not in UNCOUNTED:
        yield Mistake(
            file,
            (*at, "team_only" if state.team_only else "shown_to"),
            _("“{state}”会计入统计，别人从数字上就能看出来。请把 phase 改为 draft 或 void。").format(
                state=state.label
            ),
        )
    for register in pack.registers.values():
        if register.workflow != workflow.key:
            continue
        asked = [field.key for field in register.fields if field.type == "yes_no"]
        for field in state.team_only_when:
            if field not in asked:
                yield unknown(file, (*at, "team_only_when", field), field, asked)


def _ways(workflow: Workflow, file: str) -> Iterator[Mistake]:
    """Once others have seen an item it is no secret any more."""
    for number, way in enumerate(workflow.transitions):
        to = workflow.states.get(way.to)
        origins = [workflow.states[key] for key in way.origins if key in workflow.states]
        if to is not None and to.shown_to and not all(one.shown_to for one in origins):
            yield Mistake(
                file,
                ("transitions", number, "to"),
                _("“{state}”只给几种身份看，不能从别人看得到的状态退回。请改 to 或 from。").format(
                    state=to.label
                ),
            )
        if to is not None and to.team_only and not all(one.team_only for one in origins):
            yield Mistake(
                file,
                ("transitions", number, "to"),
                _("“{state}”只有督导人员看得到，不能从别人看得到的状态退回。请改 to 或 from。").format(
                    state=to.label
                ),
            )
