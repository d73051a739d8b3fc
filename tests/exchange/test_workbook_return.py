"""The workbook round trip: what comes back differs by exactly what was edited, and nothing of anybody's is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from guatu.actions.items import Edit, edit_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.domain.imports.grid import Cell, Grid
from guatu.exchange.workbook_return import MINE, THEIRS, apply, plan
from guatu.queries.verify import verify
from guatu.records.models import Batch, Item
from tests.fill_world import DAY, FREE, VALUES, FillWorld, cell_of, changed, fill_world, line_of

pytestmark = pytest.mark.django_db
QUICK = (Phase.explicit, Phase.generate)
KEYS = [field.key for field in FREE]


@pytest.fixture
def fill() -> Iterator[FillWorld]:
    with clock.fixed(DAY):
        world = fill_world()
        assert world.first.genuine
        yield world
        world.reader.__exit__()


@st.composite
def edited(draw: st.DrawFn) -> dict[tuple[int, str], Any]:
    """(item, field) → the value that is typed, None for an emptied cell."""
    places = draw(
        st.lists(st.tuples(st.integers(0, 3), st.sampled_from(KEYS)), min_size=1, max_size=5, unique=True)
    )
    return {place: draw(st.none() | VALUES[place[1]]) for place in places}


def numbers(fill: FillWorld) -> list[str]:
    return list(Item.objects.filter(register=fill.register).order_by("pk").values_list("number", flat=True))


def typed_into(
    fill: FillWorld, returned: Any, told: dict[tuple[int, str], Any]
) -> dict[tuple[int, str], Cell]:
    named = numbers(fill)
    return {
        (line_of(returned, named[item]), key): cell_of(key, value, returned, fill)
        for (item, key), value in told.items()
    }


def round_trip(fill: FillWorld, told: dict[tuple[int, str], Any]) -> None:
    """Export, edit, upload: the difference is exactly the edits; applied, the export says what was typed."""
    lin, campaign = fill.actor("lin"), fill.world.campaign
    named, before, out = numbers(fill), fill.stored(), fill.first
    told = {
        (i, k): v
        for (i, k), v in told.items()
        if not _goes_with_part(before, named[i], k, told.get((i, "kind")))
    }
    back = changed(out, typed_into(fill, out, told))
    found = plan(lin, campaign, back)
    wanted = {
        (named[item], key): value
        for (item, key), value in told.items()
        if value != before[named[item]][1].get(key)
    }
    said = {(row.number, cell.key): cell.value for row in found.difference.rows for cell in row.cells}
    assert found.difference.problems == ()
    assert said == wanted
    assert found.difference.new == () and found.difference.missing == ()
    done = apply(lin, campaign, found)
    assert (done.batch is None) == (not wanted)
    after = fill.stored()
    for number, (title, data) in before.items():
        now = {k: v for k, v in after[number][1].items() if v is not None}
        expected = {**data, **{k: v for (n, k), v in wanted.items() if n == number}}
        assert now == {k: v for k, v in expected.items() if v is not None}
        assert after[number][0] == title
    again = fill.returned(fill.given_out())
    assert plan(lin, campaign, again).difference.empty
    cells = typed_into(fill, again, told)
    keys = [str(cell) for cell in again.book.sheets[0].rows[0]]
    for (line, key), cell in cells.items():
        assert again.book.sheets[0].rows[line - 1][keys.index(key)] == cell


def _goes_with_part(before: Any, number: str, key: str, _kind: Any) -> bool:
    """An item whose part depends on its kind keeps its kind here: that rule has a test of its own."""
    return key == "kind" and before[number][1].get("part") is not None


@settings(max_examples=300, phases=QUICK)
@given(told=edited())
def test_the_difference_is_exactly_the_edits_and_applying_it_makes_the_export_equal(
    fill: FillWorld, told: dict[tuple[int, str], Any]
) -> None:
    with transaction.atomic():
        round_trip(fill, told)
        transaction.set_rollback(True)


@pytest.mark.soak
@settings(settings.get_profile("soak"), phases=QUICK)
@given(told=edited())
def test_the_difference_is_exactly_the_edits_ten_thousand_times(
    fill: FillWorld, told: dict[tuple[int, str], Any]
) -> None:
    with transaction.atomic():
        round_trip(fill, told)
        transaction.set_rollback(True)


def concurrent(
    fill: FillWorld, mine: dict[tuple[int, str], Any], theirs: dict[tuple[int, str], Any], keep: str
) -> None:
    """Somebody else edits while the workbook is out: a conflict where both changed the same cell to different values,
    both sides everywhere else; what was not chosen is in the history."""
    lin, campaign = fill.actor("lin"), fill.world.campaign
    named, before = numbers(fill), fill.stored()
    mine = {p: v for p, v in mine.items() if p[1] != "kind"}
    theirs = {p: v for p, v in theirs.items() if p[1] != "kind" and v != before[named[p[0]]][1].get(p[1])}
    out = fill.first
    by_item: dict[int, dict[str, Any]] = {}
    for (item, key), value in theirs.items():
        by_item.setdefault(item, {})[key] = value
    if by_item:
        edit_items(
            fill.actor("lin"),
            campaign=campaign,
            edits=[Edit(fill.items[i], values) for i, values in by_item.items()],
        )
    found = plan(lin, campaign, changed(out, typed_into(fill, out, mine)))
    conflicts = {
        (row.number, cell.key): cell
        for row in found.difference.rows
        for cell in row.cells
        if cell.kind == "conflict"
    }
    expected = {
        (named[item], key)
        for (item, key), value in mine.items()
        if (item, key) in theirs and value != before[named[item]][1].get(key) and value != theirs[item, key]
    }
    assert set(conflicts) == expected
    assert all(cell.by.startswith("林晓岚于") for cell in conflicts.values())
    if conflicts:
        with pytest.raises(BadInput, match="请选择保留哪一项"):
            apply(lin, campaign, found)
    choices = {
        (row.row, cell.key): keep
        for row in found.difference.rows
        for cell in row.cells
        if cell.kind == "conflict"
    }
    apply(lin, campaign, found, choices=choices)
    after = fill.stored()
    for item, number in enumerate(named):
        for key in KEYS:
            now = after[number][1].get(key)
            was = before[number][1].get(key)
            my, their = mine.get((item, key), was), theirs.get((item, key), was)
            if (number, key) in expected:
                assert now == (my if keep == MINE else their)
            else:
                assert now == (my if my != was else their)


@settings(max_examples=60, phases=QUICK)
@given(mine=edited(), theirs=edited(), keep=st.sampled_from([MINE, THEIRS]))
def test_concurrent_edits_give_conflicts_and_never_a_lost_value(
    fill: FillWorld, mine: Any, theirs: Any, keep: str
) -> None:
    with transaction.atomic():
        concurrent(fill, mine, theirs, keep)
        transaction.set_rollback(True)


@pytest.mark.soak
@settings(settings.get_profile("soak"), phases=QUICK)
@given(mine=edited(), theirs=edited(), keep=st.sampled_from([MINE, THEIRS]))
def test_concurrent_edits_give_conflicts_ten_thousand_times(
    fill: FillWorld, mine: Any, theirs: Any, keep: str
) -> None:
    with transaction.atomic():
        concurrent(fill, mine, theirs, keep)
        transaction.set_rollback(True)


def test_an_unchanged_upload_changes_nothing(fill: FillWorld) -> None:
    found = plan(fill.actor("lin"), fill.world.campaign, fill.returned(fill.given_out()))
    before = Batch.objects.count()
    assert (found.difference.empty, found.difference.unchanged, found.difference.cells) == (True, 4, 0)
    assert apply(fill.actor("lin"), fill.world.campaign, found).batch is None
    assert Batch.objects.count() == before


def test_new_rows_become_items_and_the_same_file_is_applied_once(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    cells = {
        (7, "@title"): "新设施",
        (7, "@unit"): "二厂",
        (7, "held_on"): "2023.11.5",
        (7, "people"): "1,200人",
    }
    back = changed(out, cells)
    done = apply(lin, campaign, plan(lin, campaign, back))
    made = Item.objects.latest("pk")
    assert (done.created, done.edited, made.title, made.unit.code) == (1, 0, "新设施", "F2")
    assert (made.data["held_on"], made.data["people"]) == ("2023-11-05", 1200)
    again = plan(lin, campaign, back)
    assert again.before is not None and again.before.by == "林晓岚"
    assert apply(lin, campaign, again).again
    assert Item.objects.filter(register=fill.register).count() == 5
    assert verify().whole


def test_what_cannot_be_understood_is_named_with_row_column_value_and_rule(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    cells = {
        (3, "held_on"): "年底前",
        (4, "people"): "约二百",
        (5, "near"): "华东公司",
        (6, "kind"): "供气",
        (7, "note"): "没有标题的新行",
        (8, "@title"): "没有单位的新行",
    }
    found = plan(fill.actor("lin"), fill.world.campaign, changed(out, cells))
    said = [problem.sentence for problem in found.difference.problems]
    assert said[0].startswith("第 3 行“日期”填的是“年底前”，无法识别为日期。请填成")
    assert said[1].startswith("第 4 行“人数”填的是“约二百”，无法识别为")
    assert said[2].startswith("第 5 行“相邻单位”填的是“华东公司”")
    assert said[3].startswith("第 6 行“类别”填的是“供气”，不在选项中。可选：供水、供电、其他、另报。")
    assert "第 7 行“标题”没有填写。请补上后重新上传。" in said
    assert "第 8 行“牵头单位”没有填写。请补上后重新上传。" in said
    before = Item.objects.count()
    with pytest.raises(BadInput):
        apply(fill.actor("lin"), fill.world.campaign, found)
    assert Item.objects.count() == before


def test_a_choice_that_does_not_go_with_the_one_above_is_named(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    found = plan(fill.actor("lin"), fill.world.campaign, changed(out, {(3, "part"): "电缆"}))
    [problem] = found.difference.problems
    assert problem.sentence == "第 3 行“部位”填的是“电缆”，不属于所填的“类别”。请重新选定。"
    both = changed(out, {(3, "part"): "电缆", (3, "kind"): "供电"})
    assert plan(fill.actor("lin"), fill.world.campaign, both).difference.cells == 2


def test_locked_cells_are_said_and_not_applied(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    found = plan(lin, campaign, changed(out, {(3, "@unit"): "二厂（F2）", (3, "note"): "改过"}))
    kinds = {cell.key: cell.kind for row in found.difference.rows for cell in row.cells}
    assert kinds == {"@unit": "locked", "note": "change"}
    apply(lin, campaign, found)
    item = Item.objects.get(pk=fill.items[0])
    assert (item.unit.code, item.data["note"]) == ("F1", "改过")


def test_a_row_of_another_unit_is_locked_for_a_filler_and_cannot_be_smuggled_in(fill: FillWorld) -> None:
    """Lu fills for 一厂: her workbook has her rows; rows of others copied into it are unknown to her."""
    lu, campaign = fill.actor("lu"), fill.world.campaign
    mine = fill.returned(fill.given_out("lu"))
    assert [n for n in numbers(fill) if n in mine.mark.rows] == [numbers(fill)[0], numbers(fill)[3]]
    foreign = numbers(fill)[2]
    found = plan(lu, campaign, changed(mine, {(5, "@number"): foreign, (5, "note"): "替别人填"}))
    [problem] = found.difference.problems
    assert problem.sentence.startswith(f"第 5 行的编号“{foreign}”不在本清单中，或不在您的查看范围内。")
    added = changed(mine, {(5, "@title"): "替三院新增", (5, "@unit"): "Y3"})
    with pytest.raises(NotFound):
        apply(lu, campaign, plan(lu, campaign, added))


def test_missing_rows_are_listed_and_never_deleted(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    keys = [str(cell) for cell in out.book.sheets[0].rows[0]]
    gone = {(4, key): "" for key in keys}
    found = plan(lin, campaign, changed(out, gone))
    assert found.difference.missing == (numbers(fill)[1],)
    assert found.difference.empty
    assert any("系统中的事项没有删除" in note for note in found.notes)


def test_a_number_that_stands_twice_is_named_with_both_rows(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    twice = changed(out, {(4, "@number"): numbers(fill)[0]})
    [problem] = plan(fill.actor("lin"), fill.world.campaign, twice).difference.problems
    assert "第 4 行的编号" in problem.sentence and "与第 3 行相同" in problem.sentence


def pasted(returned: Any, *, keep_keys: bool = False, above: int = 2) -> Any:
    """Copied into a new file: no hidden sheets, no machine row, a title above."""
    grid = returned.book.sheets[0]
    rows = grid.rows if keep_keys else (*(("设施情况表", *[""] * 5),) * above, *grid.rows[1:])
    book = replace(returned.book, sheets=(Grid("Sheet1", tuple(rows)),), sha256="b" * 64)
    return replace(returned, book=book, mark=None, genuine=False)


def test_a_sheet_pasted_into_a_new_file_is_matched_by_headings_and_asks_to_confirm(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    back = pasted(
        changed(out, {(3, "note"): "离线改的", (3, "cost"): "", (8, "@title"): "新设施", (8, "@unit"): "F2"})
    )
    found = plan(lin, campaign, back, fill.register)
    assert found.notes[0] == "本表缺少下发标识，已改按表头和编号识别。请核对对应关系后再导入。"
    assert ("编号", "编号") in found.matched and ("说明", "说明") in found.matched
    assert found.difference.left == 1  # an emptied cell says nothing when it is not known what was given out
    [row] = found.difference.rows
    assert (row.row, [cell.key for cell in row.cells]) == (4, ["note"])
    assert [new.row for new in found.difference.new] == [9]
    with pytest.raises(BadInput, match="本表缺少下发标识"):
        apply(lin, campaign, found)
    done = apply(lin, campaign, found, confirmed=True)
    assert (done.created, done.edited) == (1, 1)


def test_a_lost_hidden_sheet_alone_is_noticed_too(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    found = plan(fill.actor("lin"), fill.world.campaign, pasted(out, keep_keys=True), fill.register)
    assert found.to_confirm and found.difference.empty


def test_a_changed_fingerprint_is_noticed(fill: FillWorld) -> None:
    data = fill.given_out()
    book = fill.returned(data).book
    marks = next(sheet for sheet in book.sheets if sheet.name == "_guatu")
    number = numbers(fill)[0]
    rows = [(row[0], 99.0) if row[0] == number else row for row in marks.rows]
    others = tuple(sheet for sheet in book.sheets if sheet.name != "_guatu")
    from guatu.exchange.fill_marks import mark_in
    from guatu.exchange.workbook_return import Returned

    forged = replace(book, sheets=(*others, Grid("_guatu", tuple(rows))))
    mark, genuine = mark_in(forged)
    assert mark is not None and not genuine
    found = plan(fill.actor("lin"), fill.world.campaign, Returned(forged, mark, genuine))
    assert found.notes[0].startswith("本表的下发标识已被改动") and found.to_confirm


def test_a_workbook_of_another_register_is_sent_there(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    with pytest.raises(BadInput, match="本表是“设施台账”的填报表，不是“问题清单”的"):
        plan(fill.actor("lin"), fill.world.campaign, out, "problems")


def test_a_change_between_looking_and_applying_is_a_conflict(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    found = plan(lin, campaign, changed(out, {(3, "note"): "我的"}))
    edit_items(lin, campaign=campaign, edits=[Edit(fill.items[0], {"note": "别人的"})])
    with pytest.raises(Conflict):
        apply(lin, campaign, found)
    assert Item.objects.get(pk=fill.items[0]).data["note"] == "别人的"


def test_due_days_and_parents_travel_too() -> None:
    with clock.fixed(DAY):
        world = fill_world(1)
        small = world.world
        problem = small.problem("F1", DAY)
        lin, campaign = small.actor("lin"), small.campaign
        problems = FillWorld(small, "problems", [problem.pk], world.reader)
        out = problems.returned(problems.given_out())
        found = plan(lin, campaign, changed(out, {(3, "@due"): "2023年12月31日"}))
        assert found.redates
        with pytest.raises(BadInput, match="统一调整时限须写明文件号"):
            apply(lin, campaign, found, due_kind="adjustment")
        apply(lin, campaign, found, reason="录入时写错")
        assert Item.objects.get(pk=problem.pk).due == date(2023, 12, 31)
        measures = FillWorld(small, "measures", [], world.reader)
        made = measures.returned(measures.given_out())
        keys = [str(cell) for cell in made.book.sheets[0].rows[0]]
        assert "@parent" in keys
        cells: dict[tuple[int, str], Cell] = {
            (3, "@title"): "加开窗口",
            (3, "@unit"): "F1",
            (3, "@parent"): problem.number,
            (3, "@due"): "2023-12-20",
        }
        spec = next(s for s in [plan(lin, campaign, changed(made, cells)).difference])
        assert [one.sentence for one in spec.problems] == []
        world.reader.__exit__()
