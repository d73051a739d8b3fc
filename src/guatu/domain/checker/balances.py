"""Differences inside a text: what is left over (收入 a、支出 b，结余 d), what flowed (旧存 a，新收 b，审结 c，未结 d), what is
compared with a named mark (比计划的 b 多 d; 高于平均水平（b）d), what was added (在 b 的基础上新增 d，达到 a).

The terms are found by their words and places alone, so only a difference that one wrong digit explains is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guatu.domain.checker import related
from guatu.domain.checker.changes import Step, change_of, gives, stands_alone, step_finding, step_slipped
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.related import Span, alike, countable, meets, minus, plain, span_of, total
from guatu.domain.checker.surroundings import sentence_end, sentence_start
from guatu.domain.words import gettext as _

_NET = re.compile(
    r"(?:净(?:增加|减少|增|减|迁入|迁出|流入|流出|出口|进口|上升|下降|投放|回笼)|结余|节余|盈余|节约|节省|节支|超支|赤字|缺口|缺额|差额"
    r"|核减|审减|调减|核增|相差|缺席|缺勤)(?:资金|人口|人员|金额)?(?:了|为|达|共)?$"
)
_OPENING = re.compile(r"旧存|上年|去年|年初|期初|月初|季初|上期|结转|原有|结存|存量|留存|遗留")
_COMING = re.compile(r"新|收|购|增|受理|入|立案|登记")
_GOING = re.compile(r"结|出|销|支|减|办|化解|退|处理|使用|撤")
_CLOSING = re.compile(
    r"(?:未(?:结|办结|审结|化解|销号|处理)|期末|年末|月末|季末|年底|月底|结存|结余|库存|存量|尚余|剩余|余|剩)[^，。；\d]{0,6}$"
)
_MARK = re.compile(
    r"(?P<verb>比|较|与|高于|低于|多于|少于|超过|超出|优于|同比[(]|环比[(])[^，。；()\d]{1,12}[(]?为?$"
)
_APART = re.compile(
    r"[)]?(?:的|相比|相比,)?[^，。；()\d]{0,5}?(?P<word>偏高|偏低|偏多|偏少|高出?|低|多出?|少|超出?|快|慢|增加|增长|提高|提升|上升|减少|下降|降低|回落|压缩|压减|缩短|缩减|节省)了?"
    r"(?:[收招增发产用办缴支售建投])?"
)
_NAMED_MARK = re.compile(
    r"(?:比|较)(?!上年|去年|上月|同期|年初)(?P<what>[\u4e00-\u9fff]{2,8}?)(?P<word>高|低|多|少|快|慢|超前|滞后)[出了]?$"
)
_DOWN = re.compile(r"低|少|慢|减|降|回落|滞后|缩|省")
_BASIS = re.compile(r"(?:在|由|从)[^，。；\d]{0,14}$")
_ADDED = re.compile(
    r"(?:的基础上)?，?[^，。；\d]{0,6}?(?P<word>新增|增加|增至|扩充|净增|增长|扩建|减少|压减|下降|精简|撤并)了?[^，。；\d]{0,6}"
)
_REACHED = re.compile(r"[^。；\d]{0,10}(?:达到?|增至|增加到|总数为?|升至|为|至|到|减至|降至)[^，。；\d]{0,4}")
_TOLD_AFTER = re.compile(r"[，、]?(?:降|升|增|减)?(?:为|至|到|达到?)")
_TIME_MEASURES = ("分钟", "小时", "天", "秒", "个工作日", "工作日", "个月", "年")
_AIM = re.compile(r"目标|力争|计划|预计|确保|控制在")


def balance_findings(text: str, readings: Sequence[Reading]) -> list[Finding]:
    """Everything of this module, in the order of the text."""
    out: list[Finding] = []
    for index, gap in enumerate(readings):
        if not index or gap.modifier or gap.numeral.low is None or gap.numeral.high is None:
            continue
        if countable(gap):
            clause = re.split("[，。；：（(]", related.before(text, readings, index))[-1]
            if _NET.search(clause) and not re.search("较|比|同比|环比", clause):
                out += _left_over(text, readings, index)
            if index >= 3 and _CLOSING.search(clause):
                out += _flowed(text, readings, index)
        out += (
            _beside_a_mark(text, readings, index)
            or _added_up(text, readings, index)
            or _against_its_name(text, readings, index)
        )
    return out


def _stretch(text: str, position: int) -> int:
    """Start of what stands between 。 or ； and the position."""
    begin = sentence_start(text, position)
    return max(begin, text.rfind("；", begin, position) + 1)


def _apart(a: Span, b: Span) -> Span:
    return minus(a, b) if a[0] >= b[0] else minus(b, a)


def _left_over(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """收入 a，支出 b，结余 d: the difference of the two amounts right before."""
    gap, begin = readings[index], _stretch(text, readings[index].start)
    sides = [
        i
        for i in range(max(0, index - 6), index)
        if readings[i].start >= begin and countable(readings[i]) and alike(readings[i], gap)
    ]
    if len(sides) == 1 and sides == [index - 1]:
        sides = _income_before(text, readings, index) + sides
    elif sides[-2:] != [index - 2, index - 1]:
        return []
    if len(sides) < 2:
        return []
    if any(change_of(_clause(text, readings[i].start)) for i in sides[-2:]):
        return []
    spans = [span_of(readings[i]) for i in sides]
    given = span_of(gap)
    if any(meets(_apart(a, b), given) for n, a in enumerate(spans) for b in spans[n + 1 :]):
        return []
    a, b = (readings[i] for i in sides[-2:])
    high, low = (a, b) if a.amount >= b.amount else (b, a)
    wrong = (
        any(meets(_apart(span_of(a), span_of(b)), one) for one in related.slips(gap))
        or any(meets(_apart(one, span_of(b)), given) for one in related.slips(a))
        or any(meets(_apart(span_of(a), one), given) for one in related.slips(b))
    )
    return [step_finding(gap, Step(low, high, False))] if wrong else []


def _income_before(text: str, readings: Sequence[Reading], index: int) -> list[int]:
    """总收入 a …。总支出 b，结余 d: the income that the sentence before has told."""
    if "支出" not in _clause(text, readings[index - 1].start):
        return []
    paragraph = related.paragraph_start(text, readings[index].start)
    told = [
        i
        for i in range(max(0, index - 12), index - 1)
        if readings[i].start >= paragraph
        and countable(readings[i])
        and alike(readings[i], readings[index])
        and re.search("总收入|收入合计|收入总额", _clause(text, readings[i].start))
    ]
    return told[-1:]


def _clause(text: str, position: int) -> str:
    begin = _stretch(text, position)
    return text[max(begin, *(text.rfind(c, begin, position) + 1 for c in "，：（(")) : position]


def _flowed(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """旧存 a 件，新收 b 件，审结 c 件，未结 d 件: a + b − c."""
    terms = readings[index - 3 : index + 1]
    begin = sentence_start(text, readings[index].start)
    if terms[0].start < begin or not all(countable(r) and alike(r, terms[0]) for r in terms):
        return []
    said = [_clause(text, r.start) for r in terms]
    if not (_OPENING.search(said[0]) and _COMING.search(said[1]) and _GOING.search(said[2])):
        return []

    def holds(spans: Sequence[Span]) -> bool:
        return meets(minus(total(spans[:2]), spans[2]), spans[3])

    spans = [span_of(r) for r in terms]
    if holds(spans) or not any(
        holds([*spans[:n], one, *spans[n + 1 :]]) for n, r in enumerate(terms) for one in related.slips(r)
    ):
        return []
    a, b, c = (r.amount for r in terms[:3])
    message = _("“{text}”与前后文算不拢：{terms}={right}。请核对这几个数。").format(
        text=terms[3].numeral.text, terms=f"{plain(a)}+{plain(b)}-{plain(c)}", right=plain(a + b - c)
    )
    return [Finding("sum", terms[3].numeral.start, terms[3].numeral.end, message)]


def _usable(reading: Reading) -> bool:
    return countable(reading) or (reading.numeral.measure == "%" and not reading.modifier)


def _beside_a_mark(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """a，比计划的 b 多 d; 高于平均水平（b）d; 较上季度的 b 下降 p %，为 a."""
    gap, mark = readings[index], readings[index - 1]
    opening = _MARK.search(_clause_with_brackets(text, readings, index - 1))
    if opening is None or not _usable(mark):
        return []
    joint = text[mark.end : gap.start]
    found = _APART.fullmatch(joint)
    verb = opening["verb"]
    if found is None and not (verb not in ("比", "较", "与") and joint in ("", ")")):
        return []
    down = bool(_DOWN.search(found["word"])) if found is not None else verb in ("低于", "少于")
    begin = _stretch(text, mark.start)
    news = [
        r
        for i, r in enumerate(readings[max(0, index - 8) : index - 1], max(0, index - 8))
        if r.start >= begin and _usable(r) and alike(r, mark) and stands_alone(text, readings, i)
    ]
    after = readings[index + 1] if index + 1 < len(readings) else None
    told_after = after is not None and _TOLD_AFTER.fullmatch(text[gap.end : after.start])
    if after is not None and told_after and _usable(after) and alike(after, mark):
        news.append(after)
    steps = [Step(mark, new, False) for new in news]
    if found is not None and found["word"] in ("快", "慢") and mark.numeral.measure in _TIME_MEASURES:
        down = not down  # 比上年的46分钟快8分钟
    return _judged(steps, gap, down)


def _clause_with_brackets(text: str, readings: Sequence[Reading], index: int) -> str:
    begin = max(_stretch(text, readings[index].start), readings[index - 1].end if index else 0)
    return text[
        max(begin, *(text.rfind(c, begin, readings[index].start) + 1 for c in "，：")) : readings[index].start
    ]


def _judged(steps: Sequence[Step], gap: Reading, down: bool) -> list[Finding]:
    """A finding at the gap where none of the steps gives it, though one changed digit of the likeliest would."""
    word = "下降" if down else "增加"
    of_shares = gap.numeral.measure.endswith("百分点")
    steps = [
        s
        for s in steps
        if (s.old.numeral.measure == "%") == of_shares
        and (of_shares or gap.numeral.measure in ("%", "成") or alike(s.old, gap))
    ]
    given = span_of(gap)
    if not steps or any(gives(s, span_of(s.old), span_of(s.new), given, gap, word) for s in steps):
        return []
    step = steps[-1]
    return [step_finding(gap, step)] if step_slipped(step, gap, word) else []


def _against_its_name(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """进度 a，比序时进度快 d，序时进度 b: the mark is called by its name behind."""
    gap = readings[index]
    found = _NAMED_MARK.search(re.split("[，。；：（(]", related.before(text, readings, index))[-1])
    if found is None:
        return []
    stop = sentence_end(text, gap.start)
    marks = [
        r
        for i, r in enumerate(readings[index + 1 : index + 4], index + 1)
        if r.start < stop and _usable(r) and found["what"] in related.phrase(text, readings, i)
    ][:1]
    begin = _stretch(text, gap.start)
    news = [
        r
        for i, r in enumerate(readings[max(0, index - 6) : index], max(0, index - 6))
        if marks
        and r.start >= begin
        and _usable(r)
        and alike(r, marks[0])
        and stands_alone(text, readings, i)
    ]
    return _judged([Step(marks[0], new, False) for new in news], gap, bool(_DOWN.search(found["word"])))


def _added_up(text: str, readings: Sequence[Reading], index: int) -> list[Finding]:
    """在 b 的基础上新增 d，达到 a; 由原来的 b 减少 d，降为 a."""
    if index + 1 >= len(readings):
        return []
    old, gap, new = readings[index - 1 : index + 2]
    if not (_usable(old) and _usable(new) and alike(old, new)):
        return []
    if not _BASIS.search(related.before(text, readings, index - 1)):
        return []
    found = _ADDED.fullmatch(text[old.end : gap.start])
    if found is None or _REACHED.fullmatch(text[gap.end : new.start]) is None:
        return []
    if _AIM.search(text[gap.end : new.start]):
        return []
    return _judged([Step(old, new, False)], gap, bool(re.search("减|降|精简|撤", found["word"])))
