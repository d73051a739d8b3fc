"""Words and sentences: repeats, one noun with two measure words, ordinals of two kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.related import alike
from guatu.domain.style.finding import StyleFinding
from guatu.domain.style.text import Text
from guatu.domain.words import gettext as _

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_MIN_REPEAT, _MIN_CHINESE = 10, 8
_CHINESE = re.compile("[\u4e00-\u9fff]")
# Lines that many measures of a plan end with, word for word.
_FORMULA = re.compile(
    r"^[（(]?(?:牵头|责任|配合|承办|主办|参加|落实)?(?:单位|部门|领导|人|处室)[：:]|^[（(]?(?:完成)?(?:时限|时间)[：:]"
    r"|^[（(][^（）()]*[）)]$|^[ \t\u3000]*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、])[^。]*$"
)
# 农民工6128人 and 8900名农民工 are both as they should be.
_PEOPLE = frozenset(("人", "名", "位"))
_ORDINAL = re.compile(
    r"第(?:(?P<digits>\d{1,3})|(?P<chinese>[一二三四五六七八九十]{1,4}))(?P<head>批|季度|章|条|轮|阶段|名|组)"
)


def repeated_sentences(text: Text) -> Iterator[StyleFinding]:
    """Sentences of ten characters or more that stand twice word for word; the later one is marked."""
    seen: dict[str, int] = {}
    for found in _SENTENCE.finditer(text.source):
        words = re.sub(r"\s|[。！？!?]$", "", found.group())
        if (
            len(words) < _MIN_REPEAT
            or len(_CHINESE.findall(words)) < _MIN_CHINESE
            or text.line_at(found.start()).table
            or _FORMULA.match(found.group().strip())
        ):
            continue
        if words not in seen:
            seen[words] = found.start()
            continue
        start = found.start() + len(found.group()) - len(found.group().lstrip())
        short = words if len(words) <= 20 else words[:20] + "…"
        line = text.source.count("\n", 0, seen[words]) + 1
        message = _("“{sentence}”与第 {line} 段的句子完全相同。请删去一处，或改写其中一处。").format(
            sentence=short, line=line
        )
        yield StyleFinding("repeated_sentence", start, found.end(), message)


def mixed_measures(text: Text) -> Iterator[StyleFinding]:
    """One noun counted with two measure words (35个问题, 12项问题)."""
    first: dict[str, Reading] = {}
    for reading in text.readings:
        noun = reading.numeral.noun
        if (
            len(noun) < 2
            or reading.numeral.measure == ""
            or reading.numeral.kind not in ("exact", "rounded", "lower_bound")
        ):
            continue
        other = first.setdefault(noun, reading)
        measures = {other.numeral.measure, reading.numeral.measure}
        if len(measures) == 1 or not alike(other, reading) or measures <= _PEOPLE:
            continue
        if text.source[reading.numeral.end : reading.numeral.end + 1] == "的":
            continue  # 反映10件以上的小区: what stands behind is not what is counted
        message = _("“{noun}”的量词前后不一：前文“{first}”，此处“{second}”。请统一。").format(
            noun=noun, first=other.numeral.text, second=reading.numeral.text
        )
        yield StyleFinding("mixed_measures", reading.numeral.start, reading.numeral.end, message)


def mixed_ordinals(text: Text) -> Iterator[StyleFinding]:
    """第一批 and 第2批 in one paragraph: ordinals of one kind are written alike (GB/T 15835—2011 4.3)."""
    for line in text.lines:
        first: dict[str, re.Match[str]] = {}
        for found in _ORDINAL.finditer(text.plain, line.start, line.end):
            other = first.setdefault(found["head"], found)
            if bool(other["digits"]) == bool(found["digits"]):
                continue
            message = _("前面写“{first}”，这里写“{text}”，序数写法不一。请统一用汉字或统一用数字。").format(
                first=other.group(), text=found.group()
            )
            yield StyleFinding("mixed_ordinals", found.start(), found.end(), message)
