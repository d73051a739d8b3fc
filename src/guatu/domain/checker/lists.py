"""Lists of parts: 其中 a、b、c; 按 … 分 a、b、c; (含 a、b); and a whole with its list right behind it.

A list is complete when its words say so (其他 at its end, two opposites, 按 … 分): then every difference is an error.
Else only a difference that one wrong digit explains, or parts that are more than their whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from guatu.domain.checker import related
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.parts import Split, adds_up, exceeds, slipped
from guatu.domain.checker.related import alike, countable, meets, phrase, span_of, total
from guatu.domain.checker.surroundings import sentence_end, sentence_start
from guatu.domain.checker.words import OVERLAPPING

_AMONG = re.compile(r"其中(?:[，,：:])?|(?<=[(，])含(?!税|[^，。；\d]{0,6}率)")
_IN_TURN = re.compile(r"分别[为是有](?:[:：])?")
_EVERY = re.compile(
    r"(?:按|从(?![上总整全数近当]))[^，。；\d]{2,10}?(?:分|看|划分)[，：。]|分[^，。；\d]{2,6}看[，：]"
    r"|按[^，。；\d]{0,8}(?:类型|性质|时限|领域|来源|渠道|级别|类别|方式|行业|地区|产业|层级|属性)[，：]"
    r"|包括(?!但不限于)|分为|由[^，。；\d]{0,8}组成|构成[为：]"
)
_WITHIN = re.compile(r"(?<=[\u4e00-\u9fff])中[，,]")
_COMPLETE = re.compile(r"其他|其它|其余|及以下|范围外|^[，、；和]?一般")
_ALSO = re.compile(r"另(?:有|外)?[^，。；\d]{0,6}$")
_OPEN = re.compile(r"^[\u4e00-\u9fff]{0,8}等|^[\u4e00-\u9fff]{0,6}[，、](?:等|以及其他)")
_OPPOSED = tuple(
    frozenset(pair.split())
    for pair in (
        "一般 重大;国内 国际;国内 国外;境内 境外;城镇 农村;党纪 政务;市级 县级;大型 中型;男 女;高中 大学;线上 线下;中央 地方;"
        "出口 进口;集中 分散;下转 上转;自查 检查;博士 硕士;立行立改 持续;中央 省级;新建 改建;旧存 新收;税收 非税;续建 新开工;竣工 在建;"
        "按计划 滞后;按期 滞后;按时 超时;达标 不达标;合格 不合格;满意 不满意;省级 市级;公办 民办;有效 无效;上半年 下半年;建议 提案;简易程序 普通程序;"
        "固定 流动;国有 民营;过夜 一日;初次 重复;刑事 行政;基本 项目;经常性 一次性;常住 流动;户籍 流动;来信 来访;本级 下级;门诊 住院;财政 自筹;当场 限期;本部 权属;本部 所属;本级 所属;在编 编外;省内 省外;外贸 内贸;市内 市外;内资 外资;立行立改 限期;第一年 第二年"
    ).split(";")
)
_OVERLAPPING = re.compile("|".join(OVERLAPPING))
_MOVED = re.compile(r"(?:较|比)[^，。；\d]{0,8}$|(?:同比|环比|增长|增加(?!值)|减少|下降)[^，。；\d]{0,2}$")
_BEFORE = re.compile(r"(?:上年|去年|上月|同期)[^，。；\d]{0,8}$")
_INSIDE = re.compile(r"[(][^()]*[)]|，?其中[^；。]*(?=；)")
_HEADS = re.compile(r"^(?:方面|领域|环节|层面|类型|类别|维度|片区|部分|阶段|季度|批次)")
_LONGEST = 40
"""Parts that a list is read to, and wholes looked back to: provinces are 31; a text of nothing but 其中1个 stays cheap."""
_NEAREST = 16
"""Quantities before a list of which one may be its whole where the parts do not add up."""
_NAMED_WHOLE = re.compile(r"(?:总量|总数|总额)$")


def list_splits(text: str, readings: Sequence[Reading]) -> list[Split]:
    """Every whole whose parts a text lists."""
    out: list[Split] = []
    for pattern in (_AMONG, _WITHIN):
        for cue in pattern.finditer(text):
            out += _listed(text, readings, cue.end(), certain=False)
    for cue in _EVERY.finditer(text):
        out += _listed(text, readings, cue.end(), certain=True)
    for cue in _IN_TURN.finditer(text):
        out += [s for s in _listed(text, readings, cue.end(), certain=False) if len(s.parts) > 2]
    taken = {s.whole.start for s in out}
    for index, reading in enumerate(readings):
        if countable(reading) and reading.start not in taken:
            out += _right_behind(text, readings, index)
        if countable(reading):
            out += _named_after(text, readings, index)
    return out


def _listed(text: str, readings: Sequence[Reading], position: int, *, certain: bool) -> list[Split]:
    """其中 a、b、c: the parts after the cue and the whole before it."""
    stop = sentence_end(text, position)
    line = related.paragraph_start(text, position)
    bracket = text.rfind("(", line, position)
    if bracket >= 0 and ")" not in text[bracket:position]:
        closed = text.find(")", position, stop)
        stop = closed if closed >= 0 else stop  # 共 n 件(其中 a 件)，b 件 …: b is none of the parts
    after = _outer(
        text, [readings[i] for i in related.places(readings, position, stop)[: 2 * _LONGEST]], position
    )
    if not after or not countable(after[0]):
        return []
    first = after[0]
    if re.search("[，。；]", text[position : first.start]) or first.start - position > 24:
        return []
    if of_before(text, first):
        return []  # 其中氨氮浓度较上年的0.60下降
    items = [
        r
        for r in after
        if countable(r) and alike(r, first) and not _MOVED.search(text[max(0, r.start - 10) : r.start])
    ][:_LONGEST]
    previous_line = text.rfind("\n", 0, max(0, line - 1)) + 1
    wider = [
        r
        for r in (readings[i] for i in related.places(readings, previous_line, position)[-2 * _LONGEST :])
        if countable(r)
        and alike(r, first)
        and not of_before(text, r)
        and not _HEADS.match(text[r.end : r.end + 4])
    ]
    wholes = [r for r in wider if r.start >= line]
    run = _run(text, after, first, certain)
    complete = len(run) >= 2 and (certain or _says_all(text, readings, run))
    for size in range(len(run) if complete else 2, len(items) + 1):
        if size != len(run) and size < len(items) and _goes_on(text, items[size - 1], items[size]):
            continue  # a、b、c: what adds up before the list is over is chance
        together = total([span_of(item) for item in items[:size]])
        for whole in reversed(wider):
            if size > 1 and meets(together, span_of(whole)):
                return [Split(whole, tuple(items[:size]), False, True)]
    if complete and (told_before := _earlier_sum(text, readings, run, line)) is not None:
        return [Split(told_before, run, False, True)]
    if wider and _last_is_bounded(text, readings, position, first):
        return []  # 再建3万个以上，其中上半年1.8万个
    begin = related.sentences_back(text, position, 1)
    near = [r for r in wholes if r.start >= begin]
    if certain and not wholes:
        near = wider or _of_earlier_paragraphs(text, readings, first, line)
    near = near[-_NEAREST:]
    if complete and not any(slipped(run, whole) for whole in near):
        far = _of_earlier_paragraphs(text, readings, first, line)
        near = [whole for whole in far if slipped(run, whole)][:1] or near
    if not near:
        return []
    closed_list = not _OPEN.search(text[run[-1].end : run[-1].end + 12])
    grammatical = _antecedent(text, readings, position, first)
    if grammatical is not None and len(run) >= 2 and closed_list and exceeds(run, grammatical):
        overlap = any(_OVERLAPPING.search(p.numeral.noun) for p in run)
        if slipped(run, grammatical) and not overlap:
            return [Split(grammatical, run, complete, True, True)]
    whole = _whole_of(near, run)
    broken = _breaks(run, whole, complete, closed_list)
    if not broken and len(run) >= 2 and closed_list:
        for other in reversed(near):
            if other is not whole and other.amount >= max(r.amount for r in run) and _near_miss(run, other):
                return [Split(other, run, complete, True, True)]
    return [Split(whole, run, complete, True, broken)]


def _of_earlier_paragraphs(
    text: str, readings: Sequence[Reading], first: Reading, line: int
) -> list[Reading]:
    """What a list that divides everything may divide: the quantities like its parts of the four paragraphs before."""
    begin = line
    for _paragraph in range(4):
        begin = related.paragraph_start(text, max(0, begin - 1))
    places = related.places(readings, begin, line)[-2 * _LONGEST :]
    return [
        readings[i]
        for i in places
        if countable(readings[i])
        and readings[i].numeral.measure == first.numeral.measure
        and not re.search("均[^，。；]{0,3}$", text[max(0, readings[i].start - 6) : readings[i].start])
    ]


def _earlier_sum(text: str, readings: Sequence[Reading], run: Sequence[Reading], line: int) -> Reading | None:
    """The quantity of the paragraphs before that a list comes to, where it says all."""
    far = _of_earlier_paragraphs(text, readings, run[0], line)
    return next((whole for whole in far if adds_up(run, whole)), None)


def _last_is_bounded(text: str, readings: Sequence[Reading], position: int, first: Reading) -> bool:
    """Whether the quantity right before a list is of the kind but says 以上 or 约: no sum is told of it."""
    before = related.places(readings, sentence_start(text, position), position)
    if not before:
        return False
    last = readings[before[-1]]
    return alike(last, first) and not countable(last)


def _outer(text: str, after: Sequence[Reading], position: int) -> list[Reading]:
    """The quantities of a list without those of the lists inside it: 甲 a 个（新 x 个、旧 y 个）; 甲 a 元，其中 x 元、y 元；乙 …."""
    out: list[Reading] = []
    inner = 0
    for reading in after:
        since = text[position : reading.start]
        if reading.start < inner or since.count("(") > since.count(")"):
            continue
        last = max(out[-1].end if out else position, inner)
        cue = re.search(r"其中|分为|包括", text[last : reading.start]) if out else None
        if cue is not None:
            ends = text.find("；", reading.start)
            inner = ends if ends >= 0 else reading.start + 400
            continue
        out.append(reading)
    return out


def _antecedent(text: str, readings: Sequence[Reading], position: int, first: Reading) -> Reading | None:
    """What 其中 speaks of by its grammar: the quantity right before it, in the same clause chain and measure."""
    before = related.places(readings, related.paragraph_start(text, position), position)
    if not before:
        return None
    last = readings[before[-1]]
    apart = text[last.end : position]
    if re.search("[。；\n]", apart) or len(apart) > 24 or last.numeral.measure != first.numeral.measure:
        return None
    return last if countable(last) and not of_before(text, last) else None


def of_before(text: str, reading: Reading) -> bool:
    """上年同期556件次: no whole of what is listed now."""
    return bool(_BEFORE.search(text[max(0, reading.start - 14) : reading.start]))


def _goes_on(text: str, one: Reading, other: Reading) -> bool:
    """Whether two parts stand side by side in one enumeration."""
    return bool(re.fullmatch(r"[^，。；、\d]{0,10}[、和及][^，。；、\d]{0,14}", text[one.end : other.start]))


def _right_behind(text: str, readings: Sequence[Reading], index: int) -> list[Split]:
    """n 件，甲 a 件、乙 b 件、丙 c 件: three or more in one enumeration right behind a number of the same measure."""
    whole = readings[index]
    run: list[Reading] = []
    if of_before(text, whole):
        return []
    for reading in readings[index + 1 : index + 16]:
        if not countable(reading) or reading.numeral.measure != whole.numeral.measure:
            break
        if not run:
            if not re.fullmatch(
                r"[^，。；、\d]{0,10}[，：](?!其中)[^，。；、\d]{2,12}", text[whole.end : reading.start]
            ):
                break
        elif not _goes_on(text, run[-1], reading):
            break
        run.append(reading)
    if len(run) < 3 or re.match(
        r"[^，。；\d]{0,8}[，。；]?(?:共|合计|总计|等)", text[run[-1].end : run[-1].end + 14]
    ):
        return []
    if any(_MOVED.search(text[max(0, r.start - 10) : r.start]) for r in run):
        return []
    if adds_up(run, whole):
        return [Split(whole, tuple(run), False, True)]
    overlap = any(_OVERLAPPING.search(p.numeral.noun) for p in run)
    return [Split(whole, tuple(run), False, True, not overlap and slipped(run, whole))]


def _named_after(text: str, readings: Sequence[Reading], index: int) -> list[Split]:
    """下转 a 例，上转 b 例，… 转诊总量 n 例: two opposites and then what they are together."""
    whole = readings[index]
    if not _NAMED_WHOLE.search(related.before(text, readings, index, 12)):
        return []
    begin = related.sentences_back(text, whole.start, 0)
    pair = [r for r in readings[max(0, index - 4) : index] if r.start >= begin and countable(r)][-2:]
    if len(pair) < 2 or not all(alike(r, whole) for r in pair) or not opposed(text, readings, pair):
        return []
    return [Split(whole, tuple(pair), False, True, not adds_up(pair, whole) and slipped(pair, whole))]


def _whole_of(near: Sequence[Reading], run: Sequence[Reading]) -> Reading:
    """The quantity before the list that it most likely divides: the last that is not smaller than a part."""
    for whole in reversed(near):
        if whole.amount >= max(p.amount for p in run) and slipped(run, whole):
            return whole
    large = [w for w in near if w.amount >= max(p.amount for p in run)]
    return (large or list(near))[-1]


def _breaks(run: Sequence[Reading], whole: Reading, complete: bool, closed_list: bool) -> bool:
    if any(_OVERLAPPING.search(p.numeral.noun) for p in run) and not complete:
        return False
    if complete:
        return True
    if len(run) == 1:
        return exceeds(run, whole)
    if run[0].amount >= sum((p.amount for p in run[1:]), Decimal(0)) and run[0].amount <= whole.amount:
        return closed_list and _near_miss(run, whole)  # 其中回访 a 件，满意的 b 件: b may be among a
    return exceeds(run, whole) or (closed_list and _near_miss(run, whole))


def _near_miss(run: Sequence[Reading], whole: Reading) -> bool:
    """Whether one wrong digit explains the difference, in a list long enough to look complete."""
    if whole.amount < 100 and whole.numeral.kind == "exact" and len(run) < 3:
        return False
    gap = abs(whole.amount - sum((p.amount for p in run), Decimal(0)))
    low, high = span_of(whole)
    if len(run) == 2 and gap * 5 > whole.amount and whole.amount < 300 * (high - low or 1):
        return False
    return slipped(run, whole)


def _says_all(text: str, readings: Sequence[Reading], run: Sequence[Reading]) -> bool:
    """Whether a list says by its words that nothing is left out: 其他 at its end, or two that are opposites."""
    said = phrase(text, readings, related.places(readings, run[-1].start, run[-1].end)[0])
    if _COMPLETE.search(said.strip()) or _ALSO.search(said.partition(" ")[0]):
        return True
    return len(run) == 2 and opposed(text, readings, run)


def opposed(text: str, readings: Sequence[Reading], run: Sequence[Reading]) -> bool:
    """Whether two quantities are of opposite kinds, so that there is no third (国内 and 国际)."""
    said = [phrase(text, readings, related.places(readings, r.start, r.end)[0]) for r in run]
    if any(all(any(word in one for one in said) for word in pair) for pair in _OPPOSED):
        return True
    return len(said) == 2 and (_denies(said[0], said[1]) or _denies(said[1], said[0]))


def _denies(one: str, other: str) -> bool:
    """未提交 beside 提交, 不属实 beside 属实."""
    return any(
        found[1] in other and not re.search("[未不非]" + found[1], other)
        for found in re.finditer(r"[未不非]([\u4e00-\u9fff]{2})", one)
    )


def _run(text: str, after: Sequence[Reading], first: Reading, certain: bool) -> tuple[Reading, ...]:
    """The quantities in a row from the first on: joined by 、 or 和, or each in a clause that says no more than a name."""
    run = [first]
    skipped, shared, last = False, False, first
    for reading in after[1:]:
        between = _INSIDE.sub("", text[last.end : reading.start])
        last = reading
        if not (countable(reading) and alike(reading, first)):
            if reading.numeral.measure in ("%", "个百分点") or reading.numeral.kind == "percent":
                shared = bool(re.search("占(?:比)?$", between))
                skipped = skipped or not shared
                continue
            break
        if skipped:
            named = certain and re.fullmatch(r"[^，。；\d]{2,12}", between.rpartition("；")[2])
            paired = len(run) == 1 and opposed(text, after, (first, reading))
            if not paired and ("；" not in between or not (named or _parallel(text, first, reading))):
                break
            skipped = False
        elif "；" in between:
            if not (certain or shared) or not re.fullmatch(r"[^，。；\d]{0,6}；[^，。；、\d]{2,12}", between):
                break
            shared = False
        elif len(re.findall("[，]", between)) > 1:
            break
        elif "，" in between:
            if len(run) > 1 and not re.search("[，；]", text[run[-2].end : run[-1].start]):
                break  # a、b，c: the list in one breath has ended
            clause = between.rpartition("，")[2]
            if len(clause) > 16 or re.search(
                r"(?:增长|减少|下降|增加|完成|达到|约谈|(?<!公)共|已|并|收回|占|较|比)", clause
            ):
                break
        run.append(reading)
    return tuple(run)


def _parallel(text: str, first: Reading, other: Reading) -> bool:
    """第一产业 …；第二产业 …: both are called alike."""
    a, b = text[max(0, first.start - 8) : first.start], text[max(0, other.start - 8) : other.start]
    return len(a) > 3 and len(b) > 3 and a[-3:] == b[-3:]
