"""填表说明 of a workbook for filling: sentences stand one after another as the reader's language has it, and it prints."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.utils import translation

from tests.fill_world import at_work

pytestmark = pytest.mark.django_db


def test_the_guide_runs_its_sentences_on_without_blanks_and_prints_on_one_page_across() -> None:
    with at_work() as world:
        page = openpyxl.load_workbook(io.BytesIO(world.given_out()))["填表说明"]
    told = [str(page.cell(line, 2).value or "") for line in range(1, page.max_row + 1)]
    needed = [one for one in told if one.startswith("必填。")]
    assert needed
    assert not [one for one in told if "。 " in one]
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.paperSize, page.page_setup.fitToHeight) == (9, 0)


def test_in_english_a_blank_stands_between_them() -> None:
    with at_work() as world, translation.override("en"):
        page = openpyxl.load_workbook(io.BytesIO(world.given_out())).worksheets[1]
    told = [str(page.cell(line, 2).value or "") for line in range(1, page.max_row + 1)]
    assert [one for one in told if one.startswith("Required. ")]
