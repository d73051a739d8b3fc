"""What a step says of the loop must fit where it leads: each contradiction is named with its file and key."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.domain.pack import builtin_pack, builtin_packs
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.step_checks import step_mistakes

THEME = builtin_pack("theme-education")


def changed(step: str, **values: Any) -> Pack:
    """The theme pack with one step of its closed loop said differently."""
    flow = THEME.workflow("closed_loop")
    ways = tuple(way.model_copy(update=values) if way.key == step else way for way in flow.transitions)
    workflows = {**THEME.workflows, flow.key: flow.model_copy(update={"transitions": ways})}
    return THEME.model_copy(update={"workflows": workflows})


def reported(**values: tuple[str, ...]) -> Pack:
    loop = THEME.loop.model_copy(update={"people_reported": values})
    return THEME.model_copy(update={"head": THEME.head.model_copy(update={"loop": loop})})


@pytest.mark.parametrize("key", builtin_packs())
def test_the_built_in_packs_contradict_themselves_nowhere(key: str) -> None:
    assert list(step_mistakes(builtin_pack(key))) == []


@pytest.mark.parametrize(
    ("step", "values", "key", "sentence"),
    [
        ("send_back", {"reason": False}, "returns", "退回须写明原因"),
        ("return_in_unit", {"returns": True, "to": "applied"}, "returns", "回到办理中的状态"),
        ("start", {"applies": True}, "applies", "申请以后应是待审或办结的状态"),
        ("sign_off", {"level": "above"}, "signs", "审签由牵头单位自己的身份办理"),
        ("sign_on_paper", {"evidence_kinds": ()}, "on_paper", "须交签章件"),
        ("sign_on_paper", {"signs": False}, "on_paper", "须交签章件"),
        ("approve_own", {"level": "any"}, "decision", "认定由集团本级办理"),
        ("approve", {"level": "own"}, "four_eyes", "不能由牵头单位自己办理"),
        ("void", {"roles": ("office", "filler")}, "roles", "填报员和单位负责人只能申请"),
        ("merge", {"roles": ("head",)}, "roles", "填报员和单位负责人只能申请"),
    ],
)
def test_a_contradiction_is_named_where_it_stands(
    step: str, values: dict[str, Any], key: str, sentence: str
) -> None:
    mistakes = list(step_mistakes(changed(step, **values)))
    assert [(each.file, each.path[-1]) for each in mistakes] == [("workflows/closed_loop.yaml", key)]
    assert sentence in mistakes[0].sentence


def test_who_reported_it_is_told_by_choice_fields_and_their_values() -> None:
    [field] = step_mistakes(reported(description=("public",)))
    [value] = step_mistakes(reported(source=("street",)))
    assert (
        field.path == ("loop", "people_reported", "description")
        and "可用：category、source" in field.sentence
    )
    assert value.path == ("loop", "people_reported", "source", 0) and "public" in value.sentence
    loop = THEME.loop.model_copy(update={"problems": None})
    alone = THEME.model_copy(update={"head": THEME.head.model_copy(update={"loop": loop})})
    assert "没有写 problems" in next(iter(step_mistakes(alone))).sentence


def test_a_decision_of_an_earlier_pack_was_a_meetings() -> None:
    way = THEME.workflow("closed_loop").transition("approve_own")
    assert way is not None
    told = way.model_dump(by_alias=True)
    assert type(way).model_validate({**told, "decision": True}).decision == "meeting"
    assert type(way).model_validate({**told, "decision": False}).decision == ""
