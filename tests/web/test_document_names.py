"""Places by their names and by their keys: the same text both ways, and a sentence for a name that nothing goes by."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.errors import BadInput
from guatu.domain.pack.template import parse
from guatu.web.documents.names import PlaceNames, names_in
from guatu.web.documents.typed import cells_in, cells_out, done, split
from tests.people import theme_pack

pytestmark = pytest.mark.sqlite
NAMES: PlaceNames = names_in(theme_pack().figures)


@given(st.lists(st.sampled_from([*NAMES.by_key, "", "一段字", "，"]), max_size=6))
def test_a_text_is_the_same_after_it_went_to_the_page_and_back(parts: list[str]) -> None:
    text = "".join("{" + part + "}" if part in NAMES.by_key else part for part in parts)
    assert NAMES.stored(NAMES.shown(text)) == text


def test_no_two_places_go_by_one_name() -> None:
    assert len(set(NAMES.by_key.values())) == len(NAMES.by_key)


def test_a_key_is_understood_and_other_words_of_a_claim_are_kept() -> None:
    assert NAMES.stored("{issues_closed}") == "{issues_closed}"
    shown = NAMES.shown("{yoy_revenue:营业收入}")
    assert shown.endswith(":营业收入}")
    assert NAMES.stored(shown) == "{yoy_revenue:营业收入}"


@pytest.mark.parametrize("text", ["{没有这个}", "{}", "甲{ }乙"])
def test_a_name_that_nothing_goes_by_is_refused_with_it(text: str) -> None:
    with pytest.raises(BadInput, match="没有名为"):
        NAMES.stored(text)


def test_a_figure_that_has_left_the_pack_may_stay_where_it_stood() -> None:
    here = replace(NAMES, standing=frozenset({"retired"}))
    assert here.shown("共{retired}。") == "共{retired}。"
    assert here.stored("共{retired}。") == "共{retired}。"
    with pytest.raises(BadInput, match="没有名为“retired”"):
        NAMES.stored("共{retired}。")


def test_every_place_of_the_packs_reports_comes_back_from_the_page() -> None:
    pack = theme_pack()
    asked = {key for report in pack.reports.values() for key in report.keys} | pack.figures.keys()
    assert [
        key for key in sorted(asked) if NAMES.stored(NAMES.shown("{" + key + "}")) != "{" + key + "}"
    ] == []


@given(st.text(alphabet="甲乙<>|{}、，1", max_size=20))
def test_whatever_is_typed_is_refused_or_becomes_a_text_that_can_be_read(text: str) -> None:
    try:
        made = NAMES.stored(text)
    except BadInput:
        return
    parse(made)


def test_rows_of_a_table_are_filled_up_to_its_widest() -> None:
    columns, rows = cells_in("单位｜数\n一厂\n\n二厂 | 3 | 4")
    assert columns == ["单位", "数", ""]
    assert rows == [["一厂", "", ""], ["二厂", "3", "4"]]
    assert cells_in(cells_out({"columns": columns, "rows": rows})) == (columns, rows)


def test_names_are_parted_by_any_comma_or_line() -> None:
    assert split("甲、乙，丙\n丁;戊；") == ["甲", "乙", "丙", "丁", "戊"]


@pytest.mark.parametrize(
    "do", ["save", "paper", "", "up", "remove-b1", "add-text:b1;drop", "keep:" + "x" * 50]
)
def test_a_button_that_changes_no_block_is_none_of_them(do: str) -> None:
    assert done({"blocks": [], "annexes": []}, do) is None
