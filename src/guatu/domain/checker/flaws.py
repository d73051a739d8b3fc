"""What is wrong inside a text whatever our records say: repeats, “to date”, mixed words and signs, doubtful scope."""

from __future__ import annotations

import re
from collections.abc import Sequence

from guatu.domain.checker.normal import Normalised
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import CheckedClaim, Finding, TimeExpression
from guatu.domain.checker.sums import alike
from guatu.domain.checker.surroundings import sentence_end, sentence_start
from guatu.domain.words import gettext as _

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]?")
_MIN_REPEAT = 10
_ABOUT_TWICE = re.compile(
    r"^(?:大约|约为|约|将近|接近|近|超过|超|逾|不少于|至少).*(?:余|多|几|左右|上下|以上)"
)
_HALF_WIDTH = re.compile(r"[0-9]")
_FULL_WIDTH = re.compile(r"[０-９]")
_NUMBER_TOKEN = re.compile(r"[0-9０-９][0-9０-９.．,，%％]*[0-9０-９%％]|[0-9０-９]")
_UNIT_HEAD = re.compile(r"(单位|企业|公司|机构)$")
_ROSTER = re.compile(r"[一二三四]级|各级|所属|下属|全部|基层|成员|直属|全集团")
_OUTSIDE = re.compile(r"外部|客户|供应商|民营|社会|辖区|上下游|合作|行业|中小|小微|规上|入驻|注册|市场")


def repeated_sentences(text: str) -> list[Finding]:
    """Sentences of ten characters or more that stand twice word for word; the later one is marked."""
    out: list[Finding] = []
    seen: dict[str, int] = {}
    for found in _SENTENCE.finditer(text):
        words = re.sub(r"\s|[。！？!?]$", "", found.group())
        if len(words) < _MIN_REPEAT or "\t" in found.group():
            continue
        if words not in seen:
            seen[words] = found.start()
            continue
        start = found.start() + len(found.group()) - len(found.group().lstrip())
        short = words if len(words) <= 20 else words[:20] + "…"
        line = text.count("\n", 0, seen[words]) + 1
        message = _("“{sentence}”与第 {line} 段的句子完全相同。请删去一处，或改写其中一处。").format(
            sentence=short, line=line
        )
        out.append(Finding("repeated_sentence", start, found.end(), message))
    return out


def unresolved_times(
    text: str, times: Sequence[TimeExpression], readings: Sequence[Reading], claims: Sequence[CheckedClaim]
) -> list[Finding]:
    """“截至目前” beside a figure or a claim: nobody can tell the day later."""
    out: list[Finding] = []
    marks = [r.numeral.start for r in readings] + [c.start for c in claims]
    for time in times:
        if time.kind != "unresolved":
            continue
        stop = sentence_end(text, time.end)
        begin = sentence_start(text, time.start)
        if not any(begin <= mark < stop for mark in marks):
            continue
        message = _("“{text}”没有写明截止日期，事后无法核对。请写明截至哪年哪月哪日。").format(text=time.text)
        out.append(Finding("unresolved_time", time.start, time.end, message))
    return out


def doubtful_approximations(readings: Sequence[Reading]) -> list[Finding]:
    """约…余, 近…左右: approximate twice; and 11余, where 余 has nothing to stand for."""
    out: list[Finding] = []
    for reading in readings:
        numeral = reading.numeral
        if _ABOUT_TWICE.match(numeral.text):
            message = _(
                "“{text}”重复表示约数。请只保留一个，例如去掉前面的“约”“近”或后面的“余”“多”“左右”。"
            ).format(text=numeral.text)
            out.append(Finding("approx", numeral.start, numeral.end, message))
        elif re.search(r"[1-9](?:余|多)", numeral.text) and numeral.low == numeral.high:
            message = _(
                "“{text}”末位不是零，“余”“多”没有所指。请写准确数，或用整十、整百的数加“余”。"
            ).format(text=numeral.text)
            out.append(Finding("approx", numeral.start, numeral.end, message))
    return out


def mixed_widths(text: str) -> list[Finding]:
    """Full-width digits in a text whose other digits are half-width, and numbers that mix the two."""
    if not (_HALF_WIDTH.search(text) and _FULL_WIDTH.search(text)):
        return []
    out: list[Finding] = []
    for found in _NUMBER_TOKEN.finditer(text):
        if _FULL_WIDTH.search(found.group()):
            message = _("“{text}”用了全角数字，文中其他数字是半角。请统一用半角数字。").format(
                text=found.group()
            )
            out.append(Finding("mixed_width", found.start(), found.end(), message))
    return out


def mixed_measures(readings: Sequence[Reading], already: Sequence[Finding]) -> list[Finding]:
    """One noun counted with two measure words (35个问题, 12项问题) when no sum has reported it."""
    out: list[Finding] = []
    first: dict[str, Reading] = {}
    told = {finding.start for finding in already if finding.kind == "measure_drift"}
    for reading in readings:
        noun = reading.numeral.noun
        if (
            len(noun) < 2
            or reading.numeral.measure == ""
            or reading.numeral.kind not in ("exact", "rounded", "lower_bound")
        ):
            continue
        other = first.setdefault(noun, reading)
        same = other.numeral.measure == reading.numeral.measure
        if same or not alike(other, reading) or reading.numeral.start in told:
            continue
        message = _("“{noun}”的量词前后不一：前文“{first}”，此处“{second}”。请统一。").format(
            noun=noun, first=other.numeral.text, second=reading.numeral.text
        )
        out.append(Finding("mixed_measures", reading.numeral.start, reading.numeral.end, message))
    return out


def doubtful_scope(norm: Normalised, readings: Sequence[Reading]) -> list[Finding]:
    """A count of 家 单位 above the number of all units of the text (1829家 beside 216家三级单位): perhaps 家次."""
    rosters = [
        r
        for r in readings
        if r.numeral.measure in ("家", "个", "户")
        and r.exact
        and (m := _UNIT_HEAD.search(r.numeral.noun))
        and _ROSTER.search(r.numeral.noun)
        and m
    ]
    out: list[Finding] = []
    for reading in readings:
        numeral = reading.numeral
        if (
            numeral.measure != "家"
            or reading in rosters
            or numeral.kind not in ("exact", "rounded", "lower_bound")
        ):
            continue
        clause = norm.text[sentence_start(norm.text, reading.start) : reading.end + 8]
        head = _UNIT_HEAD.search(numeral.noun)
        around = norm.text[max(0, reading.start - 8) : reading.end + 8]
        if head is None or _OUTSIDE.search(around) or _OUTSIDE.search(clause[-24:]):
            continue
        whole = max(
            (r for r in rosters if r.numeral.noun.endswith(head[1])), key=lambda r: r.amount, default=None
        )
        if whole is None or reading.amount <= whole.amount:
            continue
        message = _(
            "“{text}”大于文中“{whole}{noun}”，不会是去重后的单位数，可能漏了“次”。请写成“{fixed}”，或说明统计口径。"
        ).format(
            text=numeral.text, whole=whole.numeral.text, noun=whole.numeral.noun, fixed=numeral.text + "次"
        )
        out.append(Finding("scope", numeral.start, numeral.end, message))
    return out
