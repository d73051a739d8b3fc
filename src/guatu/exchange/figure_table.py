"""The catalogue of figures and the log of reported figures as sheets: what the pages show, from the same functions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guatu.access import Actor, get_unit
from guatu.domain.errors import BadInput
from guatu.domain.figures.basis import BASES, basis_labels
from guatu.domain.figures.phrasing import plain, round_to
from guatu.domain.figures.references import Reference, at_basis, looked_at, read
from guatu.domain.statements import Statement
from guatu.domain.words import gettext as _
from guatu.domain.words import parted
from guatu.exchange.headlines import headlines
from guatu.exchange.tables import Head, Sheet
from guatu.queries.sent_figures import SentLine, every_line
from guatu.queries.statements import statements
from guatu.queries.unreported import unreported, unreported_words
from guatu.records.models import Campaign
from guatu.records.packs import pack_of


def figure_sheets(
    actor: Actor, campaign: Campaign, day: date, *, unit: str = "", basis: str = ""
) -> tuple[Sheet, ...]:
    """Every figure of the catalogue as of `day`, each variant below its figure, at another `basis` where one is named.

    Raises BadInput for an unknown basis, NotFound for a unit out of sight.
    """
    if basis and basis not in BASES:
        raise BadInput(_("没有“{basis}”这一认定层级。请从页面上选。"), basis=basis[:40])
    pack = pack_of(campaign)
    of = get_unit(actor, unit, campaign) if unit else None
    keys = [
        at_basis(str(Reference(one.key, way)), basis if one.of in pack.registers else "")
        for one in pack.figures.values()
        if not one.internal
        for way in ("", *one.ways)
    ]
    said = statements(campaign, day=day, unit=of, actor=actor, keys=keys)
    shown = [pack.figures[key] for key in dict.fromkeys(read(one.key).key for one in said)]
    missing = unreported(campaign, pack, shown, day, top=of.pk if of is not None else None)

    def rows() -> Iterator[tuple[object, ...]]:
        for one in said:
            figure = looked_at(pack.figures, read(one.key))
            counted = basis_labels()[figure.basis] if figure.of in pack.registers else ""
            notes = (one.outside, unreported_words(missing.get(read(one.key).key, ())))
            yield (
                figure.section,
                one.label,
                _value(one),
                one.text,
                counted,
                parted(note.rstrip("。") for note in notes if note),
                one.definition,
                one.key,
            )

    title = _("统计项")
    return (
        Sheet(
            name=title,
            title=title,
            notes=headlines(
                actor,
                campaign,
                scope=(of or campaign.root).short_name,
                filters=(basis_labels()[basis],) if basis else (),
                day=day,
            ),
            heads=(
                Head("section", _("部分"), "text", 10),
                Head("label", _("统计项"), "text", 20),
                Head("value", _("数值"), "text", 12),
                Head("text", _("印出"), "text", 12),
                Head("basis", _("认定层级"), "text", 10),
                Head("notes", _("说明"), "text", 24),
                Head("definition", _("统计口径"), "text", 50),
                Head("key", _("标识"), "text", 18),
            ),
            rows=rows(),
            count=len(said),
        ),
    )


def _value(one: Statement) -> str:
    if one.value is None:
        return ""
    if isinstance(one.value, bool):
        return _("成立") if one.value else _("不成立")
    return plain(one.value if isinstance(one.value, int) else round_to(one.value, 4))


def sent_sheets(actor: Actor, campaign: Campaign, day: date) -> tuple[Sheet, ...]:
    """The whole log of what had been sent by `day`, the oldest line first, with what each figure is now."""
    lines = every_line(actor, campaign, day)
    title = _("报送台账")
    return (
        Sheet(
            name=title,
            title=title,
            notes=headlines(actor, campaign, scope=campaign.root.short_name, filters=(), day=day),
            heads=(
                Head("number", _("编号"), "text", 8),
                Head("label", _("统计项"), "text", 20),
                Head("unit", _("单位"), "unit", 12),
                Head("as_of", _("截至"), "day", 9),
                Head("text", _("上报数"), "text", 10),
                Head("now", _("现为"), "text", 10),
                Head("sentence", _("差异"), "text", 30),
                Head("recipient", _("报送对象"), "text", 16),
                Head("channel", _("报送渠道"), "text", 8),
                Head("document", _("依据文件"), "text", 20),
                Head("sent_on", _("报送日期"), "day", 9),
                Head("corrects", _("更正"), "text", 16),
                Head("cause", _("更正原因"), "text", 20),
                Head("definition", _("统计口径"), "text", 40),
            ),
            rows=(_sent_row(line) for line in lines),
            count=len(lines),
        ),
    )


def _sent_row(line: SentLine) -> tuple[object, ...]:
    stamp = ""
    if line.corrected_by:
        stamp = _("已由 {number} 更正").format(number=line.corrected_by)
    elif line.corrects:
        stamp = _("更正 {number}").format(number=line.corrects)
    return (
        line.number,
        line.label,
        line.unit,
        line.as_of,
        line.text,
        line.now,
        line.said or line.sentence,
        line.recipient,
        line.channel,
        line.document,
        line.sent_on,
        stamp,
        line.cause,
        line.definition,
    )
