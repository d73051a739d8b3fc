"""Exports: the same file at once and as a job, only what its owner may see, at once or later by its size."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from guatu.actions.jobs import perform
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.exchange import exporters
from guatu.exchange.exporters import EXPORTERS, FORMATS, HandedOut, export
from guatu.exchange.kept_filters import filters_from, filters_kept
from guatu.queries.pages import ItemFilters
from guatu.records import files
from guatu.records.models import Job
from tests.people import World, small_world

DAY = date(2023, 11, 6)
EVERY_FILTER = ItemFilters(
    unit="JIA",
    own="self",
    sector="health",
    task="ZD1",
    parent="WT1",
    states=("open", "returned"),
    phases=("open",),
    lights=("red",),
    fields=(("category", "livelihood"), ("source", "research")),
    due_from=date(2023, 11, 1),
    due_to=date(2023, 11, 30),
    q="食堂",
    role="involved",
    late=True,
    review_overdue=True,
    changed_from=date(2023, 10, 1),
    numbers=("WT1", "WT2"),
)


def test_filters_survive_the_way_through_a_job() -> None:
    import json

    unset = [name for name, value in filters_kept(ItemFilters()).items() if value]
    assert unset == []
    set_by_nobody = [f for f in ItemFilters.__dataclass_fields__ if not getattr(EVERY_FILTER, f)]
    assert set_by_nobody == []
    assert filters_from(json.loads(json.dumps(filters_kept(EVERY_FILTER)))) == EVERY_FILTER


def test_every_format_offered_is_one_that_is_known() -> None:
    assert {form for one in EXPORTERS.values() for form in one.forms} <= set(FORMATS)
    made = {form for one in EXPORTERS.values() for form in one.documents}
    assert all(one.book or set(one.forms) <= set(one.documents) for one in EXPORTERS.values())
    assert made <= set(FORMATS)


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    settings.GUATU_HOME = tmp_path
    world = small_world()
    world.problem("F1", DAY)
    world.create("lin", "problems", "Y3", "病区标识不清", DAY, fields=problem(), due=DAY, state="open")
    return world


def problem() -> dict[str, str]:
    return {"category": "livelihood", "source": "research", "found_on": DAY.isoformat()}


def asked(world: World, who: str, kind: str, form: str, **params: Any) -> HandedOut | Job:
    with clock.fixed(DAY):
        return export(world.actor(who), kind=kind, form=form, params=params, campaign=world.campaign, day=DAY)


def titles(content: bytes) -> set[str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = {str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row}
    return cells & {"食堂排队时间长", "病区标识不清"}


def test_a_small_list_is_handed_out_at_once_with_what_its_reader_may_see(world: World) -> None:
    for who, seen in (("lin", {"食堂排队时间长", "病区标识不清"}), ("lu", {"食堂排队时间长"})):
        made = asked(world, who, "list", "xlsx", register="problems")
        assert isinstance(made, HandedOut)
        assert made.name == "问题清单_20231106.xlsx"
        assert titles(made.content) == seen


def test_a_long_list_becomes_a_job_with_the_same_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    few = {**FORMATS, "csv": replace(FORMATS["csv"], at_once=1)}
    at_once = asked(world, "lin", "list", "csv", register="problems")
    monkeypatch.setattr(exporters, "FORMATS", few)
    job = asked(world, "lin", "list", "csv", register="problems")
    assert isinstance(job, Job)
    with clock.fixed(DAY):
        perform(str(job.public_id))
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    with files.opened(job.file) as result:
        assert isinstance(at_once, HandedOut)
        assert result.read() == at_once.content
    assert (job.file_name, job.done, job.total) == ("问题清单_20231106.csv", 2, 2)


def test_all_registers_are_one_workbook_or_one_zip_file_of_what_its_owner_may_see(world: World) -> None:
    found = {}
    for form in ("xlsx", "zip"):
        job = asked(world, "lu", "registers", form)
        assert isinstance(job, Job)
        with clock.fixed(DAY):
            perform(str(job.public_id))
        job.refresh_from_db()
        with files.opened(job.file) as result:
            found[form] = result.read()
    assert titles(found["xlsx"]) == {"食堂排队时间长"}
    with zipfile.ZipFile(io.BytesIO(found["zip"])) as archive:
        assert archive.namelist() == ["01_问题清单.csv"]
        assert "病区标识不清" not in archive.read("01_问题清单.csv").decode()


def test_what_comes_in_while_all_registers_are_written_is_in_none_of_them(world: World) -> None:
    from guatu.actions.jobs import Work

    with clock.fixed(DAY):
        work = Work(world.actor("lin"), world.campaign, DAY, {}, Path())
        book = EXPORTERS["registers"].book(work)
        world.problem("F2", DAY)
        assert sum(len(list(sheet.rows)) for sheet in book.sheets) == book.rows == 2


@pytest.mark.parametrize("form", ["docx", "pdf", "txt"])
def test_the_report_is_handed_out_in_every_format(world: World, form: str) -> None:
    made = asked(world, "lin", "report", form, report="summary")
    assert isinstance(made, HandedOut)
    assert made.name.endswith(f"_20231106.{form}")
    assert made.content[:4] in (b"PK\x03\x04", b"%PDF", made.content[:4] if form == "txt" else b"")


def test_without_a_post_nothing_is_exported_and_nothing_logged(world: World) -> None:
    for kind, form, params in (("list", "csv", {"register": "problems"}), ("registers", "zip", {})):
        with pytest.raises(NotAllowed):
            asked(world, "guest", kind, form, **params)
    assert not Job.objects.exists()


def test_what_does_not_exist_is_refused_before_anything_is_made(world: World) -> None:
    with pytest.raises(BadInput, match="没有“list”的“exe”"):
        asked(world, "lin", "list", "exe", register="problems")
    with pytest.raises(BadInput, match="没有“all”"):
        asked(world, "lin", "all", "csv")
    with pytest.raises(NotFound):
        asked(world, "lin", "list", "csv", register="nothing")
    with pytest.raises(NotFound):
        asked(world, "lin", "report", "pdf", report="nothing")
    assert not Job.objects.exists()
