"""A visit with its findings: noted by the team, approved, fed back, acknowledged, filed; or put right on the spot."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import operator, visible
from guatu.actions.comments import add_comment
from guatu.actions.findings import NewFinding, Recorded, file_finding, plan_visit, record_visit
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, NewPerson, NewTeam, appoint, enter_people, form_teams
from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.queries.items import item_page
from guatu.queries.verify.run import verify
from guatu.records.models import Batch, Item, Link, Spell
from tests.people import World, small_world

DAY = date(2023, 11, 20)
VISIT = {"held_on": "2023-11-20", "team": "第三督导组", "kind": "visit"}
FOUND = {"found_on": "2023-11-20", "category": "safety"}


def paper(kind: str = "") -> NewEvidence:
    return NewEvidence(title="现场照片", place="督导组档案", keeper="白露", kind=kind)


@pytest.fixture
def world(db: None) -> World:
    return small_world()


def record(world: World, *findings: NewFinding, who: str = "bai", key: str | None = None) -> Recorded:
    with clock.fixed(DAY):
        return record_visit(
            world.actor(who),
            campaign=world.campaign,
            unit="F1",
            title="到一厂督导",
            fields=VISIT,
            findings=findings,
            idempotency_key=key,
        )


def who_sees(world: World, item: Item) -> set[str]:
    people = ("lin", "gu", "zhou", "he", "lu", "ren", "ji", "xu", "bai")
    found = set()
    with clock.fixed(DAY):
        for who in people:
            items = visible(world.actor(who), Item.objects.filter(pk=item.pk), world.campaign).exists()
            spells = visible(world.actor(who), Spell.objects.filter(item=item), world.campaign).exists()
            assert items == spells
            found |= {who} if items else set()
    return found


TEAM_AND_OFFICE = {"lin", "xu", "bai"}
EVERYONE_THERE = {"lin", "gu", "zhou", "lu", "ren", "xu", "bai"}


def test_a_note_is_the_teams_until_it_is_fed_back(world: World) -> None:
    [note] = record(world, NewFinding("配电箱没有上锁", FOUND)).notes
    assert who_sees(world, note) == TEAM_AND_OFFICE
    with pytest.raises(NotAllowed):
        world.move("bai", "approve", [note], DAY)
    world.move("xu", "approve", [note], DAY)
    assert who_sees(world, note) == TEAM_AND_OFFICE
    world.move("xu", "feed_back", [note], DAY)
    now = who_sees(world, note)
    assert now == EVERYONE_THERE


def test_what_is_dropped_is_never_seen_by_the_unit(world: World) -> None:
    [note] = record(world, NewFinding("配电箱没有上锁", FOUND)).notes
    with pytest.raises(BadInput, match="原因"):
        world.move("xu", "drop", [note], DAY)
    world.move("xu", "drop", [note], DAY, reason="现场核对不成立")
    assert who_sees(world, note) == TEAM_AND_OFFICE
    with pytest.raises(NotFound):
        world.move("lu", "acknowledge", [note], DAY)


def test_a_finding_is_filed_as_a_problem_of_the_unit_in_one_act(world: World) -> None:
    [note] = record(world, NewFinding("配电箱没有上锁", {**FOUND, "description": "二车间"})).notes
    with clock.fixed(DAY), pytest.raises(NotFound):
        file_finding(world.actor("lu"), campaign=world.campaign, item=note.pk, due=date(2023, 12, 20))
    world.move("xu", "approve", [note], DAY)
    world.move("xu", "feed_back", [note], DAY)
    with clock.fixed(DAY), pytest.raises(BadInput, match="签收"):
        file_finding(world.actor("lu"), campaign=world.campaign, item=note.pk, due=date(2023, 12, 20))
    world.move("lu", "acknowledge", [note], DAY)
    before = Batch.objects.count()
    with clock.fixed(DAY), pytest.raises(BadInput):
        file_finding(world.actor("lu"), campaign=world.campaign, item=note.pk, due=None)
    assert Batch.objects.count() == before
    with clock.fixed(DAY):
        opened = [
            file_finding(
                world.actor("lu"),
                campaign=world.campaign,
                item=note.pk,
                due=date(2023, 12, 20),
                idempotency_key="file-1",
            )
            for _twice in range(2)
        ]
    assert opened[0].pk == opened[1].pk
    problem = opened[0]
    assert (problem.register, problem.unit.code, problem.title) == ("problems", "F1", "配电箱没有上锁")
    assert (problem.data["source"], problem.data["category"]) == ("supervision", "safety")
    assert problem.data["description"] == "二车间"
    assert Link.objects.get(source=problem, target=note).kind == "found_in"
    assert Item.objects.get(pk=note.pk).state == "filed"
    assert verify().broken == ""


def test_a_finding_cannot_be_filed_without_its_problem(world: World) -> None:
    [note] = record(world, NewFinding("配电箱没有上锁", FOUND)).notes
    world.move("xu", "approve", [note], DAY)
    world.move("xu", "feed_back", [note], DAY)
    world.move("ren", "acknowledge", [note], DAY)
    with pytest.raises(BadInput, match="立项"):
        world.move("xu", "file", [note], DAY)


def test_what_is_put_right_on_the_spot_goes_the_short_path(world: World) -> None:
    photos = (paper("before_photo"), paper("after_photo"))
    done_there = {"measures_text": "清走堆物", "owner": "陆文博", "verification": "当场看过"}
    fixed = NewFinding("通道堆物", {**FOUND, **done_there}, photos, at_once=True)
    done = record(world, fixed, NewFinding("配电箱没有上锁", FOUND))
    [problem] = done.at_once
    assert problem.state == "closed"
    assert Link.objects.get(source=problem).target == done.visit
    assert len(done.notes) == 1
    assert verify().broken == ""


def test_without_both_photographs_nothing_is_written_at_all(world: World) -> None:
    before = Item.objects.count()
    fixed = NewFinding(
        "通道堆物", {**FOUND, "verification": "当场清理"}, (paper("before_photo"),), at_once=True
    )
    with pytest.raises(BadInput, match="整改后照片"):
        record(world, fixed)
    assert Item.objects.count() == before


def test_the_same_form_sent_twice_is_recorded_once(world: World) -> None:
    first = record(world, NewFinding("配电箱没有上锁", FOUND), key="visit-1")
    second = record(world, NewFinding("配电箱没有上锁", FOUND), key="visit-1")
    assert (first.visit.pk, first.notes[0].pk) == (second.visit.pk, second.notes[0].pk)
    assert Item.objects.filter(register="supervision").count() == 1


def test_what_was_put_right_on_the_spot_is_not_doubled_by_a_second_submission(world: World) -> None:
    photos = (paper("before_photo"), paper("after_photo"))
    done_there = {"measures_text": "清走堆物", "owner": "陆文博", "verification": "当场看过"}
    fixed = NewFinding("通道堆物", {**FOUND, **done_there}, photos, at_once=True)
    first = record(world, fixed, NewFinding("配电箱没有上锁", FOUND), key="visit-1")
    batches = Batch.objects.count()
    second = record(world, fixed, NewFinding("配电箱没有上锁", FOUND), key="visit-1")
    assert (second.visit, second.notes, second.at_once) == (first.visit, first.notes, first.at_once)
    assert Batch.objects.count() == batches


def test_one_more_finding_under_the_same_key_is_told_and_not_lost(world: World) -> None:
    record(world, NewFinding("配电箱没有上锁", FOUND), key="visit-1")
    with pytest.raises(Conflict, match="已用于另一份内容"):
        record(world, NewFinding("配电箱没有上锁", FOUND), NewFinding("通道堆物", FOUND), key="visit-1")
    with pytest.raises(Conflict, match="已用于另一份内容"):
        record(world, NewFinding("配电箱没有上锁", FOUND), who="xu", key="visit-1")
    assert Item.objects.filter(register="team_findings").count() == 1


def test_a_planned_visit_sent_twice_is_recorded_once(world: World) -> None:
    planned = plan(world, unannounced=False)
    made = []
    for _ in range(2):
        with clock.fixed(DAY):
            made.append(
                record_visit(
                    world.actor("bai"),
                    campaign=world.campaign,
                    unit="F1",
                    title="到一厂复查",
                    fields=VISIT,
                    findings=[NewFinding("配电箱没有上锁", FOUND)],
                    planned=planned.pk,
                    idempotency_key="visit-2",
                )
            )
    assert made[0].visit == made[1].visit == planned
    assert made[0].notes == made[1].notes
    assert Item.objects.filter(register="team_findings").count() == 1


def test_a_finding_filed_under_the_key_of_another_is_refused(world: World) -> None:
    notes = record(world, NewFinding("配电箱没有上锁", FOUND), NewFinding("通道堆物", FOUND)).notes
    for who, key in (("xu", "approve"), ("xu", "feed_back"), ("ren", "acknowledge")):
        world.move(who, key, list(notes), DAY)

    def file(note: Item) -> Item:
        with clock.fixed(DAY):
            return file_finding(
                world.actor("xu"),
                campaign=world.campaign,
                item=note.pk,
                due=date(2023, 12, 20),
                fields={"source": "supervision"},
                idempotency_key="file-1",
            )

    assert file(notes[0]) == file(notes[0])
    with pytest.raises(Conflict, match="已用于另一份内容"):
        file(notes[1])
    assert Item.objects.filter(register="problems").count() == 1


def plan(world: World, *, unannounced: bool) -> Item:
    with clock.fixed(date(2023, 11, 10)):
        return plan_visit(
            world.actor("bai"),
            campaign=world.campaign,
            unit="F1",
            title="到一厂督导",
            planned_on=DAY,
            fields={"unannounced": unannounced},
        )


def test_an_unannounced_visit_is_secret_until_it_is_recorded(world: World) -> None:
    open_plan, secret = plan(world, unannounced=False), plan(world, unannounced=True)
    assert who_sees(world, open_plan) == EVERYONE_THERE
    assert who_sees(world, secret) == TEAM_AND_OFFICE
    with clock.fixed(DAY):
        done = record_visit(
            world.actor("bai"),
            campaign=world.campaign,
            unit="F1",
            title="到一厂督导",
            fields=VISIT,
            planned=secret.pk,
        )
    assert done.visit.pk == secret.pk
    now = Spell.objects.filter(item=secret, state="recorded")
    with clock.fixed(DAY):
        assert visible(world.actor("lu"), now, world.campaign).exists()
        before = Spell.objects.filter(item=secret, state="planned", valid_to__gt=date(2023, 11, 11))
        assert before.exists()
        assert not visible(world.actor("lu"), before, world.campaign).exists()


def test_one_that_is_called_off_stays_secret_and_never_counted(world: World) -> None:
    secret = plan(world, unannounced=True)
    world.move("bai", "cancel", [secret], DAY, reason="改期")
    assert who_sees(world, secret) == TEAM_AND_OFFICE
    assert not Spell.objects.filter(item=secret, phase__in=("open", "review", "closed")).exists()


def test_a_plan_that_becomes_unannounced_is_secret_on_every_day_before_too(world: World) -> None:
    seen = plan(world, unannounced=False)
    assert "lu" in who_sees(world, seen)
    with clock.fixed(DAY):
        edit = Edit(seen.pk, {"unannounced": True})
        edit_items(world.actor("bai"), campaign=world.campaign, edits=[edit])
    assert who_sees(world, seen) == TEAM_AND_OFFICE


def test_the_unit_itself_cannot_hide_anything(world: World) -> None:
    seen = plan(world, unannounced=False)
    edit = Edit(seen.pk, {"unannounced": True})
    with clock.fixed(DAY), pytest.raises(NotAllowed):
        edit_items(world.actor("lu"), campaign=world.campaign, edits=[edit])


def test_another_team_and_the_rival_company_know_nothing(world: World) -> None:
    with clock.fixed(date(2023, 10, 2)):
        enter_people(operator(), people=[NewPerson("tong", "童安", home_unit="HY")])
        form_teams(operator(), campaign=world.campaign, teams=[NewTeam("t4", "第四督导组", ("F2",))])
        posts = [Appointment("tong", "team_leader", team="t4")]
        appoint(operator(), campaign=world.campaign, appointments=posts)
    secret = plan(world, unannounced=True)
    with clock.fixed(DAY):
        assert not visible(world.actor("tong"), Item.objects.filter(pk=secret.pk), world.campaign).exists()


def test_the_unit_is_not_told_what_the_team_wrote_and_said_before_it_fed_back(world: World) -> None:
    [note] = record(world, NewFinding("厂里瞒报了台账", FOUND)).notes
    with clock.fixed(DAY):
        add_comment(world.actor("bai"), campaign=world.campaign, item=note.pk, text="先不要告诉厂里")
        edit = Edit(note.pk, {"description": "二车间台账缺页"}, title="台账登记不全")
        edit_items(world.actor("bai"), campaign=world.campaign, edits=[edit])
    world.move("xu", "approve", [note], DAY)
    world.move("xu", "feed_back", [note], DAY)
    with clock.fixed(DAY):
        shown = {
            who: item_page(world.actor(who), world.campaign, note.public_id, day=DAY) for who in ("lu", "xu")
        }
    for words in ("瞒报", "先不要告诉"):
        assert words not in str(shown["lu"])
    assert "台账登记不全" in str(shown["lu"])
    assert "瞒报" in str(shown["xu"])
    with clock.fixed(date(2023, 11, 21)), pytest.raises(NotFound):
        item_page(world.actor("lu"), world.campaign, note.public_id, day=date(2023, 11, 19))
