"""The list of documents and the form for a new one, as their templates see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.access import covering
from guatu.domain.errors import BadInput
from guatu.queries.document_page import DocumentRow, documents_seen
from guatu.queries.documents import documents_of
from guatu.queries.moments import zone_of
from guatu.queries.unit_choices import unit_choices
from guatu.web.days import needed_day
from guatu.web.documents.bar import may_begin, may_write
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document with its page and when it was saved last."""

    row: DocumentRow
    href: str
    at: str
    tone: str


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A report of the pack: as it stands today, and the start of a document of it."""

    label: str
    href: str
    begin: str


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """Those under way, those that were signed, templates. `begin` is empty for whoever may not begin one."""

    has: bool
    under_way: tuple[DocumentLine, ...]
    done: tuple[DocumentLine, ...]
    templates: tuple[TemplateLine, ...]
    begin: str
    check: str
    register: str
    materials: str


def documents_page(at: Here) -> DocumentsPage:
    """Two statements, however many documents there are."""
    spec = at.pack.loop.documents
    begin = at.to("document-new") if may_begin(at) else ""
    day = at.as_of if at.past else None
    found = documents_seen(at.actor, at.campaign, day=day) if spec is not None else ()
    lines = [(_line(at, row), row.phase == "closed") for row in found]
    return DocumentsPage(
        has=spec is not None,
        under_way=tuple(line for line, closed in lines if not closed),
        done=tuple(line for line, closed in lines if closed),
        templates=tuple(
            TemplateLine(
                report.label, at.to("report", key), at.to("document-new", template=key) if begin else ""
            )
            for key, report in at.pack.reports.items()
        ),
        begin=begin,
        check=at.to("check"),
        register=at.to("list", spec.register_key) if spec is not None else "",
        materials=at.to("materials") if spec is not None and spec.materials is not None else "",
    )


def _line(at: Here, row: DocumentRow) -> DocumentLine:
    writes = may_write(at, row.item) and row.phase == "open"
    href = at.to("document-edit" if writes else "document", row.item.public_id)
    moment = row.at.astimezone(zone_of(at.campaign)) if row.at is not None else None
    said = f"{moment:%m-%d} {moment.hour}:{moment:%M}" if moment is not None else ""
    tone = {"closed": "done", "review": "b"}.get(row.phase, "")
    return DocumentLine(row, href, said, tone)


@dataclass(slots=True)
class NewTyped:
    """What was typed into the form; `errors` by input."""

    start: str = ""
    title: str = ""
    kind: str = ""
    as_of: str = ""
    unit: str = ""
    key: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class NewPage:
    """`starts`: what to begin with, in groups (value, label)."""

    typed: NewTyped
    templates: tuple[tuple[str, str], ...]
    earlier: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]


def new_page(at: Here, typed: NewTyped) -> NewPage:
    """The form: what to begin with, kind, day, unit, title."""
    spec = documents_of(at.pack)
    register = at.pack.register(spec.register_key)
    of_kind = next(each for each in register.fields if each.key == spec.kind)
    return NewPage(
        typed=typed,
        templates=tuple((f"template:{key}", one.label) for key, one in at.pack.reports.items()),
        earlier=tuple(
            (f"copy:{row.item.public_id}", f"{row.item.number} {row.item.title}")
            for row in documents_seen(at.actor, at.campaign)[:50]
        ),
        kinds=tuple((choice.key, choice.label) for choice in of_kind.choices),
        units=units_to_write_for(at),
    )


def units_to_write_for(at: Here) -> tuple[tuple[str, str], ...]:
    """The units whose documents the reader may begin: code, and name by its depth."""
    fills = at.pack.register(documents_of(at.pack).register_key).fills
    reaches = covering(at.actor, fills, at.campaign)
    units = unit_choices(at.campaign, at.actor)
    lines = {unit.id: unit for unit in units}
    mine = [unit for unit in lines.values() if reaches(_line_of(at, unit.id, lines))]
    return tuple((unit.code, "\u3000" * unit.depth + unit.short_name) for unit in mine or units)


def unchosen(at: Here, typed: NewTyped) -> tuple[str, str]:
    """(unit, kind) for a document that is no copy where neither was chosen: the kind of its template, else the first of each
    that there is.
    """
    spec = documents_of(at.pack)
    kinds = next(each for each in at.pack.register(spec.register_key).fields if each.key == spec.kind).choices
    units = () if typed.unit else units_to_write_for(at)
    template = at.pack.reports.get(typed.start.removeprefix("template:"))
    of_template = template.kind if template is not None else None
    return typed.unit or (
        units[0][0] if units else at.campaign.root.code
    ), typed.kind or of_template or kinds[0].key


def _line_of(at: Here, unit: int, known: Mapping[int, object]) -> tuple[int, ...]:
    """The line of a unit of the choice: the root's and its own, as far as a post's reach asks."""
    root = at.campaign.root.line
    return root if unit == at.campaign.root_id else (*root, unit)


def read_new(at: Here, post: QueryDict) -> NewTyped:
    """What was typed; every trouble beside its input."""
    typed = NewTyped(
        start=post.get("start", "")[:80],
        title=post.get("title", "").strip()[:200],
        kind=post.get("kind", "")[:40],
        as_of=post.get("as_of", "").strip()[:20],
        unit=post.get("unit", "")[:40],
        key=post.get("key", "")[:40] or str(uuid4()),
    )
    try:
        needed_day(typed.as_of, _("数据截至日"))
    except BadInput as failure:
        typed.errors["as_of"] = str(failure)
    if not typed.start and not typed.title:
        typed.errors["title"] = _("没有填写标题。请填写，例如“关于……情况的报告”。")
    return typed


def blank_new(at: Here, template: str, copy: str) -> NewTyped:
    """A form that nobody has touched."""
    start = f"template:{template}" if template in at.pack.reports else f"copy:{copy}" if copy else ""
    if not start and not copy and template != "none":
        start = f"template:{next(iter(at.pack.reports))}" if at.pack.reports else ""
    return NewTyped(start=start, as_of=at.as_of.isoformat(), key=str(uuid4()))
