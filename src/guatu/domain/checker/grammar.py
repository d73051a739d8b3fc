"""The grammar of a printed quantity: modifier, number, 余 or 多, measure word, and what may follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from guatu.domain.checker import numbers, words
from guatu.domain.checker.numbers import Value

CN = f"[{words.CHINESE_NUMERAL}]"
_CN_RUN = f"{CN}{{1,16}}"
_MULT = r"(?:万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?![米瓦克伏帕卡焦])|百(?!分))"
_AR = r"(?<![A-Za-z\d._#/])\d{1,18}(?:\.\d{1,9})?(?![.\d])"
_MODIFIERS = sorted(
    numbers.AT_LEAST
    | numbers.ABOVE
    | numbers.AT_MOST
    | numbers.BELOW
    | numbers.NEAR
    | numbers.ABOUT
    | numbers.UP_FROM,
    key=len,
    reverse=True,
)
_PRE = rf"(?:(?:{'|'.join(_MODIFIERS)})(?:了)?)"
_EXTRA_MEASURES = {
    "小时": "",
    "个小时": "",
    "分钟": "",
    "个工作日": "",
    "工作日": "",
    "天": "津|然|台|地",
    "岁": "月|末",
    "秒": "杀|表",
}
_ALL_MEASURES = {**words.MEASURES, **_EXTRA_MEASURES}
_MEASURE = "|".join(
    re.escape(m) + (f"(?!{tail})" if tail else "")
    for m, tail in sorted(_ALL_MEASURES.items(), key=lambda pair: len(pair[0]), reverse=True)
)
# 微克/立方米, 万吨/日, 元/人, 立方米每秒: so much for each.
_PER = r"/(?:平方米|立方米|平方公里|公里|千米|千瓦时|千瓦|小时|人次|公斤|千克|[日天年月周人户亩吨升件次台个米分秒])(?:·[日天年月人])?|每(?:平方米|立方米|秒)"
_MEASURE = rf"(?:{_MEASURE})(?:{_PER})?"
_AFTER = r"及?以上|及?以下|以内|之内|左右|上下|[多余](?=[，。；、）)\s]|$)"
_CORE = rf"""
  (?: (?P<ar>{_AR})(?P<mu>{_MULT})?(?:(?P<ar2>\d{{1,9}}(?:\.\d{{1,9}})?)(?P<mu2>万|千|百)?)?
    | (?P<vague>(?:好几|几|数)(?P<vu>[十百千万亿]{{1,4}}))
    | (?P<few>好几|几|数|若干|多)
    | (?P<cn>{_CN_RUN}) )
  (?P<more>余|多|来|几)?(?P<mu3>(?<=[余多几])(?:万亿|亿|千万|百万|万|千))?
"""
SINGLE = re.compile(rf"(?P<pre>{_PRE})?{_CORE}[ ]?(?P<measure>{_MEASURE})?(?P<after>{_AFTER})?", re.X)
RANGE = re.compile(
    rf"""(?P<pre>{_PRE})?(?:(?P<lo>{_AR})(?P<lomu>{_MULT})?|(?P<locn>{_CN_RUN}))(?P<lom>{_MEASURE})?
    (?:——|[—\-~至到])
    (?:(?P<hi>\d{{1,18}}(?:\.\d{{1,9}})?)(?P<himu>{_MULT})?|(?P<hicn>{_CN_RUN}))[ ]?(?P<him>{_MEASURE})(?P<after>左右|以上|不等)?""",
    re.X,
)
FRACTION = re.compile(
    r"(?P<pre>近|超过|超|逾|约)?(?P<d>百|[二三四五六七八九十]|千|万)分之(?P<n>[零一二两三四五六七八九十百点]{1,9}|\d{1,9}(?:\.\d{1,9})?)(?P<after>以上|左右)?"
)
SLASHED = re.compile(
    r"(?<![\d/.年月])(?P<n>[1-9])/(?P<d>[2-9]|10)(?P<after>以上|以内|以下|左右)?(?=的|[，。；、）)]|$|(?<=[上内下右]))"
)
FOLD = re.compile(r"翻(?:了)?(?P<n>[一两二三四]|\d)番")
TENTHS = re.compile(
    r"(?P<pre>近|不超过|超过|超|逾|约|不足|不到|不低于|低于|突破)?(?P<n>[一二两三四五六七八九])成(?P<more>[一二三四五六七八九半])(?P<after>以上|左右)?"
)
HALF = re.compile(
    r"(?:(?P<pre>超过|超|过|逾|近|约)(?:一半|半数)|(?:一半|半数)(?P<after>以上)|(?<![另上下前后])一半(?=的|[，。；,;）)]|$))(?!是)"
)
CURRENCY = re.compile(
    r"(?P<sign>[¥￥$]|USD|RMB|CNY|EUR)\s?(?P<n>\d{1,15}(?:\.\d{1,2})?)(?P<unit>万亿|亿|千万|百万|万)?(?![\d元美欧亿万.])"
)
COORDINATE = re.compile(
    r"(?<![\d.A-Za-z:∶：])(?P<n>\d{1,9}\.\d{1,4})(?=(?:[、和及与]\d{1,9}\.\d{1,4}){1,4}(?P<unit>万亿|亿|万)?(?P<measure>个百分点|美元|元|倍|吨|公里|亩))"
)
NOUNS = re.compile("|".join(sorted(words.COUNTED_NOUNS, key=len, reverse=True)))
PLACE = re.compile("|".join(sorted(words.PLACES, key=len, reverse=True)))
PLACE_VERBS = re.compile(
    r"(?:深入|走进|覆盖|涉及|联合|辐射|走访|赴|惠及|辖|全市|全省|定点帮扶|帮扶|横跨|遍布|分布在?|向|助力|支持|援助|结对)$"
)
ONE = re.compile(rf"(?:{words.ONE_VERBS})(?:了|过)?$")
ONE_NOT = re.compile(r"每|逐|定期|至少|任何")
NEGATIVE_CUE = re.compile(
    r"(?:为|至|到|率|率为|增长|增速|同比|环比|下降|涨幅|利润|净利|净额|差额|余额|收益|[个均]值|增幅|[(（，：])$"
)
TOTAL_CUE = re.compile(r"(?:为|达|达到|共|共计|合计|总计|仅|至|到|总数|计)$")


@dataclass(slots=True)
class Found:
    start: int
    end: int
    value: Value
    measure: str
    before: str
    more: str
    after: str
    fraction: bool = False  # 三分之二 is no rounded percentage


def number_value(found: re.Match[str]) -> Value | None:
    more, after_more = found["more"] or "", found["mu3"] or ""
    if found["ar"]:
        if found["ar2"]:
            if not found["mu"]:
                return None
            if not found["mu2"] and (found["mu"] != "万" or len(found["ar2"]) != 4):
                return None  # 469万5000人 is a number, 3亿50 is none
            return numbers.compound([(found["ar"], found["mu"]), (found["ar2"], found["mu2"] or "")])
        return numbers.arabic(found["ar"], (found["mu"] or "") + after_more, between=more)
    if found["vague"]:
        return numbers.vague_units(found["vague"][:1], found["vu"])
    if found["few"]:
        upto = Decimal(9) if found["few"] in ("几", "好几", "数") else None
        return Value(
            Decimal(2), Decimal(1), Decimal(1), False, (Decimal(2), upto) if upto else None, vague=True
        )
    text = found["cn"]
    if len(text) > 2 and not any(c in "十百千万亿" for c in text):
        return None  # 七〇三所: spelled digit by digit, a name or a year
    return numbers.chinese(text + after_more if after_more else text)


def core_end(found: re.Match[str]) -> int:
    return max(found.end(g) for g in ("ar", "mu", "ar2", "mu2", "vague", "few", "cn") if found[g] is not None)
