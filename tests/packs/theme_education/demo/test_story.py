"""The story as plain values: its totals are those asked for, its past is believable, its words are its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings

from guatu.demo.plan import Correction, Edit, Extension, NewItem, Step
from guatu.packs.theme_education.demo.cast import CAST
from guatu.packs.theme_education.demo.days import ENDS, STARTS
from guatu.packs.theme_education.demo.story import Story, tell
from guatu.packs.theme_education.demo.targets import Targets, as_dict
from tests.demo.told import items_on, people_on, units_on
from tests.packs.theme_education.demo.recount import recount
from tests.packs.theme_education.demo.totals import targets


@cache
def told() -> Story:
    return tell()


def wanted(totals: Targets) -> dict[str, int]:
    return {key: value for key, value in as_dict(totals).items() if key != "central_aspects"}


def test_a_plain_recount_of_the_built_in_story_gives_its_totals() -> None:
    assert recount(told(), ENDS) == wanted(Targets())


@given(targets())
@settings(max_examples=60)
def test_a_plain_recount_of_any_story_gives_the_totals_asked_for(totals: Targets) -> None:
    story = tell(totals)
    assert recount(story, ENDS) == wanted(totals)
    assert not [
        i for i in items_on(story, ENDS) if i.register == "plans" and i.phase != "closed" and i.due < ENDS
    ]


def test_a_large_group_gives_its_totals_too() -> None:
    totals = Targets(
        units_l3=400, party_orgs=3100, issues_total=4000, issues_closed=3999, tasks=33, task_aspects=9
    )
    assert recount(tell(totals), ENDS) == wanted(totals)


def test_the_same_targets_and_seed_tell_the_same_story() -> None:
    assert tell() == told()


def test_another_process_tells_the_same_story() -> None:
    ask = "from guatu.packs.theme_education.demo.story import tell; import hashlib; print(hashlib.sha256(repr(tell()).encode()).hexdigest())"
    told_there = {
        subprocess.run(
            [sys.executable, "-c", ask],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told_there) == 1


def test_another_seed_tells_another_story_with_the_same_totals() -> None:
    other = tell(seed=7)
    assert other.events != told().events
    assert recount(other, ENDS) == wanted(Targets())


def test_another_total_in_one_chapter_leaves_the_others_as_they_were() -> None:
    other = tell(Targets(mtg_push=9))
    assert other.units == told().units
    assert _events_of(other, "problems") == _events_of(told(), "problems")


def _events_of(story: Story, register: str) -> list[NewItem]:
    return [e for e in story.events if isinstance(e, NewItem) and e.register == register]


def test_totals_only_grow_into_their_last_value() -> None:
    days = [STARTS + timedelta(days=n) for n in (0, 10, 25, 40, 55, 70, 80)] + [ENDS]
    counts = [recount(told(), day) for day in days]
    for key in (
        "issues_total",
        "survey_visits",
        "survey_topics",
        "plans_total",
        "mtg_office",
        "media_reports",
    ):
        series = [count[key] for count in counts]
        assert series == sorted(series), key
        assert series[0] == 0 < series[4] < series[-1] or key in ("plans_total", "survey_topics"), key


def test_problems_are_closed_gradually() -> None:
    closed = [
        recount(told(), day)["issues_closed"]
        for day in (date(2023, 10, 1), date(2023, 10, 31), date(2023, 11, 15))
    ]
    assert 0 <= closed[0] < closed[1] < closed[2] < 258


def test_no_open_plan_is_late_on_any_day() -> None:
    for day in (date(2023, 10, 20), date(2023, 11, 5), ENDS):
        assert all(
            i.due >= day for i in items_on(told(), day) if i.register == "plans" and i.phase != "closed"
        )


def test_a_merger_takes_one_unit_away_and_its_people_are_counted_once() -> None:
    (merger,) = told().mergers
    before = merger.day - timedelta(days=1)
    assert len(units_on(told(), before, "third")) == 217
    assert merger.unit not in units_on(told(), merger.day, "third")
    assert merger.recorded > merger.day
    assert people_on(told(), ENDS, "leaders") == 891


def test_units_move_and_the_move_is_entered_days_later() -> None:
    levels = {unit.code: unit.level for unit in told().units}
    assert Counter(levels[move.unit] for move in told().moves) == {"third": 3, "branch": 2}
    assert all(move.recorded > move.day for move in told().moves)


def test_everything_that_can_go_wrong_happens_somewhere() -> None:
    steps = Counter(e.transition for e in told().events if isinstance(e, Step))
    for transition in (
        "send_back",
        "rebound",
        "refer_up",
        "claim",
        "give_notice",
        "stage",
        "keep_up",
        "merge",
        "void",
    ):
        assert steps[transition] > 0, transition
    assert any(isinstance(e, Extension) for e in told().events)
    assert any(isinstance(e, Correction) for e in told().events)
    assert any(isinstance(e, Edit) for e in told().events)
    assert sum(e.recorded > e.day for e in _events_of(told(), "visits")) > 20


def test_days_of_an_item_never_go_back_and_nothing_is_entered_before_it_happened() -> None:
    day: dict[str, date] = {}
    known: dict[str, date] = {}
    for event in told().events:
        if isinstance(event, NewItem):
            assert event.key not in day
            day[event.key], known[event.key] = event.day, event.recorded
        elif isinstance(event, Step):
            assert day[event.item] <= event.day <= event.recorded
            assert known[event.item] <= event.recorded <= ENDS
            day[event.item], known[event.item] = event.day, event.recorded


def test_events_come_in_the_order_of_recording() -> None:
    recorded = [event.recorded for event in told().events]
    assert recorded == sorted(recorded)


def test_whoever_applied_never_verifies() -> None:
    applied: dict[str, set[str]] = {}
    for event in told().events:
        if isinstance(event, Step):
            if event.transition in ("start", "submit_for_signature", "sign_off"):
                applied.setdefault(event.item, set()).add(event.by)
            elif event.transition == "approve":
                assert event.by not in applied[event.item]


def test_names_of_units_and_people_are_given_once() -> None:
    names = Counter(unit.name for unit in told().units)
    shorts = Counter(unit.short for unit in told().units if unit.level != "branch")
    people = Counter(person.name for person in told().people)
    assert max(names.values()) == max(shorts.values()) == max(people.values()) == 1


def test_every_key_task_has_a_head_of_at_most_six_characters() -> None:
    heads = [str(e.data["short_name"]) for e in _events_of(told(), "key_tasks")]
    assert len(set(heads)) == 20
    assert max(map(len, heads)) <= 6


def test_the_cast_has_one_person_per_role_and_two_rival_companies() -> None:
    roles = Counter(player.role for player in CAST)
    assert roles == {
        "leader": 1,
        "office": 2,
        "working_group": 1,
        "team_leader": 1,
        "team_member": 1,
        "liaison": 2,
        "head": 1,
        "filler": 2,
        "observer": 1,
        "auditor": 1,
        "system_admin": 1,
        "security_admin": 1,
        "audit_admin": 1,
    }
    at = {post.username: post.unit for post in told().posts}
    assert at["zhouqiming"] != at["luwenbo"]
    assert str(at["hejingyi"]).startswith(f"{at['zhouqiming']}-")
    assert str(at["hanzhiwei"]).startswith(f"{at['luwenbo']}-")


def test_the_teams_leader_of_the_cast_verifies_for_the_head_of_the_cast() -> None:
    unit = next(post.unit for post in told().posts if post.username == "shaoqingyue")
    team = next(post.team for post in told().posts if post.username == "xuzhiyuan")
    assert unit in next(plan.units for plan in told().teams if plan.key == team)


@pytest.mark.parametrize("register", ["problems", "visits", "services", "unit_tasks"])
def test_texts_read_as_house_style_asks(register: str) -> None:
    for event in _events_of(told(), register):
        words = event.title + "".join(str(v) for v in event.data.values() if isinstance(v, str))
        assert not set("！!{}") & set(words)


def test_no_sentence_of_the_annotated_report_is_in_the_story(shared: Path) -> None:
    report = (shared / "seed" / "report.zh.txt").read_text(encoding="utf-8")
    texts = {e.title for e in told().events if isinstance(e, NewItem)}
    texts |= {
        part
        for e in told().events
        if isinstance(e, NewItem)
        for v in e.data.values()
        if isinstance(v, str)
        for part in v.split("。")
    }
    assert not [text for text in texts if len(text) >= 10 and text in report]
