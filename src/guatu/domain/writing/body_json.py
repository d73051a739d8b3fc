"""A body as JSON and back. What comes from a page is checked here: every refusal says which block and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from typing import Any, get_args

from guatu.domain.errors import BadInput
from guatu.domain.pack.template import parse
from guatu.domain.words import gettext as _
from guatu.domain.writing.body import (
    KINDS,
    LONGEST,
    LONGEST_TEXT,
    MOST_BLOCKS,
    Align,
    AnnexPart,
    Block,
    Body,
    BodyHead,
    By,
    ChartBlock,
    ChartKind,
    FiguresBlock,
    HeadingBlock,
    Level,
    Order,
    TableBlock,
    UnitsBlock,
    Urgency,
    texts_of,
    with_ids,
)

_ID = re.compile(r"[A-Za-z0-9_-]{0,40}")
MOST_FIGURES, MOST_UNITS, MOST_DAYS, MOST_COLUMNS, MOST_ROWS = 20, 300, 60, 20, 500
MOST_ANNEXES, LONGEST_LINE = 50, 500
"""Annexes of a body, and characters of one line of its head."""


def plain(body: Body) -> dict[str, Any]:
    """The body as JSON, the same for the same body; what is as it would be anyhow is left out."""
    said: dict[str, Any] = {"blocks": [plain_block(block) for block in body.blocks]}
    if head := _plain(body.head):
        said["head"] = head
    if body.salutation:
        said["salutation"] = body.salutation
    if body.signature:
        said["signature"] = body.signature
    if body.dropped:
        said["dropped"] = list(body.dropped)
    if body.annexes:
        said["annexes"] = [
            {**_plain(annex, leave=("blocks",)), "blocks": [plain_block(block) for block in annex.blocks]}
            for annex in body.annexes
        ]
    return said


def plain_block(block: Block) -> dict[str, Any]:
    """One block as JSON, with its kind."""
    kind = next(key for key, made in KINDS.items() if isinstance(block, made))
    return {"id": block.id, "kind": kind, **_plain(block, leave=("id",))}


def body_of(given: object) -> Body:
    """The body that a page or a stored track says. Raises BadInput with the block's place and what is wrong with it."""
    whole = _mapping(given, _("正文"))
    _known(whole, ("blocks", "head", "salutation", "signature", "annexes", "dropped"), _("正文"))
    blocks = _blocks(whole.get("blocks", []), "")
    annexes = []
    listed = _list(whole.get("annexes", []), _("附件"))
    if len(listed) > MOST_ANNEXES:
        raise BadInput(
            _("文稿有 {n} 个附件，超过 {most} 个。请合并附件，或拆成几份文稿。"),
            n=len(listed),
            most=MOST_ANNEXES,
        )
    for place, one in enumerate(listed, start=1):
        name = _("附件{n}").format(n=place)
        annex = _mapping(one, name)
        _known(annex, ("id", "beside", "source", "title", "blocks"), name)
        said = {each.name: each for each in fields(AnnexPart) if each.name != "blocks"}
        values = {key: _value(declared, annex.get(key, ""), name) for key, declared in said.items()}
        annexes.append(AnnexPart(**values, blocks=_blocks(annex.get("blocks", []), name)))
    body = Body(
        blocks=blocks,
        head=_head(whole.get("head", {})),
        salutation=_text(whole.get("salutation", ""), _("称谓")),
        signature=_text(whole.get("signature", ""), _("署名")),
        annexes=tuple(annexes),
        dropped=tuple(_text(one, _("正文")) for one in _list(whole.get("dropped", []), _("正文"))),
    )
    _refuse_malformed(body)
    return with_ids(body)


def block_of(given: object, where: str) -> Block:
    """One block. `where` names it in a refusal (第 3 段)."""
    one = _mapping(given, where)
    kind = one.get("kind")
    made = KINDS.get(kind) if isinstance(kind, str) else None
    if made is None:
        raise BadInput(
            _("{where}的种类“{kind}”无法识别。请删去这一段，重新插入。"), where=where, kind=str(kind)[:30]
        )
    declared = {each.name: each for each in fields(made)}
    _known(one, ("kind", *declared), where)
    values: dict[str, Any] = {}
    for name, each in declared.items():
        if name in one:
            values[name] = _value(each, one[name], where)
        elif name == "id":
            values[name] = ""
        elif each.default is MISSING:
            values[name] = () if "tuple" in str(each.type) else ""
    block = made(**values)
    _refuse_odd(block, where)
    return block


def _blocks(given: object, inside: str) -> tuple[Block, ...]:
    listed = _list(given, inside or _("正文"))
    if len(listed) > MOST_BLOCKS:
        raise BadInput(
            _("文稿有 {n} 段，超过 {most} 段。请拆成几份，或把附表放进附件。"),
            n=len(listed),
            most=MOST_BLOCKS,
        )
    found = []
    for place, one in enumerate(listed, start=1):
        where = (
            _("{annex}第 {n} 段").format(annex=inside, n=place) if inside else _("第 {n} 段").format(n=place)
        )
        found.append(block_of(one, where))
    return tuple(found)


def _head(given: object) -> BodyHead:
    name = _("版头版记")
    said = _mapping(given, name)
    declared = {each.name: each for each in fields(BodyHead)}
    _known(said, tuple(declared), name)
    head = BodyHead(**{key: _value(declared[key], value, name) for key, value in said.items()})
    for line in (head.template, head.mark, head.remark, head.printer, *_names_in(head)):
        if len(line) > LONGEST_LINE:
            raise BadInput(
                _("版头版记里的“{line}”有 {n} 字，超过 {most} 字。请缩短。"),
                line=f"{line[:20]}…",
                n=len(line),
                most=LONGEST_LINE,
            )
    if head.urgency not in get_args(Urgency):
        raise BadInput(_("紧急程度填的是“{value}”。请选“加急”“特急”，或不填。"), value=head.urgency[:20])
    return head


def _names_in(head: BodyHead) -> tuple[str, ...]:
    return (*head.signers, *head.copies_to, *head.reported, *head.sent, *head.issued)


def _value(declared: Field[Any], given: object, where: str) -> Any:
    """A value as the field of the dataclass wants it; types are told by the annotation's words."""
    kind = str(declared.type)
    if kind == "bool":
        if isinstance(given, bool):
            return given
    elif kind in ("int", "int | None", "Level"):
        if given is None and kind == "int | None":
            return None
        if isinstance(given, int) and not isinstance(given, bool) and -1_000_000 < given < 1_000_000:
            return given
    elif kind.startswith("tuple[tuple"):
        return tuple(tuple(_text(cell, where) for cell in _list(row, where)) for row in _list(given, where))
    elif declared.name in ("id", "beside"):
        if isinstance(given, str) and _ID.fullmatch(given):
            return given
    elif kind.startswith("tuple"):
        return tuple(_text(one, where) for one in _list(given, where))
    else:
        return _text(given, where)
    raise BadInput(
        _("{where}的“{name}”填的是“{value}”，不是所要的数。请改正。"),
        where=where,
        name=declared.name,
        value=str(given)[:30],
    )


def _refuse_odd(block: Block, where: str) -> None:
    """What is written as one of a few, and how much of it there may be."""
    allowed: dict[str, tuple[object, ...]] = {}
    match block:
        case HeadingBlock():
            allowed = {"level": get_args(Level)}
        case FiguresBlock():
            allowed = {"by": get_args(By)}
            _within(len(block.figures), 1, MOST_FIGURES, where, _("统计项"))
            _within(len(block.units), 0, MOST_UNITS, where, _("单位"))
            _within(len(block.days), 0, MOST_DAYS, where, _("日期"))
            for day in block.days:
                _day(day, where)
        case UnitsBlock():
            allowed = {"order": get_args(Order)}
            _within(1 if block.figure else 0, 1, 1, where, _("统计项"))
            _within(block.count, 1, MOST_UNITS, where, _("家数"))
        case ChartBlock():
            allowed = {"chart": get_args(ChartKind)}
            _within(len(block.figures), 0 if block.chart in ("lights", "wall") else 1, 6, where, _("统计项"))
            _within(block.days, 1, 366, where, _("天数"))
            _within(block.step, 1, 366, where, _("间隔天数"))
            _within(block.count, 1, MOST_UNITS, where, _("家数"))
            if block.days // block.step > MOST_DAYS:
                raise BadInput(
                    _("{where}的趋势图有 {n} 个点，超过 {most} 个。请缩短天数，或加大间隔。"),
                    where=where,
                    n=block.days // block.step,
                    most=MOST_DAYS,
                )
        case TableBlock():
            allowed = {"align": ()}
            _within(len(block.columns), 1, MOST_COLUMNS, where, _("列"))
            _within(len(block.rows), 0, MOST_ROWS, where, _("行"))
            for number, row in enumerate(block.rows, start=1):
                if len(row) != len(block.columns):
                    raise BadInput(
                        _("{where}的表格第 {row} 行有 {n} 格，应为 {columns} 格。请补齐或删去多余的格。"),
                        where=where,
                        row=number,
                        n=len(row),
                        columns=len(block.columns),
                    )
            _refuse_align(block, where)
            return
    for name, values in allowed.items():
        if (given := getattr(block, name)) not in values:
            raise BadInput(
                _("{where}的“{name}”填的是“{value}”。可用：{known}。请重新选择。"),
                where=where,
                name=name,
                value=str(given)[:30],
                known="、".join(str(value) for value in values),
            )


def _refuse_align(block: TableBlock, where: str) -> None:
    sides = get_args(Align)
    if block.align and (
        len(block.align) != len(block.columns) or any(one not in sides for one in block.align)
    ):
        raise BadInput(_("{where}的表格对齐方式与列数不符，或无法识别。请重新选择每一列。"), where=where)


def _within(given: int, least: int, most: int, where: str, what: str) -> None:
    if not least <= given <= most:
        raise BadInput(
            _("{where}的{what}是 {n}，应在 {least} 至 {most} 之间。请改正。"),
            where=where,
            what=what,
            n=given,
            least=least,
            most=most,
        )


def _day(text: str, where: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            _("{where}的日期“{value}”无法识别。请填成 2026-12-31。"), where=where, value=text[:20]
        ) from error


def _refuse_malformed(body: Body) -> None:
    """Texts that no template could be, and a body that is too long."""
    total = 0
    named = [(_("称谓"), body.salutation), (_("署名"), body.signature), (_("编者按"), body.head.editors_note)]
    for place, block in enumerate(body.blocks, start=1):
        named += [(_("第 {n} 段").format(n=place), text) for text in texts_of(block)]
    for annex in body.annexes:
        inside = _("附件“{title}”").format(title=annex.title[:30])
        named += [(inside, text) for part in (annex, *annex.blocks) for text in texts_of(part)]
    for where, text in named:
        total += len(text)
        if len(text) > LONGEST_TEXT:
            raise BadInput(
                _("{where}有 {n} 字，超过 {most} 字。请分成几段。"),
                where=where,
                n=len(text),
                most=LONGEST_TEXT,
            )
        try:
            parse(text)
        except ValueError as error:
            raise BadInput(_("{where}：{why}"), where=where, why=str(error)) from error
    total = max(
        total, _signs(plain(body)) - LONGEST
    )  # what is no text, like names of units, has as much room again
    if total > LONGEST:
        raise BadInput(_("正文有 {n} 字，超过 {most} 字。请拆成几份文稿。"), n=total, most=LONGEST)


def _signs(value: Any) -> int:
    """The characters of all texts in JSON."""
    if isinstance(value, dict):
        return sum(map(_signs, value.values()))
    if isinstance(value, list):
        return sum(map(_signs, value))
    return len(value) if isinstance(value, str) else 0


def _plain(value: Any, leave: tuple[str, ...] = ()) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for each in fields(value):
        if each.name in leave:
            continue
        now = getattr(value, each.name)
        if each.default is MISSING or now != each.default:
            said[each.name] = _listed(now)
    return said


def _listed(value: Any) -> Any:
    return [_listed(one) for one in value] if isinstance(value, tuple) else value


def _mapping(given: object, where: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise BadInput(_("{where}的内容无法识别。请刷新页面后重新填写。"), where=where)
    return given


def _list(given: object, where: str) -> list[Any]:
    if not isinstance(given, (list, tuple)):
        raise BadInput(_("{where}的内容无法识别。请刷新页面后重新填写。"), where=where)
    return list(given)


def _text(given: object, where: str) -> str:
    if not isinstance(given, str):
        raise BadInput(_("{where}的内容无法识别。请刷新页面后重新填写。"), where=where)
    return given.replace("\r\n", "\n")


def _known(given: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in known:
            raise BadInput(
                _("{where}里有“{key}”，无法识别。请刷新页面后重新填写。"), where=where, key=str(key)[:40]
            )
