"""Wholes and their parts as a text tells them: the rest (其余 …), the total (共计 …), lists and the row 合计 of a table.

A split is broken when its parts do not add up and nothing else in the paragraph makes them: where the text does not say
that its list is complete, only a difference that one wrong digit explains is taken for an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from guatu.domain.checker import related
from guatu.domain.checker.chains import chain_splits
from guatu.domain.checker.lists import list_splits
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.parts import Split, adds_up, slipped
from guatu.domain.checker.related import alike, countable
from guatu.domain.checker.table_sums import table_splits
from guatu.domain.checker.words import OVERLAPPING

__all__ = ["Split", "splits"]

NEAR = 40  # quantities before one that a sum may be about
_REST = re.compile(r"(?:其余|剩余|余下|剩下)(?:的)?[^，。；\d]{0,6}$")
_LEFT = re.compile(
    r"(?:(?:^|[，、；和及])(?:其它|其他)[^，。；\d]{0,6}|(?<!距离)尚有|(?<![标的])还有|仍有|保留|在办|在建|(?:逾期|超期)(?!未)|缺编"
    r"|不(?:满意|合格|达标)(?:的)?"
    r"|达到(?:时序)?进度|(?<!逾期)(?<!超期)(?<!尚)未(?!成年|来|发现|发生|出现|能|经)[\u4e00-\u9fff]{1,6}|正在[^，。；\d]{2,6}的?"
    r"|(?<![等期接招优对看款交])待[\u4e00-\u9fff]{1,4}|(?:还|尚)?剩|尚余|缺席|缺勤|请假|无效[^，。；\d]{0,4}|(?:持续|继续|加快)推进(?:的)?|基本完成|阶段性?办结)$"
)
_STATE_AFTER = re.compile(
    r"[^，。；\d]{0,4}(?:进度)?(?:滞后|逾期|正在[\u4e00-\u9fff]{2}|尚未|(?<!尚)未(?!成年|来|发现)[\u4e00-\u9fff]{1,2}|(?:依法)?终结)"
)
_ALSO = re.compile(r"[，；]另(?:有|外)?(?:的)?$")
_TOTAL = re.compile(r"(?:共计|合计|总计|总共|共有|共)[^，。；、\d]{0,4}$")
_OVERLAPPING = re.compile("|".join(OVERLAPPING))


def splits(text: str, readings: Sequence[Reading]) -> list[Split]:
    """Every whole with its parts that a cue announces."""
    out: list[Split] = []
    for index, reading in enumerate(readings):
        if not countable(reading):
            continue
        before = related.before(text, readings, index, 14)
        if _REST.search(before):
            out += _with_rest(text, readings, index, certain=True)
        elif _ALSO.search(before):
            out += _with_also(text, readings, index)
        elif _LEFT.search(before) or _STATE_AFTER.match(text, reading.end):
            out += _with_rest(text, readings, index, certain=False)
        if _TOTAL.search(before) and "其中" not in before:
            out += _with_total(text, readings, index, before)
    out += list_splits(text, readings)
    out += chain_splits(text, readings)
    out += table_splits(text, readings)
    return out


def _earlier(
    text: str, readings: Sequence[Reading], index: int, sentences: int, like: Reading
) -> list[Reading]:
    begin = related.sentences_back(text, readings[index].start, sentences)
    return [
        r
        for r in readings[max(0, index - NEAR) : index]
        if r.start >= begin and countable(r) and alike(r, like) and not related.counts_terms(text, r)
    ]


def _segment(text: str, readings: Sequence[Reading], index: int) -> tuple[int, list[Reading]]:
    """Start of the stretch since the last 。 or ； and its quantities like this one, this one left out."""
    here = readings[index]
    line = related.paragraph_start(text, here.start)
    begin = max(line, *(text.rfind(stop, line, here.start) + 1 for stop in "。；"))
    return begin, [
        r for r in readings[max(0, index - 8) : index] if r.start >= begin and countable(r) and alike(r, here)
    ]


def _with_also(text: str, readings: Sequence[Reading], index: int) -> list[Split]:
    """n 项中 a 项已 …，另 b 项: only where nothing else of the kind stands between, for 另有 often begins something new."""
    rest = readings[index]
    _begin, inside = _segment(text, readings, index)
    if len(inside) < 2 or readings[index - 1] is not inside[-1]:
        return []
    whole, part = inside[-2:]
    joint = text[whole.end : part.start]
    pending = re.match(r"[^，。；\d]{0,6}(?:正在|在办|未|尚)", text[rest.end : rest.end + 10])
    if not pending and (
        not re.search(r"中[^，。；\d]{0,6}$|，(?:已|其中)[^，。；\d]{0,6}$", joint)
        or re.search(r"\d", joint.rpartition("中")[2])
    ):
        return []
    if whole.numeral.measure != part.numeral.measure:
        return []
    broken = not adds_up((part, rest), whole)
    return [Split(whole, (part, rest), False, True, broken and slipped((part, rest), whole))]


def _with_rest(text: str, readings: Sequence[Reading], index: int, *, certain: bool) -> list[Split]:
    """已 … a 个，其余 b 个: with one to four quantities right before, the rest makes a whole that stands earlier."""
    rest = readings[index]
    begin, inside = _segment(text, readings, index)
    if certain and len(inside) == 2 and inside[0].start - begin <= 2:
        # 73处任务完成66处，其余7处: the sentence begins with its own whole
        own = (inside[1], rest)
        if not adds_up(own, inside[0]) and slipped(own, inside[0]):
            return [Split(inside[0], own, True, False, True)]
    if not certain and (_goes_on(text, readings, index) or _ends_a_list(text, readings, index)):
        return []  # 102件化解，12件正在推进，6件终结: the last of them is the rest
    wide = _earlier(text, readings, index, 8, rest)
    for size in range(1, min(5, len(wide))):
        run = (*wide[-size:], rest)
        for whole in reversed(wide[:-size]):
            if adds_up(run, whole):
                return [Split(whole, run, certain, "其中" in text[whole.end : rest.start])]
    for sentences in (0, 1, 2):
        earlier = _earlier(text, readings, index, sentences, rest)
        if len(earlier) < 2:
            continue
        options = [
            (whole, (*earlier[-size:], rest))
            for size in range(1, min(5, len(earlier)))
            for whole in reversed(earlier[:-size])
        ]
        for whole, run in options:
            if not certain and max(r.amount for r in (*run, whole)) < 10:
                continue  # one digit turned into another makes any three of them right
            if slipped(run, whole) and whole.amount >= max(p.amount for p in run) / 10:
                among = "其中" in text[whole.end : rest.start]
                return [Split(whole, run, certain, among, True)]
        if certain:
            whole = max(earlier[:-1], key=lambda r: (r.amount, r.start))
            run = (*earlier[earlier.index(whole) + 1 :], rest)
            overlap = any(_OVERLAPPING.search(p.numeral.noun) for p in run)
            among = "其中" in text[whole.end : rest.start]
            return [Split(whole, run, True, among, not (among and overlap))]
    return []


def _ends_a_list(text: str, readings: Sequence[Reading], index: int) -> bool:
    """a、b、其他 c: the last of several in one enumeration; what they make is a matter of lists."""
    if index < 2 or not re.search("其他|其它", related.before(text, readings, index)):
        return False
    run = readings[index - 2 : index + 1]
    return all(
        alike(a, b) and re.fullmatch(r"[^，。；、\d]{0,10}、[^，。；、\d]{0,14}", text[a.end : b.start])
        for a, b in pairwise(run)
    )


def _goes_on(text: str, readings: Sequence[Reading], index: int) -> bool:
    """Whether another quantity of the kind follows in the same stretch, told as this one is."""
    if index + 1 >= len(readings):
        return False
    here, following = readings[index], readings[index + 1]
    between = text[here.end : following.start]
    return alike(here, following) and bool(re.fullmatch(r"[^，。；\d]{0,10}[，、][^，。；\d]{0,4}", between))


def _with_total(text: str, readings: Sequence[Reading], index: int, before: str) -> list[Split]:
    """a 次、b 次，共计 c 次."""
    whole = readings[index]
    earlier = [
        r for r in _earlier(text, readings, index, 0, whole) if r.numeral.measure == whole.numeral.measure
    ]
    for size in range(2, len(earlier) + 1):
        if adds_up(earlier[-size:], whole):
            return [Split(whole, tuple(earlier[-size:]), True, False)]
    if len(earlier) < 2 or _parts_follow(text, whole):
        return []
    if re.search(r"合计|共计|总计|总共", before) or _chained(text, earlier):
        run = _last_run(text, readings, index) or tuple(earlier)
        wider = _earlier(text, readings, index, 3, whole)
        more = [(other, *run) for other in wider if other not in run]
        if any(adds_up(one, whole) for one in more):
            return []  # 立行立改213个。…完成71个，…完成13个，合计297个
        if len(run) >= 2:
            sure = bool(re.search(r"合计|共计|总计|总共", before)) and _chained(text, run)
            near = next((one for one in more if slipped(one, whole)), None)
            if not sure and near is not None and not slipped(run, whole):
                return [Split(whole, near, True, False, True)]
            return [Split(whole, run, True, False, sure or slipped(run, whole))]
    return []


def _parts_follow(text: str, whole: Reading) -> bool:
    """共 n 个，其中 …: the parts follow."""
    return "其中" in text[whole.end : whole.end + 12]


def _chained(text: str, earlier: Sequence[Reading]) -> bool:
    """Whether the last two are joined as items of a list."""
    return bool(re.search("[、和]", text[earlier[-2].end : earlier[-1].start]))


def _last_run(text: str, readings: Sequence[Reading], index: int) -> tuple[Reading, ...]:
    """The list that ends right before the total: alike quantities in a row."""
    run: list[Reading] = []
    for reading in reversed(readings[:index]):
        last = run[-1] if run else readings[index]
        between = text[reading.end : last.start]
        if not (countable(reading) and alike(reading, readings[index])) or re.search("[。；\n]", between):
            break
        if run and not re.search("[、和及，]", between):
            break
        run.append(reading)
    return tuple(reversed(run))
