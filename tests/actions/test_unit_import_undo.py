"""Taking an import of units back: a new batch, as long as nothing has been built on it."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.people import Appointment, appoint
from guatu.actions.unit_import import undo_import
from guatu.actions.units import Counted, NewUnit, Placing, count_people, enter_units, place_units
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.queries.unit_import import import_batches
from guatu.queries.unit_tree import unit_tree
from guatu.queries.verify import verify
from guatu.records.models import HeadCount, Item, SectorRow
from guatu.records.models.units import STILL_KNOWN
from tests.imported import DAY, FULL, done, parent, undone
from tests.people import BEGIN, World, small_world
from tests.sheets import HEAD

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def test_taking_back_restores_names_places_sectors_and_counts(world: World) -> None:
    with clock.fixed(DAY):
        count_people(world.actor("lin"), rows=[Counted("JIA", "members", 9, BEGIN)])
    item = world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY):
        before = unit_tree(world.campaign, DAY)
    rows = (
        ("JIA", "甲装备公司", "HY", "second", "health", "甲司", None, 12, None),
        ("F1", "一厂", "YI", "third", "trade", None, None, 5, "2023-11-01"),
        ("F3", "三厂", "F1", "third", "manufacturing", None, None, 3, None),
    )
    batch = done(world, FULL, *rows)
    back = undone(world, batch)
    assert verify().broken == ""
    with clock.fixed(DAY):
        assert unit_tree(world.campaign, DAY) == before
    jia = world.unit("JIA")
    assert (jia.name, jia.former_names, jia.aliases, jia.sector) == ("甲公司", [], [], "manufacturing")
    assert world.unit("F1").sector == ""
    counts = HeadCount.objects.filter(rec_to=STILL_KNOWN).order_by("from_day", "version")
    assert list(counts.values_list("unit__code", "count")) == [("JIA", 9), ("JIA", 9)]
    assert SectorRow.objects.filter(rec_to=STILL_KNOWN, unit__code__in=["F1", "F3"]).count() == 0
    assert Item.objects.get(pk=item.pk).line[-2] == jia.pk
    (told,) = import_batches(world.actor("lin"), tree=world.tree)
    assert (told.batch, told.units, told.undone_by) == (batch, 3, back.seq)


def test_after_taking_back_the_mended_file_comes_in_under_the_same_codes(world: World) -> None:
    batch = done(world, HEAD, ("F3", "三厂", "JIA", "third"))
    undone(world, batch)
    assert not world.unit("F3").line
    done(world, (*HEAD, "生效日期"), ("F3", "第三工厂", "YI", "third", "2023-11-01"))
    unit = world.unit("F3")
    assert (unit.name, unit.former_names, parent(world, "F3", date(2023, 11, 1))) == ("第三工厂", [], "YI")
    again = done(world, HEAD, ("F3", "第三工厂", "JIA", "third"))
    undone(world, again)
    assert parent(world, "F3") == "YI"
    assert verify().broken == ""


def test_the_same_file_comes_in_again_after_it_was_taken_back(world: World) -> None:
    rows = (HEAD, ("F3", "三厂", "JIA", "third"))
    first = done(world, *rows)
    undone(world, first)
    second = done(world, *rows)
    assert second > first
    assert parent(world, "F3") == "JIA"


def test_what_has_been_built_on_an_import_keeps_it(world: World) -> None:
    batch = done(world, HEAD, ("F3", "三厂", "JIA", "third"), ("F4", "四厂", "F3", "third"))
    world.problem("F3", DAY)
    with clock.fixed(DAY):
        appoint(
            world.actor("lin"), campaign=world.campaign, appointments=[Appointment("guest", "filler", "F4")]
        )
        row = NewUnit("F5", "五厂", "五厂", "third", "F4")
        enter_units(world.actor("lin"), tree=world.tree, rows=[row])
        with pytest.raises(BadInput) as refusal:
            undo_import(world.actor("lin"), tree=world.tree, batch=batch, reason="表格有误")
    assert "（共 3 处）：“三厂”有 1 项事项；“四厂”有 1 个身份；“四厂”下面另有 1 家单位。请先处理" in str(
        refusal.value
    )
    assert parent(world, "F4") == "F3"


def test_a_later_change_keeps_an_import(world: World) -> None:
    batch = done(world, HEAD, ("F2", "二厂", "YI", "third"))
    with clock.fixed(DAY):
        place_units(world.actor("lin"), tree=world.tree, placings=[Placing("F2", DAY, parent="HY")])
    with pytest.raises(BadInput, match=r"“二厂”的隶属在批次 \d+ 又有变动"):
        undone(world, batch)


@pytest.mark.parametrize(
    ("batch", "reason", "sentence"),
    [(1, "错", "批次 1 不是单位导入"), (0, " ", "撤回导入须写明原因")],
)
def test_only_an_import_is_taken_back_and_with_a_reason(
    world: World, batch: int, reason: str, sentence: str
) -> None:
    with clock.fixed(DAY), pytest.raises(BadInput, match=sentence):
        undo_import(world.actor("lin"), tree=world.tree, batch=batch, reason=reason)


def test_an_import_is_taken_back_once(world: World) -> None:
    batch = done(world, HEAD, ("F3", "三厂", "JIA", "third"))
    by = undone(world, batch).seq
    with pytest.raises(BadInput, match=f"已由批次 {by} 撤回"):
        undone(world, batch)
