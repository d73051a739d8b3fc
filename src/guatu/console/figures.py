"""`guatu figures`: every figure as of a day, or the records behind one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import click

from guatu.access import get_unit, operator
from guatu.console.columns import table
from guatu.domain.errors import BadInput
from guatu.domain.figures.basis import BASES
from guatu.domain.figures.phrasing import plain, round_to
from guatu.domain.figures.references import Reference, at_basis
from guatu.domain.statements import Number, Statement
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop, listed, parted
from guatu.queries.figure_drill import Drill, drill
from guatu.queries.figure_relations import RelationNow, relations_on
from guatu.queries.installation import campaign as find_campaign
from guatu.queries.moments import parse_day, parse_known, written_day
from guatu.queries.statements import statements
from guatu.records.models import Campaign, Unit
from guatu.records.packs import pack_of

SHOWN = ("key", "label", "value", "low", "high", "text", "as_of", "definition")
SIDES = {
    "part": gettext_noop("分子"),
    "whole": gettext_noop("分母"),
    "this_year": gettext_noop("本年"),
    "last_year": gettext_noop("上年"),
}


@click.command(
    short_help=_("列出统计项的数值，或打开一个数字背后的记录"),
    help=_("列出统计项截至某日的数值；加 --drill 可打开一个数字背后的记录。"),
)
@click.option("--as-of", "as_of", metavar=_("日期"), help=_("截至日期，如 2023-11-30；不写为今天"))
@click.option(
    "--known-at", "known_at", metavar=_("时刻"), help=_("知悉截至：日期、2023-11-30T17:00 或批号 #12")
)
@click.option("--campaign", "campaign_key", metavar=_("标识"), help=_("专项工作的标识；只有一个时可不写"))
@click.option("--unit", "unit_code", metavar=_("代码"), help=_("只统计该单位及其下级"))
@click.option(
    "--basis",
    metavar=_("层级"),
    help=_("认定层级：reported、signed、second_tier、office；不写按各统计项的口径"),
)
@click.option("--variants", is_flag=True, help=_("同时列出各统计项的其他口径"))
@click.option("--drill", "key", metavar=_("统计项"), help=_("列出该统计项背后的记录"))
@click.option(
    "--relations", "as_relations", is_flag=True, help=_("列出统计项之间的关系式；有不成立的，退出码为 1")
)
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(
    as_of: str | None,
    known_at: str | None,
    campaign_key: str | None,
    unit_code: str | None,
    basis: str | None,
    variants: bool,
    key: str | None,
    as_relations: bool,
    as_json: bool,
) -> int:
    """Print the figures as of a day, the records behind one, or the relations; exit 1 where a relation does not hold."""
    written_day(as_of)
    campaign = find_campaign(campaign_key)
    actor = operator()
    day = parse_day(as_of, campaign)
    known = parse_known(known_at, campaign)
    unit = get_unit(actor, unit_code, campaign) if unit_code else None
    if as_relations:
        found = relations_on(campaign, (day,), actor=actor, known_at=known)[day]
        click.echo(
            _json([_relation(one) for one in found]) if as_json else "\n".join(one.sentence for one in found)
        )
        return 1 if any(one.holds is False for one in found) else 0
    if basis is not None and basis not in BASES:
        raise BadInput(
            _("没有“{basis}”这一认定层级。可用：{known}。请改用其中之一。"),
            basis=basis[:40],
            known=listed(BASES),
        )
    if key is not None:
        behind = drill(
            campaign, at_basis(key, basis) if basis else key, day=day, known_at=known, unit=unit, actor=actor
        )
        click.echo(_json(_records(behind)) if as_json else _drill_table(behind))
        return 0
    keys = _keys(campaign, basis or "", variants=variants)
    said = statements(campaign, day=day, known_at=known, unit=unit, actor=actor, keys=keys)
    click.echo(_json([_statement(one) for one in said]) if as_json else _figures_table(said, campaign, unit))
    return 0


def _relation(one: RelationNow) -> dict[str, Any]:
    left, right = one.sides
    return {"relation": one.text, "words": one.words, "left": left, "right": right, "holds": one.holds}


def _keys(campaign: Campaign, basis: str, *, variants: bool) -> list[str]:
    """What is listed: every figure that is shown, its variants below it if wanted, over items at the basis asked for."""
    pack = pack_of(campaign)
    return [
        at_basis(str(Reference(one.key, way)), basis if one.of in pack.registers else "")
        for one in pack.figures.values()
        if not one.internal
        for way in ("", *(one.ways if variants else ()))
    ]


def _statement(said: Statement) -> dict[str, Any]:
    everything = asdict(said)
    told = {name: everything[name] for name in SHOWN}
    return {**told, "outside": said.outside} if said.outside else told


def _records(found: Drill) -> list[dict[str, Any]]:
    """The rows as JSON: the columns by key, and what leads to the record, its amount and its side where it has them."""
    rows = []
    for row in found.rows:
        record: dict[str, Any] = dict(zip((column.key for column in found.columns), row.cells, strict=True))
        if row.item is not None:
            record = {"id": str(row.item), **record, "unit_code": row.unit}
        if row.amount is not None:
            record["amount"] = row.amount
        if row.side:
            record["side"] = row.side
        if row.part:
            record["figure"] = row.part
        rows.append(record)
    return rows


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, default=_number)


def _number(value: object) -> Any:
    """A decimal as a JSON number: an integer where it is whole."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def _figures_table(said: Sequence[Statement], campaign: Campaign, unit: Unit | None) -> str:
    rows = [
        (
            one.key,
            one.label,
            _exact(one.value),
            one.text,
            parted(part for part in (one.outside, one.definition) if part),
        )
        for one in said
    ]
    head = (_("标识"), _("统计项"), _("数值"), _("印出"), _("统计口径"))
    title = _("{campaign}　{unit}　截至 {day}").format(
        campaign=campaign.name, unit=(unit or campaign.root).short_name, day=said[0].as_of if said else ""
    )
    return "\n".join((title, table(head, rows)))


def _drill_table(found: Drill) -> str:
    sums = any(row.amount is not None for row in found.rows)
    head = [column.label for column in found.columns] + [_("数量")] * sums + [_("所属")] * bool(found.sides)
    rows = [
        [*row.cells]
        + ([_exact(row.amount)] if sums else [])
        + ([_(SIDES[row.side]) if row.side else ""] if found.sides else [])
        for row in found.rows
    ]
    foot = _("共 {count} 条记录").format(count=found.total)
    for line in found.outside:
        foot += "\n" + _("系统外数据：{unit} {value}（{document}，批准人 {who}）").format(
            unit=line.unit_name, value=plain(line.value), document=line.document, who=line.approver
        )
    if found.hidden:
        foot += _("，其中 {count} 条不在查看范围内，未列出").format(count=found.hidden)
    return "\n".join((table(head, rows), foot))


def _exact(value: Number | bool | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("成立") if value else _("不成立")
    return plain(value if isinstance(value, int) else round_to(value, 4))
