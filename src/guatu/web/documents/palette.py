"""The palette: every figure and name that a text may hold, with what it prints on the document's day."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from guatu.domain.figures.references import looked_at, read
from guatu.domain.pack.template import NAMES
from guatu.domain.report import times
from guatu.queries.documents import day_of
from guatu.queries.figures import evaluate, row_of
from guatu.queries.reports import WRITTEN
from guatu.queries.reports import names_of as names_in_texts
from guatu.records.models import Item
from guatu.web.documents.names import names_of
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """One entry. `name` is what stands between the braces, `text` what it prints, empty where it cannot be said."""

    kind: str
    key: str
    name: str
    label: str
    section: str
    text: str
    definition: str
    href: str = ""
    block: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class PalettePage:
    """The palette as a page of its own, for whoever has no script. `q` is what is looked for."""

    q: str
    title: str
    back: str
    day: str
    places: tuple[PlaceFound, ...]


def ways_of(at: Here, item: Item, key: str) -> tuple[PlaceFound, ...]:
    """The figure `key` as it can be written otherwise: at its other bases and in its variants; none where there is one way."""
    names = names_of(at.campaign)
    keys = [one for one in names.by_key if one not in NAMES and read(one).key == read(key).key]
    if len(keys) < 2:
        return ()
    day = day_of(at.campaign, item)
    with override(WRITTEN):
        table = evaluate(at.campaign, keys, rows=[row_of(item.unit)], days=[day], actor=at.actor)
        said = {one: table.statement(one) for one in keys}
    return tuple(
        PlaceFound(
            kind="figure",
            key=one,
            name=names.name(one),
            label=looked_at(at.pack.figures, read(one)).label,
            section="",
            text=said[one].text if said[one].value not in (None, False) else "",
            definition="",
            href=at.to("document-edit", item.public_id, figure=one),
        )
        for one in keys
    )


def places_for(at: Here, item: Item) -> tuple[PlaceFound, ...]:
    """Figures by section, then names, then what else can be put in."""
    day = day_of(at.campaign, item)
    names = names_of(at.campaign)
    figures = [key for key in names.by_key if key not in NAMES]
    with override(WRITTEN):
        table = evaluate(at.campaign, figures, rows=[row_of(item.unit)], days=[day], actor=at.actor)
        said = {key: table.statement(key) for key in figures}
    found = []
    for key in figures:
        spoken = looked_at(at.pack.figures, read(key))
        one = said[key]
        can = one.value is not None and one.value is not False
        found.append(
            PlaceFound(
                kind="figure",
                key=key,
                name=names.name(key),
                label=spoken.label,
                section=at.pack.figures[read(key).key].section,
                text=one.text if can else "",
                definition=spoken.definition,
                href=at.to("document-edit", item.public_id, figure=key),
            )
        )
    sections = list(dict.fromkeys(one.section for one in found))
    found.sort(key=lambda one: sections.index(one.section))
    around = {**names_in_texts(at.campaign, item.unit), **times(day)}
    found += [
        PlaceFound("name", key, names.name(key), names.name(key), _("名称和日期"), around[key], "")
        for key in NAMES
        if around.get(key)
    ]
    return (*found, *_parts())


def _parts() -> tuple[PlaceFound, ...]:
    parts = (
        (_("正文段落"), "text", "p"),
        (_("一级标题"), "text", "1"),
        (_("二级标题"), "text", "2"),
        (_("统计表"), "figures", ""),
        (_("单位名单"), "units", ""),
        (_("图"), "chart", ""),
        (_("表格"), "table", ""),
    )
    return tuple(
        PlaceFound("block", "", label, label, _("插入一段"), "", "", block=block, style=style)
        for label, block, style in parts
    )


def as_json(places: tuple[PlaceFound, ...]) -> list[dict[str, str]]:
    """For the script: what is empty is left out."""
    return [{name: value for name, value in asdict(one).items() if value} for one in places]


def palette_page(at: Here, item: Item, q: str) -> PalettePage:
    """Those whose name, definition or key holds `q`."""
    q = q.strip()[:40]
    places = tuple(
        one
        for one in places_for(at, item)
        if one.kind != "block" and (not q or q in one.name or q in one.label or q in one.definition)
    )
    day = day_of(at.campaign, item).isoformat()
    return PalettePage(q, item.title, at.to("document-edit", item.public_id), day, places)
