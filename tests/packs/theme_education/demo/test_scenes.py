"""Whoever clicks around in the loaded demo finds a living example of everything that hangs beside items."""

from __future__ import annotations

from collections import Counter
from datetime import date, time

import pytest

from guatu.access import Actor, resolve
from guatu.actions.timetable import move_due
from guatu.demo.players import Player
from guatu.domain import clock
from guatu.packs.theme_education.demo.cast import CAST
from guatu.packs.theme_education.demo.days import ENDS, is_working
from guatu.packs.theme_education.demo.scenes import SCENES
from guatu.packs.theme_education.demo.story import tell
from guatu.queries.coordination import coordination_list
from guatu.queries.queue import verification_queue
from guatu.queries.reinspection import sample_page, samples
from guatu.queries.supervision import supervision_page
from guatu.records.models import (
    Batch,
    BurdenReport,
    Campaign,
    Comment,
    Delegation,
    Evidence,
    Item,
    ItemReader,
    Link,
    Message,
    Objection,
    Person,
    Post,
    Proposal,
)

OPENS, CLOSES = time(8, 30), time(17, 30)


def somebody(username: str, campaign: Campaign) -> Actor:
    return resolve(Person.objects.select_related("home_unit").get(username=username), campaign)


def place(username: str) -> str:
    return next(post.unit for post in tell().posts if post.username == username and post.unit)


def team() -> tuple[str, ...]:
    key = next(post.team for post in tell().posts if post.username == "xuzhiyuan")
    return next(plan.units for plan in tell().teams if plan.key == key)


def test_every_scene_is_played_on_a_working_day_of_the_story() -> None:
    assert SCENES
    assert all(is_working(scene.day) and scene.day <= ENDS for scene in SCENES)


def test_nothing_is_due_by_itself_when_the_demo_is_started(demo: Campaign) -> None:
    before = Batch.objects.count()
    done = move_due(demo)
    assert (done.moved, done.refused) == ([], [])
    assert Batch.objects.count() == before


def test_all_that_is_recorded_on_a_day_is_recorded_in_office_hours(demo: Campaign) -> None:
    times = [
        at.astimezone(clock.DEFAULT_ZONE).time() for at in Batch.objects.values_list("recorded_on", flat=True)
    ]
    assert min(times) >= OPENS
    assert max(times) <= CLOSES


def test_the_liaison_may_switch_between_two_posts(demo: Campaign) -> None:
    assert [grant.role for grant in somebody("zhouqiming", demo).grants] == ["liaison", "head"]


def test_one_delegation_is_in_force_and_one_is_over(demo: Campaign) -> None:
    rows = {(row.giver.username, row.to_day > ENDS) for row in Delegation.objects.select_related("giver")}
    assert rows == {("hejingyi", True), ("zhouqiming", False)}
    assert any(grant.giver is not None for grant in somebody("shaoqingyue", demo).grants)


@pytest.mark.parametrize(
    ("kind", "state", "role", "at"),
    [
        ("extension", "waiting", "filler", "hejingyi"),
        ("extension", "approved", "filler", "hanzhiwei"),
        ("transfer", "waiting", "filler", None),
        ("merge", "waiting", "liaison", "luwenbo"),
        ("void", "declined", "filler", "hanzhiwei"),
    ],
)
def test_there_is_a_proposal_in_every_state(
    demo: Campaign, kind: str, state: str, role: str, at: str | None
) -> None:
    row = Proposal.objects.get(kind=kind, state=state)
    assert row.reason
    assert Post.objects.filter(person=row.proposer_id, role=role).exists()
    if at is not None:
        assert row.item.unit.code.startswith(place(at))
    if state == "declined":
        assert row.answer


def test_the_unit_of_the_cast_is_asked_to_take_an_item_over(demo: Campaign) -> None:
    row = Proposal.objects.select_related("receiver").get(kind="transfer")
    assert row.receiver is not None
    assert row.receiver.code == place("hejingyi")


def test_the_sample_is_looked_at_in_part_and_its_draw_can_be_repeated(demo: Campaign) -> None:
    office = somebody("linxiaolan", demo)
    (row,) = samples(office, demo)
    assert 0 < row.looked < row.items
    page = sample_page(office, demo, row.public_id)
    assert page.agrees
    assert any(not one.result and one.team == "第三督导组" for one in page.rows)


def test_people_were_asked_at_two_units_one_with_too_few_answers(demo: Campaign) -> None:
    rows = Item.objects.filter(register="satisfaction").values_list("unit__code", "data__returned")
    assert sorted(returned for _unit, returned in rows) == [8, 40]
    assert len({unit for unit, _returned in rows}) == 2


def test_items_on_notice_are_public_or_within_and_one_objection_waits(demo: Campaign) -> None:
    found = Item.objects.filter(register="problems", state="on_notice")
    assert {item.data["@notice_kind"] for item in found} == {"public", "within"}
    assert all(ENDS.isoformat() <= item.data["@notice_until"] <= "2023-12-10" for item in found)
    assert sorted(str(row.upheld) for row in Objection.objects.all()) == ["False", "None"]


def test_findings_stand_in_every_state_up_to_the_list(demo: Campaign) -> None:
    found = Counter(Item.objects.filter(register="team_findings").values_list("state", flat=True))
    assert found == dict.fromkeys(["note", "approved", "fed_back", "acknowledged", "filed"], 1)


def test_one_visit_is_announced_and_one_is_not(demo: Campaign) -> None:
    planned = Item.objects.filter(register="supervision", state="planned").select_related("unit")
    assert {bool(item.data["unannounced"]) for item in planned} == {True, False}
    assert all(item.unit.code in team() and item.data["planned_on"] > ENDS.isoformat() for item in planned)
    leader = resolve(Person.objects.get(username="xuzhiyuan"), demo)
    calendar = supervision_page(leader, demo, day=ENDS, past=False).calendar
    assert calendar is not None
    assert [(one.first.on.day, one.second.on.day, one.same_day) for one in calendar.met] == [
        (date(2023, 12, 7), date(2023, 12, 8), False)
    ]


def test_the_liaison_has_fresh_referrals_and_has_claimed_one_with_an_item_above(demo: Campaign) -> None:
    below = f"{place('zhouqiming')}-"
    asked = Item.objects.filter(register="problems", state="referred", unit__code__startswith=below)
    assert len(asked) >= 2
    assert all(item.data["@act_by"] >= ENDS.isoformat() for item in asked)
    claimed = Item.objects.get(register="problems", state="claimed", unit__code__startswith=below)
    (link,) = Link.objects.filter(source=claimed, kind="referred_up_to")
    assert (link.target.unit.code, link.target.register) == (place("zhouqiming"), "referrals")


def test_the_office_has_a_coordination_list(demo: Campaign) -> None:
    assert coordination_list(somebody("linxiaolan", demo), demo, ENDS)


def test_a_self_check_went_to_twenty_units_with_and_without_answers(demo: Campaign) -> None:
    sent = Item.objects.filter(register="self_checks", due=date(2023, 11, 28))
    answers = Counter(item.data.get("exists") if item.phase != "open" else "overdue" for item in sent)
    assert 18 <= answers.total() <= 20
    assert answers.keys() == {True, False, "overdue"}


def test_alike_problems_are_grouped_and_others_told_apart(demo: Campaign) -> None:
    kinds = Counter(Link.objects.filter(ended_batch=None).values_list("kind", flat=True))
    assert kinds["same_as"] >= 3
    assert kinds["unlike"] >= 1


def test_a_restricted_item_has_its_readers(demo: Campaign) -> None:
    item = Item.objects.get(register="problems", restricted=True)
    readers = set(ItemReader.objects.filter(item=item).values_list("person__username", flat=True))
    assert {"zhouqiming", "linxiaolan"} <= readers
    assert "hejingyi" not in readers


@pytest.mark.parametrize("username", ["xuzhiyuan", "linxiaolan"])
def test_those_who_verify_have_files_to_look_at(demo: Campaign, username: str) -> None:
    rows = verification_queue(somebody(username, demo), demo, day=ENDS).rows
    problems = [row for row in rows if row.register == "problems"]
    assert problems
    assert sum(len(row.papers) > 1 for row in problems) >= min(3, len(problems))


def test_the_team_has_one_that_came_back_changed_and_one_signed_on_paper(demo: Campaign) -> None:
    mine = Item.objects.filter(register="problems", unit__code__in=team())
    signed = Evidence.objects.filter(item__in=mine.filter(state="applied"), kind="signed_sheet")
    assert signed.count() == 1
    again = Evidence.objects.filter(item__in=mine.filter(state="verifying"), title="夜班检查记录.pdf")
    assert again.count() == 1


def test_a_burden_has_an_answer_and_another_waits_for_one(demo: Campaign) -> None:
    assert sorted(bool(row.answer) for row in BurdenReport.objects.all()) == [False, True]


@pytest.mark.parametrize("player", CAST, ids=lambda player: player.username)
def test_an_inbox_of_the_cast_is_short_and_of_this_week(demo: Campaign, player: Player) -> None:
    waiting = Message.objects.filter(person__username=player.username, read_at=None)
    assert waiting.count() <= 8
    assert all(
        message.made_at.astimezone(clock.DEFAULT_ZONE).date() > date(2023, 11, 22) for message in waiting
    )


@pytest.mark.parametrize("username", ["xuzhiyuan", "zhouqiming", "shaoqingyue", "hejingyi", "hanzhiwei"])
def test_somebody_has_written_to_the_cast(demo: Campaign, username: str) -> None:
    assert Message.objects.filter(person__username=username, read_at=None).exists()


def test_remarks_mention_and_urge(demo: Campaign) -> None:
    said = Comment.objects.values_list("text", flat=True)
    assert sum("@" in text for text in said) >= 3
    assert Message.objects.filter(kind="urged", read_at=None).exists()
