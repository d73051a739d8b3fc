"""One-time codes: who may give them to whom, what is kept of them, what they open and how often."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F

from guatu.access import operator, resolve
from guatu.actions.access_codes import SIGNS, TRIES, give_access_codes, take_up_account
from guatu.actions.accounts import set_password
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.verify import verify
from guatu.records.models import AccessCode, Batch, Message, Person, Revision
from tests.people import World, small_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PASSWORD = "Mountain-2026"


@pytest.fixture
def world() -> World:
    return small_world()


def add(username: str, role: str, unit: str, home: str = "HY", world: World | None = None) -> None:
    enter_people(operator(), people=[NewPerson(username, "季长宁二", home)])
    campaign = world.campaign if world else None
    appoint(operator(), campaign=campaign, appointments=[Appointment(username, role, unit)])


def code_for(world: World, username: str, by: str = "lin") -> str:
    return give_access_codes(world.actor(by), usernames=[username])[0].code


def take_up(world: World, username: str, code: str, password: str = PASSWORD) -> Batch:
    return take_up_account(resolve(Person.objects.get(username=username)), code=code, password=password)


def test_a_code_opens_the_account_for_a_password_of_ones_own_once(world: World) -> None:
    slip = give_access_codes(world.actor("lin"), usernames=["lu"])[0]
    assert (slip.unit, slip.name, slip.username) == ("一厂", "陆文博", "lu")
    assert set(slip.code) <= set(SIGNS) | {"-"}
    assert not Person.objects.get(username="lu").has_usable_password()
    batch = take_up(world, "lu", slip.code.lower().replace("-", " "))
    assert (batch.action, batch.actor_name) == ("people.take_up", "陆文博")
    assert Person.objects.get(username="lu").check_password(PASSWORD)
    with pytest.raises(NotAllowed, match="用过"):
        take_up(world, "lu", slip.code, "River-2026-long")
    assert Person.objects.get(username="lu").check_password(PASSWORD)
    assert verify().broken == ""


def test_the_code_stands_neither_in_the_history_nor_in_its_row(world: World) -> None:
    slips = give_access_codes(world.actor("lin"), usernames=["lu", "ren", "ji"])
    kept = " ".join(AccessCode.objects.values_list("code_hash", flat=True))
    bodies = list(Revision.objects.order_by("-id").values_list("body", flat=True)[:3])
    assert [json.loads(body)["access_code"] for body in bodies] == [True] * 3
    for slip in slips:
        for form in (slip.code, slip.code.replace("-", "")):
            assert form not in kept
            assert form not in "".join(bodies)
        assert slip.code not in repr(slip)
    assert Batch.objects.filter(action="people.access_codes").count() == 1  # three people, one act


def test_a_newer_code_makes_the_older_one_void(world: World) -> None:
    old = code_for(world, "lu")
    new = code_for(world, "lu")
    with pytest.raises(NotAllowed):
        take_up(world, "lu", old)
    take_up(world, "lu", new)


def test_a_code_opens_no_other_account(world: World) -> None:
    code = code_for(world, "lu")
    code_for(world, "ren")
    with pytest.raises(NotAllowed, match="账号或启用码不对"):
        take_up(world, "ren", code)


def test_an_expired_code_says_so(world: World) -> None:
    code = code_for(world, "lu")
    AccessCode.objects.update(expires_at=F("expires_at") - timedelta(days=31))
    with pytest.raises(NotAllowed, match="已过有效期"):
        take_up(world, "lu", code)
    with pytest.raises(NotAllowed, match="账号或启用码不对"):
        take_up(world, "lu", "AAAA-BBBB-CCCC")  # whoever has the wrong one learns nothing


def test_how_long_it_can_be_used_follows_the_settings(world: World, settings: Any) -> None:
    settings.GUATU_CODE_DAYS = 3
    code_for(world, "lu")
    row = AccessCode.objects.get()
    assert row.expires_at - row.made_at == timedelta(days=3)


def test_after_too_many_wrong_tries_the_right_one_opens_nothing(world: World) -> None:
    code = code_for(world, "lu")
    for _try in range(TRIES):
        with pytest.raises(NotAllowed):
            take_up(world, "lu", "AAAA-BBBB-CCCC")
    with pytest.raises(NotAllowed):
        take_up(world, "lu", code)
    assert not Person.objects.get(username="lu").has_usable_password()


def test_a_weak_password_leaves_the_code_good(world: World) -> None:
    code = code_for(world, "lu")
    for weak, said in (
        ("short", "只有 5 个字符"),
        ("basketball", "太常见"),
        ("陆文博陆文博一二三四", "本人姓名"),
    ):
        with pytest.raises(BadInput, match=said):
            take_up(world, "lu", code, weak)
    take_up(world, "lu", code)


def test_whoever_forgot_their_password_keeps_it_until_the_code_is_used(world: World) -> None:
    set_password(operator(), username="lu", password="River-2026-long")
    code = code_for(world, "lu", by="zhou")
    assert Person.objects.get(username="lu").check_password("River-2026-long")
    take_up(world, "lu", code)
    assert Person.objects.get(username="lu").check_password(PASSWORD)


def test_the_parents_liaison_gives_codes_to_subordinate_units_only(world: World) -> None:
    add("equal", "observer", "JIA", "JIA", world)
    add("higher", "filler", "F1", "HY", world)  # at home above the liaison
    add("both", "filler", "F1", "F1", world)
    appoint(operator(), campaign=world.campaign, appointments=[Appointment("both", "observer", "JIA")])
    zhou = world.actor("zhou")
    assert [slip.username for slip in give_access_codes(zhou, usernames=["lu", "ren"])] == ["lu", "ren"]
    for username in ("equal", "higher", "both", "zhou"):
        with pytest.raises(NotAllowed, match="不能由您办理"):
            give_access_codes(zhou, usernames=[username])
    for username in ("ji", "he", "nobody"):
        with pytest.raises(NotFound, match="不在您的管理范围内"):
            give_access_codes(zhou, usernames=[username])


def test_where_one_of_several_is_not_ones_own_nobody_gets_a_code(world: World) -> None:
    with pytest.raises(NotFound):
        give_access_codes(world.actor("zhou"), usernames=["lu", "ji"])
    assert not AccessCode.objects.exists()


@pytest.mark.parametrize("who", ["lu", "ren", "gu", "xu", "bai", "guest"])
def test_whoever_keeps_no_accounts_gives_no_codes(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        give_access_codes(world.actor(who), usernames=["lu"])


def test_an_administrators_code_comes_from_the_security_administrator_alone(world: World) -> None:
    add("guard", "security_admin", "HY")
    add("root", "system_admin", "HY")
    guard = resolve(Person.objects.get(username="guard"))
    with pytest.raises(NotAllowed):
        give_access_codes(world.actor("lin"), usernames=["root"])
    assert give_access_codes(guard, usernames=["root"])[0].username == "root"
    with pytest.raises(NotAllowed):
        give_access_codes(guard, usernames=["guard"])  # nobody gives one to themselves
    with pytest.raises(NotAllowed):
        give_access_codes(resolve(Person.objects.get(username="root")), usernames=["lu"])


def test_a_reset_is_told_to_the_person_and_to_the_security_administrators(world: World) -> None:
    add("guard", "security_admin", "HY")
    give_access_codes(world.actor("zhou"), usernames=["lu"])
    assert not Message.objects.filter(
        person__username="lu"
    ).exists()  # the account sleeps: nobody would read it
    assert Message.objects.get(person__username="guard").params == {"count": 1, "accounts": "lu"}
    set_password(operator(), username="lu", password=PASSWORD)
    code = code_for(world, "lu", by="zhou")
    told = Message.objects.get(person__username="lu")
    assert (told.kind, told.by_name) == ("account_code", "周启明")
    assert code not in str(list(Message.objects.values()))


def test_nobody_chosen_is_said(world: World) -> None:
    with pytest.raises(BadInput, match="请至少选一个人"):
        give_access_codes(world.actor("lin"), usernames=[])
