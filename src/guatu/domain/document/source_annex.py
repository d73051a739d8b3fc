"""数据来源说明: an annex that says of every number of a document what it is, as of when, and where its records are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from guatu.domain.document.model import Annex, Block, Column, Official, Paragraph, Run, Table
from guatu.domain.issued_changes import FigureChanged
from guatu.domain.issuing import KeptFigure
from guatu.domain.report import chinese_day
from guatu.domain.words import gettext as _
from guatu.domain.words import listed


def source_annex(figures: Iterable[KeptFigure], *, day: date, addresses: Mapping[str, str]) -> Annex:
    """One line for each figure, in reading order; `addresses` lead to its records, where there is a place to lead to."""
    kept = list(figures)
    columns = (
        Column(_("序号"), 0.6, "centre"),
        Column(_("文中写法"), 1.5),
        Column(_("统计项和口径"), 4.2),
        Column(_("记录"), 1.0, "right"),
    )
    rows = tuple(
        (
            str(place),
            listed(one.printed) or one.text,
            _("{label}：{definition}").format(label=one.label, definition=_ended(one.definition)),
            _records(one),
        )
        for place, one in enumerate(kept, start=1)
    )
    scopes = listed(dict.fromkeys(one.scope for one in kept))
    intro = _("文中各数均由记录统计。单位范围：{scope}。截至 {day}。").format(
        scope=scopes, day=chinese_day(day)
    )
    links = tuple(addresses.get(one.ref, "") for one in kept)
    return Annex(
        _("数据来源说明"),
        (Paragraph((Run(intro),)), Table(columns, rows, links=links if any(links) else ())),
    )


def relinked(document: Official, links: Sequence[str]) -> Official:
    """The same, its source annex leading to these addresses, one for each figure in reading order; no other table leads anywhere.

    An address that was written down with a document may be that of another house.
    """

    def own(block: Block) -> Block:
        if not isinstance(block, Table) or not block.links:
            return block
        return replace(block, links=tuple(links) if len(links) == len(block.rows) else ())

    return replace(
        document,
        blocks=tuple(own(block) for block in document.blocks),
        annexes=tuple(
            replace(annex, blocks=tuple(own(block) for block in annex.blocks)) for annex in document.annexes
        ),
    )


def _records(one: KeptFigure) -> str:
    """How many records or units stand behind it."""
    if one.records:
        return _("{n} 条").format(n=one.records)
    if one.units:
        return _("{n} 家").format(n=len({unit for unit, _amount in one.units}))
    return _("见口径")


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(("。", "！", "？")) else f"{sentence}。"


def changes_annex(changes: Iterable[FigureChanged], *, before: str) -> Annex:
    """本期数字变化说明: each number that differs from the issue before (`before`: which, as of when), and why."""
    found = list(changes)
    columns = (
        Column(_("统计项"), 1.6),
        Column(_("上期"), 1.0),
        Column(_("本期"), 1.0),
        Column(_("原因"), 3.6),
    )
    rows = tuple((one.label, *one.said(), one.why()) for one in found)
    told = _("与{before}相比，有 {n} 个数不同。").format(before=before, n=len(rows))
    if not rows:
        told = _("与{before}相比，各数相同。").format(before=before)
    blocks = (Paragraph((Run(told),)), *((Table(columns, rows),) if rows else ()))
    return Annex(_("本期数字变化说明"), blocks)
