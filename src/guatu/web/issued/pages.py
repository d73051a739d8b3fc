"""What the pages of issued documents show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain.document.source_annex import relinked
from guatu.domain.errors import NotFound
from guatu.domain.figures.sent import channel_labels
from guatu.domain.issued_changes import FigureChanged
from guatu.domain.issuing import FINAL, FORMS, KeptFigure
from guatu.exchange import official_html
from guatu.exchange.exporters import format_label
from guatu.queries.issued import Issued, IssuedLine, issued_document, issued_documents
from guatu.queries.issued_records import ChangeShown, changes_shown
from guatu.web.here import Here
from guatu.web.issued.spoken import spoken, spoken_changes
from guatu.web.registers.addresses import changed

PER_PAGE = 100
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True, slots=True)
class ListPage:
    """Issued documents by series: (series, lines with their addresses); where the next is issued."""

    lines: tuple[tuple[IssuedLine, str], ...]
    new: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file as it was issued: its format, its address, its size in KB, its hash."""

    label: str
    href: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OnePage:
    """One issued document. `paper` is the document itself; `figures` its numbers with the pages of their records."""

    found: Issued
    line: IssuedLine
    paper: SafeString
    figures: tuple[tuple[KeptFigure, str], ...]
    files: tuple[FileShown, ...]
    known: datetime | None
    changed: int
    changes_href: str
    previous_href: str
    next_href: str
    source_href: str
    withdraw_href: str
    key: str
    typed: Mapping[str, str]
    sentence: str
    sent_href: str
    channels: tuple[tuple[str, str], ...]
    sent_sentence: str
    taken_in: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What differs from the one before: every figure with its sentence, and the records of the one that is chosen."""

    line: IssuedLine
    back: str
    previous: IssuedLine | None
    previous_href: str
    rows: tuple[tuple[FigureChanged, str, bool], ...]
    same: int
    chosen: FigureChanged | None
    records: tuple[ChangeShown, ...]
    units: tuple[ChangeShown, ...]
    hidden: int
    hrefs: Mapping[str, str]
    page: int
    pages: int
    before: str
    after: str


def list_page(at: Here) -> ListPage:
    """The list, with what may be issued next."""
    found = issued_documents(at.actor, at.campaign, until=at.as_of)
    mine = may(at.actor, "issue_documents", at.campaign.root, at.campaign)
    new = tuple(
        (report.label, issue_href(at, key)) for key, report in (at.pack.reports.items() if mine else ())
    )
    return ListPage(tuple((line, at.to("issued", line.public_id)) for line in found), new)


def issue_href(at: Here, report: str) -> str:
    """Where a report is issued as of the day that is shown. It is today's act, whichever day that is."""
    return replace(at, as_of=at.today).to("issue-report", report, day=at.as_of.isoformat())


def one_page(
    at: Here,
    public_id: UUID,
    *,
    typed: Mapping[str, str] | None = None,
    sentence: str = "",
    sent_sentence: str = "",
) -> OnePage:
    """The page of one. NotFound for one out of reach."""
    found = issued_document(at.actor, at.campaign, public_id, until=at.as_of)
    hrefs = {one.ref: at.to("issued-figure", public_id, one.ref) for one in found.figures}
    addresses = {key: hrefs[one.ref] for key, one in found.in_text.items()}
    titles = {key: spoken(at, one).definition for key, one in found.in_text.items()}
    official = relinked(found.official, list(hrefs.values()))
    line = found.line
    mine = may(at.actor, "issue_documents", at.campaign.root, at.campaign) and not at.past
    return OnePage(
        found=found,
        line=line,
        paper=mark_safe(official_html.fragment(official, addresses, titles=titles)),  # noqa: S308 – escaped there
        figures=tuple((spoken(at, one), hrefs[one.ref]) for one in found.figures),
        files=tuple(
            FileShown(
                format_label(form) if form != "html" else "HTML",
                at.to("issued-file", public_id, form),
                -(-found.files[form][1] // 1024),
                found.files[form][0],
            )
            for form in FORMS
        ),
        known=found.known,
        changed=len(found.changes),
        changes_href=at.to("issued-changes", public_id) if found.previous is not None else "",
        previous_href=at.to("issued", found.previous.public_id) if found.previous is not None else "",
        next_href=at.to("issued", found.next.public_id) if found.next is not None else "",
        source_href=_source(at, line),
        withdraw_href=at.to("issued-withdraw", public_id) if mine and not line.withdrawn else "",
        key=str(uuid4()),
        typed=typed or {},
        sentence=sentence,
        sent_href=_sent(at, line),
        channels=tuple(channel_labels().items()),
        sent_sentence=sent_sentence,
        taken_in=_taken_in(found),
    )


def _taken_in(found: Issued) -> str:
    """What has to be said of one that came with its campaign from another house; empty for one of this house."""
    origin = found.row.origin
    if not origin:
        return ""
    if not origin.get("apart"):
        return _("随整包从别处装入：文件、数值和记录与在那里定稿时相同，各数在这里重新统计也相同。")
    return _(
        "随整包从别处装入：文件、数值和记录清单与在那里定稿时相同；有 {n} 处因当时的情况没有全部随包带来，在这里不重新统计。"
    ).format(n=len(origin["apart"]))


def _sent(at: Here, line: IssuedLine) -> str:
    """Where the numbers of a final one are written down as reported, for those who may."""
    if at.past or line.stage != FINAL or line.withdrawn:
        return ""
    mine = may(at.actor, "send_figures", at.campaign.root, at.campaign)
    return at.to("issued-sent", line.public_id) if mine else ""


def _source(at: Here, line: IssuedLine) -> str:
    """What it was made from: the report or the document, as it stands."""
    if line.document is not None:
        return at.to("item", line.document)
    return at.to("report", line.report) if line.report in at.pack.reports else ""


def file_name(line: IssuedLine, form: str) -> str:
    """The name of a file: title, number, day."""
    name = f"{line.title}_{line.number}_{line.as_of:%Y%m%d}"
    return f"{safe_name(name)}.{form}"


def safe_name(name: str) -> str:
    """A name without what no file's name may have."""
    return _UNSAFE.sub("_", name)


def changes_page(at: Here, public_id: UUID, chosen: str, page: int) -> ChangesPage:
    """The comparison. NotFound for a figure that did not change."""
    found = issued_document(at.actor, at.campaign, public_id, until=at.as_of)
    changes = spoken_changes(at, found.changes, found.figures)
    one = next((change for change in changes if change.ref == chosen), None)
    if chosen and one is None:
        raise NotFound(_("这个统计项与上期相同，没有变化。请从列表中选一项。"))
    records: tuple[ChangeShown, ...] = ()
    units: tuple[ChangeShown, ...] = ()
    hidden, total = 0, 0
    if one is not None:
        records, units, hidden, total = changes_shown(
            at.actor, at.campaign, one, first=(page - 1) * PER_PAGE, most=PER_PAGE
        )
    pages = max(-(-total // PER_PAGE), 1)
    href = at.to("issued-changes", public_id)
    return ChangesPage(
        line=found.line,
        back=at.to("issued", public_id),
        previous=found.previous,
        previous_href=at.to("issued", found.previous.public_id) if found.previous is not None else "",
        rows=tuple(
            (change, at.to("issued-changes", public_id, figure=change.ref) + "#records", change is one)
            for change in changes
        ),
        same=len(found.figures) - sum(1 for change in changes if not change.dropped),
        chosen=one,
        records=records,
        units=units,
        hidden=hidden,
        hrefs={"all": href},
        page=page,
        pages=pages,
        before=changed(at, page=str(page - 1)) if page > 1 else "",
        after=changed(at, page=str(page + 1)) if page < pages else "",
    )
