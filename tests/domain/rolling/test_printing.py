"""A new value is printed the way the old one was, as long as that is true."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.checker import extract
from guatu.domain.checker.binding import meets
from guatu.domain.figures.phrasing import exact_decimal
from guatu.domain.rolling.printing import reprinted
from guatu.domain.statements import Number, Say, Statement


def stated(value: Number | None, measure: str) -> Statement:
    return Statement(
        "k", "甲", "figure", value, value, value, f"{value}{measure}", "2023-12-31", "", Say((measure,))
    )


def printed(old: str, value: Number | None, separator: str = "") -> str | None:
    """What becomes of the one numeral of the text."""
    (numeral,) = extract(old)
    words = reprinted(numeral, stated(value, numeral.measure), separator)
    if words is None:
        return None
    start = numeral.start + words.start
    return old[:start] + words.new + old[numeral.start + words.end :]


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        ("问题1740个", 1802, "问题1802个"),
        ("问题1,740个", 1802, "问题1,802个"),
        ("问题１，７４０个", 1802, "问题１，８０２个"),
        ("问题1,740个", 998, "问题998个"),
        ("问题998个", 1740, "问题1740个"),
        ("群众２５０名", 312, "群众３１２名"),
        ("党员2.5万名", 26480, "党员2.6万名"),
        ("党员2.5万名", 9321, "党员9321名"),
        ("团员4万名", 41020, "团员4.1万名"),
        ("团员4万名", 40480, "团员4万名"),
        ("团员2.50万名", 26030, "团员2.60万名"),
        ("投入５．２亿元", Decimal(612000000), "投入６．１亿元"),
        ("投入120万元", 1304999, "投入130万元"),
        ("投入3000多万元", 32560000, "投入3000多万元"),
        ("投入3000多万元", 40000000, "投入4000万元"),
        ("报道10余次", 13, "报道10余次"),
        ("报道10余次", 23, "报道20余次"),
        ("报道10余次", 20, "报道20次"),
        ("报道10余次", 9, "报道9次"),
        ("报道10余次", 1234, "报道1200余次"),
        ("报道1230余次", 1345, "报道1340余次"),
        ("报道十余次", 23, "报道二十余次"),
        ("走访近百次", 98, "走访近百次"),
        ("走访近百次", 130, "走访近一百四十次"),
        ("走访千余次", 1340, "走访千余次"),
        ("走访千余次", 2340, "走访两千余次"),
        ("走访上百次", 40, None),
        ("走访1,200余次", 2110, "走访2,100余次"),
        ("走访近2000次", 1999, "走访近2000次"),
        ("走访近2000次", 2110, "走访近2200次"),
        ("走访近2000次", 2000, "走访近2100次"),
        ("走访超1000次", 1690, "走访超1600次"),
        ("走访超过了1000次", 2110, "走访超过了2000次"),
        ("走访300次以上", 356, "走访350次以上"),
        ("走访约200次", 312, "走访约300次"),
        ("走访约200次", 7, "走访7次"),
        ("走访200次左右", 6, "走访6次"),
        ("完成率14.8%", Decimal("15.234"), "完成率15.2%"),
        ("完成率14.8%", 15, "完成率15%"),
        ("完成率99%", Decimal("99.96"), "完成率99.96%"),
        ("完成率100%", Decimal("99.7"), "完成率99.7%"),
        ("完成率超80%", Decimal("93.25"), "完成率超90%"),
        ("解决三类问题", 5, "解决五类问题"),
        ("解决十二类问题", 2, "解决两类问题"),
        ("解决二十五类问题", 104, "解决一百零四类问题"),
        ("签约单位多家", 7, "签约单位多家"),
        ("签约单位多家", 1, "签约单位1家"),
        ("召开会议不少于5次", 9, "召开会议9次"),
        ("人均工时12.5小时", Decimal("13.04"), "人均工时13.0小时"),
    ],
)
def test_the_old_way_is_kept(old: str, value: Number, new: str | None) -> None:
    assert printed(old, value) == new


@pytest.mark.parametrize(
    ("old", "value"),
    [
        ("走访3至5次", 9),
        ("走访不足300次", 356),
        ("完成三分之二", 80),
        ("完成七成", 80),
        ("投入3亿5000万元", 360000000),
        ("走访数十次", 356),
        ("问题1740个", None),
        ("利润12万元", -5),
    ],
)
def test_what_the_old_way_cannot_say_is_left(old: str, value: Number | None) -> None:
    assert printed(old, value) is None


def test_what_is_still_true_needs_no_new_words() -> None:
    assert printed("走访不足300次", 256) == "走访不足300次" and printed("走访数十次", 56) == "走访数十次"


def test_a_number_that_grows_past_a_thousand_is_parted_as_the_text_parts_them() -> None:
    assert (
        printed("问题998个", 1740, ",") == "问题1,740个" and printed("问题1998个", 2740, ",") == "问题2740个"
    )


FORMS = ["{}个", "{}余个", "近{}个", "超{}个", "约{}个", "{}个以上", "{}万个", "{}.5万个", "{}余万个"]


@given(st.sampled_from(FORMS), st.integers(1, 99_999), st.integers(0, 3_000_000))
def test_what_is_printed_reads_back_with_the_value_in_it(form: str, old: int, value: int) -> None:
    text = "问题" + form.format(old)
    found = extract(text)
    if len(found) != 1 or ("." in form and old > 999):
        return
    new = printed(text, value)
    if new is not None:
        (numeral,) = extract(new + "。")
        assert meets(numeral, stated(value, "个")), (text, value, new)


@given(st.integers(0, 4), st.fractions(0, 100))
def test_a_share_reads_back_with_the_value_in_it(places: int, value: Fraction) -> None:
    new = printed(f"完成率{12.3456:.{places}f}%", exact_decimal(value))
    if new is not None:
        (numeral,) = extract(new)
        assert meets(numeral, stated(exact_decimal(value), "%"))
