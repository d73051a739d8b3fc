"""填报: what was asked and what is owed; one request as it comes in; its roster and its cut-off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import may, require
from guatu.actions.requests import amend_roster, change_cut_off, finish_request
from guatu.actions.urges import MOST, urge_items
from guatu.domain.collection import Form
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.queries.burden_meter import CAPABILITY as BURDENS
from guatu.queries.request_list import EACH, RequestLine, request_for, requests_seen
from guatu.queries.request_units import askers
from guatu.queries.request_watch import missing_lines
from guatu.queries.returns import as_it_stood, collection_of, form_of_request, roster, seen
from guatu.queries.urge_list import UrgeLine, UrgeList
from guatu.records.models import Item
from guatu.web.collection.building import codes_named, nameless
from guatu.web.collection.watching import bar_of, percent, request_page, unit_line
from guatu.web.days import needed_day, typed_day
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy
from guatu.web.returns.owing import OwedShown, owed_shown
from guatu.web.workbooks.views import CAPABILITY as REGISTERS

HOME, ONE, MISSING, ROSTER, CUT_OFF = (
    f"pages/collection{name}.html" for name in ("", "_request", "_missing", "_roster", "_cut_off")
)
MENU = "collection"
NAMED = 300
"""Missing units on one page, with their people."""


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One request in the list."""

    line: RequestLine
    href: str
    review_href: str
    state_label: str
    percent: str
    bar: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    """What was asked, in the reader's reach. `new_href` is empty for whoever asks nobody."""

    asked: tuple[AskedLine, ...]
    count: int
    new_href: str
    older: str
    newer: str
    asks: bool
    owed: OwedShown | None = None
    meter_href: str = ""
    workbook_href: str = ""


@dataclass(frozen=True, slots=True)
class MissingPage:
    """Who has not answered, with whom to reach."""

    item: Item
    list: UrgeList
    lines: tuple[tuple[UrgeLine, str], ...]
    text: str
    count: int
    back: str
    older: str
    newer: str


@dataclass(frozen=True, slots=True)
class RosterPage:
    """The roster of a request that has been sent, to be added to or taken from."""

    item: Item
    rows: tuple[object, ...]
    reason: str
    codes: str
    chosen: tuple[int, ...]
    key: str
    href: str
    back: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class CutOffPage:
    """The cut-off of a request that has been sent."""

    item: Item
    form: Form
    day: str
    hour: str
    second_due: str
    reason: str
    key: str
    href: str
    back: str
    sentence: str = ""


@policy("see_items")
def home(request: HttpRequest, at: Here) -> HttpResponse:
    """What the reader has asked or reviews, and what their unit owes."""
    page = max(typed_number(request.GET.get("page", ""), 4) or 1, 1)
    flow = at.pack.workflow_of(collection_of(at.pack).requests)
    overseeing = any(grant.role not in ("filler", "head") for grant in at.actor.grants)
    found = requests_seen(at.actor, at.campaign, at.as_of, page) if overseeing else None
    may_ask = not at.past and may(at.actor, "collect", campaign=at.campaign)
    asks = may_ask and bool(askers(at.actor, at.campaign))
    lines = tuple(
        AskedLine(
            line,
            at.to("collection-request", line.public_id),
            at.to("collection-review", line.public_id) if line.waiting else "",
            flow.states[line.state].label,
            percent(line.tally.completeness),
            bar_of(line.tally),
        )
        for line in (found.lines if found else ())
    )
    count = found.count if found else 0
    shown = HomePage(
        asked=lines,
        count=count,
        new_href=at.to("collection-new") if asks else "",
        older=at.to("collection", page=page + 1) if count > page * EACH else "",
        newer=at.to("collection", page=page - 1) if page > 1 else "",
        asks=overseeing,
        owed=owed_shown(at),
        meter_href=at.to("meter") if may(at.actor, BURDENS, campaign=at.campaign) else "",
        workbook_href=at.to("workbook-new")
        if not at.past and may(at.actor, REGISTERS, campaign=at.campaign)
        else "",
    )
    return show(request, at, HOME, shown, menu=MENU)


@policy("see_items", "GET", "POST")
def one(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """How a request comes in. POST: urge those that are missing, in all or of one company; or finish it.

    Finishing while answers are out is asked back first.
    """
    item, mine = request_for(at.actor, at.campaign, public_id)
    if mine and at.pack.workflow_of(item.register).phase_of(item.state) == "draft":
        return redirect(at.to("collection-send", public_id))
    item = as_it_stood(item, at.as_of) if at.past else item
    form_of_request(item)
    said = ""
    finishing = request.POST.get("do") == "finish" and request.POST.get("sure") != "1"
    if finishing:
        page = request_page(at, item, mine=mine, show="", company="", finishing=True)
        if page.unfinished:
            return show(request, at, ONE, page, menu=MENU)
    if request.method == "POST":
        try:
            told = _done(request, at, item)
        except (BadInput, Conflict) as failure:
            said, status = str(failure), failure.status
        else:
            messages.success(request, told)
            return redirect(at.to("collection-request", public_id, show=request.POST.get("show", "")[:10]))
    page = request_page(
        at,
        item,
        mine=mine,
        show=request.GET.get("show", ""),
        company=request.GET.get("company", ""),
        sentence=said,
    )
    return show(request, at, ONE, page, menu=MENU, status=status if said else 200)


def _done(request: HttpRequest, at: Here, item: Item) -> str:
    """What a button on the page did, in a sentence."""
    if request.POST.get("do") == "finish":
        finish_request(at.actor, campaign=at.campaign, request=item.pk)
        return _("{number} 已办结。").format(number=item.number)
    require(at.actor, "collect", campaign=at.campaign)
    below = typed_number(request.POST.get("company", ""))
    rows = seen(at.actor, at.campaign, roster(at.campaign, item, at.today))
    waiting = [
        row.pk for row in rows if not row.handed and not row.kept and (below is None or below in row.line)
    ]
    if not waiting:
        raise BadInput(_("没有要催的单位：都已报送。"))
    done = urge_items(
        at.actor,
        campaign=at.campaign,
        items=waiting[:MOST],
        text=_("请报送“{title}”。").format(title=item.title),
    )
    if not done.left_out:
        return _("已催办 {n} 家。").format(n=len(done.items))
    return _("已催办 {n} 家，{rest} 家今天已催过或无人可催。").format(
        n=len(done.items), rest=len(done.left_out)
    )


@policy("see_items")
def missing(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Who has not answered, with telephones as far as the reader may see them, and the list to be copied."""
    item, _mine = request_for(at.actor, at.campaign, public_id)
    rows = seen(at.actor, at.campaign, roster(at.campaign, item, at.as_of))
    open_rows = [row for row in rows if not row.handed and not row.kept]
    number = max(typed_number(request.GET.get("page", ""), 4) or 1, 1)
    named = open_rows[(number - 1) * NAMED : number * NAMED]
    lines = missing_lines(at.actor, at.campaign, at.pack, item.title, named, at.as_of)
    spec = at.pack.register(collection_of(at.pack).returns)
    found = UrgeList(spec.key, spec.label, lines, len(named) - len(lines), more=False)
    page = MissingPage(
        item=item,
        list=found,
        lines=tuple((line, at.to("return", line.public_id)) for line in lines),
        text=found.as_text(),
        count=len(open_rows),
        back=at.to("collection-request", public_id),
        older=at.to("collection-missing", public_id, page=number + 1)
        if len(open_rows) > number * NAMED
        else "",
        newer=at.to("collection-missing", public_id, page=number - 1) if number > 1 else "",
    )
    return show(request, at, MISSING, page, menu=MENU)


@policy("collect", "GET", "POST")
def amend(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """核增 and 核减 of a request that has been sent."""
    item = _own_request(at, public_id)
    data = request.POST
    chosen = tuple(number for text in data.getlist("reduce") if (number := typed_number(text)) is not None)
    sentence = ""
    if request.method == "POST":
        codes = codes_named(at, data.get("codes", "")[:40_000])
        try:
            if codes and (wrong := nameless(at, codes)):
                raise BadInput(wrong)
            changed = amend_roster(
                at.actor,
                campaign=at.campaign,
                request=item.pk,
                reason=data.get("reason", "")[:500],
                add=codes,
                reduce=chosen,
                idempotency_key=data.get("key", "")[:60] or None,
            )
        except (BadInput, Conflict) as failure:
            sentence, status = str(failure), failure.status
        else:
            messages.success(request, _("应报单位名单已改，涉及 {n} 家。").format(n=len(changed)))
            return redirect(at.to("collection-request", public_id))
    rows = seen(at.actor, at.campaign, roster(at.campaign, item, at.as_of))
    page = RosterPage(
        item=item,
        rows=tuple(unit_line(at, row) for row in rows if not row.kept),
        reason=data.get("reason", ""),
        codes=data.get("codes", ""),
        chosen=chosen,
        key=str(uuid4()),
        href=at.to("collection-roster", public_id),
        back=at.to("collection-request", public_id),
        sentence=sentence,
    )
    return show(request, at, ROSTER, page, menu=MENU, status=status if sentence else 200)


@policy("collect", "GET", "POST")
def cut_off(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Another cut-off, with a reason."""
    item = _own_request(at, public_id)
    form, data = form_of_request(item), request.POST
    sentence = ""
    if request.method == "POST":
        try:
            day = needed_day(data.get("cut_off", ""), _("截止日期"))
            changed = change_cut_off(
                at.actor,
                campaign=at.campaign,
                request=item.pk,
                cut_off=datetime.combine(day, _hour(data.get("hour", ""))),  # local, as `Form` says
                second_due=typed_day(data.get("second_due", ""), _("二级公司时限")),
                reason=data.get("reason", "")[:500],
                idempotency_key=data.get("key", "")[:60] or None,
            )
        except (BadInput, Conflict) as failure:
            sentence, status = str(failure), failure.status
        else:
            n = f"{len(changed) - 1:,}"
            messages.success(request, _("截止时间已调整，{n} 家单位的时限随之调整。").format(n=n))
            return redirect(at.to("collection-request", public_id))
    page = CutOffPage(
        item=item,
        form=form,
        day=data.get("cut_off", form.cut_off.date().isoformat()),
        hour=data.get("hour", f"{form.cut_off:%H:%M}"),
        second_due=data.get("second_due", form.second_due.isoformat() if form.second_due else ""),
        reason=data.get("reason", ""),
        key=str(uuid4()),
        href=at.to("collection-cut-off", public_id),
        back=at.to("collection-request", public_id),
        sentence=sentence,
    )
    return show(request, at, CUT_OFF, page, menu=MENU, status=status if sentence else 200)


def _hour(text: str) -> time:
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(_("截止时刻“{value}”不是时间。请填成 18:00 的样子。"), value=text[:10]) from None


def _own_request(at: Here, public_id: UUID) -> Item:
    """A request that the reader asks; NotFound or NotAllowed for any other."""
    item, mine = request_for(at.actor, at.campaign, public_id)
    if not mine:
        raise NotFound()
    require(at.actor, "collect", item.unit, at.campaign)
    return item


@policy("see_items")
def file(request: HttpRequest, at: Here, public_id: UUID, kind: str, form: str) -> HttpResponse:
    """The roster's state, or the rows that were collected, as a file."""
    request_for(at.actor, at.campaign, public_id)
    kinds = {"roster": "request_roster", "rows": "request_rows"}
    if kind not in kinds:
        raise NotFound()
    return hand_out(at, kind=kinds[kind], form=form, params={"request": str(public_id)})
