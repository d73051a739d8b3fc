from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.fields import TYPES, BadValue, parse, show, validate
from guatu.domain.pack import FIELD_TYPES, Field
from guatu.domain.pack.base import Choice

CATEGORIES = (
    Choice(key="livelihood", label="民生"),
    Choice(key="development", label="发展"),
    Choice(key="conduct", label="干部思想作风"),
)


def field(kind: str, **more: Any) -> Field:
    choices = CATEGORIES if kind in ("choice", "multi_choice") else ()
    return Field(key="value", label="整改时限", type=kind, choices=choices, **more)  # type: ignore[arg-type]


def test_every_type_a_pack_may_name_has_its_rules() -> None:
    assert tuple(TYPES) == FIELD_TYPES


@pytest.mark.parametrize(
    ("kind", "raw", "stored"),
    [
        ("text", "  推进   会 ", "推进 会"),
        ("text", 12.0, "12"),
        ("long_text", "一\r\n二  \r三\n", "一\n二\n三"),
        ("person", " 林晓岚 ", "林晓岚"),
        ("integer", "１,２００", 1200),
        ("integer", 3.0, 3),
        ("integer", 0, 0),
        ("decimal", "12.50", "12.5"),
        ("decimal", 0.1, "0.1"),
        ("money", "3.45亿元", "345000000"),
        ("money", "1,234.50", "1234.5"),
        ("money", "200万", "2000000"),
        ("money", Decimal("0.10"), "0.1"),
        ("percent", "14.8％", "14.8"),
        ("date", "2023年11月30日", "2023-11-30"),
        ("date", "2023/1/5", "2023-01-05"),
        ("date", "20231130", "2023-11-30"),
        ("date", "2023-11-30 00:00:00", "2023-11-30"),
        ("date", date(2023, 11, 30), "2023-11-30"),
        ("date", datetime(2023, 11, 30, 9, 38), "2023-11-30"),
        ("choice", "民生", "livelihood"),
        ("choice", "livelihood", "livelihood"),
        ("multi_choice", "干部思想作风、民生", ["livelihood", "conduct"]),
        ("multi_choice", ["conduct", "conduct"], ["conduct"]),
        ("yes_no", "是", True),
        ("yes_no", "否", False),
        ("yes_no", False, False),
        ("unit", " A01-02 ", "A01-02"),
        ("units", "B2、A1，B2", ["A1", "B2"]),
        ("item", "018BCFE5-687B-7000-8000-000000000001", "018bcfe5-687b-7000-8000-000000000001"),
        ("file", "AB" * 32, "ab" * 32),
    ],
)
def test_what_people_type_becomes_one_canonical_value(kind: str, raw: Any, stored: Any) -> None:
    value = parse(field(kind), raw)
    assert value == stored
    assert type(value) is type(stored)
    assert parse(field(kind), value) == value
    validate(field(kind), value)


@pytest.mark.parametrize(
    ("kind", "raw", "said"),
    [
        ("text", "字" * 501, "501 个字"),
        ("text", "一\x00二", "第 2 个字"),
        ("text", True, "不是文字"),
        ("long_text", "字" * 20_001, "20001 个字"),
        ("integer", "三个", "“三个”"),
        ("integer", "1.5", "应为整数"),
        ("integer", "-1", "不能小于 0"),
        ("integer", "9" * 30, "无法识别为整数"),
        ("integer", "1,2", "无法识别为整数"),
        ("decimal", "1.1234567", "最多保留 6 位小数"),
        ("decimal", float("nan"), "无法识别为数字"),
        ("money", "约200万元", "“约200万元”"),
        ("money", "0.001", "最多保留 2 位小数"),
        ("percent", "过半", "“过半”"),
        ("date", "年底前", "“整改时限”填的是“年底前”，无法识别为日期。请填成 2026-12-31"),
        ("date", "2023-02-30", "没有这一天"),
        ("date", "2023-11", "只写到月份"),
        ("date", "0023-11-30", "年份不在"),
        ("date", "2023-1/5", "无法识别为日期"),
        ("date", 45260, "无法识别为日期"),
        ("choice", "安全", "可选：民生、发展、干部思想作风"),
        ("multi_choice", "民生、安全", "不在选项中"),
        ("yes_no", "也许", "“是”或“否”"),
        ("unit", "华东公司", "不是单位代码"),
        ("units", "A1、华东公司", "不是单位代码"),
        ("item", "WT-0001", "不是事项标识"),
        ("file", "报告.docx", "不是已上传的文件"),
    ],
)
def test_what_cannot_be_taken_is_said_with_its_value_and_what_to_do(kind: str, raw: Any, said: str) -> None:
    with pytest.raises(BadValue) as failure:
        parse(field(kind), raw)
    sentence = str(failure.value)
    assert said in sentence
    assert "整改时限" in sentence
    assert "请" in sentence
    assert failure.value.field == "value"


@pytest.mark.parametrize("kind", FIELD_TYPES)
@pytest.mark.parametrize("raw", [None, "", "  \n", []])
def test_nothing_given_is_no_value(kind: str, raw: Any) -> None:
    assert parse(field(kind), raw) is None


@pytest.mark.parametrize(
    ("kind", "stored", "read"),
    [
        ("integer", 1200, "1,200人"),
        ("decimal", "1234.5", "1,234.5人"),
        ("money", "345000000", "3.45亿元"),
        ("money", "2000000", "200万元"),
        ("money", "-123456789.12", "-123,456,789.12元"),
        ("money", "0.1", "0.10元"),
        ("percent", "14.8", "14.8%"),
        ("date", "2023-11-30", "2023-11-30"),
        ("choice", "livelihood", "民生"),
        ("choice", "gone", "gone"),
        ("multi_choice", ["livelihood", "conduct"], "民生、干部思想作风"),
        ("yes_no", True, "是"),
        ("yes_no", False, "否"),
        ("units", ["A1", "B2"], "A1、B2"),
        ("text", "文字", "文字"),
    ],
)
def test_a_stored_value_is_read_as_people_write_it(kind: str, stored: Any, read: str) -> None:
    unit = "人" if kind in ("integer", "decimal") else ""
    assert show(field(kind, unit=unit), stored) == read


def test_no_value_is_shown_as_nothing() -> None:
    assert show(field("date"), None) == ""


def test_a_field_without_a_least_number_takes_a_loss() -> None:
    assert parse(field("money", minimum=None), "-12.5万元") == "-125000"


@pytest.mark.parametrize(("kind", "loose"), [("money", "200万"), ("date", "2023/11/30"), ("integer", "5")])
def test_only_canonical_values_pass_validation(kind: str, loose: Any) -> None:
    with pytest.raises(BadValue, match="不是规范写法"):
        validate(field(kind), loose)


@pytest.mark.parametrize("kind", FIELD_TYPES)
@given(raw=st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text(), max_size=3)))
def test_parsing_twice_changes_nothing_and_nothing_but_a_sentence_is_raised(kind: str, raw: Any) -> None:
    try:
        value = parse(field(kind), raw)
    except BadValue:
        return
    assert parse(field(kind), value) == value


@given(amount=st.decimals(min_value=0, max_value=10**15, places=2, allow_nan=False))
def test_what_is_shown_of_money_reads_back_as_the_same_money(amount: Decimal) -> None:
    stored = parse(field("money"), str(amount))
    assert parse(field("money"), show(field("money"), stored)) == stored
