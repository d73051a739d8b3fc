"""Last period's Word file comes back with this period's numbers as tracked changes (换期更新)."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.phrases import decide_phrase
from guatu.domain.checker import extract, phrase_of
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.exchange.documents_in import read_bytes
from guatu.exchange.rolled_word import rolled_name, rolled_word
from guatu.web.frame import show
from guatu.web.here import Here, day_in
from guatu.web.policy import policy
from guatu.web.rolling.kept import Waiting, forget, keep_said, take_word, waiting_called
from guatu.web.rolling.pages import day_of, hand_in, planned, roll_page

MENU = "documents"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CHOOSE, REMEMBER = "choose-", "remember-"


@policy("check_text", "GET", "POST", writes=False)
def roll(request: HttpRequest, at: Here) -> HttpResponse:
    """GET: where last period's file is handed in. POST: it is kept, and its plan is shown."""
    if request.method != "POST":
        return show(request, at, "pages/roll.html", hand_in(at), menu=MENU)
    try:
        token = take_word(request)
    except BadInput as failure:
        return show(request, at, "pages/roll.html", hand_in(at, str(failure)), menu=MENU, status=422)
    return redirect(at.to("rolled", token))


@policy("check_text", "GET", "POST", writes=False)
def rolled(request: HttpRequest, at: Here, token: str) -> HttpResponse:
    """GET: what changes, what is left, what no longer holds. POST: tick and choose, take the Word file, or forget it."""
    waiting = waiting_called(request, token)
    if request.method == "POST" and request.POST.get("do") == "forget":
        forget(request, token)
        return redirect(at.to("roll"))
    old, sentence = _old_day(request, at)
    guessed = old is None and not sentence
    if guessed:
        old = day_of(at, waiting)
    if request.method == "POST" and old is not None:
        waiting = _said(request, at, waiting, old)
        if request.POST.get("do") == "word":
            return _word(at, waiting, old)
        return redirect(at.to("rolled", token, old=old.isoformat()))
    page = roll_page(at, waiting, old, guessed=guessed, sentence=sentence)
    return show(request, at, "pages/rolled.html", page, menu=MENU, status=422 if sentence else 200)


def _old_day(request: HttpRequest, at: Here) -> tuple[date | None, str]:
    """The day in the address, or the sentence why it is none."""
    try:
        text = request.GET.get("old", "")
        return (day_in(text, at.today) if text.strip() else None), ""
    except BadInput as failure:
        return None, str(failure)


def _said(request: HttpRequest, at: Here, waiting: Waiting, old: date) -> Waiting:
    """Keep what was ticked and chosen, and remember for everybody what was asked to be remembered."""
    given = request.POST
    chosen = {mark: given[f"{CHOOSE}{mark}"] for mark in _marks(given, CHOOSE) if given[f"{CHOOSE}{mark}"]}
    for mark in _marks(given, REMEMBER):
        if mark in chosen:
            _remember(request, at, waiting, mark, chosen[mark])
    offered = {int(mark) for mark in given.getlist("offered") if mark.isdecimal() and len(mark) < 9}
    ticked = {int(mark) for mark in given.getlist("take") if mark.isdecimal() and len(mark) < 9}
    taken = tuple(sorted((ticked & offered) | (set(chosen) - offered)))
    keep_said(
        request,
        waiting.token,
        chosen=chosen,
        taken=taken,
        old=old.isoformat(),
        new=at.as_of.isoformat(),
        comments=bool(given.get("comments")),
    )
    return waiting_called(request, waiting.token)


def _marks(given: QueryDict, prefix: str) -> list[int]:
    found = [name.removeprefix(prefix) for name in given if name.startswith(prefix)]
    return [int(mark) for mark in found if mark.isdecimal() and len(mark) < 9]


def _remember(request: HttpRequest, at: Here, waiting: Waiting, mark: int, key: str) -> None:
    """A decision about the number's phrase; what cannot be remembered is told, and nothing else is lost."""
    text = read_bytes(waiting.data, waiting.name).text
    numeral = next((one for one in extract(text) if one.start == mark), None)
    if numeral is None:
        return
    try:
        if at.past:
            raise Conflict(_("当前显示 {day} 的数据，只能查看。请返回今天后再办理。"), day=at.as_of)
        decide_phrase(
            at.actor,
            campaign=at.campaign,
            phrase=phrase_of(text, numeral),
            measure=numeral.measure,
            figure=key,
        )
    except (BadInput, Conflict, NotAllowed) as failure:
        messages.warning(request, str(failure))


def _word(at: Here, waiting: Waiting, old: date) -> HttpResponse:
    made, _own = planned(at, waiting, old)
    content = rolled_word(waiting.data, made, name=waiting.name, comments=waiting.comments)
    answer = HttpResponse(content, content_type=WORD)
    name = quote(rolled_name(waiting.name, at.as_of.isoformat()))
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
