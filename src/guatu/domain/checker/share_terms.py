"""What a percentage may be a share of: the part and the whole that 占 x % or …率 x % names by its words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from guatu.domain.checker import related
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.related import alike, countable, phrase
from guatu.domain.checker.surroundings import sentence_end, sentence_start

_SHARE = re.compile(
    r"(?P<subject>[^，。；、：（(）)\d%]*?)占(?P<of>[^，。；：]{0,14}?)(?:的?比[重例]|比)?(?:为|高?达到?|约|仅|只有|不到)?的?$"
)
_RATE = re.compile(r"(?P<stem>[\u4e00-\u9fff]{2,10}?)(?:率|比例|面|(?<=满意)度)(?:为|达到|达|约|仅|是)?$")
_CHANGE = re.compile(
    r"同比|环比|增长|增幅|增速|下降|提高|提升|上升|降低|减少|高于|低于|[高低快慢]出?$|压减|压缩|目标|力争|以上$|较"
)
_OTHER_WHOLE = re.compile(r"占(?:全省|全市|全国|全县|全区|全行业|全社会|同期|地区|GDP|总人口|耕地)")
_PLAIN_SHARE = re.compile(r"(?:其|所占)?比[例重](?:为|达到?|约为?)?")
_AMOUNTS_TO = re.compile(
    r"^(?:约)?(?:为|相当于)(?P<of>(?!上年|去年|上月|同期|年初|目标|计划)[^，。；\d]{2,12})的$"
)
_OF_IT = re.compile(r"[)]?的(?:比[重例])?(?:为|达到?|近|约)?")
_IS_OF = re.compile(
    r"占[^，。；]{0,12}$|(?:完成|实现)[^，。；\d]{0,6}(?:预算|目标|任务|计划)[(]?$|(?:^|，)(?:是|为|约为|达到?|相当于|等于)[^，。；\d]{2,12}[(]?$"
)
_SHOULD = re.compile(r"应[^，。；\d]{1,8}$|应[^，。；\d]{0,2}$")
_PLANNED = re.compile(r"目标|任务|计划|预算|指标")
_FULFILLED = re.compile(r"(?:完成|执行|达成|兑现|目标完成|计划完成|任务完成)$")
_UNCOUNTED = re.compile(r"(?:毛利|利润|税|利|汇|资产负债|收益|增长|参保|死亡|出生|失业)$")
_NAMED_RATIOS = (
    (re.compile(r"资产负债率(?:为|达)?$"), "负债总额|总负债|负债合计", "资产总额|总资产|资产合计"),
    (
        re.compile(r"(?:营业|销售)?(?:收入)?利润率(?:为|达)?$"),
        "利润总额|营业利润|实现利润",
        "营业收入|销售收入",
    ),
    (re.compile(r"存贷比(?:为|达)?$"), "贷款余额|各项贷款", "存款余额|各项存款"),
)
_LEFT_OVER = re.compile(r"其余|剩余|余下|未|另有?")
_FAR = 2  # counts of paragraphs before that a rate may be of
_BREADTH = re.compile(r"(?:增长|上升|下降|亏损)面(?:为|达)?$")  # how many of them grew
_TARGET = re.compile(r"完成(?:年度|全年|年初)?(?:计划|任务|目标)[^，。；\d]{0,6}的?$")
_USUAL = re.compile(
    r"覆盖|完成|整改|办结|达标|恢复|消除|通达|合格|通过|到位|落实|化解|查实|签约|开工|尽[建改查办]|清退|上线|竣工|回收|复绿|解决|处置|结案"
)
NEAR = 60  # quantities before a percentage among which it looks


@dataclass(frozen=True, slots=True)
class Terms:
    """What a percentage may be a share of: `part` (or one of `others`), one of `wholes`, the likeliest first.

    `certain`: the text says beyond doubt that they are. `alone`: the part stands right beside the percentage, so that
    no other can be meant. `named`: the whole is called by its name, or stands in brackets behind; no other can be meant.
    """

    part: Reading
    wholes: list[Reading]
    certain: bool
    others: tuple[Reading, ...] = ()
    alone: bool = False
    named: bool = False


def terms_of(text: str, readings: Sequence[Reading], index: int) -> Terms | None:
    """Part, whole and whether the text says beyond doubt that they are; None when it does not name them."""
    percent = readings[index]
    said = related.before(text, readings, index)
    said = re.split("[，。；：、（(]", said)[-1]
    begin = sentence_start(text, percent.start)
    earlier = [
        i for i in range(max(0, index - NEAR), index) if readings[i].start >= begin and countable(readings[i])
    ]
    if _OTHER_WHOLE.search(text, max(0, percent.start - 16), percent.start):
        return None
    if _OF_IT.fullmatch(said) and len(earlier) >= 2 and earlier[-1] == index - 1:
        # 占企业总数1905户的21.6%; 完成年度目标9000人的109.4%; 相当于上年（160.5亿元）的80%
        opening = related.before(text, readings, index - 1)
        whole = readings[earlier[-1]]
        part = next((readings[i] for i in reversed(earlier[:-1]) if alike(readings[i], whole)), None)
        if part is not None and _IS_OF.search(opening):
            others = [r for i in earlier[:-1] if alike(r := readings[i], whole) and r is not part]
            return Terms(part, [whole], True, tuple(others), named=True)
        return None
    for pattern, part_name, whole_name in _NAMED_RATIOS:
        if pattern.search(said):
            return _of_names(text, readings, earlier, part_name, whole_name)
    if _TARGET.search(said) and earlier:
        aims = [
            i for i in around(text, readings, index) if re.search("目标|任务|计划", phrase(text, readings, i))
        ]
        part = readings[earlier[-1]]
        aims = [i for i in aims if alike(readings[i], part) and readings[i] is not part]
        return Terms(part, [readings[aims[-1]]], True) if aims else None
    if _CHANGE.search(said) and not re.search("(?:目标|任务|计划)完成率", said) and not _BREADTH.search(said):
        return None
    spoken = _AMOUNTS_TO.sub(r"占\g<of>的", said)  # 为问题金额的88.9%
    share = _SHARE.search("占比" if _PLAIN_SHARE.fullmatch(said) else spoken)
    if share is not None:
        return _of_share(text, readings, index, earlier, share)
    rate = _RATE.search(said)
    if rate is None:
        return None
    if (due := _of_plan(text, readings, index, earlier, rate["stem"])) is not None:
        return due
    if _UNCOUNTED.search(rate["stem"]) and not _BREADTH.search(said):
        return None
    return _of_rate(text, readings, index, earlier, rate["stem"])


def _of_plan(
    text: str, readings: Sequence[Reading], index: int, earlier: list[int], stem: str
) -> Terms | None:
    """超额完成计划 b，实际 a，完成率 p %; 应参保 b，实际参保 a，参保率 p %: two amounts side by side, one of them planned or due."""
    if len(earlier) < 2 or earlier[-2:] != [index - 2, index - 1]:
        return None
    pair = [readings[i] for i in earlier[-2:]]
    if not alike(*pair) or len(re.findall("[，；。：]", text[pair[-1].end : readings[index].start])) > 1:
        return None
    said = [_clause(text, readings, i) for i in earlier[-2:]]
    for n, one in enumerate(said):
        other = said[1 - n]
        planned = _PLANNED.search(one) and not _PLANNED.search(other) and _FULFILLED.search(stem)
        due = _SHOULD.search(one) and not _SHOULD.search(other) and any(char in other for char in stem[-2:])
        if planned or due:
            return Terms(pair[1 - n], [pair[n]], True, alone=True, named=True)
    return None


def _clause(text: str, readings: Sequence[Reading], index: int) -> str:
    """What is said before a quantity in its clause; the brackets that it stands in belong to it."""
    said = related.before(text, readings, index)
    if index and not re.search("[，。；：(\n]", text[readings[index - 1].end : readings[index].start]):
        return ""  # 92项改革任务完成86项: the words belong to the quantity before
    return re.split("[，。；：]", said)[-1]


def around(text: str, readings: Sequence[Reading], index: int) -> list[int]:
    """Countable quantities of the sentence, those after the percentage included."""
    begin, stop = sentence_start(text, readings[index].start), sentence_end(text, readings[index].start)
    return [i for i in related.places(readings, begin, stop) if i != index and countable(readings[i])]


def _of_names(
    text: str, readings: Sequence[Reading], earlier: list[int], part_name: str, whole_name: str
) -> Terms | None:
    """资产负债率, 存贷比: the two amounts that the ratio is named after."""
    parts = [i for i in earlier if re.search(part_name, phrase(text, readings, i))]
    wholes = [i for i in earlier if re.search(whole_name, phrase(text, readings, i))]
    return Terms(readings[parts[-1]], [readings[wholes[-1]]], True) if parts and wholes else None


def _in_brackets(text: str, readings: Sequence[Reading], index: int, part: Reading) -> Reading | None:
    """…的84%（共31家）, 上线率62.5%（实考4,554人）: the whole behind the percentage."""
    if index + 1 >= len(readings):
        return None
    behind = readings[index + 1]
    opening = re.fullmatch(r"[(（][^，。；)）\d]{0,8}", text[readings[index].end : behind.start])
    return behind if opening and countable(behind) and alike(behind, part) else None


def _of_share(
    text: str, readings: Sequence[Reading], index: int, earlier: list[int], share: re.Match[str]
) -> Terms | None:
    subject, of = share["subject"].strip(), share["of"].strip().rstrip("的")
    percent = readings[index]
    paragraph = related.paragraph_start(text, percent.start)
    here = [
        i
        for i in range(max(0, index - NEAR), index)
        if readings[i].start >= paragraph and countable(readings[i])
    ]
    if subject and subject not in ("约", "仅"):
        # 国际占比25.7%: the part is the figure that bears the name
        named = [i for i in here if re.search(f"(?<![非不未]){subject[-2:]}", phrase(text, readings, i))]
        if not named:
            return None
        part = named[-1]
    elif earlier:
        part = earlier[-1]
    else:
        return None
    alone = bool(subject) or (
        part == index - 1 and len(text[readings[part].end : percent.start]) <= 4 + len(of) + 8
    )
    if (behind := _in_brackets(text, readings, index, readings[part])) is not None:
        return Terms(readings[part], [behind], True, alone=alone, named=True)
    if of:
        later = [i for i in around(text, readings, index) if i > index]
        said = {i: phrase(text, readings, i) for i in (*here, *later) if alike(readings[i], readings[part])}
        wholes = [i for i in said if i != part and of in said[i]]
        if not wholes and (far := _called(text, readings, index, part, of)):
            return Terms(readings[part], far, False, alone=alone, named=True)
        wholes = wholes or [i for i in said if i != part and related.shares_a_word(of, said[i])]
        if wholes:
            return Terms(readings[part], [readings[i] for i in reversed(wholes)], False, alone=alone)
        if of not in ("总数", "总量", "全部", "总额"):
            return None
    before = [
        i
        for i in here
        if i < part and alike(readings[i], readings[part]) and not _itself_a_share(text, readings, i)
    ]
    near = [i for i in before if readings[i].amount >= readings[part].amount]
    begin = sentence_start(text, percent.start)
    if not near and alone and len(same := [i for i in before if readings[i].start >= begin]) == 1:
        near = same  # 118项改革事项完成132项，占86.4%: more than there are
    if not near:
        return None
    same = [i for i in near if readings[i].start >= begin]
    whole = same[-1] if same else part
    apart = text[readings[whole].end : percent.start]
    certain = len(same) == 1 and not subject and "；" not in apart
    ordered = [*reversed(same), *(i for i in reversed(near) if i not in same)]
    return Terms(readings[part], [readings[i] for i in ordered], certain, alone=alone)


def _itself_a_share(text: str, readings: Sequence[Reading], index: int) -> bool:
    """甲类 a 件，占 x %: what is a share of the whole is not the whole of 乙类 behind it."""
    if index + 1 >= len(readings) or readings[index + 1].numeral.measure != "%":
        return False
    return bool(
        re.fullmatch(
            r"[，、(（]?占(?:比|[^，。；\d]{2,14}的(?:比[重例])?)?[率达为]{0,2}",
            text[readings[index].end : readings[index + 1].start],
        )
    )


def _called(text: str, readings: Sequence[Reading], index: int, part: int, of: str) -> list[Reading]:
    """占转派工单的, 占总收入的: wholes of that very name in the paragraphs before."""
    name = of.removeprefix("总").removeprefix("全部").removesuffix("总数").removesuffix("总量")
    if len(name) < 2:
        return []
    said = {
        i: phrase(text, readings, i)
        for i in range(index - 1, max(-1, index - 3 * NEAR), -1)
        if i != part and countable(readings[i]) and alike(readings[i], readings[part])
    }
    found = [i for i in said if name in said[i]] or [i for i in said if "涉及" + name[-2:] in said[i]]
    return [readings[i] for i in found]


def _tells(stem: str, said: str) -> bool:
    """Whether what is said of a count holds the rate's stem: 办结 in 已办结, 调撤 in 调解撤诉."""
    verb = stem[-2:]
    return (
        verb in said
        or (len(stem) == 4 and stem[:2] in said)
        or bool(re.search(".{0,3}".join(map(re.escape, verb)), said))
    )


def _sampled(text: str, readings: Sequence[Reading], index: int) -> bool:
    """12个断面中11个达标; 抽查120个，发现9个: the count and that of which it is one, side by side."""
    if not index or not alike(readings[index - 1], readings[index]):
        return False
    joint = text[readings[index - 1].end : readings[index].start]
    if re.search(r"[。；\n]", joint) or not countable(readings[index - 1]):
        return False
    if re.search(r"中[，有]?(?:[^，。；\d]{1,8})?$", joint) and "其中" not in joint:
        return True
    looked = related.before(text, readings, index - 1, 16)
    return bool(re.search("抽查|抽检|抽样|检查|监测|复核|抽取|回访", looked)) and bool(
        re.search(r"，[^，。；]{0,6}(?:发现|查出|超标|不合格|不达标|不符|不实)[^，。；]{0,4}$", joint)
    )


def _of_rate(
    text: str, readings: Sequence[Reading], index: int, earlier: list[int], stem: str
) -> Terms | None:
    if not earlier:
        return None
    percent = readings[index]
    last = earlier[-1]
    paragraph = related.paragraph_start(text, percent.start)
    begin = sentence_start(text, percent.start)
    between = text[readings[last].end : percent.start]
    told_by = [
        i
        for i in earlier[-4:]
        if _tells(stem, phrase(text, readings, i))
        and not _LEFT_OVER.search(related.before(text, readings, i, 12))
        and "；" not in text[readings[i].end : percent.start]
    ]
    if told_by and (told_by[-1] != last or len(told_by) > 1):
        last = told_by[-1]  # 已办结455件，阶段办结8件，办结率98.3%
    elif last != index - 1 or len(re.findall("[，；。：]", between)) > 1:
        return None
    part = readings[last]
    others = tuple(readings[i] for i in reversed(told_by) if i != last and alike(readings[i], part))
    told = bool(told_by) or _tells(stem, phrase(text, readings, last)) or between.count(stem[-2:]) > 1
    told = told or stem[-2:] in re.split("[，。；]", text[part.end : percent.start])[0]  # 1,054人及格，及格率
    told = told or _sampled(text, readings, last)
    if not told and not _USUAL.search(stem):
        return None
    if (behind := _in_brackets(text, readings, index, part)) is not None:
        return Terms(part, [behind], told, others, named=True)
    wholes = [
        i
        for i in range(max(0, index - NEAR), last)
        if readings[i].start >= paragraph and countable(readings[i]) and alike(readings[i], part)
    ]
    following = [i for i in around(text, readings, index) if i > index and alike(readings[i], part)][:1]
    inside = any(readings[i].start >= begin for i in wholes)
    if following and not inside and "其中" in text[percent.end : readings[following[0]].start]:
        # 18个断面优良比例94.4%，其中17个断面: what follows is the part
        return Terms(readings[following[0]], [part], False, alone=True, named=True)
    wholes += following
    wholes = [i for i in wholes if readings[i].amount * 10 >= part.amount]
    if part.numeral.kind == "money" and not any(begin <= readings[i].start for i in wholes):
        return None  # 费用率: of a revenue that stands somewhere else
    if not wholes:
        far = [
            readings[i]
            for i in range(index - 1, max(-1, index - NEAR), -1)
            if readings[i].start < paragraph
            and countable(readings[i])
            and readings[i].numeral.measure == part.numeral.measure
            and (
                readings[i].amount >= part.amount
                or related.shares_a_word(phrase(text, readings, i), phrase(text, readings, last))
            )
        ]
        return Terms(part, far[:_FAR], False, others, alone=bool(told_by)) if far and told else None
    same = [i for i in wholes if begin <= readings[i].start and i < last]
    ordered = [*reversed(same), *(i for i in reversed(wholes) if i not in same)]
    certain = told and len(same) == 1 and not others
    alone = told and last == index - 1 and len(same) == 1
    return Terms(part, [readings[i] for i in ordered], certain, others, alone=alone)


def listed_terms(
    text: str, readings: Sequence[Reading], index: int, wholes: Mapping[int, Reading]
) -> Terms | None:
    """按类别分：甲 a 条，占 x %；乙 b 条，占 y %: shares of the whole that the list divides."""
    if not index or readings[index - 1].start not in wholes:
        return None
    part = readings[index - 1]
    if not re.fullmatch(r"[，、(（]?占(?:比)?(?:为|达)?", text[part.end : readings[index].start]):
        return None
    return Terms(part, [wholes[part.start]], False, alone=True, named=True)
