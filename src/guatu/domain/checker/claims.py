"""Claims: sentences without a number that our records make true or false (全覆盖, 同比增长, 均按计划)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guatu.domain.checker.normal import Normalised
from guatu.domain.checker.readings import CheckedClaim, ClaimVerdict
from guatu.domain.statements import Statement

GAP = 8
_NOT_IN_GAP = "，。；：！？\n\t,;"
_NEGATED = re.compile(r"(?:未能|没有|尚未|未|并非|不)(?:完全|全部|全面|都)?$")
_NEGATED_INSIDE = re.compile(r"未|没|不再|并非|尚待")
_AIM = re.compile(
    r"(?:力争|争取|努力|确保|推动|要|目标是|计划|拟|将|促进|推进|做到未来)(?:[^，。；！？\n]{0,4})$"
)
_AIMED = re.compile(r"力争|争取|努力|确保|计划(?!推进)|拟|将|目标|要求")
_LISTED = re.compile(r"[和及与、]")  # the gap holds another claim's subject
_OPPOSITES = {
    "增长": "下降|减少|下滑|回落|降低|负增长",
    "向好": "下行|下滑|转差",
    "上升": "下降",
    "提高": "下降|降低",
}
# Claims that nobody has told us about: found, and said to be unbacked.
_GENERIC = re.compile(
    r"[\u4e00-\u9fff]{2,16}?(?:全覆盖|全链条|全贯通)(?=[，。；、！\n]|$)"
    r"|[\u4e00-\u9fff、]{2,24}?(?:同比|环比)(?:均)?(?:实现)?(?:增长|下降|提高|减少|上升)(?=[，。；、！\n]|$)"
    r"|[\u4e00-\u9fff]{2,16}?稳中(?:向好|有进|有升)(?=[，。；、！\n]|$)"
    r"|均(?:已|正)?(?:按计划|按期|按时|如期)[\u4e00-\u9fff]{0,6}(?=[，。；、！\n]|$)"
)
_LEAD = re.compile(r"^.*(?:做到|实现|确保|达到|保持)了?(?=[\u4e00-\u9fff]{2,}$)")
_JOINED = re.compile(r"^([\u4e00-\u9fff]{2,8})[和及、与](?=[\u4e00-\u9fff]{2,}(?:同比|环比))")


def _patterns(phrase: str) -> list[re.Pattern[str]]:
    """The phrase as it is, then with up to GAP characters at one place (营业收入［和利润总额］同比增长)."""
    out = [re.compile(f"(?P<head>{re.escape(phrase)})")]
    for cut in range(1, len(phrase)):
        head, tail = phrase[:cut], phrase[cut:]
        if len(tail) < 2 or (len(head) < 2 and head not in "均都皆"):
            continue
        out.append(
            re.compile(
                f"(?P<head>{re.escape(head)})(?P<gap>[^{_NOT_IN_GAP}]{{1,{GAP}}}?)(?P<tail>{re.escape(tail)})"
            )
        )
    return out


def _opposites(phrase: str) -> list[str]:
    return [
        phrase.replace(word, other)
        for word, others in _OPPOSITES.items()
        if phrase.endswith(word)
        for other in others.split("|")
    ]


def _verdict(statement: Statement, turned: bool) -> ClaimVerdict:
    value = statement.value
    if not isinstance(value, bool):
        return "unbacked"
    return "claim true" if value is not turned else "claim false"


def _matches(text: str, phrase: str) -> list[tuple[int, int, bool]]:
    """Spans of the phrase and whether it is denied. Aims (力争 …) are no claims."""
    out: list[tuple[int, int, bool]] = []
    for pattern in _patterns(phrase):
        for found in pattern.finditer(text):
            start = found.start()
            gap = found.groupdict().get("gap") or ""
            before = text[max(0, start - 8) : start]
            if _AIM.search(before) and not re.search(r"实现|做到$", before):
                continue
            if re.match(r"的(?:氛围|格局|目标|要求|体系)", text[found.end() : found.end() + 4]):
                continue
            denied = bool(_NEGATED.search(before) or _NEGATED_INSIDE.search(gap))
            end = found.end("head") if _LISTED.search(gap) else found.end()
            if not any(a < end and start < b for a, b, _ in out):
                out.append((start, end, denied))
    return out


def _claim_like(text: str) -> list[tuple[int, int]]:
    """Spans that read like claims, without their verb; 营业收入和利润总额同比增长 makes two."""
    out: list[tuple[int, int]] = []
    for found in _GENERIC.finditer(text):
        phrase, start = found.group(), found.start()
        if _AIMED.search(phrase) or _AIMED.search(text, max(0, start - 4), start):
            continue
        if lead := _LEAD.match(phrase):
            start, phrase = start + lead.end(), phrase[lead.end() :]
        while joined := _JOINED.match(phrase):
            out.append((start, start + joined.end(1)))
            start, phrase = start + joined.end(), phrase[joined.end() :]
        out.append((start, found.end()))
    return out


def find_claims(source: str, norm: Normalised, statements: Sequence[Statement]) -> list[CheckedClaim]:
    """Every claim of ours that the text makes, then those that look like claims and are unbacked."""
    rows: list[tuple[int, int, Statement | None, bool]] = []
    for statement in statements:
        if statement.kind != "claim":
            continue
        mine: list[tuple[int, int, bool]] = []
        for phrase in sorted(statement.say.phrases, key=len, reverse=True):
            options = [(p, False) for p in (phrase,)] + [(p, True) for p in _opposites(phrase)]
            for option, opposite in options:
                for start, end, denied in _matches(norm.text, option):
                    if not any(a < end and start < b for a, b, _ in mine):
                        mine.append((start, end, denied != opposite))
        rows.extend((a, b, statement, turned) for a, b, turned in mine)
    for start, end in _claim_like(norm.text):
        if not any(a < end and start < b for a, b, *_ in rows):
            rows.append((start, end, None, False))
    rows.sort(key=lambda row: (row[0], row[1]))
    out: list[CheckedClaim] = []
    for index, (start, end, claimed, turned) in enumerate(rows):
        if index + 1 < len(rows) and start < rows[index + 1][0] < end:
            end = rows[index + 1][0]
        a, b = norm.original(start, end)
        verdict: ClaimVerdict = "unbacked" if claimed is None else _verdict(claimed, turned)
        key = claimed.key if claimed else None
        out.append(CheckedClaim(a, b, source[a:b], verdict, key, claimed.text if claimed else None))
    return out
