"""The check of texts: hand them in, see them marked, decide what a phrase means, take the Word copy along.

Texts stay with whoever handed them in (`kept_checks`); a decision is for everybody.
"""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guatu.actions.phrases import decide_phrase, note_phrase_use
from guatu.domain.clock import now, today
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.exchange.check_remarks import Remark
from guatu.exchange.checked_copy import copy_name, marked_copy
from guatu.exchange.kept_checks import KeptCheck, change_edits, keep_check, kept_check
from guatu.web.check.basis import Judged, basis_of, judged
from guatu.web.check.door import may_check, owner_of
from guatu.web.check.forms import handed_in
from guatu.web.check.pages import edits_with, form_page, set_page, text_page, to
from guatu.web.frame import show
from guatu.web.here import Here, day_in
from guatu.web.policy import policy

MENU = "documents"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@may_check("GET", "POST")
def check(request: HttpRequest, at: Here | None) -> HttpResponse:
    """The form; what is handed in is kept and its page shown."""
    if request.method != "POST":
        return _show(request, at, "pages/check.html", form_page(at))
    owner = owner_of(request)
    try:
        day = _day(request.POST.get("day", ""), at)
        texts = handed_in(request)
    except BadInput as failure:
        page = form_page(at, text=request.POST.get("text", ""), sentence=str(failure))
        return _show(request, at, "pages/check.html", page, status=422)
    before = request.POST.get("before", "")
    try:
        before = kept_check(owner, before).token if before else ""
    except NotFound:
        before = ""
    kept = keep_check(owner, texts, at=now().isoformat(timespec="minutes"), before=before)
    spoken = {} if day == (at.as_of if at else today()) else {"day": day.isoformat()}
    if len(texts) > 1:
        return redirect(to(at, "check-set", kept.token, **spoken))
    return redirect(to(at, "check-text", kept.token, 1, **spoken))


@may_check("GET")
def several(request: HttpRequest, at: Here | None, token: str) -> HttpResponse:
    """All texts of a set, and what they say differently."""
    kept = kept_check(owner_of(request), token)
    page = set_page(at, kept, basis_of(at, _day(request.GET.get("day", ""), at)))
    return _show(request, at, "pages/check_set.html", page)


@may_check("GET")
def text(request: HttpRequest, at: Here | None, token: str, number: int) -> HttpResponse:
    """One text, marked."""
    kept, place = _kept(request, token, number)
    page, one = text_page(at, kept, place, basis_of(at, _day(request.GET.get("day", ""), at)))
    if at is not None:
        note_phrase_use(at.actor, marks=one.marks, name=one.kept.name)
    return _show(request, at, "pages/check_text.html", page)


@may_check("GET")
def word(request: HttpRequest, at: Here | None, token: str, number: int) -> HttpResponse:
    """The copy with comments; with corrections where there are any."""
    kept, place = _kept(request, token, number)
    day = _day(request.GET.get("day", ""), at)
    basis = basis_of(at, day)
    one = judged(kept.texts[place], basis)
    edits = one.kept.edits
    made = marked_copy(
        one.data, one.kept.name, one.text, one.remarks, day if basis.statements else None, edits
    )
    answer = HttpResponse(made, content_type=WORD)
    name = copy_name(one.kept.name, changed=bool(edits))
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@may_check("POST")
def change(request: HttpRequest, at: Here | None, token: str, number: int) -> HttpResponse:
    """Have one place corrected in the copy, or no longer (`undo`); `none`: no place any more."""
    kept, place = _kept(request, token, number)
    one = judged(kept.texts[place], basis_of(at, _day(request.GET.get("day", ""), at)))
    edits = one.kept.edits
    if request.POST.get("do") == "none":
        edits = ()
    else:
        remark = _remark(request, one)
        given = request.POST.get("which", "")
        which = int(given) if given.isdecimal() and len(given) < 4 else 0
        edits = edits_with(edits, remark, which, keep=request.POST.get("do") != "undo")
    change_edits(kept, place, edits)
    return redirect(_back(request, at, token, number))


@policy("decide_phrases", "POST")
def decide(request: HttpRequest, at: Here, token: str, number: int) -> HttpResponse:
    """Decide what the phrase at a place means; `figure` empty: a number of people's own."""
    kept, place = _kept(request, token, number)
    one = judged(kept.texts[place], basis_of(at, _day(request.GET.get("day", ""), at)))
    remark = _remark(request, one)
    try:
        row = decide_phrase(
            at.actor,
            campaign=at.campaign,
            phrase=remark.phrase,
            measure=remark.measure,
            figure=request.POST.get("figure", ""),
        )
    except (BadInput, Conflict) as failure:
        messages.error(request, str(failure))
    else:
        label = at.pack.figures[row.figure].label if row.figure else _("人工数")
        messages.success(
            request,
            _("已记下：“{phrase}”指“{label}”，以后照此核对。可在“措辞认定”中撤销。").format(
                phrase=row.phrase, label=label
            ),
        )
    return redirect(_back(request, at, token, number))


def _remark(request: HttpRequest, one: Judged) -> Remark:
    """The remark at the place that was sent. Conflict when the text or the records have changed since."""
    place = (request.POST.get("start", ""), request.POST.get("end", ""))
    for remark in one.remarks:
        if (str(remark.start), str(remark.end)) == place and remark.number:
            return remark
    raise Conflict(_("这一处的结论已经变了。请刷新后查看。"))


def _back(request: HttpRequest, at: Here | None, token: str, number: int) -> str:
    spoken = {"day": request.GET["day"]} if request.GET.get("day") else {}
    found = request.POST.get("found", "")
    return to(at, "check-text", token, number, **spoken) + (f"#f{found}" if found.isdigit() else "")


def _kept(request: HttpRequest, token: str, number: int) -> tuple[KeptCheck, int]:
    """The set and the place of one text that could be read."""
    kept = kept_check(owner_of(request), token)
    if not 0 < number <= len(kept.texts):
        raise NotFound(_("这份校核已过期，或不是您上传的。请重新上传稿件。"))
    if not kept.texts[number - 1].token:
        raise BadInput("{said}", said=kept.texts[number - 1].sentence)
    return kept, number - 1


def _day(given: str, at: Here | None) -> date:
    if at is None:
        return day_in(given, today())
    return day_in(given or at.as_of.isoformat(), at.today)


def _show(
    request: HttpRequest, at: Here | None, template: str, page: object, *, status: int = 200
) -> HttpResponse:
    """In the campaign's frame, or bare where there is none."""
    if at is not None:
        return show(request, at, template, page, menu=MENU, status=status)
    told = {
        "page": page,
        "shell": {"person": getattr(request.user, "name", ""), "template": "setup/bare.html"},
        "messages": messages.get_messages(request),
    }
    return render(request, template, told, status=status)
