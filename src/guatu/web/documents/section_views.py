"""分工: who writes which section, and that one is written."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.document_sections import assign_sections, finish_section
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.queries.document_drafters import lead_of
from guatu.queries.document_page import SectionShare, sections_shared, writers_near
from guatu.records.models import Item
from guatu.web.documents.bar import MENU, Bar, bar_of, document_shown, may_arrange, may_write
from guatu.web.documents.names import names_of
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

SECTIONS = "pages/document_sections.html"


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section with its title in words; `mine`: the reader may say that it is written, or not yet."""

    share: SectionShare
    title: str
    mine: bool


@dataclass(frozen=True, slots=True)
class SectionsPage:
    """The sections; `people` to choose from, empty for whoever may not arrange them."""

    bar: Bar
    lines: tuple[SectionLine, ...]
    people: tuple[tuple[int, str], ...]
    arranges: bool
    sentence: str = ""


def sections_page(at: Here, item: Item, sentence: str = "") -> SectionsPage:
    """Who writes what."""
    names = names_of(at.campaign)
    writable = may_write(at, item)
    arranges = writable and may_arrange(at, item)
    lead = lead_of(item) if writable else None
    lines = tuple(
        SectionLine(
            one,
            names.shown(one.title),
            writable and one.person is not None and at.actor.person in (one.person, lead),
        )
        for one in sections_shared(item)
    )
    people = dict(writers_near(at.campaign, item)) if arranges else {}
    for line in lines:
        if arranges and line.share.person is not None:
            people.setdefault(line.share.person, line.share.name)
    bar = bar_of(at, item, "sections", steps=False)
    return SectionsPage(bar, lines, tuple(people.items()), arranges, sentence)


@policy("see_items", "GET", "POST")
def sections(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """GET: the sections and who writes them. POST: give them to people, or say that one is written (`done`, `undone`)."""
    item = document_shown(at, public_id)
    if request.method != "POST":
        return show(request, at, SECTIONS, sections_page(at, item), menu=MENU)
    try:
        said = _done(at, item, request) or _assigned(at, item, request)
    except (BadInput, Conflict, NotAllowed) as failure:
        page = sections_page(at, item, str(failure))
        return show(request, at, SECTIONS, page, menu=MENU, status=failure.status)
    messages.success(request, said)
    return redirect(at.to("document-sections", public_id))


def _done(at: Here, item: Item, request: HttpRequest) -> str:
    for name, done in (("done", True), ("undone", False)):
        if heading := request.POST.get(name, "")[:40]:
            finish_section(at.actor, campaign=at.campaign, document=item.pk, heading=heading, done=done)
            return _("已记为写完。") if done else _("已记为还没写完。")
    return ""


def _assigned(at: Here, item: Item, request: HttpRequest) -> str:
    people = {
        name.removeprefix("who-"): typed_number(chosen)
        for name, chosen in request.POST.items()
        if name.startswith("who-")
    }
    now = {one.heading: one.person for one in sections_shared(item)}
    changed = {
        heading: person for heading, person in people.items() if heading not in now or now[heading] != person
    }
    if not changed:
        return _("分工没有变化。")
    assign_sections(at.actor, campaign=at.campaign, document=item.pk, people=changed)
    return _("分工已保存，写的人会收到消息。")
