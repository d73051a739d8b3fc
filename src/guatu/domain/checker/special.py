"""Numbers with a grammar of their own: 百分之八十, 三分之二, 七成五, 翻一番, 一半以上."""

from __future__ import annotations

from decimal import Decimal

from guatu.domain.checker import numbers
from guatu.domain.checker.grammar import (
    COORDINATE,
    CURRENCY,
    FOLD,
    FRACTION,
    HALF,
    SLASHED,
    TENTHS,
    Found,
)
from guatu.domain.checker.numbers import Value

_CURRENCIES = {"¥": "元", "￥": "元", "RMB": "元", "CNY": "元", "$": "美元", "USD": "美元", "EUR": "欧元"}


def special(text: str) -> list[Found]:
    """百分之八十, 三分之二, 翻一番, 一半以上: numbers with a grammar of their own."""
    out: list[Found] = []
    for found in FRACTION.finditer(text):
        raw = found["n"]
        if "点" in raw:
            whole, _, tail = raw.partition("点")
            head = numbers.chinese(whole or "零")
            digits = "".join(str("零一二三四五六七八九".find(c)) for c in tail)
            if head is None or "-" in digits or not digits:
                continue
            top = numbers.arabic(f"{head.amount}.{digits}", "")
        elif raw[0].isdigit():
            top = numbers.arabic(raw, "")
        else:
            parsed = numbers.chinese(raw)
            if parsed is None:
                continue
            top = parsed
        base = {"百": Decimal(100), "千": Decimal(1000), "万": Decimal(10000)}.get(found["d"])
        if base is None:
            bottom = numbers.chinese(found["d"])
            if bottom is None or top.amount >= bottom.amount:
                continue
            amount = (top.amount * 100 / bottom.amount).quantize(Decimal("0.01"))
            value = Value(amount, Decimal(1), Decimal(1), False)
        else:
            scale = Decimal(100) / base
            value = Value(top.amount * scale, top.last * scale, top.step * scale, top.amount not in (0, 100))
        out.append(
            Found(
                found.start(),
                found.end(),
                value,
                "%",
                found["pre"] or "",
                "",
                found["after"] or "",
                fraction=base is None,
            )
        )
    for found in SLASHED.finditer(text):
        part, whole = Decimal(found["n"]), Decimal(found["d"])
        if part < whole and (
            found["after"] or text[max(0, found.start() - 1) : found.start()] in ("占", "近", "约", "到")
        ):
            share = (part * 100 / whole).quantize(Decimal("0.01"))
            value = Value(share, Decimal(1), Decimal(1), False)
            out.append(
                Found(found.start(), found.end(), value, "%", "", "", found["after"] or "", fraction=True)
            )
    for found in FOLD.finditer(text):
        times = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4}.get(found["n"]) or int(found["n"])
        value = Value(Decimal(2) ** times, Decimal(1), Decimal(1), False)
        out.append(Found(found.start(), found.end(), value, "番", "", "", ""))
    for found in TENTHS.finditer(text):
        digits = "零一二三四五六七八九"
        ones = 5 if found["more"] == "半" else digits.index(found["more"])
        amount = Decimal(digits.index(found["n"].replace("两", "二")) * 10 + ones)
        value = Value(amount, Decimal(1), Decimal(1), True)
        before, after = found["pre"] or "", found["after"] or ""
        out.append(Found(found.start(), found.end(), value, "成", before, "", after, fraction=True))
    for found in CURRENCY.finditer(text):
        value = numbers.arabic(found["n"], found["unit"] or "")
        out.append(Found(found.start(), found.end(), value, _CURRENCIES[found["sign"]], "", "", ""))
    for found in COORDINATE.finditer(text):
        value = numbers.arabic(found["n"], found["unit"] or "")
        out.append(Found(found.start(), found.end(), value, found["measure"], "", "", ""))
    for found in HALF.finditer(text):
        value = Value(Decimal(50), Decimal(1), Decimal(1), False)
        out.append(
            Found(
                found.start(),
                found.end(),
                value,
                "%",
                found["pre"] or "",
                "",
                found["after"] or "",
            )
        )
    return out
