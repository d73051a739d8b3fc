"""举一反三: sending a case's question to similar units, answering it, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import get_item, may, require
from guatu.actions.self_checks import send_self_check
from guatu.actions.urges import MOST, urge_items
from guatu.domain.errors import BadInput, Conflict
from guatu.queries.self_checks import CAPABILITY, Coverage, SentOut, coverage, may_send, sent_out
from guatu.web.days import typed_day
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.self_checks.answering import Typed, answer_page, read_answer, send_answer
from guatu.web.self_checks.sending import read_typed, send_page

SENT, ONE, SEND, ANSWER = (f"pages/self_check{name}.html" for name in ("s", "", "_send", "_answer"))
MENU = "registers"


@dataclass(frozen=True, slots=True)
class SentPage:
    """What was sent out: each case with its page."""

    rows: tuple[tuple[SentOut, str], ...]


@dataclass(frozen=True, slots=True)
class OnePage:
    """How far a self-check has come. `waiting`: not answered yet, so that they can be urged."""

    found: Coverage
    case_href: str
    send_href: str
    href: str
    file_href: str
    rows: tuple[tuple[object, str], ...]
    waiting: int
    may_urge: bool
    sentence: str = ""


@policy("see_items")
def sent(request: HttpRequest, at: Here) -> HttpResponse:
    """Every self-check that the reader may see."""
    rows = tuple(
        (row, at.to("self-check", row.public_id) if row.seen else "")
        for row in sent_out(at.actor, at.campaign, at.as_of)
    )
    return show(request, at, SENT, SentPage(rows), menu=MENU)


@policy("see_items", "GET", "POST")
def one(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Coverage of one case's self-check. POST: urge those that have not answered."""
    if request.method != "POST":
        return show(request, at, ONE, _one(at, public_id), menu=MENU)
    case = get_item(at.actor, public_id, at.campaign)
    require(at.actor, CAPABILITY, campaign=at.campaign)
    found = coverage(at.actor, at.campaign, case, at.today)
    late = request.POST.get("only") == "overdue"
    waiting = [row.pk for row in found.rows if row.phase == "open" and (row.overdue or not late)][:MOST]
    try:
        if not waiting:
            raise BadInput(_("没有要催办的单位：都已答复。"))
        done = urge_items(at.actor, campaign=at.campaign, items=waiting, text=_("请答复对照自查。"))
    except (BadInput, Conflict) as failure:
        page = _one(at, public_id, str(failure))
        return show(request, at, ONE, page, menu=MENU, status=failure.status)
    messages.success(
        request,
        _("已催办 {n} 家，{rest} 家今天已催过或无人可催。").format(
            n=len(done.items), rest=len(done.left_out)
        ),
    )
    return redirect(at.to("self-check", public_id))


def _one(at: Here, public_id: UUID, sentence: str = "") -> OnePage:
    case = get_item(at.actor, public_id, at.campaign)
    found = coverage(at.actor, at.campaign, case, at.as_of)
    return OnePage(
        found=found,
        case_href=at.to("item", public_id),
        send_href=at.to("self-check-send", public_id) if may_send(at.actor, at.campaign, case) else "",
        href=at.to("self-check", public_id),
        file_href=at.to("self-check-file", public_id, "xlsx"),
        rows=tuple((row, at.to("item", row.public_id)) for row in found.rows),
        waiting=found.total.asked - found.total.answered,
        may_urge=not at.past and may(at.actor, CAPABILITY, campaign=at.campaign),
        sentence=sentence,
    )


@policy("see_items")
def one_file(request: HttpRequest, at: Here, public_id: UUID, form: str) -> HttpResponse:
    """The answers of one self-check as a file."""
    get_item(at.actor, public_id, at.campaign)
    return hand_out(at, kind="self_check", form=form, params={"case": str(public_id)})


@policy("send_self_check", "GET", "POST")
def send(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """GET shows what the choice in the address comes to; POST asks the units."""
    if request.method != "POST":
        typed = read_typed(at, request.GET)
        looked = "codes" in request.GET and not typed.picked.asked
        said = _("没有选单位。请按板块、层级或单位选择，再看名单。") if looked else ""
        return show(request, at, SEND, send_page(at, public_id, typed, said), menu=MENU)
    typed = read_typed(at, request.POST)
    page = send_page(at, public_id, typed)
    if not page.sentence:
        try:
            made = send_self_check(
                at.actor,
                campaign=at.campaign,
                case=page.case.pk,
                units=[node.code for node in page.choice.units],
                question=request.POST.get("question", ""),
                due=typed_day(typed.due),
                idempotency_key=typed.key,
            )
        except (BadInput, Conflict) as failure:
            page = send_page(at, public_id, typed, str(failure))
        else:
            count = f"{len(made):,}"
            messages.success(request, _("举一反三已发给 {count} 家单位。").format(count=count))
            return redirect(at.to("self-check", public_id))
    return show(request, at, SEND, page, menu=MENU, status=422)


@policy("see_items", "GET", "POST")
def answer(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """A unit's answer, 有 or 无, on one page."""
    if request.method != "POST":
        return show(request, at, ANSWER, answer_page(at, public_id), menu="todo")
    answer_page(at, public_id)  # what is out of sight does not exist
    typed: Typed = read_answer(at, request.POST)
    try:
        said = send_answer(at, public_id, typed)
    except (BadInput, Conflict) as failure:
        typed.sentence = str(failure)
        page = answer_page(at, public_id, typed)
        return show(request, at, ANSWER, page, menu="todo", status=failure.status)
    messages.success(request, said)
    return redirect(at.to("todo"))
