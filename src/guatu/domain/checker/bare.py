"""Numbers without a measure word that count all the same: 1200余学员, 14省, 3.45亿, an index."""

from __future__ import annotations

import re

from guatu.domain.checker.grammar import CN, NOUNS, PLACE, PLACE_VERBS, TOTAL_CUE, core_end

_INDEX = re.compile(r"(?:指数|系数|比值|密度|当量|死亡率|周转率)$")


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
    if following == "" or following in "，。；、）),;\n\t":
        if found["mu"] or found["mu3"]:
            return "", end
        before = text[max(0, found.start() - 3) : found.start()]
        if TOTAL_CUE.search(before) and following != "\t":
            return "", end
        if "." in found["ar"] and _INDEX.search(before) and following != "\t":
            return "", end
    return None


def _place_boundary(text: str, end: int) -> bool:
    """After a one-character place: a stop or the start of a predicate, so that 3市场 is no 3市."""
    return text[end : end + 1] not in "场民长区委直政府域内容级面情界际家庭企业馆校务会员产营医院落队"
