"""措辞认定: which phrase means which figure, who said so, where it was used; taking one back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.phrases import LONGEST_REASON, end_phrase
from guatu.domain.checker.decided import OTHER, OWN
from guatu.domain.errors import BadInput
from guatu.queries.phrases import SIZE, KeptPhrase, count_phrases, kept_phrases
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy

MENU = "documents"


@dataclass(frozen=True, slots=True)
class Row:
    """One decision; `parts` is its phrase cut where numbers stand: (words, kind), kind own, other or empty."""

    kept: KeptPhrase
    parts: tuple[tuple[str, str], ...]
    href: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Which of how many are shown: the numbers of the first and the last, and the page of all pages."""

    first: int
    last: int
    count: int
    measure: str
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PhrasesPage:
    """Those that hold, or those that were taken back, a page of them. `wrong`: the one whose ending was refused, and why."""

    rows: tuple[Row, ...]
    ended: bool
    words: str
    most: int
    list: Listed
    previous: str = ""
    next: str = ""
    wrong: UUID | None = None
    sentence: str = ""


@policy("check_text")
def phrases(request: HttpRequest, at: Here) -> HttpResponse:
    """What was decided, the newest first."""
    return show(request, at, "pages/phrases.html", _page(request, at), menu=MENU)


@policy("decide_phrases", "POST")
def end(request: HttpRequest, at: Here, phrase: UUID) -> HttpResponse:
    """Take one back, with a reason."""
    try:
        end_phrase(at.actor, campaign=at.campaign, phrase=phrase, reason=request.POST.get("reason", ""))
    except BadInput as failure:
        page = _page(request, at, wrong=phrase, sentence=str(failure))
        return show(request, at, "pages/phrases.html", page, menu=MENU, status=failure.status)
    messages.success(request, _("已撤销这条认定，以后校核不再据此判断。"))
    return redirect(at.to("phrases"))


def _page(request: HttpRequest, at: Here, *, wrong: UUID | None = None, sentence: str = "") -> PhrasesPage:
    ended = request.GET.get("show", "") == "ended"
    words = request.GET.get("words", "")[:60]
    count = count_phrases(at.actor, at.campaign, ended=ended, words=words)
    pages = max(-(-count // SIZE), 1)
    number = _number(request.GET.get("page", ""), pages)
    first = (number - 1) * SIZE
    rows = kept_phrases(at.actor, at.campaign, ended=ended, words=words, first=first)
    asked = {"show": "ended" if ended else "", "words": words}
    return PhrasesPage(
        rows=tuple(
            Row(row, _parts(row.phrase), at.to("figure", row.figure) if row.label else "") for row in rows
        ),
        ended=ended,
        words=words,
        most=LONGEST_REASON,
        list=Listed(first + 1, first + len(rows), count, _("条"), number, pages),
        previous=at.to("phrases", **asked, page=number - 1) if number > 1 else "",
        next=at.to("phrases", **asked, page=number + 1) if number < pages else "",
        wrong=wrong,
        sentence=sentence,
    )


def _number(given: str, pages: int) -> int:
    """The page that is asked for. BadInput for one that there is not."""
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0 if given else 1
    if not 1 <= number <= pages:
        raise BadInput(_("共 {pages} 页，没有第 {page} 页。请重新选页。"), pages=pages, page=given)
    return number


def _parts(phrase: str) -> tuple[tuple[str, str], ...]:
    """“召开推进会…次、办公室会议□次” by its words and its numbers."""
    out: list[tuple[str, str]] = []
    words = ""
    for one in phrase:
        if one in (OWN, OTHER):
            out += [(words, "")] if words else []
            out.append((one, "own" if one == OWN else "other"))
            words = ""
        else:
            words += one
    return (*out, (words, "")) if words else tuple(out)
