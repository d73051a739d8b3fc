"""Importing a liaison list: who is who, whole or not at all, telephones apart from the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.people_import import apply_people_import
from guatu.actions.unit_edits import UnitEdit, rename_units
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.domain.imports.people_plan import PeoplePlan
from guatu.queries.people_import import plan_people_import, telephones
from guatu.queries.verify import verify
from guatu.records.models import Batch, Person, PersonalValue, Post, Revision
from tests.people import World, small_world
from tests.sheets import book

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
HEAD = ("单位代码", "姓名", "账号", "身份", "电话", "起始日期")
NEW = ("F2", "叶栖迟", "", "填报员", 13900000001, "2023-11-01")


@pytest.fixture
def world() -> World:
    return small_world()


def plan(world: World, *rows: Sequence[Any], who: str = "lin") -> PeoplePlan:
    with clock.fixed(DAY):
        return plan_people_import(
            world.actor(who), campaign=world.campaign, book=book(*rows, name="名单.xlsx")
        )


def done(world: World, *rows: Sequence[Any]) -> int | None:
    found = plan(world, *rows)
    assert found.errors == ()
    with clock.fixed(DAY):
        batch = apply_people_import(world.actor("lin"), campaign=world.campaign, plan=found).batch
    assert verify().broken == ""
    return batch


def errors(world: World, *rows: Sequence[Any], who: str = "lin") -> list[str]:
    found = plan(world, *rows, who=who)
    batches, people = Batch.objects.count(), Person.objects.count()
    with clock.fixed(DAY), pytest.raises(BadInput, match="没有导入任何内容"):
        apply_people_import(world.actor(who), campaign=world.campaign, plan=found)
    assert (Batch.objects.count(), Person.objects.count()) == (batches, people)
    return [problem.sentence for problem in found.errors]


def test_people_posts_and_telephones_come_in_one_batch(world: World) -> None:
    before = Batch.objects.count()
    done(world, HEAD, NEW, ("JIA", "周 启明", "zhou", "二级公司联络员", "010-1234 5678", None))
    assert Batch.objects.count() == before + 1
    person = Person.objects.get(username="F2")
    post = Post.objects.get(person=person)
    assert (person.name, person.home_unit, person.has_usable_password()) == (
        "叶栖迟",
        world.unit("F2"),
        False,
    )
    assert (post.role, post.unit, post.from_day) == ("filler", world.unit("F2"), date(2023, 11, 1))
    zhou = Person.objects.get(username="zhou")
    assert Post.objects.filter(person=zhou).count() == 1
    assert telephones([person.pk, zhou.pk]) == {person.pk: "13900000001", zhou.pk: "010-1234 5678"}


def test_a_telephone_stands_in_no_revision_and_a_changed_one_is_found(world: World) -> None:
    done(world, HEAD, NEW)
    assert not Revision.objects.filter(body__contains="13900000001").exists()
    kept = PersonalValue.objects.get()
    PersonalValue.objects.update(value='"13900000002"')
    assert verify().broken != ""
    PersonalValue.objects.update(value=kept.value, version=kept.version + 1)
    assert verify().broken != ""
    PersonalValue.objects.all().delete()
    assert verify().broken == ""


def test_a_new_number_takes_the_place_of_the_old(world: World) -> None:
    done(world, HEAD, NEW)
    found = plan(world, HEAD, ("F2", "叶栖迟", "", "填报员", "13900000002", None))
    assert [change.kinds for change in found.changes] == [("telephone",)]
    done(world, HEAD, ("F2", "叶栖迟", "", "填报员", "13900000002", None))
    person = Person.objects.get(username="F2")
    assert (telephones(None), PersonalValue.objects.count()) == ({person.pk: "13900000002"}, 1)


def test_the_same_list_again_changes_nothing(world: World) -> None:
    rows = (HEAD, NEW, ("一厂", "陆文博", "", "填报员", "13900000003", None))
    done(world, *rows)
    before = Batch.objects.count()
    assert done(world, *rows) is None
    assert Batch.objects.count() == before
    assert Post.objects.filter(person__username="lu").count() == 1


def test_two_people_of_a_unit_get_two_accounts_and_one_person_with_two_posts_one(world: World) -> None:
    found = plan(
        world,
        HEAD,
        ("F2", "叶栖迟", "", "填报员", "", None),
        ("F2", "白鹤年", "", "单位负责人", "", None),
        ("F2", "叶栖迟", "", "单位负责人", "", None),
    )
    assert [row.username for row in found.rows] == ["F2", "F2-2", "F2"]
    assert [change.kinds for change in found.changes] == [
        ("new", "appointed"),
        ("new", "appointed"),
        ("appointed",),
    ]


def test_one_name_in_two_units_is_two_people_and_said(world: World) -> None:
    found = plan(world, HEAD, NEW, ("Y3", "叶栖迟", "", "填报员", "", None))
    assert [row.username for row in found.rows] == ["F2", "Y3"]
    assert [each.sentence for each in found.warnings] == [
        "第 3 行“叶栖迟”与第 2 行同名而单位不同，没有填账号，按两个人处理。是同一人的，请填同一账号。"
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("", "叶栖迟", "", "填报员"), "第 2 行没有填“单位代码”。请补填，或删去这一行。"),
        (("F2", "", "", "填报员"), "第 2 行没有填“姓名”。请补填，或删去这一行。"),
        (("F2", "叶栖迟", "", ""), "第 2 行没有填“身份”。请补填，或删去这一行。"),
        (
            ("X9", "叶栖迟", "", "填报员"),
            "第 2 行“单位代码”填的是“X9”，没有这家单位，或不在您的管理范围内。请核对。",
        ),
        (("甲集团", "叶栖迟", "", "填报员"), "第 2 行“单位代码”：“甲集团”可能是：甲公司。请选定一家。"),
        (
            (date(2023, 1, 2), "叶栖迟", "", "填报员"),
            "第 2 行“单位代码”填的是“2023-01-02”，已被表格软件当成日期或逻辑值。请把该列设为文本格式后重新填写。",
        ),
        (
            ("F2", "叶栖迟", "", "系统管理员"),
            "第 2 行“身份”填的是“系统管理员”，管理员、督导组和审计查阅的身份不从名单导入。请在相应页面办理。",
        ),
        (
            ("F2", "叶栖迟", "", "填报员", "总机转"),
            "第 2 行“电话”填的是“总机转”，请只填一个号码：数字、空格、- 和括号，可以 + 开头，分机写“转8012”。",
        ),
        (
            ("F2", "叶栖迟", "a b/c", "填报员"),
            "第 2 行“账号”填的是“a b/c”，账号只能由字母、数字、汉字、“-”“.”“_”“@”组成，最多 60 个字符。请更改。",
        ),
        (
            ("F2", "叶栖迟", "lu", "填报员"),
            "第 2 行的账号“lu”属于“陆文博”，与姓名“叶栖迟”不一致。请核对账号或姓名。",
        ),
        (
            ("F2", "叶栖迟", "", "填报员", "", "2023-09-01"),
            "第 2 行：“二厂”在 2023-09-01 尚未设立或已撤销。请核对起始日期。",
        ),
    ],
)
def test_a_bad_row_says_row_value_and_rule(world: World, row: Sequence[Any], sentence: str) -> None:
    assert errors(world, HEAD, row) == [sentence]


def test_an_unknown_role_is_told_what_the_campaign_calls_its_roles(world: World) -> None:
    (sentence,) = errors(world, HEAD, ("F2", "叶栖迟", "", "联络人"))
    assert "可填：集团领导、主题教育办公室" in sentence
    assert "二级公司联络员" in sentence


def test_rows_that_contradict_one_another_are_both_told(world: World) -> None:
    rows = (HEAD, NEW, NEW, (*NEW[:3], "单位负责人", "13900000009", None))
    assert errors(world, *rows) == [
        "第 3 行“叶栖迟”的身份与第 2 行重复。请删去其中一行。",
        "第 4 行“叶栖迟”的电话与第 2 行不一致。请改成一致。",
    ]


def test_code_and_name_of_the_unit_have_to_agree(world: World) -> None:
    head = ("单位代码", "单位名称", "姓名", "身份")
    assert errors(world, head, ("F2", "一厂", "叶栖迟", "填报员")) == [
        "第 2 行的单位代码“F2”是“二厂”，与所填单位“一厂”不一致。请改成一致。"
    ]


def test_a_name_that_several_units_have_wants_the_code(world: World) -> None:
    with clock.fixed(DAY):
        edits = [UnitEdit(code, aliases=("老厂",)) for code in ("F1", "F2")]
        rename_units(world.actor("lin"), tree=world.tree, edits=edits)
    assert errors(world, ("单位", "姓名", "身份"), ("老厂", "叶栖迟", "填报员")) == [
        "第 2 行“单位”填的“老厂”对应多家单位：一厂（F1）、二厂（F2）。请改填单位代码。"
    ]


def test_two_people_of_one_name_in_a_unit_want_an_account(world: World) -> None:
    with clock.fixed(DAY):
        enter_people(operator(), people=[NewPerson("lu2", "陆文博", "F1")])
    assert errors(world, HEAD, ("F1", "陆文博", "", "单位负责人")) == [
        "第 2 行：该单位有 2 位“陆文博”（lu、lu2）。请填写账号。"
    ]


def test_an_administrator_takes_no_business_role(world: World) -> None:
    with clock.fixed(DAY):
        enter_people(operator(), people=[NewPerson("sys", "何思远", "HY")])
        appoint(operator(), campaign=None, appointments=[Appointment("sys", "system_admin", "HY")])
    (sentence,) = errors(world, HEAD, ("F2", "何思远", "sys", "填报员"))
    assert "账号不在您的管理范围内" in sentence
    with clock.fixed(DAY):
        rows = book(HEAD, ("F2", "何思远", "sys", "填报员"))
        found = plan_people_import(operator(), campaign=world.campaign, book=rows)
    assert [each.sentence for each in found.errors] == [
        "第 2 行“何思远”是三员之一，不兼业务身份。请另定人员。"
    ]


def test_units_and_people_out_of_reach_are_not_told_apart_from_none(world: World) -> None:
    with clock.fixed(DAY):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("guest", "office", "YI")])
    assert errors(world, HEAD, NEW, ("Y3", "叶栖迟", "lu", "填报员"), who="guest") == [
        "第 2 行“单位代码”填的是“F2”，没有这家单位，或不在您的管理范围内。请核对。",
        "第 3 行“叶栖迟”（lu）的账号不在您的管理范围内。请联系其所在单位或集团办公室。",  # not whose it is
    ]
    with pytest.raises(NotAllowed):
        plan(world, HEAD, NEW, who="lu")


def test_the_same_plan_twice_is_one_batch_and_a_stale_one_is_refused(world: World) -> None:
    found, stale = plan(world, HEAD, NEW), plan(world, HEAD, NEW, ("F2", "白鹤年", "", "填报员"))
    with clock.fixed(DAY):
        first = apply_people_import(world.actor("lin"), campaign=world.campaign, plan=found)
        again = apply_people_import(world.actor("lin"), campaign=world.campaign, plan=found)
        assert (again.batch, again.repeated) == (first.batch, True)
        with pytest.raises(Conflict, match="请重新预览"):
            apply_people_import(world.actor("lin"), campaign=world.campaign, plan=stale)
    assert Person.objects.filter(home_unit__code="F2").count() == 1


def test_an_empty_list_says_so(world: World) -> None:
    assert errors(world, HEAD) == ["表头下面没有人员。请填好后重新上传。"]
