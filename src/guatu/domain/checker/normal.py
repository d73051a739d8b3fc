"""Normalised text with an offset map back to the original code points."""

from __future__ import annotations

import re
from dataclasses import dataclass

# One character for one: full-width forms and look-alikes of the signs that numbers are written with.
_ONE_FOR_ONE = str.maketrans(
    {
        **{chr(0xFF10 + i): chr(0x30 + i) for i in range(10)},
        **{chr(0xFF21 + i): chr(0x41 + i) for i in range(26)},
        **{chr(0xFF41 + i): chr(0x61 + i) for i in range(26)},
        "．": ".",
        "％": "%",
        "﹪": "%",
        "＋": "+",
        "－": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "–": "—",
        "─": "—",
        "━": "—",
        "～": "~",
        "〜": "~",
        "∼": "~",
        "﹣": "-",
        "／": "/",
        "｜": "|",
        "│": "|",
        "┃": "|",
        "＝": "=",
        "（": "(",
        "）": ")",
        "〇": "〇",
        "○": "〇",
        "◯": "〇",
        "\u00a0": " ",
        "\u3000": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\u2009": " ",
        "\u202f": " ",
        "㎡": "㎡",
        "＂": '"',
        "「": "“",
        "」": "”",
        "『": "“",
        "』": "”",
    }
)
_DROPPED = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\r")
# Commas and thin spaces between groups of three digits, once full-width signs are narrowed.
_THOUSANDS = re.compile(r"(?<![\d.,])(?<!\d，)\d{1,3}(?:,\d{3})+(?![\d,])")
_THOUSANDS_BLANK = re.compile(
    r"(?<![\d.,，])(?<!^)[1-9]\d{0,2}(?: \d{3}){1,6}(?=[余多]?[\u4e00-\u9fff])(?!年)"
)
_THOUSANDS_WIDE = re.compile(r"(?<![\d.,，])[1-9]\d{0,2}(?:，\d{3}){1,6}(?= ?[\u4e00-\u9fff%])")
_CJK = r"\u3400-\u9fff"
_NUMBER_END = r"0-9%"
# Blanks that type-setters put between digits and Chinese; a tab is a table's border and stays.
_BLANK = re.compile(rf"(?<=[{_NUMBER_END}]) +(?=[{_CJK}%])|(?<=[{_CJK}]) +(?=\d)")


_OUTLINE = 32  # characters at the beginning of a line that an outline mark may have

# A row of a table that is drawn with bars: the bars become tabs, the outer ones and the blanks beside them go.
_BARRED = re.compile(r"^[^\n|]*(?:\|[^\n|]*){2,}$", re.M)
_OUTER_BAR = re.compile(r"^[ \t]*\|[ ]*|[ ]*\|[ \t]*$")
_BAR_BLANKS = re.compile(r"(?<=\|) +| +(?=\|)")


def _without_bars(plain: str, drop: set[int]) -> str:
    """Tabs for the bars of a table's rows; what surrounds them is put into `drop`."""
    chars = list(plain)
    for row in _BARRED.finditer(plain):
        outer: set[int] = set()
        for pattern in (_OUTER_BAR, _BAR_BLANKS):
            for found in pattern.finditer(row.group()):
                outer.update(range(row.start() + found.start(), row.start() + found.end()))
        drop.update(outer)
        for i in range(row.start(), row.end()):
            if chars[i] == "|" and i not in outer:
                chars[i] = "\t"
    return "".join(chars)


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` with the original offset of each of its characters in `starts`; `length` is the original's."""

    text: str
    starts: tuple[int, ...]
    length: int

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The original span of the normalised span; an empty span stays empty."""
        first = self.starts[start] if start < len(self.starts) else self.length
        if end <= start:
            return first, first
        return first, self.starts[end - 1] + 1


def normalise(text: str) -> Normalised:
    """Narrow full-width signs, drop invisible characters, thousands separators and blanks beside digits."""
    kept = [i for i, char in enumerate(text) if char not in _DROPPED]
    plain = "".join(text[i] for i in kept).translate(_ONE_FOR_ONE)
    drop: set[int] = set()
    plain = _without_bars(plain, drop)
    for found in _THOUSANDS.finditer(plain):
        drop.update(i for i in range(*found.span()) if plain[i] == ",")
    for found in _THOUSANDS_BLANK.finditer(plain):
        if plain[found.start() - 1 : found.start()] not in ("", "\n"):  # there it is an outline mark
            drop.update(i for i in range(*found.span()) if plain[i] == " ")
    for found in _THOUSANDS_WIDE.finditer(plain):
        # Among half-width digits 12，200名 is two clauses; among full-width ones it is one number.
        if text[kept[found.start()]] != plain[found.start()]:
            drop.update(i for i in range(*found.span()) if plain[i] == "，")
    for found in _BLANK.finditer(plain):
        line_start = plain.rfind("\n", max(0, found.start() - _OUTLINE), found.start()) + 1
        if not line_start and found.start() > _OUTLINE:
            drop.update(range(*found.span()))  # too far into its line for an outline mark
            continue
        # A blank after a line's leading number is an outline mark's (“1 总体情况”), not a type-setter's.
        if plain[line_start : found.start()].strip(" .0123456789") or not plain[found.start() - 1].isdigit():
            drop.update(range(*found.span()))
    if drop:
        kept = [original for i, original in enumerate(kept) if i not in drop]
        plain = "".join(char for i, char in enumerate(plain) if i not in drop)
    return Normalised(plain, tuple(kept), len(text))
