"""定稿 and its withdrawal: the forms of the office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.history import at_sequence
from guatu.actions.issued_sending import log_issued_figures
from guatu.actions.issuing import Issuing, withdraw_issued
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.domain.issuing import FINAL, number_words, stage_labels
from guatu.exchange.issued_files import issue_document as issue
from guatu.queries.document_page import document_seen
from guatu.queries.documents import day_of, stage_of
from guatu.queries.issued import (
    IssuedLine,
    after_in_series,
    before_in_series,
    line_of,
    next_number,
    series_of,
)
from guatu.queries.moments import parse_known
from guatu.records.models import Item
from guatu.web.days import typed_day
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.issued.numbering import NumberField, number_document, number_fields
from guatu.web.issued.pages import one_page
from guatu.web.policy import policy

MENU = "documents"
FORM, ONE = "pages/issue.html", "pages/issued.html"
_FIELDS = ("day", "stage", "sources", "differences", "known")


@dataclass(frozen=True, slots=True)
class IssuePage:
    """The form. `number`: the one that comes, empty where the document has its own; `known`: what was known when the form
    was made. `later`: what has been issued of a later day. `fixed`: day and stage are those of the document. `why_not`: what stands against it; `numbers`: where the number
    and the date of a document that is signed are typed.
    """

    label: str
    back: str
    day: date
    number: str
    stages: tuple[tuple[str, str, bool], ...]
    before: IssuedLine | None
    before_href: str
    later: IssuedLine | None
    typed: Mapping[str, str]
    known: str
    key: str
    fixed: bool = False
    why_not: str = ""
    sentence: str = ""
    numbers: tuple[NumberField, ...] = ()


@policy("issue_documents", "GET", "POST")
def issue_report(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """A report of the pack is issued: what the form showed is what is issued, whatever has been written since."""
    if key not in at.pack.reports:
        raise NotFound(_("没有“{key}”这个报告模板。请从文稿目录中选一个。"), key=key)
    typed = _typed(request)
    if request.method != "POST":
        return show(request, at, FORM, _of_report(at, key, typed), menu=MENU)
    try:
        return _issued(request, at, typed, report=key, day=typed_day(typed["day"], _("截至日")))
    except (BadInput, Conflict) as failure:
        page = _of_report(at, key, _again(typed, failure), str(failure))
        return show(request, at, FORM, page, menu=MENU, status=failure.status)


@policy("issue_documents", "GET", "POST")
def issue_written(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """What somebody wrote is issued, in the stage in which it is, as of the day of its numbers."""
    item = document_seen(at.actor, at.campaign, public_id)
    typed = _typed(request)
    if request.method != "POST":
        return show(request, at, FORM, _of_document(at, item, typed), menu=MENU)
    try:
        day = day_of(at.campaign, item)
        item = number_document(at, item, typed)
        return _issued(request, at, {**typed, "stage": stage_of(at.pack, item) or ""}, item=item, day=day)
    except (BadInput, Conflict) as failure:
        item = document_seen(at.actor, at.campaign, public_id)
        page = _of_document(at, item, _again(typed, failure), str(failure))
        return show(request, at, FORM, page, menu=MENU, status=failure.status)


def _typed(request: HttpRequest) -> dict[str, str]:
    given = request.POST if request.method == "POST" else request.GET
    numbers = {name: value for name, value in given.items() if name.startswith("no_")}
    return {**numbers, **{name: given.get(name, "") for name in _FIELDS}}


def _again(typed: Mapping[str, str], failure: Exception) -> Mapping[str, str]:
    """What stands in the form that is shown again: where something has changed meanwhile, it speaks of what is known by now."""
    return {**typed, "known": ""} if isinstance(failure, Conflict) else typed


def _issued(
    request: HttpRequest,
    at: Here,
    typed: Mapping[str, str],
    *,
    report: str = "",
    item: Item | None = None,
    day: date | None,
) -> HttpResponse:
    made = issue(
        at.actor,
        campaign=at.campaign,
        issuing=Issuing(
            as_of=day or at.today,
            report=report,
            document=item.pk if item is not None else None,
            stage=typed["stage"] or FINAL,
            known_at=parse_known(typed["known"].strip() or None, at.campaign),
            sources=bool(typed["sources"]),
            differences=bool(typed["differences"]),
        ),
        idempotency_key=request.POST.get("key", "")[:60] or None,
    )
    messages.success(request, _("已定稿：{title}。").format(title=made.title))
    return redirect(at.to("issued", made.public_id))


def _of_report(at: Here, key: str, typed: Mapping[str, str], sentence: str = "") -> IssuePage:
    try:
        day = typed_day(typed["day"], _("截至日")) or at.today
    except BadInput:
        day = at.today
    number, _edition = next_number(at.campaign, key, FINAL)
    stage = typed["stage"] or FINAL
    stages = tuple((one, label, one == stage) for one, label in stage_labels().items())
    return _page(
        at,
        typed,
        label=at.pack.reports[key].label,
        back=at.to("report", key),
        series=key,
        day=day,
        number=number_words(number),
        stages=stages,
        sentence=sentence,
    )


def _of_document(at: Here, item: Item, typed: Mapping[str, str], sentence: str = "") -> IssuePage:
    stage = stage_of(at.pack, item)
    why_not = ""
    day = at.today
    try:
        day = day_of(at.campaign, item)
    except BadInput as failure:
        why_not = str(failure)
    if stage is None:
        why_not = _("这份文稿还没有办到会签、签发这几步，不能定稿。请先送核稿。")
    return _page(
        at,
        typed,
        label=item.title,
        back=at.to("document", item.public_id),
        series=series_of(at.campaign, item),
        day=day,
        number="",
        stages=((stage, stage_labels()[stage], True),) if stage is not None else (),
        fixed=True,
        why_not=why_not,
        sentence=sentence,
        numbers=number_fields(at, item, typed) if not why_not else (),
    )


def _page(
    at: Here,
    typed: Mapping[str, str],
    *,
    label: str,
    back: str,
    series: str,
    day: date,
    number: str,
    stages: tuple[tuple[str, str, bool], ...],
    fixed: bool = False,
    why_not: str = "",
    sentence: str = "",
    numbers: tuple[NumberField, ...] = (),
) -> IssuePage:
    before = before_in_series(at.campaign, series, day)
    later = after_in_series(at.campaign, series, day)
    return IssuePage(
        label=label,
        back=back,
        day=day,
        number=number,
        stages=stages,
        before=line_of(before) if before is not None else None,
        before_href=at.to("issued", before.public_id) if before is not None else "",
        later=line_of(later) if later is not None else None,
        typed=typed,
        known=typed["known"] or f"#{at_sequence()}",
        key=str(uuid4()),
        fixed=fixed,
        why_not=why_not,
        sentence=sentence,
        numbers=numbers,
    )


@policy("issue_documents", "POST")
def issued_withdraw(request: HttpRequest, at: Here, issued: UUID) -> HttpResponse:
    """Withdraw one; what is refused stays in the form."""
    typed = {"reason": request.POST.get("reason", "")}
    try:
        made = withdraw_issued(
            at.actor,
            campaign=at.campaign,
            issued=issued,
            reason=typed["reason"],
            idempotency_key=request.POST.get("key", "")[:60] or None,
        )
    except (BadInput, Conflict) as failure:
        page = one_page(at, issued, typed=typed, sentence=str(failure))
        return show(request, at, ONE, page, menu=MENU, status=failure.status)
    messages.success(request, _("已撤回：{title}。原文保留，注明已撤回。").format(title=made.title))
    return redirect(at.to("issued", made.public_id))


@policy("send_figures", "POST")
def issued_sent(request: HttpRequest, at: Here, issued: UUID) -> HttpResponse:
    """Its numbers are written into the log of what was reported; what is refused stays in the form."""
    typed = {name: request.POST.get(name, "") for name in ("recipient", "channel", "document")}
    try:
        told = log_issued_figures(
            at.actor,
            campaign=at.campaign,
            issued=issued,
            idempotency_key=request.POST.get("key", "")[:50] or None,
            **typed,
        )
    except (BadInput, Conflict) as failure:
        page = one_page(at, issued, typed=typed, sent_sentence=str(failure))
        return show(request, at, ONE, page, menu=MENU, status=failure.status)
    said = _("已记入报送台账 {n} 个数。").format(n=len(told.rows))
    if told.before:
        said = _("已记入报送台账 {n} 个数，另有 {before} 个以前报过。").format(
            n=len(told.rows), before=told.before
        )
    messages.success(request, said)
    return redirect(at.to("sent"))
