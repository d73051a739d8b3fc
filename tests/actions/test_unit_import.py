"""Importing units: the difference as of each row's day, one batch or none, and taking a batch back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from guatu.access import operator
from guatu.actions.people import Appointment, appoint
from guatu.actions.setup import create_tree
from guatu.actions.unit_edits import UnitEdit, rename_units
from guatu.actions.unit_import import apply_import, undo_import
from guatu.actions.units import Counted, NewUnit, Placing, count_people, end_unit, enter_units, place_units
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.exchange.unit_workbook import unit_workbook
from guatu.exchange.workbooks_in import read_workbook
from guatu.queries.places import forest
from guatu.queries.unit_import import current_rows, import_batches, plan_import, vocabulary_for
from guatu.queries.unit_tree import unit_tree
from guatu.queries.verify import verify
from guatu.records.models import Batch, HeadCount, SectorRow, Spell, Unit
from guatu.records.models.units import STILL_KNOWN
from tests.imported import DAY, FULL, done, parent, plan, undone
from tests.people import BEGIN, World, small_world
from tests.sheets import HEAD, planned, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def test_each_kind_of_difference_is_told_before_and_after(world: World) -> None:
    rows = (
        ("JIA", "甲装备公司", "HY", "second", "health", "甲司", None, 12, None),
        ("F1", "一厂", "YI", "third", None, None, "老一厂", None, "2023-11-01"),
        ("F3", "三厂", "JIA", "third", "health", None, None, 3, None),
        ("YI", "乙公司", "HY", "second", "health", None, None, None, None),
    )
    found = plan(world, FULL, *rows)
    told = {c.code: (c.kinds, [(d.label, d.before, d.after) for d in c.details]) for c in found.changes}
    assert told == {
        "JIA": (
            ("renamed", "changed"),
            [
                ("名称", "甲公司", "甲装备公司"),
                ("简称", "甲公司", "甲装备公司"),
                ("别名", "", "甲司"),
                ("曾用名", "", "甲公司"),
                ("板块", "先进制造与技术服务", "医药医疗健康"),
                ("党员人数", "", "12"),
            ],
        ),
        "F1": (("moved", "changed"), [("曾用名", "", "老一厂"), ("上级", "甲公司", "乙公司")]),
        "F3": (("new",), [("上级", "", "甲装备公司"), ("党员人数", "", "3")]),
    }
    assert found.unchanged == 1
    assert [unit.code for unit in found.left_out] == ["F1A", "F2", "HY", "Y3"]


def test_a_dry_run_writes_nothing(world: World) -> None:
    before = Batch.objects.count()
    plan(world, HEAD, ("F3", "三厂", "JIA", "third"))
    assert (Batch.objects.count(), Unit.objects.filter(code="F3").count()) == (before, 0)


def test_what_was_told_is_written_in_one_batch(world: World) -> None:
    item = world.problem("F1", date(2023, 10, 20))
    before = Batch.objects.count()
    done(
        world,
        FULL,
        ("JIA", "甲装备公司", "HY", "second", "health", "甲司", None, 12, None),
        ("F1", "一厂", "YI", "third", None, None, None, None, "2023-11-01"),
        ("F3", "三厂", "F1", "third", None, None, None, 3, None),
    )
    assert Batch.objects.count() == before + 1
    jia = world.unit("JIA")
    assert (jia.name, jia.former_names, jia.aliases, jia.sector) == (
        "甲装备公司",
        ["甲公司"],
        ["甲司"],
        "health",
    )
    assert (parent(world, "F1", date(2023, 10, 31)), parent(world, "F1")) == ("JIA", "YI")
    assert HeadCount.objects.get(unit=jia).count == 12
    with clock.fixed(DAY):
        tree = unit_tree(world.campaign, DAY)
    assert tree.by_code("F3").line[-3:] == (world.unit("YI").pk, world.unit("F1").pk, world.unit("F3").pk)
    spell = Spell.objects.get(item=item, valid_to__gt=DAY, rec_to=STILL_KNOWN)
    assert world.unit("YI").pk in (spell.a2, spell.a3)


def test_the_same_file_again_changes_nothing(world: World) -> None:
    rows = (FULL, ("JIA", "甲装备", "HY", "second", "health", "甲司", "旧甲", 12, "2023-11-02"))
    done(world, *rows)
    again = plan(world, *rows)
    assert (again.empty, again.unchanged) == (True, 1)
    before = Batch.objects.count()
    with clock.fixed(DAY):
        assert apply_import(world.actor("lin"), tree=world.tree, plan=again).batch is None
    assert Batch.objects.count() == before


def test_an_empty_cell_changes_nothing(world: World) -> None:
    done(world, FULL, ("JIA", "甲公司", "HY", "second", "health", "甲司", "旧甲", 12, None))
    found = plan(world, FULL, ("JIA", "甲公司", None, None, None, None, None, None, None))
    assert (found.errors, found.changes) == ((), ())


def test_the_same_plan_twice_answers_with_the_first_batch(world: World) -> None:
    found = plan(world, HEAD, ("F3", "三厂", "JIA", "third"))
    with clock.fixed(DAY):
        first = apply_import(world.actor("lin"), tree=world.tree, plan=found)
        second = apply_import(world.actor("lin"), tree=world.tree, plan=found)
        fresh = replace(found, changes=())
        third = apply_import(world.actor("lin"), tree=world.tree, plan=fresh, seen=found.token)
    assert (second.batch, second.repeated, third.batch) == (first.batch, True, first.batch)


def test_a_plan_that_no_longer_fits_is_refused_and_the_unit_named(world: World) -> None:
    found = plan(world, HEAD, ("F2", "二厂", "YI", "third"), ("F3", "三厂", "JIA", "third"))
    with clock.fixed(DAY):
        place_units(world.actor("lin"), tree=world.tree, placings=[Placing("F2", DAY, parent="YI")])
        with pytest.raises(Conflict, match="预览之后，1 家单位已有变动：二厂。请重新预览"):
            apply_import(world.actor("lin"), tree=world.tree, plan=found)
    assert not Unit.objects.filter(code="F3").exists()


def test_what_is_applied_is_what_was_shown(world: World) -> None:
    shown = plan(world, HEAD, ("F3", "三厂", "JIA", "third"))
    other = plan(world, HEAD, ("F3", "三厂", "YI", "third"))
    with clock.fixed(DAY), pytest.raises(Conflict, match="请重新预览"):
        apply_import(world.actor("lin"), tree=world.tree, plan=other, seen=shown.token)


def test_a_change_elsewhere_does_not_hinder(world: World) -> None:
    found = plan(world, HEAD, ("F3", "三厂", "JIA", "third"))
    with clock.fixed(DAY):
        count_people(world.actor("lin"), rows=[Counted("Y3", "members", 9, DAY)])
        assert apply_import(world.actor("lin"), tree=world.tree, plan=found).batch


def test_the_code_of_a_unit_that_ended_is_not_used_again(world: World) -> None:
    with clock.fixed(DAY):
        end_unit(world.actor("lin"), tree=world.tree, unit="F2", day=date(2023, 11, 3), reason="转让")
    found = plan(world, HEAD, ("F2", "新二厂", "JIA", "third"))
    assert [each.sentence for each in found.errors] == [
        "第 2 行的代码“F2”属于已撤销的单位“二厂”。代码不能重复使用，请为新单位另编代码。"
    ]
    earlier = plan(world, (*HEAD, "生效日期"), ("F2", "二厂", "JIA", "third", "2023-11-01"))
    assert (earlier.errors, earlier.changes) == ((), ())


def test_a_second_root_beside_the_one_that_stands_is_refused(world: World) -> None:
    found = plan(world, HEAD, ("X", "另一集团", None, "group"))
    assert "最上级单位还有“华岳集团”" in found.errors[0].sentence


def test_a_sheet_under_another_root_puts_it_below_only_by_saying_so(world: World) -> None:
    found = plan(world, HEAD, ("TOP", "总部", None, "group"), ("HY", "华岳集团", "TOP", "group"))
    assert found.errors == ()
    with clock.fixed(DAY), pytest.raises(NotAllowed):  # a new root is set up, not managed
        apply_import(world.actor("lin"), tree=world.tree, plan=found)
    with clock.fixed(DAY):
        apply_import(operator(), tree=world.tree, plan=found)
    assert parent(world, "HY") == "TOP"
    assert verify().broken == ""


def test_a_ring_with_a_unit_outside_the_sheet_is_found(world: World) -> None:
    found = plan(world, HEAD, ("JIA", "甲公司", "F1", "second"))
    assert [each.sentence for each in found.errors] == [
        "第 2 行的上下级成环：甲公司→一厂→甲公司。请改正其中一家的上级。"
    ]


def test_a_parent_goes_by_any_name_it_has_or_had(world: World) -> None:
    with clock.fixed(DAY):
        edits = [UnitEdit("JIA", name="甲装备公司", short_name="甲装备", aliases=("甲司",))]
        rename_units(world.actor("lin"), tree=world.tree, edits=edits)
    for name in ("甲装备公司", "甲装备", "甲司", "甲公司"):
        found = plan(world, ("代码", "名称", "上级单位", "层级"), ("F3", "三厂", name, "third"))
        assert found.rows[0].parent == "JIA"
    near = plan(world, ("代码", "名称", "上级单位", "层级"), ("F3", "三厂", "甲装公司", "third"))
    assert near.errors[0].candidates[0] == "甲装备公司"


def test_going_back_to_an_old_name_is_warned_of(world: World) -> None:
    done(world, HEAD, ("F2", "二厂有限公司", "JIA", "third"))
    found = plan(world, HEAD, ("F2", "二厂", "JIA", "third"))
    assert "是该单位的曾用名，现名“二厂有限公司”" in found.warnings[0].sentence
    done(world, HEAD, ("F2", "二厂", "JIA", "third"))
    assert world.unit("F2").former_names == ["二厂有限公司"]


def test_an_earlier_day_lets_a_unit_stand_earlier(world: World) -> None:
    found = plan(
        world,
        (*HEAD, "生效日期"),
        ("HY", "华岳集团", None, "group", "2023-09-01"),
        ("JIA", "甲公司", "HY", "second", "2023-09-01"),
    )
    assert [change.kinds for change in found.changes] == [("backdated",), ("backdated",)]
    with clock.fixed(DAY):
        batch = apply_import(world.actor("lin"), tree=world.tree, plan=found).batch or 0
    assert parent(world, "JIA", date(2023, 9, 5)) == "HY"
    undone(world, batch)
    assert forest(world.tree).line_on(world.unit("JIA").pk, date(2023, 9, 5)) == ()
    assert parent(world, "JIA", BEGIN) == "HY"
    assert verify().broken == ""


def test_a_later_move_bounds_an_earlier_one_and_is_said(world: World) -> None:
    with clock.fixed(DAY):
        place_units(world.actor("lin"), tree=world.tree, placings=[Placing("F2", DAY, parent="YI")])
    found = plan(world, (*HEAD, "生效日期"), ("F2", "二厂", "HY", "third", "2023-10-15"))
    assert "在 2023-11-06 另有隶属变动" in found.warnings[0].sentence


def test_a_ring_that_stands_on_some_days_only_is_found(world: World) -> None:
    with clock.fixed(DAY):
        later = Placing("F1", date(2023, 11, 10), parent="YI")
        place_units(world.actor("lin"), tree=world.tree, placings=[later])
    found = plan(world, HEAD, ("JIA", "甲公司", "F1", "second"))
    assert [each.sentence for each in found.errors] == [
        "一厂 在 2023-11-06 会成为自己的下级。请另选上级单位。"
    ]


def test_a_line_too_deep_on_some_days_only_is_found(world: World) -> None:
    with clock.fixed(DAY):
        later = Placing("F1", date(2023, 11, 20), parent="HY")
        place_units(world.actor("lin"), tree=world.tree, placings=[later])
    chain = [(f"U{n}", f"{n}班", f"U{n - 1}" if n else "F1", "third") for n in range(6)]
    found = plan(world, HEAD, *chain)
    assert [each.sentence for each in found.errors] == [
        "5班 在 2023-11-06 位于第 9 层，最多 8 层。请调整上级单位。"
    ]


def test_a_name_ahead_of_its_day_is_warned_of(world: World) -> None:
    found = plan(world, (*HEAD, "生效日期"), ("F2", "二厂有限公司", "JIA", "third", "2024-01-01"))
    assert "生效日期 2024-01-01 在今天之后，而新名称从导入时起就会显示" in found.warnings[0].sentence


def test_a_unit_of_another_tree_is_placed_in_this_one(world: World) -> None:
    with clock.fixed(DAY):
        party = create_tree(operator(), key="party", name="党组织隶属")
        found = planned(party, HEAD, ("HY", "华岳集团", None, "group"), ("F2", "二厂", "HY", "third"))
        assert [change.kinds for change in found.changes] == [("placed",), ("placed",)]
        batch = apply_import(operator(), tree=party, plan=found).batch or 0
        assert len(forest(party).line_on(world.unit("F2").pk, DAY)) == 2
        assert [each.batch for each in import_batches(operator(), tree=world.tree)] == []
        with pytest.raises(BadInput, match="不是“行政隶属”的导入"):
            undo_import(operator(), tree=world.tree, batch=batch, reason="x")
        undo_import(operator(), tree=party, batch=batch, reason="表格有误")
        assert forest(party).line_on(world.unit("F2").pk, DAY) == ()
    assert parent(world, "F2") == "JIA"
    assert verify().broken == ""


def test_out_of_reach_is_not_found_and_without_the_right_is_refused(world: World) -> None:
    with clock.fixed(DAY):
        with pytest.raises(NotAllowed):
            planned(world.tree, HEAD, ("F3", "三厂", "JIA", "third"), actor=world.actor("lu"))
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("guest", "office", "YI")])
        found = planned(world.tree, HEAD, ("F3", "三厂", "JIA", "third"), actor=world.actor("guest"))
        with pytest.raises(NotFound):
            apply_import(world.actor("guest"), tree=world.tree, plan=found)
    assert not Unit.objects.filter(code="F3").exists()


def test_renaming_keeps_the_old_name_and_verifies(world: World) -> None:
    with clock.fixed(DAY):
        edits = [UnitEdit("F2", name="二厂有限公司", level="second", sector="trade", order=3)]
        rename_units(world.actor("lin"), tree=world.tree, edits=edits, reason="更名")
        for bad in ([], [*edits, *edits], [UnitEdit("F2", short_name="")]):
            with pytest.raises(BadInput):
                rename_units(world.actor("lin"), tree=world.tree, edits=bad)
    unit = world.unit("F2")
    assert (unit.name, unit.former_names, unit.level, unit.sector) == (
        "二厂有限公司",
        ["二厂"],
        "second",
        "trade",
    )
    assert verify().broken == ""


def test_without_campaign_and_pack_nothing_says_what_a_level_is() -> None:
    with pytest.raises(BadInput, match="请选定专项模板"):
        vocabulary_for(None)


def test_the_tree_written_out_and_read_in_again_changes_nothing(world: World) -> None:
    done(world, FULL, ("JIA", "=甲(装备)", "HY", "second", "health", "甲司、甲", "旧甲", 12, None))
    with clock.fixed(DAY):
        data = unit_workbook(words(), current_rows(world.actor("lin"), tree=world.tree))
        again = read_workbook(data, "单位.xlsx")
        found = plan_import(world.actor("lin"), tree=world.tree, book=again, words=words())
    assert (found.errors, found.changes, found.left_out) == ((), (), ())
    assert found.read == 7


NAMES = st.text("甲乙丙丁一二三厂司院0A（）-=+@ ", min_size=1, max_size=12).filter(
    lambda t: " ".join(t.split()) == t
)
UNITS = st.lists(
    st.tuples(
        NAMES,
        st.integers(0, 30),
        st.sampled_from(["second", "third", "branch"]),
        st.sampled_from(["", "health", "trade"]),
        st.lists(NAMES, max_size=2, unique=True),
        st.dictionaries(st.sampled_from(["members", "youth"]), st.integers(0, 9999)),
        st.integers(0, 3),
    ),
    max_size=12,
)


@settings(
    max_examples=20, phases=(Phase.generate,)
)  # an example is two imports: shrinking would take minutes
@given(UNITS)
def test_a_tree_written_out_comes_into_an_empty_home_as_it_was(units: list[Any]) -> None:
    """Whatever the names, depths and orders: the workbook of a tree makes the same tree elsewhere."""

    def standing() -> list[tuple[Any, ...]]:
        return [
            (
                r.code,
                r.name,
                r.short_name,
                r.parent,
                r.level,
                r.aliases,
                dict(r.head_counts),
                r.order,
                sector(r.code),
            )
            for r in current_rows(operator(), tree=tree)
        ]

    def sector(code: str) -> str:
        line = forest(tree).line_on(Unit.objects.get(code=code).pk, DAY)
        own = dict(SectorRow.objects.values_list("unit_id", "sector"))
        return next((own[unit] for unit in reversed(line) if own.get(unit)), "")

    rows = [NewUnit("0000", "华岳集团", "华岳", "group")]
    depth = {0: 1}
    for number, (name, above, level, own, aliases, counts, order) in enumerate(units, 1):
        upper = next(u for u in (above % number, 0) if depth[u] < 8)
        depth[number] = depth[upper] + 1
        rows.append(
            NewUnit(f"{number:04}", name, name, level, f"{upper:04}", own, tuple(aliases), (), counts, order)
        )
    with clock.fixed(DAY):
        with transaction.atomic():
            tree = create_tree(operator(), key="administrative", name="行政隶属")
            enter_units(operator(), tree=tree, rows=rows)
            before = standing()
            data = unit_workbook(words(), current_rows(operator(), tree=tree))
            transaction.set_rollback(True)
        with transaction.atomic():
            tree = create_tree(operator(), key="administrative", name="行政隶属")
            book = read_workbook(data, "单位.xlsx")
            found = plan_import(operator(), tree=tree, book=book, words=words())
            assert found.errors == ()
            apply_import(operator(), tree=tree, plan=found)
            assert standing() == before
            again = plan_import(operator(), tree=tree, book=book, words=words())
            assert again.empty
            assert verify().broken == ""
            transaction.set_rollback(True)
