"""What a row of a sheet is when it holds no record: title, note, sum, separator, headings repeated on the next page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from guatu.domain.fields.base import narrow
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop

LineKind = Literal[
    "title", "said", "note", "total", "subtotal", "separator", "again", "numbering", "unfilled", "hidden"
]
KINDS: Mapping[str, str] = {
    "title": gettext_noop("标题"),
    "said": gettext_noop("表头上方的说明"),
    "note": gettext_noop("注释或落款"),
    "total": gettext_noop("合计"),
    "subtotal": gettext_noop("小计"),
    "separator": gettext_noop("分组标题"),
    "again": gettext_noop("重复的表头"),
    "numbering": gettext_noop("栏次"),
    "unfilled": gettext_noop("只有序号"),
    "hidden": gettext_noop("隐藏行"),
}

_TOTAL = re.compile(r"(?:合计|总计|共计|总合计|全部合计|累计|总数)(?:[(（].*[)）])?[：:]?")
_SUBTOTAL = re.compile(r".{0,20}(?:小计|本页合计|分计)(?:[(（].*[)）])?[：:]?|.{1,20}(?:合计|总计)[：:]?")
_NOTE = re.compile(
    r"(?:注|备注|说明|填报说明|填表说明|附注|注释)\s*[\d一二三四五]*\s*[：:.、]|※|\*\s?\S|"
    r"(?:填表人|制表人|制表|审核人|审核|填报人|填报日期|填表日期|报送日期|单位负责人|负责人|联系人|联系电话|复核|签字|签章|盖章)"
    r"(?:[(（].{0,8}[)）])?\s*[：:]"
)
_SAID = re.compile(r"[^：:]{1,12}\s*[：:].*|.*年.*月.*日?|截至.*|[(（]?单位\s*[：:].*[)）]?")
_SEPARATOR = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,3}[)）]|第.{1,3}[部分类组批片]"
)
_MEASURE = re.compile(
    r"[(（【]?\s*(?:金额|计量|货币)?单位\s*[：:]\s*(?:人民币)?\s*((?:百|千)?万?[元]|亿元|人|%|吨|个|户|次)\s*[)）】]?"
)
_FILLED_BY = re.compile(
    r"(?:填报|报送|填表|编报|上报)(?:单位|公司|部门)(?:[(（].{0,8}[)）])?\s*[：:]\s*(\S.*)"
)
_COLUMNS = re.compile(r"[甲乙丙丁戊己庚辛]|[(（]?\d{1,2}[)）]?|[(（]?\d{1,2}\s*[=＝].*")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that holds no record: the sheet's own row number, what it is, and what it says."""

    row: int
    kind: LineKind
    text: str

    @property
    def named(self) -> str:
        """What the row is, in words."""
        return _(KINDS[self.kind])


def bare(text: str) -> str:
    """Without any space and with half-width signs: 合  计 is 合计."""
    return "".join(narrow(text).split())


def is_note(text: str) -> bool:
    """注：…, 填表人：… and their like."""
    return _NOTE.match(narrow(text)) is not None


def is_separator(text: str) -> bool:
    """一、…, （二）…, 第三批 … as people part the rows of a sheet."""
    return _SEPARATOR.match(narrow(text)) is not None


def sum_kind(texts: Sequence[str]) -> LineKind | None:
    """Whether one of the first texts of a row says that it is a sum."""
    for text in texts:
        said = bare(text)
        if _TOTAL.fullmatch(said):
            return "total"
        if _SUBTOTAL.fullmatch(said):
            return "subtotal"
    return None


def is_said(texts: Sequence[str]) -> bool:
    """Whether a row above the headings only tells about the sheet: 填报单位：… 填报日期：… 单位：万元."""
    return all(_SAID.fullmatch(narrow(text)) for text in texts)


def is_numbering(texts: Sequence[str]) -> bool:
    """Whether a row numbers the columns: 甲 乙 1 2 3, or (1) (2) (3)."""
    said = [bare(text) for text in texts]
    numbers = [int(digits.group(0)) for text in said if (digits := re.search(r"\d+", text))]
    return (
        len(said) > 1
        and all(_COLUMNS.fullmatch(text) for text in said)
        and numbers
        == list(range(numbers[0] if numbers else 1, (numbers[0] if numbers else 1) + len(numbers)))
        and (not numbers or numbers[0] == 1)
    )


def measure_said(text: str) -> str:
    """The unit of measure that holds for the whole sheet: 单位：万元 says 万元; '' if none is said."""
    found = _MEASURE.search(narrow(text))
    return found.group(1) if found else ""


def filler_said(text: str) -> str:
    """The unit that the whole sheet is of: 填报单位：甲公司 says 甲公司; '' if none is said."""
    found = _FILLED_BY.match(narrow(text))
    return re.split(r"\s{2,}|[（(]", found.group(1))[0].strip() if found else ""
