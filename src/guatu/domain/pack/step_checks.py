"""The checks of what a step says of the loop: sending back, applying, signing, recognising; and who reported an item."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.domain.pack.mistake import Mistake, unknown
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.words import gettext as _

HEAD = "pack.yaml"
At = tuple[str | int, ...]


def step_mistakes(pack: Pack) -> Iterator[Mistake]:
    """Every contradiction between what a step says it is and where it leads, and unknown values of `people_reported`."""
    for workflow in pack.workflows.values():
        file = f"workflows/{workflow.key}.yaml"
        for number, way in enumerate(workflow.transitions):
            if {way.to, *way.origins} <= workflow.states.keys():
                yield from _step(file, ("transitions", number), workflow, way)
    yield from _people_reported(pack)


def _step(file: str, at: At, workflow: Workflow, way: Transition) -> Iterator[Mistake]:
    before = {workflow.phase_of(state) for state in way.origins}
    after = workflow.phase_of(way.to)
    if way.returns and not way.reason:
        yield Mistake(file, (*at, "returns"), _("退回须写明原因。请写 reason: true，或删去 returns。"))
    if way.returns and (after != "open" or before != {"review"}):
        yield Mistake(
            file, (*at, "returns"), _("退回是从待审的状态回到办理中的状态。请改 from、to，或删去 returns。")
        )
    if way.applies and after not in ("review", "closed"):
        yield Mistake(file, (*at, "applies"), _("申请以后应是待审或办结的状态。请改 to，或删去 applies。"))
    if way.signs and way.level != "own":
        yield Mistake(
            file, (*at, "signs"), _("审签由牵头单位自己的身份办理。请写 level: own，或删去 signs。")
        )
    if way.on_paper and not (way.signs and way.evidence_kinds):
        yield Mistake(
            file,
            (*at, "on_paper"),
            _("纸质签字是审签的一种，须交签章件。请写 signs: true 和 evidence_kinds，或删去 on_paper。"),
        )
    if way.decision and way.level != "root":
        yield Mistake(file, (*at, "decision"), _("认定由集团本级办理。请写 level: root，或删去 decision。"))
    if after == "void" and before - {"draft"} and {"filler", "head"} & set(way.roles):
        yield Mistake(
            file,
            (*at, "roles"),
            _(
                "使事项作废或并案的一步，填报员和单位负责人只能申请，由批准的人办理。请从 roles 中去掉 filler 和 head。"
            ),
        )
    if way.four_eyes and way.level == "own":
        yield Mistake(
            file,
            (*at, "four_eyes"),
            _("回避核验的一步不能由牵头单位自己办理。请改 level，或删去 four_eyes。"),
        )


def _people_reported(pack: Pack) -> Iterator[Mistake]:
    loop = pack.loop
    at: At = ("loop", "people_reported")
    if not loop.people_reported or loop.problems not in pack.registers:
        if loop.people_reported and loop.problems is None:
            yield Mistake(
                HEAD, at, _("没有写 problems，不知道是哪个清单的字段。请补上，或删去 people_reported。")
            )
        return
    fields = pack.registers[loop.problems].fields
    choosing = {field.key: field for field in fields if field.type == "choice"}
    for key, values in loop.people_reported.items():
        if key not in choosing:
            yield unknown(HEAD, (*at, key), key, choosing)
            continue
        options = [option.key for option in choosing[key].choices]
        for place, value in enumerate(values):
            if value not in options:
                yield unknown(HEAD, (*at, key, place), value, options)
