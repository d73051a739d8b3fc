"""The pages of re-inspection as their templates see them, and what was typed on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.access import get_item, may
from guatu.actions.reinspection import Looked
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.pack.base import Option
from guatu.domain.pack.loop import Reinspection
from guatu.domain.sampling import GROUNDS
from guatu.queries.figures import evaluate
from guatu.queries.reinspection import DrawnRow, SamplePage, SampleRow, sample_page, samples
from guatu.queries.sample_draw import Ask, Preview, preview, record_register, reinspection_of
from guatu.records.models import Item
from guatu.web.days import typed_day
from guatu.web.figures.breakdown import tier_rows
from guatu.web.here import Here

PERIOD = timedelta(days=90)
"""How far back a draw looks unless the form says otherwise."""


def ground_label(ground: str) -> str:
    """Why an item was drawn, in words."""
    labels = {"always": _("必查"), "unit": _("每家至少"), "share": _("按比例")}
    return labels.get(ground, ground)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit and its figures as printed, in the pack's order, each with the address of the records behind it."""

    label: str
    href: str
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SamplesShown:
    """The samples with their addresses, and the figures by unit."""

    rows: tuple[tuple[SampleRow, str], ...]
    draw_href: str
    heads: tuple[tuple[str, str, str], ...]
    lines: tuple[UnitLine, ...]
    total: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawShown:
    """The form of a draw, and what it comes to."""

    first: str
    last: str
    seed: str
    per_unit: str
    share: str
    team_days: str
    title: str
    key: str
    per_day: int
    preview: Preview | None
    grounds: tuple[tuple[str, int], ...]
    sentence: str
    href: str
    draw_href: str
    back: str


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One drawn item with its addresses; `record_href` is empty until somebody has looked."""

    row: DrawnRow
    ground: str
    href: str
    look_href: str
    record_href: str


@dataclass(frozen=True, slots=True)
class SampleShown:
    """A sample, cut down to one team if asked for."""

    page: SamplePage
    lines: tuple[DrawnLine, ...]
    grounds: tuple[tuple[str, int], ...]
    teams: tuple[tuple[str, str, bool, int], ...]
    left: int
    may_look: bool
    back: str


@dataclass(frozen=True, slots=True)
class LookShown:
    """The form by which a finding is recorded."""

    item: Item
    item_href: str
    sample_title: str
    sample_href: str
    results: tuple[Option, ...]
    rebound: str
    result: str
    held_on: str
    note: str
    key: str
    latest: str
    sentence: str


def samples_shown(at: Here) -> SamplesShown:
    """The samples of the campaign and, for each unit directly below the root, the figures that the pack names."""
    declared = reinspection_of(at.campaign)
    keys = declared.figures
    heads = tuple((key, at.pack.figures[key].label, at.to("figure", key)) for key in keys)
    lines: tuple[UnitLine, ...] = ()
    total: tuple[str, ...] = ()
    if keys:
        tiers = tier_rows(at)
        table = evaluate(at.campaign, keys, days=(at.as_of,), actor=at.actor, cuts=tiers)
        total = tuple(table.printed(key).text for key in keys)
        lines = tuple(
            UnitLine(
                row.label,
                at.to("unit", row.key),
                tuple((table.printed(key, row.key).text, at.to("figure", key, unit=row.key)) for key in keys),
            )
            for row in tiers
        )
    return SamplesShown(
        tuple((row, at.to("sample", row.public_id)) for row in samples(at.actor, at.campaign)),
        at.to("reinspection-draw")
        if may(at.actor, "draw_sample", campaign=at.campaign) and not at.past
        else "",
        heads,
        lines,
        total,
    )


def read_ask(data: Mapping[str, str]) -> Ask:
    """What the form asks for. BadInput for what is no day or no number."""
    first, last = typed_day(data.get("first", "")), typed_day(data.get("last", ""))
    if first is None or last is None:
        raise BadInput(_("请填写办结的起止日期。"))
    team_days = data.get("team_days", "").strip()
    return Ask(
        first,
        last,
        data.get("seed", "").strip(),
        _number(data.get("per_unit", ""), _("每个单位至少抽取")),
        _number(data.get("share", ""), _("抽查比例")),
        _number(team_days, _("督导日")) if team_days else None,
    )


def _number(text: str, label: str) -> int:
    text = text.strip()
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise BadInput(_("“{label}”填的是“{value}”，不是整数。请填写数字。"), label=label, value=text[:20])
    return int(text)


def draw_shown(at: Here, data: Mapping[str, str], *, sentence: str = "") -> DrawShown:
    """The form with what it comes to; a fresh one asks for the last 90 days by the pack's rule."""
    declared = reinspection_of(at.campaign)
    typed = {**_usual(at, declared), **{key: value for key, value in data.items() if key in _KEYS}}
    found: Preview | None = None
    if not sentence:
        try:
            found = preview(at.actor, at.campaign, read_ask(typed), day=at.today)
        except BadInput as failure:
            sentence = str(failure)
    return DrawShown(
        **{key: typed[key][:120] for key in _KEYS},
        key=data.get("key", "")[:60] or str(uuid4()),
        per_day=declared.per_day,
        preview=found,
        grounds=tuple((ground_label(one), found.counted[one]) for one in GROUNDS) if found else (),
        sentence=sentence,
        href=at.to("reinspection-draw"),
        draw_href=at.to("reinspection-draw"),
        back=at.to("reinspection"),
    )


_KEYS = ("first", "last", "seed", "per_unit", "share", "team_days", "title")


def _usual(at: Here, declared: Reinspection) -> dict[str, str]:
    first: date = max(at.today - PERIOD, at.campaign.starts_on)
    return {
        "first": first.isoformat(),
        "last": at.today.isoformat(),
        "seed": at.today.isoformat(),
        "per_unit": str(declared.per_unit),
        "share": str(declared.share),
        "team_days": "",
        "title": "",
    }


def sample_shown(at: Here, public_id: UUID, team: str) -> SampleShown:
    """A sample; `team` cuts its items down to one team's."""
    page = sample_page(at.actor, at.campaign, public_id)
    counts: dict[str, int] = {}
    for row in page.rows:
        counts[row.team] = counts.get(row.team, 0) + 1
    rows = [row for row in page.rows if not team or row.team == team]
    return SampleShown(
        page,
        tuple(
            DrawnLine(
                row,
                ground_label(row.ground),
                at.to("item", row.public_id),
                at.to("sample-item", public_id, row.public_id),
                at.to("item", row.record) if row.record else "",
            )
            for row in rows
        ),
        tuple((ground_label(one), page.counted[one]) for one in GROUNDS if page.counted.get(one)),
        tuple(
            (name, at.to("sample", public_id, team=name), name == team, n)
            for name, n in sorted(counts.items())
            if name
        ),
        len(page.rows) - page.looked,
        may(at.actor, "look_again", campaign=at.campaign) and not at.past,
        at.to("reinspection"),
    )


def look_shown(
    at: Here, public_id: UUID, item_id: UUID, data: Mapping[str, str], *, sentence: str = ""
) -> LookShown:
    """The form for one item of the sample, with what was typed if it was refused."""
    page = sample_page(at.actor, at.campaign, public_id)
    if all(row.public_id != item_id for row in page.rows):
        raise NotFound()
    item = get_item(at.actor, item_id, at.campaign)
    declared = reinspection_of(at.campaign)
    field = record_register(at.campaign).field(declared.result)
    return LookShown(
        item=item,
        item_href=at.to("item", item_id),
        sample_title=page.sample.title,
        sample_href=at.to("sample", public_id),
        results=field.choices if field else (),
        rebound=declared.rebound,
        result=data.get("result", ""),
        held_on=data.get("held_on", at.today.isoformat()),
        note=data.get("note", "")[:4000],
        key=data.get("key", "")[:60] or str(uuid4()),
        latest=at.today.isoformat(),
        sentence=sentence,
    )


def read_looked(data: Mapping[str, str]) -> Looked:
    """What was typed. BadInput without a result or a day."""
    held_on = typed_day(data.get("held_on", ""))
    if held_on is None:
        raise BadInput(_("请填写抽查日期。"))
    if not data.get("result", ""):
        raise BadInput(_("请选择抽查结论。"))
    return Looked(data["result"][:40], held_on, data.get("note", "")[:4000])
