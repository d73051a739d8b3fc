"""Comparisons whose terms stand apart: lists that answer each other (分别下降 p、q，上年分别为 a、b), a sentence that
compares and the next that gives what it was compared with, multiples (是上月的1.6倍，上月为704件), distances to a mark
(超警戒水位, 距离目标还有), one growth beside another (快于收入5.3个百分点), and what a table above tells.

Only a difference that one wrong digit explains is taken for an error: such terms are found by their words alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guatu.domain.checker import related
from guatu.domain.checker.changes import CHANGED, Step, gives, stands_alone, step_finding, step_slipped
from guatu.domain.checker.later import clause_of, near_start, told_later
from guatu.domain.checker.multiples import multiple_findings
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.related import (
    Span,
    alike,
    countable,
    meets,
    minus,
    over,
    phrase,
    plain,
    span_of,
)
from guatu.domain.checker.surroundings import sentence_start
from guatu.domain.checker.table_sums import Grid, grids
from guatu.domain.words import gettext as _

_RESPECTIVELY = re.compile(r"分别(?P<word>增长|增加|上升|提高|下降|减少|降低)$")
_YEAR = r"上年|去年|上一年"
_MONTH = r"上月|上季|上期"
_COMPARED = re.compile(rf"(?:与|同|较|比)(?P<when>{_YEAR}|{_MONTH})[^，。；\d]{{0,4}}(?:相比|比较)")
_BASE_OF_YEAR = re.compile(rf"(?:{_YEAR}|同期)")
_BASE_OF_MONTH = re.compile(rf"(?:{_MONTH}|(?:今年)?\d{{1,2}}月)")
_AHEAD_OF = re.compile(
    r"(?:快于|高于|低于|慢于|比)(?!上年|去年|上月|同期|年初|全[省市国区县]|平均|计划)(?P<what>[\u4e00-\u9fff]{2,8}?)(?:增速)?(?:[高低快慢]出?)?$"
)
_ABOVE = re.compile(r"超(?!过|额|出|[额期时])(?P<what>[\u4e00-\u9fff]{3,6})$")
_TO_GO = re.compile(r"(?:还有|还差|尚差|相差|差)$")
_FROM_MARK = re.compile(r"(?:距离|离|距)(?P<what>[^，。；\d]{0,6})$")
_JOINED = re.compile(
    r"(?:同比|比(?:上年|去年)[^，。；\d]{0,4})(?P<word>增加|减少|下降|上升|多|少)了?\d[^，。；]{0,10}[、和]$"
)
_TABLE = re.compile(r"上表|表中|表内|从表")
_SHARE_OF_ROW = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,8})占(?:比)?(?:为|达)?$")
_NEXT = 6


def compared_findings(text: str, readings: Sequence[Reading]) -> list[Finding]:
    """Everything of this module, in no order."""
    tables = list(grids(text, readings))
    out: list[Finding] = []
    for index, reading in enumerate(readings):
        if reading.modifier or reading.numeral.low is None or reading.numeral.high is None:
            continue
        said = re.split("[，。；：（(]", related.before(text, readings, index))[-1]
        if (found := _RESPECTIVELY.search(said)) is not None:
            out += _in_turn(text, readings, index, found["word"])
        out += _compared_before(text, readings, index)
        out += _joined_change(text, readings, index)
        out += _ahead(text, readings, index, said)
        out += _marked(text, readings, index, said)
        out += multiple_findings(text, readings, index)
        if tables:
            out += _from_table(text, readings, index, said, tables)
    return out


def _chain(text: str, readings: Sequence[Reading], first: int) -> list[Reading]:
    """A quantity and those joined to it by 、 和 及: 36起、25人."""
    run = [readings[first]]
    for reading in readings[first + 1 : first + _NEXT]:
        if not re.fullmatch(r"[^，。；\d]{0,4}[、和及，][^，。；\d]{0,8}", text[run[-1].end : reading.start]):
            break
        run.append(reading)
    return run


def _in_turn(text: str, readings: Sequence[Reading], index: int, word: str) -> list[Finding]:
    """a 起、b 人，同比分别下降 p % 和 q %，上年同期分别为 c 起、d 人."""
    changes = [
        r for r in _chain(text, readings, index) if r.numeral.measure == readings[index].numeral.measure
    ]
    size = len(changes)
    begin = sentence_start(text, readings[index].start)
    news = [
        readings[i]
        for i in range(max(0, index - 12), index)
        if readings[i].start >= begin and countable(readings[i]) and stands_alone(text, readings, i)
    ]
    news = [r for r in news if not _BASE_OF_YEAR.search(clause_of(text, r.start))][:size]
    last = index + size - 1
    bases = list(told_later(text, readings, last, _BASE_OF_YEAR))[:size]
    if size >= 2 and not bases:
        bases, news = _from_and_to(text, readings, index, size)
    if size < 2 or len(news) != size or len(bases) != size:
        return []
    if not all(alike(a, b) for a, b in zip(news, bases, strict=True)):
        return []
    out: list[Finding] = []
    for old, new, change in zip(bases, news, changes, strict=True):
        out += _judged(Step(old, new, False), change, word)
    return out


def _from_and_to(
    text: str, readings: Sequence[Reading], index: int, size: int
) -> tuple[list[Reading], list[Reading]]:
    """由 a 起、b 人降至 c 起、d 人，分别下降 p % 和 q %: the old ones and the new ones; none when it is not so told."""
    both = list(readings[max(0, index - 2 * size) : index])
    if len(both) != 2 * size or not all(countable(r) for r in both):
        return [], []
    joint = text[both[size - 1].end : both[size].start]
    told = re.search("[由从][^，。；]{0,12}$", text[max(0, both[0].start - 14) : both[0].start])
    if not told or re.fullmatch(r"[^，。；、\d]{0,6}[至到为]", joint) is None:
        return [], []
    return both[:size], both[size:]


def _judged(step: Step, change: Reading, word: str) -> list[Finding]:
    given = span_of(change)
    if gives(step, span_of(step.old), span_of(step.new), given, change, word):
        return []
    return [step_finding(change, step)] if step_slipped(step, change, word) else []


def _compared_before(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """与去年同期相比，事故减少3起、下降20%。… 去年6月为15起: the amount now before, the amount then after."""
    change = readings[index]
    line = related.paragraph_start(text, change.start)
    near = near_start(text, change.start)
    begin = max(near, *(text.rfind(stop, near, change.start) + 1 for stop in "。；"))
    compared = _COMPARED.search(text, begin, change.start)
    said = re.split("[，、。；：（(]", related.before(text, readings, index))[-1]
    found = CHANGED.search(said)
    if compared is None or found is None:
        return []
    counted = change if countable(change) else readings[index - 1] if index else change
    if not countable(counted) or counted.start < begin:
        return []
    news = [
        r
        for r in readings[max(0, index - 16) : index]
        if line <= r.start < begin and countable(r) and alike(r, counted)
    ]
    pattern = _BASE_OF_YEAR if re.match(_YEAR, compared["when"]) else _BASE_OF_MONTH
    news = [r for r in news if CHANGED.search(clause_of(text, r.start)) is None][:1]
    bases = [r for r in told_later(text, readings, index, pattern) if alike(r, counted)]
    if pattern is _BASE_OF_MONTH:
        bases = [r for r in bases if not _BASE_OF_YEAR.search(clause_of(text, r.start))]
    if len(news) != 1 or not bases or not news[0].start < compared.start():
        return []
    return _judged(Step(bases[0], news[0], False), change, found["word"])


def _joined_change(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """事故4起、死亡3人，同比减少2起、1人，…去年同期为6起、4人: the change that stands second."""
    change = readings[index]
    found = _JOINED.search(clause_of(text, change.start))
    if found is None or not countable(change):
        return []
    begin = sentence_start(text, change.start)
    news = [
        readings[i]
        for i in range(max(0, index - 8), index)
        if readings[i].start >= begin
        and countable(readings[i])
        and alike(readings[i], change)
        and not CHANGED.search(clause_of(text, readings[i].start))
    ]
    bases = [r for r in told_later(text, readings, index, _BASE_OF_YEAR) if alike(r, change)]
    return _judged(Step(bases[0], news[0], False), change, found["word"]) if news and bases else []


def _ahead(text: str, readings: Sequence[Reading], index: int, said: str) -> list[Finding]:
    """利润增长13.6%，增速快于收入5.3个百分点: against the growth of what is named."""
    gap, found = readings[index], _AHEAD_OF.search(said)
    if found is None or not gap.numeral.measure.endswith("百分点") or not index:
        return []
    paragraph = related.paragraph_start(text, gap.start)
    rates = [
        i
        for i in range(max(0, index - 10), index)
        if readings[i].start >= paragraph
        and readings[i].numeral.measure == "%"
        and not readings[i].modifier
        and CHANGED.search(clause_of(text, readings[i].start))
    ]
    if len(rates) < 2 or rates[-1] != index - 1:
        return []
    named = [i for i in rates[:-1] if found["what"] in _chain_before(text, readings[i].start)]
    if not named:
        return []
    return _difference(readings[rates[-1]], readings[named[-1]], gap)


def _chain_before(text: str, position: int) -> str:
    """The clauses before, to the last 。 or ；."""
    line = near_start(text, position)
    return text[max(line, *(text.rfind(c, line, position) + 1 for c in "。；")) : position]


def _marked(text: str, readings: Sequence[Reading], index: int, said: str) -> list[Finding]:
    """水位46.82米，超警戒水位1.82米（警戒水位45.00米）; 91.8分，距离95分的目标还有3.2分."""
    gap = readings[index]
    if (found := _ABOVE.search(said)) is not None and index:
        marks = [
            i
            for i in range(max(0, index - 3), min(len(readings), index + 3))
            if i != index and found["what"] in phrase(text, readings, i) and alike(readings[i], gap)
        ]
        marks = [
            i for i in marks if not re.search("超" + re.escape(found["what"]), phrase(text, readings, i))
        ]
        values = [i for i in range(max(0, index - 2), index) if i not in marks and alike(readings[i], gap)]
        if marks and values and countable(gap) and countable(readings[values[-1]]):
            return _difference(readings[values[-1]], readings[marks[0]], gap)
    if said.strip().endswith("净增") and index >= 2 and countable(gap):
        # 新增6家，退库2家，净增4家
        come, gone = readings[index - 2], readings[index - 1]
        if all(countable(r) and alike(r, gap) for r in (come, gone)) and (
            "新增" in related.before(text, readings, index - 2, 12)
            and re.search("退|注销|减少|流失|关闭|吊销", related.before(text, readings, index - 1, 12))
            and not meets(minus(span_of(come), span_of(gone)), span_of(gap))
        ):
            return [step_finding(gap, Step(gone, come, False))]
    if _TO_GO.search(said.strip()) and index >= 2:
        mark, value = readings[index - 1], readings[index - 2]
        opening = related.before(text, readings, index - 1)
        if _FROM_MARK.search(opening) and all(countable(r) and alike(r, gap) for r in (gap, mark, value)):
            return _difference(mark, value, gap)
    return []


def _difference(high: Reading, low: Reading, gap: Reading) -> list[Finding]:
    """`high` − `low` (either way round) against the gap that the text gives."""
    given = span_of(gap)

    def apart(a: Span, b: Span) -> Span:
        return minus(a, b) if a[0] >= b[0] else minus(b, a)

    a, b = span_of(high), span_of(low)
    if meets(apart(a, b), given):
        return []
    wrong = (
        any(meets(apart(a, b), one) for one in related.slips(gap))
        or any(meets(apart(one, b), given) for one in related.slips(high))
        or any(meets(apart(a, one), given) for one in related.slips(low))
    )
    return [step_finding(gap, Step(low, high, False))] if wrong else []


def _from_table(
    text: str, readings: Sequence[Reading], index: int, said: str, tables: Sequence[Grid]
) -> list[Finding]:
    """从上表看，…比去年同期的71起减少8起，其中道路运输占65.1%: against the row 合计 of the table above."""
    here = readings[index]
    line = related.paragraph_start(text, here.start)
    if not _TABLE.search(text, near_start(text, here.start), here.start):
        return []
    above = [g for g in tables if g.summed is not None and g.start < line]
    if not above:
        return []
    grid = above[-1]
    assert grid.summed is not None
    totals = [r for r in grid.rows[grid.summed] if r is not None and countable(r)]
    if (found := CHANGED.search(said)) is not None and countable(here) and index:
        old = readings[index - 1]
        opening = clause_of(text, old.start)
        news = [t for t in totals if alike(t, here)]
        if (
            re.search(rf"[比较](?:{_YEAR})[^，。；\d]{{0,4}}的?$", opening)
            and alike(old, here)
            and len(news) == 1
        ):
            return _judged(Step(old, news[0], False), here, found["word"])
    row = _SHARE_OF_ROW.search(said)
    if row is not None and here.numeral.measure == "%":
        return _share_of_row(here, grid, row["name"])
    return []


def _share_of_row(percent: Reading, grid: Grid, name: str) -> list[Finding]:
    rows = [
        n
        for n, called in enumerate(grid.names)
        if n != grid.summed and any(len(cell) > 1 and cell in name for cell in called.split())
    ]
    if len(rows) != 1 or grid.summed is None:
        return []
    pairs = [
        (part, whole)
        for part, whole in zip(grid.rows[rows[0]], grid.rows[grid.summed], strict=True)
        if part is not None and whole is not None and countable(part) and countable(whole) and whole.amount
    ]
    given = span_of(percent)
    shares = [over(span_of(a), span_of(b), 100) for a, b in pairs]
    if not pairs or any(share is not None and meets(share, given) for share in shares):
        return []
    first = shares[0]
    if first is None or not any(meets(first, one) for one in related.slips(percent)):
        return []
    part, whole = pairs[0]
    message = _("“{percent}”与前文算不拢：{part}÷{whole}={right}%。请核对百分比或这两个数。").format(
        percent=percent.numeral.text,
        part=plain(part.amount),
        whole=plain(whole.amount),
        right=round(part.amount * 100 / whole.amount, 1),
    )
    return [Finding("percentage", percent.numeral.start, percent.numeral.end, message)]
