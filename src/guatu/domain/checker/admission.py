"""Which numerals before a measure word count something: 三类 does, 多次强调, 三期工程 and 一项重要任务 do not."""

from __future__ import annotations

import re

from guatu.domain.checker import words
from guatu.domain.checker.grammar import ONE, ONE_NOT
from guatu.domain.checker.nouns import clause_start

_CHANGED = re.compile(
    r"(?:增长|增加|提高|提升|上升|上涨|扩大|翻|多|增|下降|减少|降低|下跌|回落|压减|压缩|减)了?$"
)


def allowed_few(text: str, found: re.Match[str], measure: str) -> bool:
    few, start = found["few"], found.start("few")
    previous = text[start - 1] if start else ""
    following = text[found.end("measure") : found.end("measure") + 2] if measure else ""
    if few == "多":
        if measure not in words.MANY or (previous in words.MANY_NOT_AFTER and previous):
            return False
        if measure == "次" and re.search(words.SPEECH_VERBS, text[found.end() : found.end() + 8]):
            return False
        tail = words.MANY[measure]
        return not (tail and re.match(tail, following))
    if few == "若干":
        return measure in ("个", "名", "家", "项", "条", "次")
    if few == "数":
        return measure in ("次", "名", "家", "起", "场", "项", "个", "件") and (
            not previous or previous in "，。；、了过有展开先后曾\n "
        )
    return previous not in "这那近前上后哪第十百千第" and measure not in (
        "分",
        "点",
        "度",
        "成",
        "%",
        "面",
        "天",
        "头",
    )


_REACH = 600  # characters of a sentence that are looked back upon


def _in_step(text: str, start: int, measure: str) -> bool:
    """两名 …，一名 …: the sentence counts with the same measure word just before."""
    near = max(0, start - _REACH)
    sentence = text[max(near, *(text.rfind(mark, near, start) + 1 for mark in "。！？\n")) : start]
    if measure in ("个", "项", "次"):  # 一个 is often no count at all: only in a list that counts in digits
        return text[start - 1 : start] in ("，", "、", "和", "及") and bool(
            re.search(rf"\d{measure}", sentence)
        )
    return bool(re.search(rf"(?:\d|[两三四五六七八九十]){measure}", sentence))


def allowed_chinese(text: str, found: re.Match[str], measure: str) -> bool:
    number, start = found["cn"], found.start("cn")
    bare = all(c in "百千万亿" for c in number)
    if bare and not (found["more"] or found["pre"]):
        return False
    if number in ("零", "〇", "二"):
        return False
    if len(number) == 1 and measure in words.DIGITS_ONLY and not (bare and (found["more"] or found["pre"])):
        return measure == "点"
    if measure == "期" and len(number) == 1 and number != "一":
        return bool(re.search(r"(?:办|展|织|发|作|出|了|共|计)$", text[max(0, start - 2) : start]))
    if number == "一" and measure in ("成", "倍"):
        grown = _CHANGED.search(text, max(0, start - 4), start)
        return bool(
            found["after"] or found["pre"] or (grown and text[found.end() : found.end() + 1] not in "新员")
        )
    if number == "一":
        clause = text[clause_start(text, start) : start]
        counted = bool(re.fullmatch(words.ONE_MEASURES, measure)) and not found["more"]
        return (
            counted
            and not ONE_NOT.search(clause)
            and (bool(ONE.search(clause)) or _in_step(text, start, measure))
        )
    return not (number in ("两", "三") and measure == "种" and text[found.end() : found.end() + 2] == "人")
