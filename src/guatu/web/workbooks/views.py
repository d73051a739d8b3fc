"""任何 Excel 变清单: upload a workbook, see what was understood of it, change it, confirm."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guatu.actions.jobs import start_job
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.domain.imports.grid import Workbook
from guatu.domain.imports.understanding.answers import as_kept
from guatu.domain.imports.understanding.proposal import Proposal
from guatu.domain.said import Said
from guatu.domain.words import gettext_noop
from guatu.exchange.workbook_making import (
    AT_ONCE,
    JOB,
    make_from,
    making_key,
    refuse_open,
    said_of,
    understand,
)
from guatu.exchange.workbooks_in import MAX_FILE_BYTES
from guatu.queries.known_names import unit_lookups
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.workbooks.kept import (
    Waiting,
    answers_of,
    book_of,
    forget,
    keep_answers,
    note_made,
    take_workbook,
    waiting_called,
    waiting_in,
)
from guatu.web.workbooks.pages import MadePage, UploadPage, table_page
from guatu.web.workbooks.typed import read_answers

MENU = "collection"
CAPABILITY = "shape_campaign"
DROPPED_SHOWN = 100


@policy(CAPABILITY, "GET", "POST")
def new(request: HttpRequest, at: Here) -> HttpResponse:
    """GET: where a workbook is handed in. POST: take it, or forget one that waits."""
    if request.method == "POST":
        if request.POST.get("forget"):
            forget(request, request.POST["forget"])
            return redirect(at.to("workbook-new"))
        try:
            token = take_workbook(request)
            return redirect(at.to("workbook-table", token, 0))
        except BadInput as failure:
            return _upload_page(request, at, str(failure))
    return _upload_page(request, at)


def _upload_page(request: HttpRequest, at: Here, sentence: str = "") -> HttpResponse:
    page = UploadPage(
        tuple(
            (one.name, at.to("workbook-table", one.token, 0), one.token, len(one.made))
            for one in waiting_in(request)
        ),
        sentence,
        MAX_FILE_BYTES // (1024 * 1024),
    )
    status = 422 if sentence else 200
    return show(request, at, "pages/workbook_new.html", page, menu=MENU, status=status)


@policy(CAPABILITY, "GET", "POST")
def table(request: HttpRequest, at: Here, token: str, table: int) -> HttpResponse:
    """GET: what was understood. POST: change it (“look”), or make the register and import the rows (“make”)."""
    waiting = waiting_called(request, token)
    book = book_of(waiting)
    answers = answers_of(request, token, table)
    unknown: tuple[str, ...] = ()
    if request.method == "POST":
        answers, unknown = read_answers(request.POST, answers, unit_lookups(at.actor, at.campaign))
        keep_answers(request, token, table, answers)
        if request.POST.get("do") != "make" and not unknown:
            return redirect(at.to("workbook-table", token, table))
    sentence = ""
    try:
        found = understand(at.actor, at.campaign, book, table, answers)
    except BadInput as failure:
        return _upload_page(request, at, str(failure))
    if request.method == "POST" and not unknown:
        try:
            return _make(request, at, waiting, book, found.proposal, table)
        except (BadInput, Conflict, NotAllowed) as failure:
            sentence = str(failure)
    page = table_page(at, waiting, found, table, sentence=sentence, unknown=unknown)
    status = 422 if page.sentence else 200
    return show(request, at, "pages/workbook_table.html", page, menu=MENU, status=status)


def _make(
    request: HttpRequest, at: Here, waiting: Waiting, book: Workbook, proposal: Proposal, table: int
) -> HttpResponse:
    """Make the register: at once, or in the background where there are many rows. Raises for what is still open."""
    token, answers = waiting.token, proposal.answers
    if str(table) in waiting.made:
        return redirect(at.to("workbook-made", token, table))
    refuse_open(at.campaign, proposal)
    if len(proposal.table.records) > AT_ONCE:
        params = {"token": token, "name": waiting.name, "table": table, "answers": as_kept(answers)}
        title = Said(gettext_noop("导入 {name}"), {"name": waiting.name})
        job = start_job(at.actor, kind=JOB, title=title, params=params, campaign=at.campaign)
        return redirect(at.to("job", job.public_id))
    outcome = make_from(
        at.actor,
        campaign=at.campaign,
        book=book,
        proposal=proposal,
        key=making_key(token, table, answers),
    )
    kept = {
        "register": outcome.register,
        "label": outcome.label,
        "items": outcome.items,
        "said": str(said_of(outcome)),
        "dropped": [one.sentence for one in outcome.dropped[:DROPPED_SHOWN]],
        "count": len(outcome.dropped),
        "blank": len(
            {one.row for one in proposal.misfits} - {one.row for one in outcome.dropped}
            if answers.unfit == "blank"
            else ()
        ),
    }
    note_made(request, token, table, kept)
    return redirect(at.to("workbook-made", token, table))


@policy(CAPABILITY, "GET")
def made(request: HttpRequest, at: Here, token: str, table: int) -> HttpResponse:
    """What came of a table, and where to go from there."""
    waiting = waiting_called(request, token)
    done = waiting.made.get(str(table))
    if done is None:
        return redirect(at.to("workbook-table", token, table))
    tables = understand(at.actor, at.campaign, book_of(waiting)).tables
    page = MadePage(
        said=done["said"],
        label=done["label"],
        items=done["items"],
        blank=done.get("blank", 0),
        dropped=tuple(done["dropped"]),
        more=max(done["count"] - len(done["dropped"]), 0),
        list=at.to("list", done["register"]),
        new=at.to("workbook-new"),
        others=tuple(
            (words, at.to("workbook-table", token, number))
            for number, words in enumerate(tables)
            if str(number) not in waiting.made
        ),
    )
    return show(request, at, "pages/workbook_made.html", page, menu=MENU)
