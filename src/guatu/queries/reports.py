"""A report of a campaign as of a day: the pack's template filled with the day's statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import override

from guatu.access import Actor
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.figures.references import key_of
from guatu.domain.figures.rows import Row
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.template import ReportTemplate
from guatu.domain.report import Document, FigureSpan, compose
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.figures import Table, evaluate
from guatu.queries.unreported import unreported, unreported_words
from guatu.records.models import Campaign, Unit
from guatu.records.packs import pack_of

WRITTEN = "zh-hans"
"""The language of the reports."""


def compose_report(
    campaign: Campaign, key: str, *, day: date, known_at: int | None = None, actor: Actor
) -> Document:
    """The report `key` as of (`day`, known at)."""
    return report_and_table(campaign, key, day=day, known_at=known_at, actor=actor)[0]


def report_and_table(
    campaign: Campaign,
    key: str,
    *,
    day: date,
    known_at: int | None = None,
    actor: Actor,
    cuts: Sequence[Row] = (),
    beside: Iterable[str] = (),
) -> tuple[Document, Table]:
    """The report `key` as of (`day`, known at), and what it was made from, with more rows and figures beside.

    An empty `key` means the pack's first. Raises NotFound for an unknown template, BadInput for a day before the campaign begins.
    """
    pack = pack_of(campaign)
    template = template_of(pack, key)
    if day < campaign.starts_on:
        raise BadInput(
            _("截至日期 {day} 早于启动日 {start}，还没有可以报告的内容。请选 {start} 或以后的日期。"),
            day=day,
            start=campaign.starts_on,
        )
    keys = [
        *(figure for figure in pack.figures if figure in template.keys),
        *sorted(key for key in template.keys if key != key_of(key)),
    ]
    table = evaluate(campaign, keys, days=(day,), known_at=known_at, actor=actor, cuts=cuts, beside=beside)
    document = compose(
        template,
        [table.statement(one) for one in keys],
        names=names_of(campaign),
        as_of=day,
    )
    notes = reservations(campaign, document.figures, day, known_at)
    return replace(document, notes=notes), table


def names_of(campaign: Campaign, unit: Unit | None = None) -> dict[str, str]:
    """What a text may call by its name; `unit` is whose document it is (None: the root's).

    Whoever reads the page: a document is Chinese throughout.
    """
    with override(WRITTEN):
        words = pack_of(campaign).words
    own = unit or campaign.root
    return {
        "organisation": own.short_name or own.name,
        "campaign": words.campaign,
        "office": words.office,
        "leading_group": words.leading_group,
        "team": words.team,
    }


def reservations(
    campaign: Campaign, figures: Iterable[FigureSpan], day: date, known_at: int | None
) -> tuple[str, ...]:
    """What has to be said below a document with these figures: that its data are made up, which numbers have rows from
    outside, and what has not been reported.
    """
    with override(WRITTEN):
        made_up = _("（本报告所用数据为演示用合成数据，不反映任何单位的实际情况。）")
        return (
            *([made_up] if campaign.synthetic else []),
            *_reservations(campaign, figures, day, known_at),
        )


def _reservations(
    campaign: Campaign, figures: Iterable[FigureSpan], day: date, known_at: int | None
) -> Iterator[str]:
    pack = pack_of(campaign)
    printed = {span.key: span.statement for span in figures}
    for one in printed.values():
        if one.outside:
            yield _("（“{figure}”{outside}。）").format(figure=one.label, outside=one.outside)
    declared = [pack.figures[key] for key in dict.fromkeys(map(key_of, printed))]
    for key, missing in unreported(campaign, pack, declared, day, known_at).items():
        yield _("（“{figure}”{missing}）").format(
            figure=pack.figures[key].label, missing=unreported_words(missing)
        )


def template_of(pack: Pack, key: str) -> ReportTemplate:
    """The report template `key`, an empty key the first; NotFound with those that there are."""
    key = key or next(iter(pack.reports), "")
    if key not in pack.reports:
        raise NotFound(
            _("没有“{key}”这个报告模板。可用：{known}。请核对名称。"),
            key=key,
            known=listed(pack.reports) or _("（无）"),
        )
    return pack.reports[key]
