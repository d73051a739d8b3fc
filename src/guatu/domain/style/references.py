"""Document numbers and annexes (GB/T 9704—2012 7.2.5, 7.3.4, 7.3.7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guatu.domain.style.finding import StyleFinding
from guatu.domain.style.text import Text
from guatu.domain.words import gettext as _

_NUMBER = re.compile(
    r"(?<=[\u4e00-\u9fff])(?P<open>[〔\[【(（{［])(?P<year>(?:19|20)?\d\d)(?P<close>[〕\]】)）}］])\s?(?P<th>第)?\s?(?P<n>\d{1,5})号"
)
_NOTE = re.compile(r"^[ \t\u3000]*附\s*件\s*(?P<mark>[：:])(?P<rest>.*)$")
_ITEM = re.compile(
    r"^[ \t\u3000]*(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2})(?P<mark>[.．、，])\s*(?P<name>.*)$"
)
_REFERENCE = re.compile(
    r"(?<![\u4e00-\u9fff]附)附件(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2})(?![\d.])(?!份|批|种|类|次|项|个|一)"
)
_SECOND = re.compile(r"\s2[.．、]")  # further annexes on the same line
_DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Annex:
    """One annex of the note: its number as written ("" for none), its name, and the places of both."""

    number: str
    name: str
    start: int
    name_start: int


def document_numbers(text: Text) -> Iterator[StyleFinding]:
    """国发[2023]第05号: 〔〕, the whole year, no 第 and no leading zero (GB/T 9704—2012 7.2.5)."""
    for found in _NUMBER.finditer(text.source):
        year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
        right = f"〔{year}〕{int(found['n'])}号"
        if found.group() == right:
            continue
        message = _(
            "发文字号“{text}”的写法不对：年份用六角括号写全四位，序号不加“第”、不补0。请写成“{right}”。"
        ).format(text=found.group(), right=right)
        yield StyleFinding("document_number", found.start(), found.end(), message, right)


def annex_notes(text: Text) -> list[tuple[int, int]]:
    """The places of the notes of annexes (附件：1.… and the numbered lines below)."""
    spans: list[tuple[int, int]] = []
    lines = text.lines
    for index, line in enumerate(lines):
        if _NOTE.match(line.text) is None:
            continue
        end = line.end
        for following in lines[index + 1 :]:
            if _ITEM.match(following.text) is None or following.table:
                break
            end = following.end
        spans.append((line.start, end))
    return spans


def _annexes(text: Text, start: int, end: int) -> list[Annex]:
    out: list[Annex] = []
    for line in text.lines:
        if not start <= line.start < end:
            continue
        note = _NOTE.match(line.text)
        begin = note.start("rest") if note else 0
        words = line.text[begin:]
        item = _ITEM.match(words)
        name = item["name"] if item else words.strip()
        at = line.start + begin + (item.start("name") if item else len(words) - len(words.lstrip()))
        first = line.start + begin + (item.start("n") if item else 0)
        if name:
            out.append(Annex(item["n"] if item else "", name.rstrip(), first, at))
    return out


def annexes(text: Text) -> Iterator[StyleFinding]:
    """附件：1.××。: numbers in digits and in turn, none for a single annex, no mark behind a name.

    GB/T 9704—2012 7.3.4; a reference names an annex that the note has.
    """
    notes = annex_notes(text)
    listed: list[Annex] = []
    for start, end in notes:
        here = _annexes(text, start, end)
        listed += here
        yield from _numbers(here)
        for annex in here:
            if annex.name[-1] in "。；，、;,.":
                place = annex.name_start + len(annex.name)
                message = _("附件名称“{text}”后面不加标点。请删去“{mark}”。").format(
                    text=annex.name[:-1], mark=annex.name[-1]
                )
                yield StyleFinding("annex", place - 1, place, message, "")
    if len(notes) == 1:
        yield from _references(text, notes[0], len(listed))


def _numbers(here: list[Annex]) -> Iterator[StyleFinding]:
    if len(here) == 1 and here[0].number and not _SECOND.search(here[0].name):
        message = _("只有一个附件，不编序号。请删去“{number}.”。").format(number=here[0].number)
        yield StyleFinding("annex", here[0].start, here[0].name_start, message, "")
        return
    for place, annex in enumerate(here, start=1):
        if len(here) > 1 and annex.number != str(place):
            message = _(
                "第 {n} 个附件的序号写的是“{number}”。附件用阿拉伯数字顺次编号，请写成“{n}.”。"
            ).format(n=place, number=annex.number)
            yield StyleFinding("annex", annex.start, annex.name_start, message, f"{place}.")


def _references(text: Text, note: tuple[int, int], count: int) -> Iterator[StyleFinding]:
    for found in _REFERENCE.finditer(text.plain):
        if note[0] <= found.start() < note[1]:
            continue
        number = int(found["n"]) if found["n"].isdigit() else _chinese(found["n"])
        if not found["n"].isdigit():
            message = _("“{text}”的序号应当用阿拉伯数字。请写成“附件{n}”。").format(
                text=found.group(), n=number
            )
            yield StyleFinding("annex", found.start(), found.end(), message, f"附件{number}")
        elif number > max(count, 1):
            message = _("文中提到“{text}”，附件说明里只有 {count} 个附件。请补列附件，或改正序号。").format(
                text=found.group(), count=count
            )
            yield StyleFinding("annex", found.start(), found.end(), message)


def _chinese(words: str) -> int:
    if len(words) == 1:
        return _DIGITS.find(words)
    return 10 + _DIGITS.find(words[1]) if words[0] == "十" else 10 * _DIGITS.find(words[0])
