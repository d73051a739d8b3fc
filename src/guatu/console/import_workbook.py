"""`guatu import`: any workbook as a register: what was understood first, made and imported with --apply."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from guatu.access import Actor, resolve
from guatu.console.columns import table
from guatu.console.returned_workbook import import_returned
from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Workbook
from guatu.domain.imports.problems import SHOWN
from guatu.domain.imports.understanding.proposal import LEAVE, Answers, Proposal
from guatu.domain.imports.understanding.units import Units
from guatu.domain.words import gettext as _
from guatu.exchange.tables_in import read_tables
from guatu.exchange.workbook_making import (
    Outcome,
    Understood,
    import_into,
    make_from,
    making_key,
    matched,
    questions_of,
    said_of,
    understand,
)
from guatu.exchange.workbook_return import read
from guatu.queries import installation
from guatu.queries.known_names import unit_lookups
from guatu.queries.people import person_called
from guatu.records.models import Campaign


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was told: the answers that a person would give on the page."""

    actor: Actor
    campaign: Campaign
    book: Workbook
    place: int
    answers: Answers
    register: str


@click.command(
    short_help=_("把任何 Excel 变成清单并导入，可先看懂了什么"),
    help=_(
        "读 FILE（.xlsx、.xls、.ods 或 .csv），说明看懂了什么；加 --apply 才新建清单并导入各行。\n\n"
        "以 --as 所写账号的身份办理，权限与网页上一样。用 --register 导入已有的清单：按表头与字段名称对应。"
        "带下发标识的填报表按填报表逐格核对、导入。"
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "username", required=True, metavar=_("账号"), help=_("以谁的身份办理"))
@click.option("--campaign", metavar=_("代号"), help=_("哪个专项工作；只有一个时不必给出"))
@click.option("--register", default="", metavar=_("标识"), help=_("导入已有的清单；不写则新建一个"))
@click.option(
    "--table", "number", default=1, type=click.IntRange(1, 500), help=_("文件里的第几张表；默认第 1 张")
)
@click.option("--name", default="", help=_("新清单的名称；不写则用表的标题"))
@click.option("--unit", default="", metavar=_("单位"), help=_("没有单位列时，全部行所属的单位"))
@click.option(
    "--choose",
    multiple=True,
    metavar=_("名称=单位"),
    help=_("没有认出的单位名称是哪家；“名称=-”不导入这些行"),
)
@click.option("--year", type=click.IntRange(1900, 2200), help=_("没写年份的日期是哪一年"))
@click.option(
    "--unfit",
    type=click.Choice(["blank", "skip"]),
    default=None,
    help=_("不合的行：blank 该格留空、原文另存，skip 不导入"),
)
@click.option("--apply", "applying", is_flag=True, help=_("写入；不加则只说看懂了什么"))
@click.option("--json", "as_json", is_flag=True, help=_("以 JSON 输出"))
def command(
    file: Path,
    username: str,
    campaign: str | None,
    register: str,
    number: int,
    name: str,
    unit: str,
    choose: tuple[str, ...],
    year: int | None,
    unfit: str | None,
    applying: bool,
    as_json: bool,
) -> None:
    """Print what was understood; exit code 1 while something is still to be answered."""
    wanted = installation.campaign(campaign)
    actor = resolve(person_called(username), wanted)
    returned = read(file)
    if returned.mark is not None:  # one that the product gave out
        sys.exit(import_returned(actor, wanted, returned, register, applying=applying, as_json=as_json))
    units = Units(unit_lookups(actor, wanted))
    answers = Answers(
        label=name,
        one_unit=_code(units, unit) if unit else "",
        units=dict(_chosen(units, each) for each in choose),
        year=year,
        unfit="blank" if unfit == "blank" else "skip" if unfit == "skip" else "",
    )
    asked = Asked(actor, wanted, read_tables(file), number - 1, answers, register)
    found, told, questions = _understood(asked)
    outcome = None
    if applying and not questions:
        outcome = _written(asked, found.proposal)
    if as_json:
        click.echo(json.dumps(_as_json(found, told, questions, outcome), ensure_ascii=False, indent=1))
    else:
        _print(found, told, questions, outcome)
    if questions:
        sys.exit(1)


def _understood(asked: Asked) -> tuple[Understood, tuple[str, ...], tuple[str, ...]]:
    """What was understood, what is said of the match with a register, and what is still to be answered."""
    if not asked.register:
        found = understand(asked.actor, asked.campaign, asked.book, asked.place, asked.answers)
        return found, (), questions_of(asked.campaign, found.proposal)
    found, match, told = matched(
        asked.actor, asked.campaign, asked.book, asked.place, asked.answers, asked.register
    )
    return found, told, match.proposal.questions


def _written(asked: Asked, proposal: Proposal) -> Outcome:
    key = making_key(asked.book.sha256, asked.place, asked.answers)
    if not asked.register:
        return make_from(asked.actor, campaign=asked.campaign, book=asked.book, proposal=proposal, key=key)
    return import_into(
        asked.actor,
        campaign=asked.campaign,
        book=asked.book,
        place=asked.place,
        answers=asked.answers,
        register=asked.register,
    )


def _code(units: Units, text: str) -> str:
    code = units.find(text)
    if code is None:
        raise BadInput(_("没有名称或代码为“{names}”的单位。请核对后重新填写。"), names=text)
    return code


def _chosen(units: Units, text: str) -> tuple[str, str]:
    name, sign, unit = text.rpartition("=")
    if not sign or not name:
        raise BadInput(_("“{text}”应写成“名称=单位”。请改正后重试。"), text=text)
    return name, LEAVE if unit == LEAVE else _code(units, unit)


def _print(
    found: Understood, told: tuple[str, ...], questions: tuple[str, ...], outcome: Outcome | None
) -> None:
    proposal = found.proposal
    click.echo(
        _("{label}：工作表“{sheet}”{area}，{count} 行。").format(
            label=proposal.label,
            sheet=proposal.table.sheet,
            area=proposal.table.area,
            count=len(proposal.table.records),
        )
    )
    head = [_("列"), _("表头"), _("类型"), _("值"), _("不合"), _("说明")]
    rows = [
        [
            column.letter,
            column.label,
            column.type_label if column.taken or column.serial else _("不导入"),
            str(column.values),
            str(len(column.misfits)),
            "".join(column.remarks),
        ]
        for column in proposal.columns
    ]
    click.echo(table(head, rows))
    for line in (*proposal.remarks, *told, *found.unread):
        click.echo(line)
    for left in proposal.left_out:
        click.echo(_("第 {row} 行没有当作数据：{kind}。").format(row=left.row, kind=left.named))
    for misfit in proposal.misfits[:SHOWN]:
        click.echo(misfit.sentence)
    if len(found.tables) > 1:
        click.echo(_("文件里有 {count} 张表，用 --table 选择。").format(count=len(found.tables)))
    for question in questions:
        click.echo(question)
    if outcome is not None:
        click.echo(str(said_of(outcome)))
        for one in outcome.dropped:
            click.echo(one.sentence)
    elif not questions:
        click.echo(_("都看懂了。尚未写入；加 --apply 写入。"))


def _as_json(
    found: Understood, told: tuple[str, ...], questions: tuple[str, ...], outcome: Outcome | None
) -> dict[str, object]:
    """Without the values of private columns: such output ends in files and mails."""
    proposal = found.proposal
    return {
        "label": proposal.label,
        "sheet": proposal.table.sheet,
        "area": proposal.table.area,
        "rows": len(proposal.table.records),
        "tables": list(found.tables),
        "columns": [
            {
                "column": column.letter,
                "heading": column.heading,
                "label": column.label,
                "type": "serial" if column.serial else column.type,
                "part": column.role,
                "taken": column.taken and not column.serial,
                "private": column.private,
                "values": column.values,
                "examples": [] if column.private else list(column.examples),
                "remarks": list(column.remarks),
            }
            for column in proposal.columns
        ],
        "left_out": [{"row": one.row, "kind": one.kind, "text": one.text} for one in proposal.left_out],
        "misfits": [
            {"row": one.row, "column": one.letter, "value": one.value, "sentence": one.sentence}
            for one in proposal.misfits
        ],
        "units": [
            {"text": one.text, "rows": one.rows, "candidates": [near.code for near in one.candidates]}
            for one in proposal.units_open
        ],
        "remarks": [*proposal.remarks, *told, *found.unread],
        "questions": list(questions),
        "written": None
        if outcome is None
        else {
            "register": outcome.register,
            "items": outcome.items,
            "dropped": [{"row": one.row, "sentence": one.sentence} for one in outcome.dropped],
        },
    }
