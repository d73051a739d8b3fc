"""Numbers without a measure word that count all the same: 1200余学员, 14省, 3.45亿, a table's cell."""

from __future__ import annotations

import re

from guatu.domain.checker.grammar import CN, NOUNS, PLACE, PLACE_VERBS, TOTAL_CUE, core_end


def _chained_place(text: str, start: int, place_end: int) -> bool:
    """Whether num + place stands in a row of such (两县两村两校) or after a verb that counts places."""
    after = re.match(rf"(?:\d+|{CN}+)(?:{PLACE.pattern})", text[place_end : place_end + 6])
    before = re.search(rf"(?:\d|{CN})(?:{PLACE.pattern})$", text[max(0, start - 4) : start])
    return bool(after or before or PLACE_VERBS.search(text[max(0, start - 6) : start]))


def measureless(text: str, found: re.Match[str]) -> tuple[str, int] | None:
    """Measure and end of a number without measure word: a counted noun, a place, 3.45亿, a total before a stop."""
    end = found.end("mu3") if found["mu3"] else found.end("more") if found["more"] else core_end(found)
    if (place := PLACE.match(text, end)) is not None:
        if found["ar"] and not (
            len(place.group()) == 1
            and re.match(r"[\u4e00-\u9fff]", text[place.end() : place.end() + 1])
            and not _chained_place(text, found.start(), place.end())
            and not _place_boundary(text, place.end())
        ):
            return place.group(), place.end()
        if found["cn"] and _chained_place(text, found.start(), place.end()):
            return place.group(), place.end()
    if not found["ar"]:
        return None
    if NOUNS.match(text, end):
        return "", end
    large = found["mu"] in ("万", "亿", "万亿", "千万", "百万") or found["mu3"]
    if (large or (found["more"] and len(found["ar"]) >= 2)) and re.match(
        r"[\u4e00-\u9fff]", text[end : end + 1]
    ):
        return "", end
    following = text[end : end + 1]
    if following == "" or following in "，。；、）)\n\t":
        if found["mu"] or found["mu3"]:
            return "", end
        before = text[max(0, found.start() - 3) : found.start()]
        if TOTAL_CUE.search(before) and following != "\t":
            return "", end
        if _is_table_cell(text, found.start(), end):
            return "", end
    return None


def _place_boundary(text: str, end: int) -> bool:
    """After a one-character place: a stop or the start of a predicate, so that 3市场 is no 3市."""
    return text[end : end + 1] not in "场民长区委直政府域内容级面情界际家庭企业馆校务会员产营医院落队"


def _is_table_cell(text: str, start: int, end: int) -> bool:
    """A cell that holds the number alone, in a row of a table, outside its first column and outside 序号."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : len(text) if line_end < 0 else line_end]
    if "\t" not in line or text[start - 1 : start] != "\t" or text[end : end + 1] not in ("\t", "\n", ""):
        return False
    column = text[line_start:start].count("\t")
    head = header_cell(text, line_start, column)
    return not re.search(r"序号|编号|年份|年度|时间|日期|月份|电话|备注|代码|排名|名次", head)


def header_cell(text: str, line_start: int, column: int) -> str:
    """The cell of this column in the first row of the table that the line belongs to."""
    head, position = "", line_start
    while position > 0:
        previous = text.rfind("\n", 0, position - 1) + 1
        line = text[previous : position - 1]
        if "\t" not in line:
            break
        cells = line.split("\t")
        head = cells[column] if column < len(cells) else head
        position = previous
    return head
