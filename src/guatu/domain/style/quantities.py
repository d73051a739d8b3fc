"""How a quantity is written: ranges, percentages, large numbers, full-width digits, 二 and 两."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from guatu.domain.checker import words
from guatu.domain.checker.numerals import Reading
from guatu.domain.style.finding import StyleFinding
from guatu.domain.style.text import Text
from guatu.domain.words import gettext as _

_HALF_WIDTH = re.compile(r"[0-9]")
_FULL_WIDTH = re.compile(r"[０-９]")
_NUMBER_TOKEN = re.compile(r"[0-9０-９][0-9０-９.．,，%％]*[0-9０-９%％]|[0-9０-９]")
_TO_HALF = {**{ord("０") + i: str(i) for i in range(10)}, ord("．"): ".", ord("％"): "%", ord("，"): ","}
_LARGE = r"(?:万亿|千亿|百亿|亿|千万|百万|十万|万)"
_RANGE = re.compile(
    rf"(?P<low>\d+(?:[.．]\d+)?)(?P<lowlarge>{_LARGE})?(?P<lowsign>[%％])?"
    rf"(?P<mark>——|[—–\-－~～〜至到])(?P<high>\d+(?:[.．]\d+)?)(?P<large>{_LARGE})?(?P<sign>[%％])?"
)
_DASHED = re.compile(
    r"(?<![\d\-.A-Za-z/〔\[])(?:(?P<low>(?:19|20)\d\d年?)[-－](?P<high>(?:19|20)\d\d|\d\d)(?=年)"
    r"|(?P<from>\d{1,2}[月日]?)[-－](?P<to>\d{1,2})(?=[年月日]))"
)
_NO_ZERO = re.compile(
    r"(?<![\d.A-Za-z])\.(?P<digits>\d+)(?=[%％万亿个元倍吨米])|(?<=\d)。(?=\d{1,2}(?:[%％万亿]|个百分点))"
)
_THOUSANDS = re.compile(r"(?<![\d.])\d+(?:\.\d+)?[千百](?!分|万|亿|[\d])")
_HALF_CHINESE = re.compile(r"百分之(?P<number>\d+(?:\.\d+)?)")
_TWO = re.compile(
    r"(?<![第十百千万零一二三四五六七八九〇0-9初周期其之、])二(?P<measure>个(?!性|体)|名|家|位(?!一体|数)|件|辆|座|份|间)"
    r"|第两(?=[个次名批届期位场轮季阶])"
)
_CHINESE_COUNT = re.compile(r"^[三四五六七八九十]{1,3}(?=\D)")
_ARABIC_COUNT = re.compile(r"^\d")
# Statistics are kept in 千公顷 and 千吨.
_COUNTED_IN_THOUSANDS = frozenset(("公顷", "吨"))
_NEAR = 20  # quantities of one sentence
_UNIT_NAMES = re.compile(r"(?<=[\d万亿])\s?平米")


def widths(text: Text) -> Iterator[StyleFinding]:
    """Full-width digits among half-width ones (GB/T 15835—2011 5.1.7.1: half the width of a character)."""
    if not (_HALF_WIDTH.search(text.source) and _FULL_WIDTH.search(text.source)):
        return
    for found in _NUMBER_TOKEN.finditer(text.source):
        if _FULL_WIDTH.search(found.group()):
            right = found.group().translate(_TO_HALF)
            message = _("“{text}”用了全角数字，文中其他数字是半角。请统一用半角数字。").format(
                text=found.group()
            )
            yield StyleFinding("mixed_width", found.start(), found.end(), message, right)


def ranges(text: Text) -> Iterator[StyleFinding]:
    """10—15%, 3—5亿元: the sign or 万, 亿 is repeated; a range takes — or ～, no hyphen.

    GB/T 15835—2011 5.1.3 (15%～30%, 不写为15～30%; 9亿～16亿, 不写为9～16亿); GB/T 15834—2011 4.13 for the hyphen.
    """
    for reading in text.readings:
        if reading.numeral.kind not in ("range", "percent", "money", "percent_points"):
            continue
        for found in _RANGE.finditer(reading.numeral.text):
            start = reading.numeral.start + found.start()
            end = reading.numeral.start + found.end()
            yield from _range_findings(found, start, end)
    for found in _DASHED.finditer(text.plain):
        right = f"{found['low'] or found['from']}—{found['high'] or found['to']}"
        yield StyleFinding("range_dash", found.start(), found.end(), _dash(found.group(), right), right)


def _dash(words_written: str, right: str) -> str:
    return _("“{text}”表示起止用了短横线。请改用一字线，写成“{right}”。").format(
        text=words_written, right=right
    )


def _range_findings(found: re.Match[str], start: int, end: int) -> Iterator[StyleFinding]:
    mark = "—" if found["mark"] in "-－" else found["mark"]
    tail = (found["large"] or "") + (found["sign"] or "")
    if found["sign"] and not found["lowsign"]:
        right = f"{found['low']}{found['sign']}{mark}{found['high']}{tail}"
        message = _("“{text}”前一个数没有百分号，会被读成{low}到{high}。请写成“{right}”。").format(
            text=found.group(), low=found["low"], high=found["high"] + found["sign"], right=right
        )
        yield StyleFinding("range_percent", start, end, message, right)
        return
    larger = Decimal(found["high"].translate(_TO_HALF)) > Decimal(found["low"].translate(_TO_HALF))
    if found["large"] and not found["lowlarge"] and larger:
        right = f"{found['low']}{found['large']}{mark}{found['high']}{tail}"
        message = _("“{text}”前一个数没有“{unit}”，会被读成{low}。请写成“{right}”。").format(
            text=found.group(), unit=found["large"], low=found["low"], right=right
        )
        yield StyleFinding("range_unit", start, end, message, right)
        return
    if found["mark"] in "-－":
        right = found.group().replace(found["mark"], "—")
        yield StyleFinding("range_dash", start, end, _dash(found.group(), right), right)


def decimals(text: Text) -> Iterator[StyleFinding]:
    """.46, 5。3%: a decimal keeps its 0 and has a point (GB/T 15835—2011 5.1.2)."""
    for found in _NO_ZERO.finditer(text.plain):
        if found["digits"] is None:
            message = _("小数点写成了句号。请改成“.”。")
            yield StyleFinding("decimal", found.start(), found.end(), message, ".")
            continue
        right = f"0.{found['digits']}"
        message = _("“{text}”缺小数点前的0。请写成“{right}”。").format(text=found.group(), right=right)
        yield StyleFinding("decimal", found.start(), found.end(), message, right)


def half_chinese(text: Text) -> Iterator[StyleFinding]:
    """3千人, 百分之5: a number is in digits or in characters; only 万 and 亿 may stand behind digits.

    GB/T 15835—2011 5.3 (4000可以写作四千，但不应写作4千).
    """
    for reading in text.readings:
        numeral = reading.numeral
        if numeral.measure.startswith(("千", "百")) or numeral.measure in _COUNTED_IN_THOUSANDS:
            continue
        for found in _THOUSANDS.finditer(numeral.text):
            after = numeral.text[found.end() : found.end() + 1]
            if after and (after in "余多几来零" or not after.isdigit()):
                amount = Decimal(found.group()[:-1]) * (1000 if found.group()[-1] == "千" else 100)
                right = f"{amount:f}".rstrip("0").rstrip(".") if amount % 1 else f"{int(amount)}"
                start = numeral.start + found.start()
                message = _("“{text}”一半数字一半汉字，数字后面只能跟“万”“亿”。请写成“{right}”。").format(
                    text=found.group(), right=right
                )
                yield StyleFinding("half_chinese", start, start + len(found.group()), message, right)
    for found in _HALF_CHINESE.finditer(text.plain):
        right = f"{found['number']}%"
        message = _("“{text}”一半数字一半汉字。请写成“{right}”。").format(text=found.group(), right=right)
        yield StyleFinding("half_chinese", found.start(), found.end(), message, right)


def large_units(text: Text) -> Iterator[StyleFinding]:
    """15000万元 beside 1.2亿元: one sentence counts its money in 亿 or in 万, no reader should have to convert."""
    for index, reading in enumerate(text.readings):
        numeral = reading.numeral
        in_wan = "亿" not in numeral.text and re.search(r"\d万", numeral.text)
        if numeral.measure not in words.MONEY or not in_wan or reading.amount < 100_000_000:
            continue
        start, end = text.sentence(numeral.start)
        near = text.readings[max(0, index - _NEAR) : index + _NEAR]
        beside = next(
            (
                other.numeral.text
                for other in near
                if other.numeral.measure == numeral.measure
                and start <= other.numeral.start < end
                and "亿" in other.numeral.text
            ),
            None,
        )
        if beside is not None:
            yield StyleFinding("large_units", numeral.start, numeral.end, *_in_yi(reading, beside))


def _in_yi(reading: Reading, beside: str) -> tuple[str, str | None]:
    amount = (reading.amount / 100_000_000).normalize()
    exponent = amount.as_tuple().exponent
    text = reading.numeral.text
    plain = re.fullmatch(rf"\d+(?:\.\d+)?万{reading.numeral.measure}", text)
    message = _("“{text}”已经过亿，同一句里又写“{other}”，万、亿混用，不便比较。请统一用“亿”。").format(
        text=text, other=beside
    )
    if plain is None or not isinstance(exponent, int) or exponent < -2:
        return message, None
    return message, f"{amount:f}亿{reading.numeral.measure}"


def two(text: Text) -> Iterator[StyleFinding]:
    """二个 → 两个, 第两批 → 第二批: 两 before a measure word, 二 in ordinals."""
    for found in _TWO.finditer(text.plain):
        right = f"两{found['measure']}" if found["measure"] else "第二"
        message = _("“{text}”的“二”“两”用得不合习惯。请写成“{right}”。").format(
            text=found.group(), right=right
        )
        yield StyleFinding("two", found.start(), found.end(), message, right)


def one_form(text: Text) -> Iterator[StyleFinding]:
    """会议3次、培训四次: counts of one kind in one list are all in digits or all in characters.

    GB/T 15835—2011 4.3, 同类别同形式.
    """
    for before, here in zip(text.readings, text.readings[1:], strict=False):
        a, b = before.numeral, here.numeral
        between = text.source[a.end : b.start]
        if a.measure != b.measure or between.count("、") != 1 or re.search(r"[，。；：（）\n\t]", between):
            continue
        digits_first = _ARABIC_COUNT.match(a.text) and _CHINESE_COUNT.match(b.text)
        if not digits_first and not (_CHINESE_COUNT.match(a.text) and _ARABIC_COUNT.match(b.text)):
            continue
        odd, even = (b, a) if digits_first else (a, b)
        message = _("同一句里“{even}”用数字，“{odd}”用汉字，写法不一。请统一用阿拉伯数字。").format(
            even=even.text, odd=odd.text
        )
        right = f"{int(odd.low)}{odd.measure}" if odd.low is not None and odd.low == odd.high else None
        yield StyleFinding("one_form", odd.start, odd.end, message, right)


def units(text: Text) -> Iterator[StyleFinding]:
    """平米 is no unit of measurement: 平方米 (GB 3100—1993)."""
    for found in _UNIT_NAMES.finditer(text.plain):
        message = _("“平米”不是法定计量单位。请写成“平方米”。")
        yield StyleFinding("unit_name", found.start(), found.end(), message, "平方米")
