"""The safety drive's story as plain values: both paths, the photos, the five of a major hazard, work for the cast."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from guatu.demo.plan import NewItem, Step, Story
from guatu.demo.players import Player
from guatu.packs.safety_drive.demo.cast import CAST
from guatu.packs.safety_drive.demo.days import ENDS, STARTS
from guatu.packs.safety_drive.demo.org import CAST_SITE
from guatu.packs.safety_drive.demo.story import tell
from tests.packs.safety_drive.demo.recount import FIVE


@cache
def told() -> Story:
    return tell()


@cache
def ways() -> dict[str, list[Step]]:
    """Every hazard with its steps in order."""
    found: dict[str, list[Step]] = {key: [] for key in hazards()}
    for event in told().events:
        if isinstance(event, Step) and event.item in found:
            found[event.item].append(event)
    return found


@cache
def hazards() -> dict[str, NewItem]:
    return {e.key: e for e in told().events if isinstance(e, NewItem) and e.register == "hazards"}


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    assert tell() == told()
    assert tell(seed=7).events != told().events


def test_it_is_an_organisation_of_its_own_with_about_nine_hundred_items() -> None:
    levels = Counter(unit.level for unit in told().units)
    assert levels == {"group": 1, "second": 9, "third": 30}
    assert 850 <= sum(isinstance(event, NewItem) for event in told().events) <= 1100


def test_nothing_is_recorded_out_of_order_or_out_of_time() -> None:
    recorded = [event.recorded for event in told().events]
    assert recorded == sorted(recorded)
    assert (recorded[0], recorded[-1]) == (STARTS, ENDS)


def test_a_hazard_put_right_on_the_spot_takes_two_steps_of_one_day_by_one_person() -> None:
    short = [
        (hazards()[key], way) for key, way in ways().items() if way and way[0].transition == "fix_at_once"
    ]
    assert len(short) > 30
    for item, way in short:
        fixed = way[0]
        assert (item.state, item.recorded, item.by) == ("found", fixed.recorded, fixed.by)
        assert {picture.kind for picture in fixed.pictures} == {"before_photo", "after_photo"}


def test_a_hazard_with_a_term_is_signed_verified_and_sometimes_sent_back_or_back_again() -> None:
    taken = Counter(step.transition for way in ways().values() for step in way)
    for transition in ("set_term", "start", "submit_for_signature", "sign_off", "take_up", "approve"):
        assert taken[transition] > 20, transition
    assert taken["send_back"] > 3
    assert taken["rebound"] > 1


def test_no_hazard_is_signed_without_both_photos_of_its_round() -> None:
    for key, way in ways().items():
        kinds = {picture.kind for picture in hazards()[key].pictures}
        for step in way:
            if step.transition == "rebound":
                kinds = set()
            kinds |= {picture.kind for picture in step.pictures}
            if step.state in ("signing", "closed"):
                assert kinds == {"before_photo", "after_photo"}, key


def test_a_major_hazard_has_all_five_from_the_day_work_begins() -> None:
    major = {key for key, item in hazards().items() if item.data["grade"] == "major"}
    begun = [way for key, way in ways().items() if key in major for step in way if step.transition == "start"]
    assert begun
    for way in begun:
        start = next(step for step in way if step.transition == "start")
        assert all(start.data.get(name) for name in FIVE)
    assert [key for key in major if not ways()[key] or ways()[key][-1].state == "open"]  # not all have begun


@pytest.mark.parametrize(
    ("state", "who"),
    [("found", "the team"), ("doing", "the officer"), ("signing", "the head"), ("applied", "the team")],
)
def test_everybody_at_the_casts_site_has_something_to_do(state: str, who: str) -> None:
    ends = [
        (way[-1].state if way else hazards()[key].state)
        for key, way in ways().items()
        if hazards()[key].unit == CAST_SITE
    ]
    assert ends.count(state) >= 2, who


def test_a_picture_says_which_place_it_shows_and_whether_it_is_repaired() -> None:
    pictures = {
        (each.kind, each.content)
        for event in told().events
        if isinstance(event, NewItem | Step)
        for each in event.pictures
    }
    before = {content for kind, content in pictures if kind == "before_photo"}
    after = {content for kind, content in pictures if kind == "after_photo"}
    assert before.isdisjoint(after)
    assert all(content.startswith(b"\x89PNG") and len(content) < 8000 for content in before | after)


def test_the_cast_has_names_of_its_own() -> None:
    names = [person.name for person in told().people]
    assert len(set(names)) == len(names)
    assert {player.username for player in CAST} <= {person.username for person in told().people}


@pytest.mark.parametrize("player", CAST, ids=lambda player: player.username)
def test_everybody_of_the_cast_is_introduced_on_the_page(repository: Path, player: Player) -> None:
    page = (repository / "docs" / "demo.md").read_text(encoding="utf-8")
    assert f"| {player.name} | {player.username} |" in page
