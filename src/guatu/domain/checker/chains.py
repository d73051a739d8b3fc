"""Parts that stand in brackets or in clauses of their own: n 件（甲 a 件，乙 b 件）; n 家，公办 a 家，民办 b 家; n 个，完成 a 个，
基本完成 b 个，推进 c 个; 甲 a、乙 b，总投入 n; 其中甲 a 个、投资 x 亿元，乙 b 个、投资 y 亿元.

No word says that such a list is complete, so only a sum that one wrong digit explains is taken for an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guatu.domain.checker import related
from guatu.domain.checker.lists import of_before, opposed
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.parts import Split, adds_up, slipped
from guatu.domain.checker.related import alike, countable
from guatu.domain.checker.surroundings import sentence_end, sentence_start
from guatu.domain.checker.words import OVERLAPPING

_OVERLAPPING = re.compile("|".join(OVERLAPPING))
_OPENED = re.compile(r"[^，。；、()\d]{0,12}[(](?P<what>[^，。；()\d]{1,16})$")
_NOT_PARTS = re.compile(
    r"含|其中|新增|增加|增长|减少|下降|上年|去年|同期|同比|较|比|平均|每|人均|目标|计划|预算|约|共|总|累计|排名|限额"
)
_CHANGED = re.compile(
    r"同比|环比|增长|增加(?!值)|减少|下降|较|比|上年|去年|同期|累计|均|占|每|约|超|目标|计划"
)
_CALLED_TOTAL = re.compile(
    r"(?:全年|全部|累计|合计|总计|共计|共|总(?:投入|投资|收入|支出|产值|规模|人数|数|量|额)?|应[\u4e00-\u9fff]{1,4})(?:完成|实现|达到?|为)?[^，。；\d]{0,4}$"
)
_MOST = 12


def chain_splits(text: str, readings: Sequence[Reading]) -> list[Split]:
    """Every whole with parts in brackets or clauses that add up, or would with one digit changed."""
    out: list[Split] = []
    for index, reading in enumerate(readings):
        if not countable(reading):
            continue
        out += _in_brackets(text, readings, index)
        out += _in_clauses(text, readings, index)
        out += _before_their_total(text, readings, index)
    for cue in re.finditer("其中[，：]?", text):
        out += _by_turns(text, readings, cue.end())
    return out


def _split(whole: Reading, parts: Sequence[Reading], certain: bool = False) -> list[Split]:
    if adds_up(parts, whole):
        return [Split(whole, tuple(parts), False, True)]
    if not certain and any(_OVERLAPPING.search(part.numeral.noun) for part in parts):
        return []
    return [Split(whole, tuple(parts), False, True, slipped(parts, whole))]


def _in_brackets(text: str, readings: Sequence[Reading], index: int) -> list[Split]:
    """n 件（甲 a 件、乙 b 件）: brackets that hold nothing but quantities like the one before them."""
    whole = readings[index]
    inside: list[Reading] = []
    for reading in readings[index + 1 : index + 1 + _MOST]:
        last = inside[-1] if inside else whole
        between = text[last.end : reading.start]
        if not (countable(reading) and alike(reading, whole)):
            break
        if not inside:
            opened = _OPENED.fullmatch(between)
            if opened is None or _NOT_PARTS.search(opened["what"]):
                break
        elif re.fullmatch(
            r"[^，。；、()\d]{0,8}[，、；][^，。；、()\d]{1,16}", between
        ) is None or _NOT_PARTS.search(between):
            break
        inside.append(reading)
    if (
        len(inside) < 2
        or re.match(r"[^，。；、()\d等]{0,8}[)]", text[inside[-1].end : inside[-1].end + 10]) is None
    ):
        return []
    return _split(whole, inside)


def _clauses(text: str, readings: Sequence[Reading], index: int) -> list[Reading]:
    """The quantities behind one that stand in the next clauses, one to a clause, all like it."""
    whole = readings[index]
    run: list[Reading] = []
    stop = sentence_end(text, whole.start)
    for reading in readings[index + 1 : index + 1 + _MOST]:
        between = text[(run[-1] if run else whole).end : reading.start]
        if reading.start >= stop or not (countable(reading) and alike(reading, whole)):
            break
        joint = "[，、]" if run else "[，：](?!其中)"
        if re.fullmatch(rf"[^，。；、()\d]{{0,8}}{joint}[^，。；、()\d]{{0,10}}", between) is None:
            break
        if _CHANGED.search(between):
            break
        run.append(reading)
    return run


def _in_clauses(text: str, readings: Sequence[Reading], index: int) -> list[Split]:
    """n 家，公办 a 家，民办 b 家; or three clauses and more that end the sentence."""
    whole = readings[index]
    run = _clauses(text, readings, index)
    if of_before(text, whole) or len(run) < 2 or _within_a_larger(text, readings, index):
        return []
    told = text.startswith(("，后者", "，前者"), run[1].end)
    if (told or opposed(text, readings, run[:2])) and (len(run) == 2 or slipped(run[:2], whole)):
        return _split(whole, run[:2], certain=True)
    same = all(r.numeral.measure == whole.numeral.measure for r in run)
    if len(run) < 3 or not same or whole.amount < max(r.amount for r in run) or whole.amount < 100:
        return []
    if re.match(r"[^，。；\d]{0,8}等", text[run[-1].end : run[-1].end + 12]):
        return []
    if index + len(run) + 1 < len(readings):
        following = readings[index + len(run) + 1]
        if following.start < sentence_end(text, whole.start) and alike(following, whole):
            return []
    return _split(whole, run)


def _within_a_larger(text: str, readings: Sequence[Reading], index: int) -> bool:
    """Whether the sentence has told a larger quantity of the kind: this one is then a part of that."""
    here, begin = readings[index], sentence_start(text, readings[index].start)
    return any(
        r.start >= begin and alike(r, here) and r.amount > here.amount
        for r in readings[max(0, index - _MOST) : index]
    )


def _before_their_total(text: str, readings: Sequence[Reading], index: int) -> list[Split]:
    """甲 a，乙 b，总投入 n: what two opposites, or three and more in a row, come to."""
    whole = readings[index]
    said = re.split("[，。；、：(]", related.before(text, readings, index))[-1]
    if not _CALLED_TOTAL.search(said) or re.search("同比|上年|去年|较|比", said):
        return []
    begin = sentence_start(text, whole.start)
    begin = max(begin, text.rfind("；", begin, whole.start) + 1)
    run: list[Reading] = []
    for reading in reversed(readings[max(0, index - _MOST) : index]):
        between = text[reading.end : (run[-1] if run else whole).start]
        if related.counts_terms(text, reading):
            continue
        if reading.start < begin or not (countable(reading) and alike(reading, whole)):
            break
        if re.search("[。；\n]", between) or _CHANGED.search(
            text[max(begin, reading.start - 6) : reading.start]
        ):
            break
        run.append(reading)
    run.reverse()
    if len(run) < 2 or (len(run) == 2 and not opposed(text, readings, run)):
        return []
    if any(adds_up(run[n:], whole) for n in range(len(run) - 1)):
        return []
    if whole.amount < max(r.amount for r in run) or not all(
        r.numeral.measure == whole.numeral.measure for r in run
    ):
        return []
    return _split(whole, run, certain=len(run) == 2)


def _by_turns(text: str, readings: Sequence[Reading], position: int) -> list[Split]:
    """n 个、共 m 亿元，其中甲 a 个、x 亿元，乙 b 个、y 亿元: every second quantity is a part of its own whole."""
    stop = sentence_end(text, position)
    places = related.places(readings, position, stop)[: 2 * _MOST]
    after = [readings[i] for i in places]
    out: list[Split] = []
    for turn in (2, 3):
        rounds = len(after) // turn
        used = after[: rounds * turn]
        if rounds < 2 or not all(countable(r) for r in used) or alike(used[0], used[1]):
            continue
        if not all(alike(r, used[n % turn]) for n, r in enumerate(used)):
            continue
        if any(_CHANGED.search(text[max(position, r.start - 8) : r.start]) for r in used):
            continue
        if "等" in text[used[-1].end : used[-1].end + 6]:
            continue
        for n in range(turn):
            parts = used[n::turn]
            begin = related.sentences_back(text, position, 0)
            wholes = [
                r
                for r in readings[max(0, places[0] - 6) : places[0]]
                if r.start >= begin and countable(r) and alike(r, parts[0])
            ]
            if wholes and wholes[-1].amount >= max(p.amount for p in parts):
                out += _split(wholes[-1], parts)
        break
    return out
