"""Numbers and days as forms and addresses write them."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.domain.errors import BadInput
from guatu.web.days import needed_day, typed_day
from guatu.web.numbers import DIGITS, typed_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        ("007", 7),
        ("", None),
        ("-1", None),
        ("1.0", None),
        (" 1", None),
        ("一", None),
        ("٣", None),
        ("²", None),
    ],
)
def test_a_number_is_ascii_digits_and_nothing_else(text: str, number: int | None) -> None:
    assert typed_number(text) == number


def test_a_number_longer_than_any_key_is_none_before_it_is_read() -> None:
    assert typed_number("9" * DIGITS) == int("9" * DIGITS)
    assert typed_number("9" * (DIGITS + 1)) is None
    assert typed_number("0" * 5000 + "1") is None
    assert typed_number("1234", 3) is None


def test_a_needed_day_names_its_field() -> None:
    assert needed_day(" 2023-11-30 ", "最后一天") == date(2023, 11, 30)
    for text in ("", "下周", "2023-11-31"):
        with pytest.raises(BadInput) as refused:
            needed_day(text, "最后一天")
        assert str(refused.value) == f"最后一天“{text}”不是日期。请填成 2023-11-30 的样子。"


def test_a_day_that_nobody_can_mean_is_refused_under_any_name() -> None:
    assert typed_day("", "开始日") is None
    for read in (typed_day, needed_day):
        with pytest.raises(BadInput, match="日期 0001-01-01 不在 1900-01-01 至 2200-12-31 之间"):
            read("0001-01-01", "开始日")
