"""A pack cannot declare a secret that a count, a way back or an unknown field would give away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guatu.domain.pack import builtin_pack
from guatu.domain.pack.checks import find_mistakes
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.workflow import State, Workflow


def changed(workflow: str, change: Callable[[Workflow], Workflow]) -> list[str]:
    pack: Pack = builtin_pack("theme-education")
    flow = change(pack.workflow(workflow))
    odd = pack.model_copy(update={"workflows": {**pack.workflows, workflow: flow}})
    return [mistake.sentence for mistake in find_mistakes(odd)]


def with_state(flow: Workflow, key: str, **update: object) -> Workflow:
    state: State = flow.states[key].model_copy(update=update)
    return flow.model_copy(update={"states": {**flow.states, key: state}})


def test_the_built_in_packs_keep_planned_visits_and_notes_to_the_teams() -> None:
    pack = builtin_pack("theme-education")
    assert {key: set(states) for key, states in pack.kept_to_teams.items()} == {
        "supervision": {"planned", "cancelled"},
        "team_findings": {"note", "approved", "dropped"},
    }
    assert list(find_mistakes(pack)) == []
    other = builtin_pack("safety-drive")
    assert set(other.kept_to_teams) == {"checks", "team_findings"}


@pytest.mark.parametrize("phase", ["open", "review", "closed"])
def test_a_secret_state_that_counts_is_refused(phase: str) -> None:
    told = changed("finding", lambda flow: with_state(flow, "note", phase=phase))
    assert any("会计入统计" in text for text in told)


def test_what_others_have_seen_cannot_become_a_secret_again() -> None:
    def back(flow: Workflow) -> Workflow:
        ways = [
            way.model_copy(update={"to": "note"}) if way.key == "acknowledge" else way
            for way in flow.transitions
        ]
        return flow.model_copy(update={"transitions": tuple(ways)})

    assert any("不能从别人看得到的状态退回" in text for text in changed("finding", back))


def test_the_condition_names_a_field_that_every_register_has() -> None:
    def odd(flow: Workflow) -> Workflow:
        return with_state(flow, "planned", team_only_when={"hidden": (True,)})

    assert any("hidden" in text for text in changed("visit", odd))
    told = changed("visit", lambda flow: with_state(flow, "planned", team_only=False))
    assert any("没有写 team_only" in text for text in told)


def test_a_state_that_is_shown_to_some_roles_is_counted_nowhere_and_never_returned_to() -> None:
    told = changed("request", lambda flow: with_state(flow, "sent", shown_to=("office",)))
    assert any("“已发出”会计入统计" in text for text in told)
    told = changed("request", lambda flow: with_state(flow, "void", shown_to=("office",)))
    assert any("“已撤销”只给几种身份看，不能从别人看得到的状态退回" in text for text in told)
