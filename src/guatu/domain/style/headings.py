"""The order of an official text: 一、（一）1.（1）, each number once and in its place; and what a heading ends with."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from guatu.domain.report import chinese_number
from guatu.domain.style.finding import StyleFinding
from guatu.domain.style.references import annex_notes
from guatu.domain.style.text import Line, Text
from guatu.domain.words import gettext as _

_CN = r"[一二三四五六七八九十]{1,3}"
_MARKS = (
    (
        1,
        re.compile(
            rf"[ \t\u3000]*(?P<n>{_CN})(?P<tail>[、.．])(?=[^\s\d])(?![一二三四五六七八九十]{{1,3}}[、级等期类产季是次])"
        ),
    ),
    (2, re.compile(rf"[ \t\u3000]*(?P<open>[（(])(?P<n>{_CN})(?P<close>[）)])(?P<tail>[、.．，,：:]?)")),
    (3, re.compile(r"[ \t\u3000]*(?P<n>\d{1,2})(?P<tail>[.．、])(?!\d)")),
    (4, re.compile(r"[ \t\u3000]*(?P<open>[（(])(?P<n>\d{1,2})(?P<close>[）)])(?P<tail>[、.．，,：:]?)")),
)
_DIGITS = "零一二三四五六七八九"
_CONTENTS = re.compile(r"^[ \t\u3000]*目[ \u3000]*录[ \t\u3000]*$")
_CONTENTS_LINE = re.compile(r"(?:[.．…·]{2,}|\s{2,}|\t)\s*\d+\s*$")
_NEW_PART = re.compile(
    rf"^[ \t\u3000]*(?:附\s*[件录表]|附：|第(?:{_CN}|[一二三四五六七八九十百]{{2,5}}|\d{{1,3}})[章篇编部节条]|\d{{4}}年\d{{1,2}}月\d{{1,2}}日[ \t\u3000]*$)"
)
_STOPS = "。；，、;,"
_ORDINAL_PAUSE = re.compile(
    rf"(?:^|(?<=[。；\s]))(?P<word>第{_CN}|其[一二三四五六])、(?!第?[一二三四五六七八九十]|其)", re.M
)
_ENUMERATED = re.compile(
    rf"(?:^|(?<=[，。；：、（\s\u3000]))(?:(?P<is>{_CN})(?P<word>是|要(?![素点件求道务害领义旨员紧]))(?![否日年月])|第(?P<th>{_CN})，)",
    re.M,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """An outline mark at a line's start. `words`: what follows it on its line; `end`: where the mark ends."""

    level: int
    number: int
    start: int
    end: int
    text: str
    words: str
    line: Line


@dataclass(slots=True)
class _State:
    last: dict[int, int] = field(default_factory=lambda: dict.fromkeys((1, 2, 3, 4), 0))
    running: dict[int, int] = field(default_factory=lambda: dict.fromkeys((1, 2, 3, 4), 0))
    contents: bool = False
    announced: bool = False
    begun: bool = False


def number_of(words: str) -> int:
    """1 to 99 as they stand before headings; 0 for anything else."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.partition("十")
    if (ten and ("十" in ones or len(tens) > 1 or len(ones) > 1)) or (not ten and len(words) > 1):
        return 0
    return (
        (10 * (_DIGITS.find(tens) if tens else 1) + (_DIGITS.find(ones) if ones else 0))
        if ten
        else _DIGITS.find(words)
    )


def marks(text: Text) -> list[Mark]:
    """The outline marks at the starts of lines, tables, tables of contents and notes of annexes left out."""
    annexes = annex_notes(text)
    out: list[Mark] = []
    for line in text.lines:
        if line.table or any(a <= line.start < b for a, b in annexes):
            continue
        for level, pattern in _MARKS:
            found = pattern.match(line.text)
            number = number_of(found["n"]) if found else 0
            if found is None or number == 0:
                continue
            start = line.start + len(line.text) - len(line.text.lstrip(" \t\u3000"))
            words = line.text[found.end() :].strip()
            out.append(
                Mark(level, number, start, line.start + found.end(), found.group().strip(), words, line)
            )
            break
    return out


def written(level: int, number: int) -> str:
    """The mark as GB/T 9704—2012 7.3.3 has it."""
    chinese = chinese_number(number)
    return {1: f"{chinese}、", 2: f"（{chinese}）", 3: f"{number}.", 4: f"（{number}）"}[level]


def heading_forms(text: Text) -> Iterator[StyleFinding]:
    """一. (一) （一）、 1、 第一、: 一、（一）1.（1）第一， (GB/T 9704—2012 7.3.3, GB/T 15834—2011 B.3)."""
    for mark in marks(text):
        right = written(mark.level, mark.number)
        shown = mark.text.replace("．", ".")
        if shown == right:
            continue
        message = _("层次序号“{text}”的写法不对。请写成“{right}”。").format(text=mark.text, right=right)
        yield StyleFinding("heading_form", mark.start, mark.start + len(mark.text), message, right)
    for found in _ORDINAL_PAUSE.finditer(text.plain):
        right = f"{found['word']}，"
        message = _("“{text}”后面应当用逗号。请写成“{right}”。").format(text=found.group(), right=right)
        yield StyleFinding("heading_form", found.start(), found.end(), message, right)


def heading_order(text: Text) -> Iterator[StyleFinding]:
    """Numbers that are left out, stand twice, go back or begin anew; levels upside down (GB/T 9704—2012 7.3.3)."""
    found = marks(text)
    by_line = {mark.line.start: mark for mark in found}
    state = _State()
    has_second = any(mark.level == 2 for mark in found)
    for line in text.lines:
        mark = by_line.get(line.start)
        if mark is None or _CONTENTS_LINE.search(line.text):
            if _CONTENTS.match(line.text):
                state.contents = True
            elif _NEW_PART.match(line.text):
                state = _State()
            state.announced = line.text.rstrip().endswith(("：", ":"))
            continue
        message = _told(state, mark, has_second)
        if message:
            rule = "heading_level" if message[0] else "heading_order"
            yield StyleFinding(rule, mark.start, mark.start + len(mark.text), message[1])
        state.begun = True
        state.announced = mark.words.endswith(("：", ":"))
        state.last[mark.level] = state.running[mark.level] = mark.number
        for deeper in range(mark.level + 1, 5):
            state.last[deeper] = 0


def _told(state: _State, mark: Mark, has_second: bool) -> tuple[bool, str] | None:
    """What is wrong with `mark` here: (whether its level is, sentence), or None."""
    level, number, last = mark.level, mark.number, state.last[mark.level]
    here = written(level, number)
    if number == 1 and last == 0:
        return _level(state, mark, has_second)
    if number == last + 1 or (last == 0 and (number == state.running[level] + 1 or not state.begun)):
        return None
    if number == 1:
        if level > 2 or (level == 2 and state.announced):
            return None
        if state.contents and level == 1:
            state.contents = False
            return None
        message = _("前文已编到“{before}”，这里又从“{here}”编起。请接着编号，或改用下一层序号。")
        return False, message.format(before=written(level, last), here=here)
    if number == last:
        message = _("序号“{here}”重复。请顺次改为“{right}”，后面的一并改。")
        return False, message.format(here=here, right=written(level, last + 1))
    if number > last + 1:
        wanted = (state.running[level] if last == 0 and state.running[level] < number else last) + 1
        message = _("“{here}”之前缺“{wanted}”。请补上，或改正序号。")
        return False, message.format(here=here, wanted=written(level, wanted if last else 1))
    message = _("“{here}”排在“{before}”之后，次序颠倒。请改正序号。")
    return False, message.format(here=here, before=written(level, last))


def _level(state: _State, mark: Mark, has_second: bool) -> tuple[bool, str] | None:
    upside_down = (
        (mark.level == 2 and state.last[3] > 0)
        or (mark.level == 1 and state.last[2] > 0)
        or (mark.level == 3 and state.last[4] > 0)
    )
    if upside_down:
        message = _("“{here}”排在“{below}”的下面，层次颠倒。请依次用“一、”“（一）”“1.”“（1）”。")
        below = max(level for level in range(mark.level + 1, 5) if state.last[level])
        return True, message.format(here=written(mark.level, 1), below=written(below, state.last[below]))
    heading = len(mark.words) <= 30 and not re.search(r"[。；，：]", mark.words)
    if mark.level == 3 and has_second and heading and state.last[1] and not state.last[2]:
        message = _("“一、”下面直接用了“1.”，跳过了“（一）”，与其他部分不一致。请改用“（一）”。")
        return True, message
    return None


def heading_ends(text: Text) -> Iterator[StyleFinding]:
    """A heading on a line of its own ends without a mark (GB/T 15834—2011 B.4).

    A heading is a short numbered line of one clause with text below it; the items of a decision that end in 。 are none.
    """
    found = marks(text)
    by_line = {mark.line.start: mark for mark in found}
    previous: Mark | None = None
    for line, following in zip(text.lines, text.lines[1:], strict=False):
        before, previous = previous, by_line.get(line.start)
        mark = previous
        if mark is None or mark.level > 2 or following.table:
            continue
        if before is not None and before.level == mark.level:
            continue  # points of a list, not headings
        below = by_line.get(following.start)
        if below is not None and below.level <= mark.level:
            continue
        words = mark.words
        if not 2 <= len(words) <= 30 or words[-1] not in _STOPS or re.search(r"[。；，]", words[:-1]):
            continue
        if _NEW_PART.match(following.text):
            continue
        end = line.start + len(line.text.rstrip())
        message = _("标题“{text}”末尾用了标点。标题独占一行时末尾不用标点，请删去“{mark}”。").format(
            text=words, mark=words[-1]
        )
        yield StyleFinding("heading_end", end - 1, end, message, "")


def enumerations(text: Text) -> Iterator[StyleFinding]:
    """一是…二是…四是: a number is missing or stands twice. A list within a list begins anew and is taken up again."""
    headings = [mark.start for mark in marks(text) if mark.level < 3]
    for family in ("是", "要", "第"):
        open_: list[int] = []
        section = 0
        for found in _ENUMERATED.finditer(text.plain):
            if (found["word"] or "第") != family:
                continue
            words = found["is"] or found["th"]
            number = number_of(words)
            if number == 0:
                continue
            here = bisect_right(headings, found.start())
            if here != section:
                section, open_ = here, []
            if number == 1:
                open_.append(1)
                continue
            at = next((i for i in reversed(range(len(open_))) if open_[i] == number - 1), None)
            if at is not None:
                del open_[at + 1 :]
                open_[at] = number
                continue
            if open_:  # a text may begin in the middle of a list
                message = _("“{text}”接在“{before}”之后，序号不连续。请核对是否漏了一条或编重了。").format(
                    text=_said(family, number), before=_said(family, open_[-1])
                )
                yield StyleFinding("enumeration_order", found.start(), found.end(), message)
                open_[-1] = number


def _said(family: str, number: int) -> str:
    chinese = written(1, number)[:-1]
    return f"第{chinese}" if family == "第" else f"{chinese}{family}"


__all__: Sequence[str] = (
    "enumerations",
    "heading_ends",
    "heading_forms",
    "heading_order",
    "marks",
)
