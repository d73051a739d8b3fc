"""填报表: download my part of a register, hand the filled workbook in, see every cell that differs, apply once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guatu.access import require
from guatu.actions.items_import import Applied
from guatu.actions.jobs import start_job
from guatu.domain.errors import BadInput, Conflict, GuatuError, NotAllowed, NotFound
from guatu.domain.said import Said
from guatu.domain.words import gettext_noop
from guatu.exchange.kept_filters import filters_kept
from guatu.exchange.kept_uploads import kept_upload
from guatu.exchange.returned_drop import JOB
from guatu.exchange.workbook_return import MINE, THEIRS, Plan, apply, plan, read
from guatu.exchange.workbooks_in import read_workbook
from guatu.queries.jobs import job_result, my_job
from guatu.queries.registers import register_of
from guatu.records import files
from guatu.web.fill_sheets.kept import (
    Waiting,
    forget,
    given_files,
    is_drop,
    keep_drop,
    keep_one,
    waiting_called,
)
from guatu.web.fill_sheets.pages import (
    SHOWN,
    CheckPage,
    DropPage,
    Typed,
    check_page,
    drop_address,
    field_name,
    upload_page,
)
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.jobs.pages import shown
from guatu.web.policy import policy
from guatu.web.registers.forms import read_query

MENU = "registers"
LONG = 5_000
"""A workbook with more rows than that, in which nothing has to be decided, is applied in the background."""


@policy("see_items")
def file(request: HttpRequest, at: Here, key: str, form: str) -> HttpResponse:
    """The rows that the list shows as a workbook for filling, whole or one for each unit. Always as of today."""
    register_of(at.pack, key)
    if at.past:
        raise Conflict(_("填报表按今天的内容下发。请返回今天后再下载。"))
    asked = read_query(request.GET)
    params = {"register": key, "filters": filters_kept(asked.filters), "sort": asked.sort}
    return hand_out(at, kind="fill_sheet", form=form, params=params)


@policy("see_items", "GET", "POST")
def upload(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """GET: where filled workbooks are handed in. POST: one goes to its difference, many to the background."""
    spec = register_of(at.pack, key)
    sentence = ""
    if request.method == "POST":
        try:
            given = given_files(request)
            if is_drop(given):
                params = {"token": keep_drop(given), "register": key}
                title = Said(gettext_noop("导入填好的{register}"), {"register": spec.label})
                job = start_job(at.actor, kind=JOB, title=title, params=params, campaign=at.campaign)
                return redirect(drop_address(at, key, job.public_id))
            waiting = keep_one(request, key, given[0])
            try:
                read(kept_upload(waiting.token), waiting.name)
            except GuatuError:
                forget(request, waiting.token)
                raise
            return redirect(at.to("fill-check", key, waiting.token))
        except (BadInput, NotAllowed) as failure:
            sentence = str(failure)
    page = upload_page(at, key, sentence)
    return show(request, at, "pages/fill.html", page, menu=MENU, status=422 if sentence else 200)


@policy("see_items", "GET", "POST")
def check(request: HttpRequest, at: Here, key: str, token: str) -> HttpResponse:
    """GET: every cell that differs. POST: apply it all, or forget it. What was chosen is kept when something is refused."""
    waiting = waiting_called(request, token, key)
    if request.method == "POST" and request.POST.get("do") == "forget":
        forget(request, token)
        return redirect(at.to("fill", key))
    try:
        found = plan(at.actor, at.campaign, read(kept_upload(token), waiting.name), key)
    except BadInput as failure:
        page = upload_page(at, key, str(failure))
        return show(request, at, "pages/fill.html", page, menu=MENU, status=failure.status)
    if request.method != "POST":
        return _shown(request, at, check_page(at, waiting.name, found, Typed({})))
    typed = _typed(request.POST, found)
    try:
        return _apply(request, at, waiting, found, typed)
    except (BadInput, Conflict, NotAllowed, NotFound) as failure:
        again = plan(at.actor, at.campaign, found.returned, key)
        page = check_page(at, waiting.name, again, typed, sentence=str(failure))
        return _shown(request, at, page, status=failure.status)


def _shown(request: HttpRequest, at: Here, page: CheckPage, status: int = 200) -> HttpResponse:
    return show(request, at, "pages/fill_check.html", page, menu=MENU, status=status)


def _typed(given: QueryDict, found: Plan) -> Typed:
    choices = {}
    for row in found.difference.rows:
        for cell in row.cells:
            choice = given.get(field_name(row.row, cell.key), "")
            if choice in (MINE, THEIRS):
                choices[row.row, cell.key] = choice
    return Typed(
        choices,
        confirmed=given.get("confirmed") == "yes",
        due_kind=given.get("due_kind", "entry"),
        document=given.get("document", "").strip()[:200],
        reason=given.get("reason", "").strip()[:500],
    )


def _apply(request: HttpRequest, at: Here, waiting: Waiting, found: Plan, typed: Typed) -> HttpResponse:
    """Apply the plan, or let the worker do it when it is long. Raises with nothing written."""
    if found.redates and not typed.reason:
        raise BadInput(_("表中改了时限，须写明原因。请填写后再导入。"))
    nothing_asked = not found.difference.conflicts and not found.to_confirm and not found.redates
    if found.ready and nothing_asked and found.difference.read > LONG:
        params = {"token": waiting.token, "register": found.register, "name": waiting.name}
        title = Said(gettext_noop("导入 {name}"), {"name": waiting.name})
        job = start_job(at.actor, kind=JOB, title=title, params=params, campaign=at.campaign)
        return redirect(drop_address(at, found.register, job.public_id))
    done = apply(
        at.actor,
        at.campaign,
        found,
        choices=typed.choices,
        confirmed=typed.confirmed,
        due_kind=typed.due_kind,
        document=typed.document,
        reason=typed.reason,
    )
    forget(request, waiting.token)
    messages.success(request, _told(done))
    return redirect(at.to("list", found.register))


def _told(done: Applied) -> str:
    if done.again:
        return _("这份文件此前已经导入，没有再次写入。")
    if done.batch is None:
        return _("没有需要写入的内容。")
    return ngettext(
        "已导入：新增 {created} 项，修改 {edited} 项。",
        "已导入：新增 {created} 项，修改 {edited} 项。",
        done.created + done.edited,
    ).format(created=done.created, edited=done.edited)


@policy("see_items")
def drop(request: HttpRequest, at: Here, key: str, job: UUID) -> HttpResponse:
    """What came of many files: how far it is, then each file with what hindered it and what to do next."""
    spec = register_of(at.pack, key)
    row = my_job(at.actor, job)
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    more = 0
    if row.has_file:
        heads, rows, more = _result(at, job)
    page = DropPage(spec.label, at.to("list", key), shown(at, row), heads, rows, more)
    return show(request, at, "pages/fill_drop.html", page, menu=MENU)


def _result(at: Here, job: UUID) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], int]:
    """The result's own workbook as a table: its heads, its first rows, how many more there are."""
    require(at.actor, "see_items", campaign=at.campaign)
    stored = job_result(at.whole, job)
    with files.opened(stored.file) as content:
        grid = read_workbook(content.read(), stored.file_name).sheets[0]
    lines: list[tuple[Any, ...]] = [row for row in grid.rows if any(cell != "" for cell in row)]
    table = [tuple(_text(cell) for cell in row) for row in lines[1:]]
    return table[0], tuple(table[1 : SHOWN + 1]), max(0, len(table) - 1 - SHOWN)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
