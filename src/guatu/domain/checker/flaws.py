"""What is doubtful inside a text whatever our records say: a count of units that exceeds all units.

What is wrong in words and signs alone (repeats, “to date”, approximations, widths) is style: `domain/style`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from guatu.domain.checker.normal import Normalised
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import Finding
from guatu.domain.checker.surroundings import sentence_start
from guatu.domain.words import gettext as _

_UNIT_HEAD = re.compile(r"(单位|企业|公司|机构)$")
_ROSTER = re.compile(r"[一二三四]级|各级|所属|下属|全部|基层|成员|直属|全集团")
_OUTSIDE = re.compile(r"外部|客户|供应商|民营|社会|辖区|上下游|合作|行业|中小|小微|规上|入驻|注册|市场")


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
