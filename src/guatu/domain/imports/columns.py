"""A column of an import as a class: how it is recognised, how a cell is understood, where its value goes.

Values are checked for all rows first; nothing is written before every row is understood. A cell says what is wrong with
it by raising `BadCell`; the sheet adds row, heading and value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from guatu.domain.fields.base import narrow
from guatu.domain.fields.days import BadCell as BadCell
from guatu.domain.fields.days import read_day
from guatu.domain.imports.grid import Cell
from guatu.domain.pack.base import Option
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

_MARKS = re.compile(r"[\s*＊:：]|[（(](?:必填|选填|可选|required|optional)[）)]")
_LISTED = re.compile(r"[;；、,，\n]+")
_CODE = re.compile(r"\w[\w.\-]*")


def heading(cell: Cell) -> str:
    """A heading as it is compared: without spaces, stars and （必填）, half-width, in small letters."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", str(cell))).lower()


def written(cell: Cell) -> str:
    """A cell as people read it: 101.0 is 101, a midnight is a day."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time(0):
        return cell.date().isoformat()
    return str(cell)


def trimmed(cell: Cell) -> str:
    """The text of a cell without spaces at its ends (full-width ones too), line ends and double spaces as one."""
    return " ".join(written(cell).split())


class Column:
    """One column. `identifier` is where its value goes, `title` what we call it, `also` what sheets call it.

    `hint` is the line of instruction in the template, `wide` its width there in characters; `in_template` is False for
    a column that is only recognised. Title and hint are Chinese originals; `label` and `instruction` are for reading.
    """

    identifier: ClassVar[str]
    title: ClassVar[str] = ""
    also: ClassVar[tuple[str, ...]] = ()
    hint: ClassVar[str] = ""
    wide: ClassVar[int] = 14
    in_template: ClassVar[bool] = True
    choices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the template calls it."""
        return _(self.title)

    @property
    def instruction(self) -> str:
        """What to put in."""
        return _(self.hint) if self.hint else ""

    def recognises(self, cell: Cell) -> bool:
        """Whether this heading is the column's."""
        found = heading(cell)
        return bool(found) and found in {heading(name) for name in (self.title, self.label, *self.also)}

    def clean(self, cell: Cell) -> Any:
        """The value of a cell that is not empty; BadCell with the rule otherwise."""
        return trimmed(cell)

    def assign(self, value: Any, draft: dict[str, Any]) -> None:
        """Put the value (None for an empty cell) into the row that is being built."""
        draft[self.identifier] = value


def text_of(cell: Cell, most: int) -> str:
    """A text of at most `most` characters."""
    text = trimmed(cell)
    if len(text) > most:
        raise BadCell(_("有 {count} 字，最多 {most} 字。请缩短。").format(count=len(text), most=most))
    if not text.isprintable():
        raise BadCell(_("含有看不见的字符。请删去后重新填写。"))
    return text


def code_of(cell: Cell) -> str:
    """A unit's code: 101.0 is 101, leading zeros of a text stay. A code that a spreadsheet took for a date is refused."""
    if isinstance(cell, (bool, date, time, timedelta)):
        raise BadCell(_("已被表格软件当成日期或逻辑值。请把该列设为文本格式后重新填写。"))
    if isinstance(cell, float) and not cell.is_integer():
        raise BadCell(_("带有小数。请把该列设为文本格式后重新填写。"))
    text = narrow(written(cell)).replace(" ", "")
    if len(text) > 40 or not _CODE.fullmatch(text):
        raise BadCell(_("代码只能由字母、数字、汉字、“-”“.”“_”组成，最多 40 个字符。请更改。"))
    return text


def names_of(cell: Cell, most: int = 120) -> tuple[str, ...]:
    """Several names, parted by 、；, or line ends; each once."""
    parts = _LISTED.split(written(cell))
    return tuple(dict.fromkeys(text_of(part, most) for part in parts if part.strip()))


def day_of(cell: Cell) -> date:
    """A day: a formatted date, a serial number, 2023-11-05, 2023.11.5, 2023年11月5日, 20231105. Words are refused."""
    found = read_day(cell)
    if found.kind == "month":
        raise BadCell(_("无法识别为日期。请填成 2026-12-31 这样的日期。"))
    return found.day


def whole_number(cell: Cell, most: int = 100_000_000) -> int:
    """A whole number from 0; 12.0, “1,200”, “12人” will do."""
    if isinstance(cell, (bool, date, time, timedelta)):
        raise BadCell(_("应为 0 或正整数。请更改。"))
    text = narrow(written(cell)).replace(",", "").replace(" ", "")
    text = text[:-1] if text[-1:] in {"人", "名", "家", "个"} else text
    if not re.fullmatch(r"\d+(?:\.0+)?", text):
        raise BadCell(_("应为 0 或正整数。请更改。"))
    number = int(text.partition(".")[0])
    if number > most:
        raise BadCell(_("大于 {most}。请核对。").format(most=most))
    return number


def option_of(cell: Cell, options: Sequence[Option]) -> str:
    """The key of an option, by its key or its label; what may be chosen is named otherwise."""
    text = narrow(trimmed(cell))
    for option in options:
        if text in (option.key, narrow(option.label)):
            return option.key
    allowed = listed(option.label for option in options)
    if not options:
        raise BadCell(_("专项模板没有规定这一项。请留空。"))
    raise BadCell(_("可填：{allowed}。请选定一项。").format(allowed=allowed))


def labels(options: Iterable[Option]) -> tuple[str, ...]:
    """The labels, for a drop-down."""
    return tuple(option.label for option in options)
