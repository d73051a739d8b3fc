"""What can be exported and in which formats: one table. Small things are handed out at once, long ones become a job.

An exporter yields sheets or a document; the format is chosen outside it. The same function makes the file either way,
so a download and the result of a job never differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from guatu.access import Actor, may, require
from guatu.actions.history import at_sequence
from guatu.actions.jobs import Made, Work, note_export, start_job
from guatu.domain.errors import BadInput
from guatu.domain.said import Said
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop
from guatu.exchange import (
    csv_out,
    dossier,
    fill_books,
    pdf_tables,
    pdf_wall,
    report_text,
    superior_form,
)
from guatu.exchange.burden_table import burden_sheets
from guatu.exchange.contact_table import contact_sheets
from guatu.exchange.figure_table import figure_sheets, sent_sheets
from guatu.exchange.hand_over_table import hand_over_sheets
from guatu.exchange.kept_filters import filters_from
from guatu.exchange.list_table import list_sheets
from guatu.exchange.movement_table import movement_sheets
from guatu.exchange.request_table import roster_sheets, row_sheets
from guatu.exchange.self_check_table import self_check_sheets
from guatu.exchange.sourced_files import Wanted, report_file
from guatu.exchange.tables import Sheet
from guatu.exchange.wall_table import wall_sheets
from guatu.exchange.xlsx_out import write_xlsx
from guatu.queries.burden_meter import CAPABILITY as BURDENS
from guatu.queries.pages import ItemFilters
from guatu.queries.registers import register_entries
from guatu.queries.reports import compose_report
from guatu.queries.wall import wall
from guatu.records.models import Campaign, Job
from guatu.records.packs import pack_of

_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True, slots=True)
class Book:
    """Sheets and how many rows they hold together."""

    rows: int
    sheets: Iterable[Sheet]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its word on a button, its file's ending and media type, and how many rows are handed out at once."""

    label: str
    ending: str
    content_type: str
    at_once: int = 0


@dataclass(frozen=True, slots=True)
class Exporter:
    """What can be exported: its name, its sheets (for Excel, CSV and PDF tables) and the documents made otherwise.

    `forms` are the formats offered, in the order of the menu. `long`: always a job, however little there is; `heavy` says
    so of a document in one format.
    """

    label: Callable[[Work], str]
    forms: tuple[str, ...]
    book: Callable[[Work], Book] | None
    documents: Mapping[str, Callable[[Work], bytes]]
    capability: str = "see_items"
    long: bool = False
    heavy: Callable[[Work, str], bool] | None = None


FORMATS: Mapping[str, Format] = {
    "xlsx": Format(
        "Excel", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", at_once=3000
    ),
    "csv": Format("CSV", "csv", "text/csv; charset=utf-8", at_once=10_000),
    "zip": Format("CSV", "zip", "application/zip", at_once=10_000),
    "pdf": Format("PDF", "pdf", "application/pdf", at_once=500),
    "poster": Format("PDF", "pdf", "application/pdf"),
    "docx": Format("Word", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "html": Format("HTML", "html", "text/html; charset=utf-8"),
    "txt": Format("TXT", "txt", "text/plain; charset=utf-8"),
    "books": Format("Excel", "zip", "application/zip"),
    "offline": Format("HTML", "html", "text/html; charset=utf-8"),
    "offlines": Format("HTML", "zip", "application/zip"),
}


def format_label(form: str) -> str:
    """The format as it stands on a button."""
    return str(format_said(form))


def format_said(form: str) -> Said:
    """The same, to be kept and read in another language."""
    if form == "poster":
        return Said(gettext_noop("PDF 海报（单页）"))
    if form == "zip":
        return Said(gettext_noop("CSV（压缩包）"))
    if form == "offline":
        return Said(gettext_noop("离线采集包（不能联网的单位）"))
    if form == "offlines":
        return Said(gettext_noop("离线采集包，每家单位一份（压缩包）"))
    if form == "books":
        return Said(gettext_noop("Excel，每家单位一份（压缩包）"))
    return Said(FORMATS[form].label)


# What the exports are of ─────────────────────────────────────────────────────


def _list_label(work: Work) -> str:
    """Empty for a register that is not there: its list refuses it with a sentence."""
    found = pack_of(work.campaign).registers.get(work.params["register"])
    return found.label if found else ""


def _list_book(work: Work) -> Book:
    sheets = list_sheets(
        work.actor,
        work.campaign,
        work.params["register"],
        filters_from(work.params.get("filters", {})),
        tuple(work.params.get("columns", ())),
        work.day,
        sort=work.params.get("sort", ""),
        known_at=work.params.get("known_at"),
    )
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _movement_book(work: Work) -> Book:
    days = {name: date.fromisoformat(work.params[name]) for name in ("first", "last")}
    sheets = movement_sheets(
        work.actor, work.campaign, work.params["register"], unit=work.params.get("unit", ""), **days
    )
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _contacts_book(work: Work) -> Book:
    asked = {name: work.params.get(name, "") for name in ("company", "role", "q")}
    sheets = contact_sheets(work.actor, work.campaign, work.day, **asked)
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _figures_book(work: Work) -> Book:
    asked = {name: work.params.get(name, "") for name in ("unit", "basis")}
    sheets = figure_sheets(work.actor, work.campaign, work.day, **asked)
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _sent_book(work: Work) -> Book:
    sheets = sent_sheets(work.actor, work.campaign, work.day)
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _self_check_book(work: Work) -> Book:
    sheets = self_check_sheets(work.actor, work.campaign, str(work.params.get("case", "")), work.day)
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _roster_book(work: Work) -> Book:
    sheets = roster_sheets(work.actor, work.campaign, str(work.params.get("request", "")), work.day)
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _rows_book(work: Work) -> Book:
    sheets = row_sheets(work.actor, work.campaign, str(work.params.get("request", "")), work.day)
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _burden_book(work: Work) -> Book:
    sheets = burden_sheets(work.actor, work.campaign, work.day)
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _hand_over_book(work: Work) -> Book:
    sheets = hand_over_sheets(work.actor, work.campaign, work.day, username=work.params["username"])
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _registers_book(work: Work) -> Book:
    """Every register of the campaign that has items in sight, as known at one moment, so that the sheets agree."""
    known = at_sequence()
    entries = [
        one for one in register_entries(work.actor, work.campaign, day=work.day, known_at=known) if one.count
    ]

    def sheets() -> Iterator[Sheet]:
        for entry in entries:
            yield from list_sheets(
                work.actor, work.campaign, entry.key, ItemFilters(), (), work.day, known_at=known
            )

    return Book(sum(entry.count for entry in entries), sheets())


def _wall_asked(work: Work) -> dict[str, Any]:
    asked = {name: work.params.get(name, "") for name in ("zoom", "sector", "aspect", "light")}
    return {**asked, "opened": tuple(work.params.get("opened", ()))}


def _wall_book(work: Work) -> Book:
    sheets = wall_sheets(work.actor, work.campaign, day=work.day, **_wall_asked(work))
    return Book(sum(sheet.count for sheet in sheets), sheets)


def _wall_pdf(work: Work, *, poster: bool = False) -> bytes:
    page = wall(work.campaign, day=work.day, actor=work.actor, **_wall_asked(work))
    return pdf_wall.render(page, work.actor, work.campaign, poster=poster)


def _report(work: Work) -> Any:
    return compose_report(work.campaign, work.params["report"], day=work.day, actor=work.actor)


def _report_file(work: Work, form: str) -> bytes:
    wanted = Wanted(form, bool(work.params.get("sources")), str(work.params.get("base", "")))
    return report_file(work.actor, work.campaign, work.params["report"], day=work.day, wanted=wanted)


def _report_label(work: Work) -> str:
    found = pack_of(work.campaign).reports.get(work.params["report"])
    return found.label if found else ""


EXPORTERS: Mapping[str, Exporter] = {
    "list": Exporter(_list_label, ("xlsx", "pdf", "csv"), _list_book, {}),
    "wall": Exporter(
        lambda work: _("作战图"),
        ("xlsx", "pdf", "poster", "zip"),
        _wall_book,
        {"pdf": _wall_pdf, "poster": lambda work: _wall_pdf(work, poster=True)},
    ),
    "movement": Exporter(
        lambda work: _("{register}变动表").format(register=_list_label(work)),
        ("xlsx", "pdf", "csv"),
        _movement_book,
        {},
    ),
    "contacts": Exporter(
        lambda work: _("联络员名单"), ("xlsx", "pdf", "csv"), _contacts_book, {}, capability="see_contacts"
    ),
    "burden": Exporter(lambda work: _("报送任务的负担"), ("xlsx",), _burden_book, {}, capability=BURDENS),
    "self_check": Exporter(lambda work: _("举一反三答复情况"), ("xlsx", "pdf", "csv"), _self_check_book, {}),
    "request_roster": Exporter(lambda work: _("报送情况"), ("xlsx", "pdf", "csv"), _roster_book, {}),
    "request_rows": Exporter(lambda work: _("收上来的数据"), ("xlsx", "csv"), _rows_book, {}),
    "hand_over": Exporter(
        lambda work: _("移交清单"), ("xlsx",), _hand_over_book, {}, capability="manage_people"
    ),
    "fill_sheet": Exporter(
        fill_books.fill_label,
        ("xlsx", "books", "offline", "offlines"),
        None,
        {
            "xlsx": fill_books.render_one,
            "books": fill_books.render_each,
            "offline": fill_books.render_offline,
            "offlines": fill_books.render_offline_each,
        },
        heavy=fill_books.is_heavy,
    ),
    "figures": Exporter(
        lambda work: _("统计项"), ("xlsx", "pdf", "csv"), _figures_book, {}, capability="see_figures"
    ),
    "sent": Exporter(
        lambda work: _("报送台账"), ("xlsx", "pdf", "csv"), _sent_book, {}, capability="see_sent_figures"
    ),
    "dossier": Exporter(dossier.label, ("pdf",), None, {"pdf": dossier.render}),
    "superior_form": Exporter(superior_form.label, ("xlsx",), None, {"xlsx": superior_form.render}),
    "registers": Exporter(lambda work: _("全部清单"), ("xlsx", "zip"), _registers_book, {}, long=True),
    "report": Exporter(
        _report_label,
        ("docx", "pdf", "html", "txt"),
        None,
        {
            "docx": lambda work: _report_file(work, "docx"),
            "pdf": lambda work: _report_file(work, "pdf"),
            "html": lambda work: _report_file(work, "html"),
            "txt": lambda work: report_text.render(_report(work)),
        },
        capability="see_figures",
    ),
}


# How they are made ───────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class HandedOut:
    """A file that goes out at once."""

    content: bytes
    name: str
    content_type: str


def export(
    actor: Actor, *, kind: str, form: str, params: Mapping[str, Any], campaign: Campaign, day: date
) -> HandedOut | Job:
    """The export at once, or the job that will make it when it is long. Either is kept in the log of exports.

    Raises BadInput for an unknown kind or format, NotAllowed without the right, and what the exporter raises.
    """
    exporter = _exporter(kind, form)
    require(actor, exporter.capability, campaign=campaign)
    with TemporaryDirectory(prefix="guatu-") as folder:
        work = Work(actor, campaign, day, params, Path(folder))
        label = exporter.label(work)
        asked: dict[str, Any] = {
            "title": Said(gettext_noop("导出{label}：{form}"), {"label": label, "form": format_said(form)}),
            "params": {"kind": kind, "form": form, **params},
        }
        book = exporter.book(work) if exporter.book and form not in exporter.documents else None
        waits = exporter.long or (book is not None and book.rows > FORMATS[form].at_once)
        waits = waits or (exporter.heavy is not None and exporter.heavy(work, form))
        if waits and may(actor, "see_items", campaign=campaign):  # an administrator has no page of jobs
            return start_job(actor, kind="export", campaign=campaign, as_of=day, **asked)
        made = _make(exporter, form, work, label, book)
        assert made.path is not None
        content = made.path.read_bytes()
    note_export(actor, campaign=campaign, as_of=day, file_name=made.name, size=len(content), **asked)
    return HandedOut(content, made.name, FORMATS[form].content_type)


def run_export(work: Work) -> Made:
    """The export as a job."""
    exporter = _exporter(work.params.get("kind", ""), form := work.params.get("form", ""))
    require(work.actor, exporter.capability, campaign=work.campaign)
    book = exporter.book(work) if exporter.book and form not in exporter.documents else None
    return _make(exporter, form, work, exporter.label(work), book)


def _exporter(kind: str, form: str) -> Exporter:
    found = EXPORTERS.get(kind)
    if found is None or form not in found.forms:
        raise BadInput(
            _("没有“{kind}”的“{form}”这种导出。请从页面上的“导出”菜单选择。"), kind=kind, form=form
        )
    return found


def _make(exporter: Exporter, form: str, work: Work, label: str, book: Book | None) -> Made:
    """The file in the work's folder. Progress counts rows; a table as PDF counts its setting as as many again."""
    path = work.folder / f"out.{FORMATS[form].ending}"
    if book is None:
        path.write_bytes(exporter.documents[form](work))
    else:
        double = 2 if form == "pdf" else 1
        work.progress.step(0, book.rows * double)

        def told(done: int) -> None:
            work.progress.step(min(done, book.rows), book.rows * double)

        if form == "xlsx":
            with path.open("wb") as out:
                write_xlsx(out, book.sheets, told)
        elif form == "csv":
            csv_out.write_csv(path, next(iter(book.sheets)), told)
        elif form == "zip":
            csv_out.write_zip(path, book.sheets, told)
        else:
            pdf_tables.require_fits(book.rows)
            path.write_bytes(pdf_tables.render(book.sheets, work.actor, told))
        work.progress.step(book.rows * double, book.rows * double)
    name = f"{_UNSAFE.sub('_', label)}_{work.day:%Y%m%d}.{FORMATS[form].ending}"
    return Made(path, name)
