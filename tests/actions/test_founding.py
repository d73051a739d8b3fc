"""The first day of a house: four persons, one unit, and no second founding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from guatu.access import may, operator, resolve
from guatu.actions.founding import FirstPerson, House, found_house, house_as
from guatu.actions.setup import create_campaign
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.queries.verify import verify
from guatu.records.models import Batch, Campaign, Person, Tree, Unit
from tests.people import small_world, theme_pack

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
HOUSE = House("华岳集团有限公司", "华岳集团", "HY", "group", "administrative", "行政隶属")
PASSWORD = "Mountain-2026"
FIRST = (
    FirstPerson("system_admin", "fang", "方若谷", PASSWORD),
    FirstPerson("security_admin", "ji", "季长宁", PASSWORD),
    FirstPerson("audit_admin", "ye", "叶栖迟", PASSWORD),
    FirstPerson("office", "lin", "林晓岚", PASSWORD),
)


def campaign(root: Unit, key: str = "first") -> Campaign:
    pack = theme_pack()
    return create_campaign(
        resolve(Person.objects.get(username="lin")),
        key=key,
        name=pack.head.label,
        short_name=pack.head.label,
        pack=pack,
        tree=Tree.objects.get(),
        root=root,
        starts_on=date(2026, 1, 1),
    )


def test_a_house_is_founded_and_verifies() -> None:
    root = found_house(operator(), house=HOUSE, people=FIRST)
    assert (root.code, root.line) == ("HY", (root.pk,))
    assert Person.objects.get(username="lin").check_password(PASSWORD)
    assert verify().broken == ""


def test_the_first_posts_hold_in_every_campaign_that_is_started_later() -> None:
    root = found_house(operator(), house=HOUSE, people=FIRST)
    rows = [campaign(root), campaign(root, "second")]
    for row in rows:
        lin = resolve(Person.objects.get(username="lin"), row)
        assert may(lin, "see_items", campaign=row)
        assert may(lin, "hand_down", root, row)


def test_the_system_administrator_sets_up_and_sees_no_items() -> None:
    root = found_house(operator(), house=HOUSE, people=FIRST)
    row = campaign(root)
    fang = resolve(Person.objects.get(username="fang"), row)
    allowed = ("open_campaign", "manage_units", "manage_people", "manage_teams", "see_contacts")
    assert all(may(fang, capability, root, row) for capability in allowed)
    assert not any(
        may(fang, capability, root, row) for capability in ("see_items", "see_figures", "hand_down")
    )


@pytest.mark.parametrize("field", ["username", "name"])
@pytest.mark.parametrize("other", range(1, 4))
def test_nobody_holds_two_of_the_first_roles(field: str, other: int) -> None:
    doubled = list(FIRST)
    doubled[other] = replace(doubled[other], **{field: getattr(FIRST[0], field)})
    with pytest.raises(BadInput, match="三类管理员互斥"):
        found_house(operator(), house=HOUSE, people=doubled)
    assert not Batch.objects.exists()


def test_a_missing_role_is_refused() -> None:
    with pytest.raises(BadInput, match="各须一人"):
        found_house(operator(), house=HOUSE, people=FIRST[1:])


def test_one_weak_password_and_nothing_is_written() -> None:
    weak = (*FIRST[:3], replace(FIRST[3], password="linlinlinlin"))
    with pytest.raises(BadInput, match="含有账号"):
        found_house(operator(), house=HOUSE, people=weak)
    assert not Unit.objects.exists()
    assert not Batch.objects.exists()


def test_a_house_is_founded_once() -> None:
    found_house(operator(), house=HOUSE, people=FIRST)
    others = [replace(one, username=f"{one.username}2", name=f"{one.name}二") for one in FIRST]
    with pytest.raises(Conflict, match="已经开始使用"):
        found_house(operator(), house=replace(HOUSE, code="XX"), people=others)


def test_only_the_installation_itself_founds() -> None:
    world = small_world()
    with pytest.raises(NotAllowed):
        found_house(world.actor("lin"), house=HOUSE, people=FIRST)


def test_a_campaign_key_is_used_once_and_written_in_small_letters() -> None:
    root = found_house(operator(), house=HOUSE, people=FIRST)
    campaign(root)
    with pytest.raises(BadInput, match="已有代码为“first”的专项工作"):
        campaign(root)
    with pytest.raises(BadInput, match="小写字母"):
        campaign(root, "First 2026")


def test_a_campaign_wants_a_root_of_a_level_that_its_pack_knows() -> None:
    root = found_house(operator(), house=replace(HOUSE, level="federation"), people=FIRST)
    with pytest.raises(BadInput, match=r"层级“federation”不在专项模板"):
        campaign(root)


def test_a_house_takes_its_keys_from_a_pack() -> None:
    house = house_as(theme_pack(), name=" 华岳集团 ", short_name="", code="HY ")
    assert house == House("华岳集团", "华岳集团", "HY", "group", "administrative", "行政隶属")
