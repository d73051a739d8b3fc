"""报送台账: the log, one line with the records that moved, writing one down, correcting one, and what used a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import may
from guatu.actions.sent_figures import Sending, correct_sent_figure, log_sent_figure
from guatu.domain.errors import BadInput, Conflict, GuatuError, NotFound
from guatu.domain.figures.basis import basis_labels
from guatu.domain.figures.references import Reference, exists
from guatu.domain.figures.rows import Row
from guatu.domain.figures.sent import channel_labels
from guatu.exchange.exporters import EXPORTERS, format_label
from guatu.queries.figures import evaluate
from guatu.queries.moments import parse_known
from guatu.queries.moved_records import Moved, moved_records
from guatu.queries.sent_figures import (
    SentLine,
    SentPage,
    item_numbered,
    sent_line,
    sent_page,
    used_in,
)
from guatu.queries.unit_choices import UnitChoice, unit_choices
from guatu.records.models import Item
from guatu.web.days import typed_day
from guatu.web.figures.addresses import figure_href
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.registers.addresses import changed
from guatu.web.registers.forms import page_number

MENU = "figures"
LIST, ONE, NEW, USED = (f"pages/sent_{name}.html" for name in ("figures", "figure", "new", "used"))


@dataclass(frozen=True, slots=True)
class LogPage:
    """The log with its addresses."""

    found: SentPage
    lines: tuple[tuple[SentLine, str], ...]
    new_href: str
    used_href: str
    files: tuple[tuple[str, str], ...]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class LinePage:
    """One line: what differs, which records moved, and the form of a correction."""

    line: SentLine
    figure_href: str
    moved: Moved
    correct_href: str
    corrects_href: str
    corrected_href: str
    typed: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form. `value` is what the figure of the form is as of its day, shown before anything is written."""

    figures: tuple[tuple[str, str], ...]
    bases: tuple[tuple[str, str], ...]
    channels: tuple[tuple[str, str], ...]
    units: tuple[UnitChoice, ...]
    typed: Mapping[str, str]
    value: str
    key: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class UsedPage:
    """The sent figures that a record stood behind."""

    number: str
    item: Item | None
    lines: tuple[tuple[SentLine, bool, str], ...]
    sentence: str = ""


@policy("see_sent_figures")
def sent(request: HttpRequest, at: Here) -> HttpResponse:
    """The log, the newest line first."""
    found = sent_page(at.actor, at.campaign, until=at.as_of, page=page_number(request.GET.get("page", "")))
    page = LogPage(
        found,
        tuple((line, at.to("sent-figure", line.public_id)) for line in found.lines),
        at.to("sent-new") if _keeps(at) and not at.past else "",
        at.to("sent-used"),
        tuple((format_label(form), at.to("sent-file", form)) for form in EXPORTERS["sent"].forms),
        changed(at, page=str(found.page - 1)) if found.page > 1 else "",
        changed(at, page=str(found.page + 1)) if found.page < found.pages else "",
    )
    return show(request, at, LIST, page, menu=MENU)


@policy("see_sent_figures")
def sent_one(request: HttpRequest, at: Here, line: UUID) -> HttpResponse:
    """One line with what has become of it."""
    return show(request, at, ONE, _line_page(at, line), menu=MENU)


@policy("send_figures", "POST")
def sent_correct(request: HttpRequest, at: Here, line: UUID) -> HttpResponse:
    """出具更正; what is refused stays in the form."""
    typed = {name: request.POST.get(name, "") for name in ("cause", "approver", "document")}
    try:
        made = correct_sent_figure(
            at.actor,
            campaign=at.campaign,
            sent=line,
            idempotency_key=request.POST.get("key", "")[:60] or None,
            **typed,
        )
    except (BadInput, Conflict) as failure:
        page = _line_page(at, line, typed=typed, sentence=str(failure))
        return show(request, at, ONE, page, menu=MENU, status=failure.status)
    messages.success(request, _("已出具更正 {number}。").format(number=made.number))
    return redirect(at.to("sent-figure", made.public_id))


def _line_page(
    at: Here, public_id: UUID, *, typed: Mapping[str, str] | None = None, sentence: str = ""
) -> LinePage:
    row, line = sent_line(at.actor, at.campaign, public_id, at.as_of)
    reference = str(Reference(row.figure, row.variant, row.basis))
    there = exists(at.pack.figures, reference)
    open_to = _keeps(at) and not at.past and not line.corrected_by
    return LinePage(
        line,
        figure_href(at, reference, unit=line.unit_code) if there else "",
        moved_records(at.actor, at.campaign, row),
        at.to("sent-correct", public_id) if open_to and (line.differs or line.said) else "",
        at.to("sent-figure", line.corrects_id) if line.corrects_id else "",
        at.to("sent-figure", line.corrected_id) if line.corrected_id else "",
        typed or {},
        str(uuid4()),
        sentence,
    )


def _keeps(at: Here) -> bool:
    return may(at.actor, "send_figures", at.campaign.root, at.campaign)


@policy("see_sent_figures")
def sent_file(request: HttpRequest, at: Here, form: str) -> HttpResponse:
    """The log as a file."""
    return hand_out(at, kind="sent", form=form, params={})


_FIELDS = (
    "figure",
    "basis",
    "unit",
    "as_of_day",
    "known_at",
    "recipient",
    "channel",
    "document",
    "said",
    "sent_on",
)


@policy("send_figures", "GET", "POST")
def sent_new(request: HttpRequest, at: Here) -> HttpResponse:
    """Write down that a figure was reported; GET shows the value as of the day that is asked for."""
    if request.method != "POST":
        typed = {name: request.GET.get(name, "") for name in _FIELDS}
        if variant := request.GET.get("variant", ""):
            typed["figure"] = f"{typed['figure']}@{variant}"
        typed["as_of_day"] = typed["as_of_day"] or at.as_of.isoformat()
        return show(request, at, NEW, _new_page(at, typed), menu=MENU)
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        made = log_sent_figure(
            at.actor,
            campaign=at.campaign,
            sending=_sending(at, typed),
            idempotency_key=request.POST.get("key", "")[:60] or None,
        )
    except (BadInput, Conflict, NotFound) as failure:
        page = _new_page(at, typed, sentence=str(failure))
        return show(request, at, NEW, page, menu=MENU, status=failure.status)
    messages.success(request, _("已记入报送台账，编号 {number}。").format(number=made.number))
    return redirect(at.to("sent-figure", made.public_id))


def _sending(at: Here, typed: Mapping[str, str]) -> Sending:
    key, _at, variant = typed["figure"].partition("@")
    return Sending(
        figure=key,
        variant=variant,
        basis=typed["basis"],
        unit=typed["unit"],
        as_of=typed_day(typed["as_of_day"], _("截至日")) or at.today,
        known_at=parse_known(typed["known_at"].strip() or None, at.campaign),
        recipient=typed["recipient"],
        channel=typed["channel"],
        document=typed["document"],
        said=typed["said"],
        sent_on=typed_day(typed["sent_on"], _("报送日期")),
    )


def _new_page(at: Here, typed: Mapping[str, str], *, sentence: str = "") -> NewPage:
    figures: list[tuple[str, str]] = []
    for one in at.pack.figures.values():
        if one.internal or one.is_claim:
            continue
        figures.append((one.key, one.label))
        figures += [
            (f"{one.key}@{key}", _("{figure}（{way}）").format(figure=one.label, way=way.label))
            for key, way in one.ways.items()
        ]
    return NewPage(
        tuple(figures),
        tuple(basis_labels().items()),
        tuple(channel_labels().items()),
        unit_choices(at.campaign, at.actor),
        typed,
        _value(at, typed),
        str(uuid4()),
        sentence,
    )


def _value(at: Here, typed: Mapping[str, str]) -> str:
    """What the form would write down; empty while it does not say enough."""
    try:
        sending = _sending(at, typed)
        reference = str(Reference(sending.figure, sending.variant, sending.basis))
        if sending.as_of > at.today or not exists(at.pack.figures, reference):
            return ""
        rows = None
        if sending.unit:
            chosen = [one for one in unit_choices(at.campaign, at.actor) if one.code == sending.unit]
            if not chosen:
                return ""
            rows = [Row(chosen[0].code, chosen[0].short_name, unit=chosen[0].id)]
        table = evaluate(
            at.campaign,
            [reference],
            rows=rows,
            days=[sending.as_of],
            known_at=sending.known_at,
            actor=at.actor,
        )
        return table.printed(reference).text
    except GuatuError:
        return ""


@policy("see_sent_figures")
def sent_used(request: HttpRequest, at: Here) -> HttpResponse:
    """Which sent figures used this record?"""
    number = request.GET.get("item", "").strip()
    if not number:
        return show(request, at, USED, UsedPage("", None, ()), menu=MENU)
    item = item_numbered(at.actor, at.campaign, number)
    if item is None:
        page = UsedPage(number, None, (), _("未找到该事项，或不在您的查看范围内。"))
        return show(request, at, USED, page, menu=MENU, status=404)
    lines = tuple(
        (line, since, at.to("sent-figure", line.public_id))
        for line, since in used_in(at.actor, at.campaign, item, at.as_of)
    )
    return show(request, at, USED, UsedPage(number, item, lines), menu=MENU)
