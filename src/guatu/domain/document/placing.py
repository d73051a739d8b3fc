"""Where things stand on the page, in characters of body text and millimetres (GB/T 9704—2012): pure arithmetic.

A page has 22 lines of 28 characters of 三号 (16 pt) on 156 × 225 mm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guatu.domain.document.model import Annex, BriefingFoot, BriefingHead, Imprint, Official

LINES, CHARACTERS = 22, 28
WIDTH, HEIGHT = 156.0, 225.0
"""The type area in millimetres."""
BODY, TITLE, SMALL = 16.0, 22.0, 14.0
"""三号, 二号 and 四号 in points."""
PITCH = 28.95
"""From line to line in points; 29 would lose the last of the 22."""
MARK_TOP, LETTER_MARK_TOP, ORDER_MARK_TOP, BRIEFING_MARK_TOP = 35.0, 30.0, 20.0, 10.0
"""The top of the issuer's mark: below the type area's top, for a letter below the edge of the page."""
RED_LINE_BELOW = 4.0
MARK_LARGEST, MARK_WIDTH = 50.0, 140.0
POINT = 25.4 / 72
EDITORS_NOTE = "编者按："
_TITLE_CHARACTERS = int(WIDTH / POINT / TITLE)
_GOOD_BREAK = re.compile(
    r"(?<=[的和及、与])|(?=关于|开展|推进|加强|实施|印发|进一步|工作|情况|报告|通知|方案|请示)"
)
_NO_BREAK = re.compile(r"[《“（〔‘][^》”）〕’]{0,60}[》”）〕’]|[\d.%—]+[年月日个家项次届]?")


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and how many characters it stands in from the left."""

    text: str
    indent: float


@dataclass(frozen=True, slots=True)
class FootLine:
    """A line of the imprint: its rows, the first as it stands and more below its `hang`th character, and what stands right."""

    rows: tuple[str, ...]
    hang: float = 0.0
    right: str = ""


def width(text: str) -> float:
    """The width in characters: Latin letters and digits are half as wide."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def annex_note(annexes: Sequence[Annex]) -> tuple[Placed, ...]:
    """附件：1.×× two characters in; further annexes below the first's number, one alone has none (7.3.4).

    `indent` is that of the line; a long name goes on below its own first character (`annex_hang`).
    """
    if len(annexes) == 1:
        return (Placed(f"附件：{annexes[0].title}", 2.0),)
    return tuple(
        Placed(f"附件：1.{annex.title}", 2.0) if place == 1 else Placed(f"{place}.{annex.title}", 5.0)
        for place, annex in enumerate(annexes, start=1)
    )


def annex_hang(count: int, place: int) -> float:
    """Where a name that needs a second line goes on, in characters from the left."""
    if count == 1:
        return 5.0
    return 5.0 + width(f"{place}.")


def annex_heads(annexes: Sequence[Annex]) -> tuple[str, ...]:
    """What stands at the top left of each annex: 附件, or 附件1, 附件2 (7.3.7)."""
    return tuple("附件" if len(annexes) == 1 else f"附件{place}" for place in range(1, len(annexes) + 1))


def foot_lines(document: Official) -> tuple[FootLine, ...]:
    """The imprint or the briefing's foot, broken into rows one character from either edge (7.4.2, 7.4.3).

    A letter has no printer and no rules (10.1).
    """
    foot = document.foot
    lines: list[FootLine] = []
    if isinstance(foot, Imprint):
        if foot.copies_to:
            lines.append(_copies("抄送：", foot.copies_to))
        if foot.printer and document.kind != "letter":
            lines.append(FootLine((foot.printer,), right=f"{foot.day}印发" if foot.day else ""))
    elif isinstance(foot, BriefingFoot):
        named = (("报：", foot.reported), ("送：", foot.sent), ("发：", foot.issued))
        lines += [_copies(label, names) for label, names in named if names]
        if foot.copies is not None:
            lines.append(FootLine(("",), right=f"共印{foot.copies}份"))
    return tuple(lines)


def _copies(label: str, names: Sequence[str]) -> FootLine:
    room = WIDTH / POINT / SMALL - 2 - width(label)
    rows = [""]
    for character in "，".join(names) + "。":
        if width(rows[-1] + character) > room and character not in "，。":
            rows.append("")
        rows[-1] += character
    return FootLine((label + rows[0], *rows[1:]), width(label))


def attendance_hang(label: str) -> float:
    """Where the names of a list of minutes begin and go on, in characters from the left (10.3)."""
    return 2.0 + width(label) + 1.0


def issue_number(head: BriefingHead) -> str:
    """第12期（总第45期）, or 第12期 alone; room for the number where it has none yet."""
    return f"第{head.issue or chr(0x3000)}期" + (f"（总第{head.total}期）" if head.total else "")


def mark_size(mark: str) -> float:
    """The size of the issuer's mark in points: as large as looks well, never wider than the type area."""
    return round(min(MARK_LARGEST, MARK_WIDTH / POINT / max(width(mark), 1.0)), 1)


def title_lines(title: str) -> tuple[str, ...]:
    """The title broken into as few lines as it needs, of like length, never within a name, a number or brackets (7.3.1)."""
    count = -(-int(width(title) * 2) // (2 * _TITLE_CHARACTERS)) or 1
    if count == 1:
        return (title,)
    kept = {i for found in _NO_BREAK.finditer(title) for i in range(found.start() + 1, found.end())}
    good = {found.start() for found in _GOOD_BREAK.finditer(title)} - kept
    lines: list[str] = []
    begin = 0
    for left in range(count, 1, -1):
        aim = begin + (len(title) - begin) / left
        places = [
            i
            for i in range(begin + 1, min(len(title), begin + 2 * _TITLE_CHARACTERS + 1))
            if i not in kept and width(title[begin:i]) <= _TITLE_CHARACTERS
        ]
        if not places:
            break
        end = min(places, key=lambda i: abs(i - aim) + (0 if i in good else 3))
        lines.append(title[begin:end])
        begin = end
    return (*lines, title[begin:])
