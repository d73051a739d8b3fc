"""What the line of each of the cast promises is there to be done on the story's last day."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from guatu.demo.plan import NewItem, Step
from guatu.packs.theme_education.demo.days import ENDS
from guatu.packs.theme_education.demo.story import Story, tell


@cache
def told() -> Story:
    return tell()


@cache
def standing() -> dict[str, tuple[NewItem, str]]:
    """Every item with the state in which it ends."""
    found: dict[str, tuple[NewItem, str]] = {}
    for event in told().events:
        if isinstance(event, NewItem):
            found[event.key] = event, event.state
        elif isinstance(event, Step):
            found[event.item] = found[event.item][0], event.state
    return found


def place(username: str) -> str:
    """The unit on which somebody of the cast has a post."""
    return next(post.unit for post in told().posts if post.username == username and post.unit)


def states(register: str, *units: str) -> Counter[str]:
    """How many items of the units stand in which state."""
    return Counter(
        state for item, state in standing().values() if item.register == register and item.unit in units
    )


def test_the_head_has_something_to_sign() -> None:
    assert states("problems", place("shaoqingyue"))["signing"] in (1, 2)


def test_the_team_has_problems_to_take_up_and_to_verify() -> None:
    key = next(post.team for post in told().posts if post.username == "xuzhiyuan")
    assert key == next(post.team for post in told().posts if post.username == "bailu")
    team = next(plan for plan in told().teams if plan.key == key)
    waiting = states("problems", *team.units)
    assert min(waiting["applied"], waiting["verifying"]) >= 2
    assert place("shaoqingyue") in team.units


def test_the_team_member_has_supervision_on_record() -> None:
    told_by_her = [
        item for item, _ in standing().values() if item.by == "bailu" and item.register == "supervision"
    ]
    assert len(told_by_her) >= 5


def test_the_liaison_has_several_tasks_to_accept() -> None:
    below = {unit.code for unit in told().units if unit.code.startswith(f"{place('zhouqiming')}-")}
    assert states("unit_tasks", *below)["submitted"] >= 4


def test_the_filler_has_tasks_to_acknowledge_to_hand_in_and_one_sent_back() -> None:
    tasks = states("unit_tasks", place("hejingyi"))
    assert min(tasks["issued"], tasks["doing"]) >= 2
    assert tasks["returned"] >= 1


def test_the_filler_has_visits_to_correct() -> None:
    visits = [
        item
        for item, state in standing().values()
        if (item.register, item.unit, state) == ("visits", place("hejingyi"), "recorded")
    ]
    assert sum(int(str(item.data["solved"])) >= 1 for item in visits) >= 2


def test_the_office_has_late_tasks_and_matters_of_the_group() -> None:
    late = [
        item
        for item, state in standing().values()
        if item.register == "unit_tasks" and state in ("doing", "returned") and item.due < ENDS
    ]
    assert late
    assert states("problems", "HY").total() > 0


@pytest.mark.parametrize("username", ["luwenbo", "hanzhiwei"])
def test_the_rivals_have_work_of_their_own(username: str) -> None:
    own = place(username)
    assert any(
        item.unit.startswith(own) and state in ("issued", "doing", "submitted", "open", "signing")
        for item, state in standing().values()
    )


def test_the_working_group_finds_key_tasks_that_it_answers_for() -> None:
    groups = Counter(str(item.data["owner_group"]) for item, _ in standing().values() if _is_key(item))
    assert groups["检视整改组"] == 4
    assert groups.total() == 20
    assert "" not in groups


def _is_key(item: NewItem) -> bool:
    return item.register == "key_tasks"


def test_a_key_task_is_done_exactly_when_all_its_unit_tasks_are() -> None:
    left = Counter(
        item.task
        for item, state in standing().values()
        if item.register == "unit_tasks" and state not in ("done", "void")
    )
    keys = {key: state for key, (item, state) in standing().items() if _is_key(item)}
    assert {key: state == "done" for key, state in keys.items()} == {key: left[key] == 0 for key in keys}
    assert "done" in keys.values()


def test_every_unit_task_has_somebody_of_its_unit_who_answers_for_it() -> None:
    homes = {person.name: person.home for person in told().people}
    tasks = [item for item, _ in standing().values() if item.register == "unit_tasks"]
    for item in tasks:
        owner = item.data["owner"]
        assert owner
        if item.unit.count("-") == 2:
            assert homes[str(owner)] == item.unit
    secretaries = {(item.unit, item.data["owner"]) for item in tasks if item.unit.count("-") == 3}
    assert len(secretaries) == len({unit for unit, _ in secretaries}) == 1585


def test_no_visit_solved_more_than_it_found() -> None:
    found = {key: dict(item.data) for key, (item, _) in standing().items() if item.register == "visits"}
    assert all(int(visit["solved"]) <= int(visit["found"]) for visit in found.values())


def test_names_of_party_organisations_are_given_once_below_a_unit() -> None:
    parents = {unit.code: unit.parent for unit in told().units if unit.level == "branch"}
    shorts = {unit.code: unit.short for unit in told().units}
    after = {move.unit: move.parent for move in told().moves if move.unit in parents}
    after |= {branch: merger.into for merger in told().mergers for branch in merger.branches}
    for below in (parents, {**parents, **after}):
        names = Counter((parent, shorts[code]) for code, parent in below.items())
        assert max(names.values()) == 1
