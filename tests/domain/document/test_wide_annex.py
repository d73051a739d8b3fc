"""An annex with a wide table lies across the page of itself."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.domain.writing.body_json import body_of
from guatu.domain.writing.laying_out import MOST_UPRIGHT, Particulars, official, said_block
from guatu.domain.writing.saying import Sayable


@pytest.mark.parametrize("columns", [MOST_UPRIGHT, MOST_UPRIGHT + 1])
def test_an_annex_with_more_columns_than_a_page_holds_lies_across(columns: int) -> None:
    table = {"id": "b1", "kind": "table", "columns": ["栏"] * columns, "rows": [["1"] * columns]}
    body = body_of({"blocks": [], "annexes": [{"id": "a1", "title": "进度表", "blocks": [table]}]})
    say = Sayable({}, {}, {})
    said = said_block(body.annexes[0].blocks[0], say)
    assert said is not None
    told = official(body, Particulars("题", "plain", date(2026, 1, 5)), {"b1": said.parts}, say)
    assert [annex.landscape for annex in told.annexes] == [columns > MOST_UPRIGHT]
