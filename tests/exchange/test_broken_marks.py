"""Files that somebody has bent: a fingerprint that says no number, a stream that breaks in the middle of a drop."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from guatu.actions.jobs import Work
from guatu.domain.imports.grid import Grid, Workbook
from guatu.exchange.fill_marks import KIND, SHEET, mark_in
from guatu.exchange.returned_drop import judge_all
from tests.fill_world import DAY, FillWorld, at_work

HEAD = (
    '{"campaign":"a","register":"b","unit":"c","pack":"d","pack_version":"1","issued_at":"","issued_by":"",'
    '"known_at":1,"columns":[]}'
)


@pytest.mark.parametrize(
    ("head", "number"),
    [
        (HEAD, "inf"),
        (HEAD, "nan"),
        (HEAD, "1e400"),
        (HEAD.replace("1,", "1e400,"), "1"),
        ("[" * 100_000, "1"),
    ],
    ids=["inf", "nan", "huge", "batch", "deep"],
)
def test_a_fingerprint_that_says_no_version_is_a_lost_one(head: str, number: str) -> None:
    book = Workbook("a.xlsx", "0" * 64, (Grid(SHEET, ((KIND, ""), (head, ""), ("x", ""), ("X-1", number))),))
    assert mark_in(book) == (None, False)


@pytest.fixture
def fill() -> Iterator[FillWorld]:
    with at_work() as world:
        yield world


@pytest.mark.django_db
def test_a_file_whose_stream_breaks_hinders_no_other(fill: FillWorld, tmp_path: Path) -> None:
    place = tmp_path / "drop.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("broken.xlsx", b"rows " * 5_000)
        folder.writestr("good.xlsx", fill.given_out())
        broken = folder.getinfo("broken.xlsx")
    data = bytearray(place.read_bytes())
    begin = broken.header_offset + 30 + len(broken.filename)
    data[begin : begin + 20] = b"\xff" * 20
    place.write_bytes(data)
    work = Work(fill.actor("lin"), fill.world.campaign, DAY, {}, tmp_path)
    judged = {one.file: one for one in judge_all(work, fill.world.campaign, place, fill.register)}
    assert (judged["broken.xlsx"].verdict, judged["good.xlsx"].verdict) == ("broken", "unchanged")
    assert "在压缩包里已损坏" in judged["broken.xlsx"].why
