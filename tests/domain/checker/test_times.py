"""Days, periods and “to date”."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.domain.checker import times

DAY = date(2024, 6, 15)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("截至2023年11月下旬", "as_of", date(2023, 11, 21), date(2023, 11, 30)),
        ("截至2024年2月底", "as_of", date(2024, 2, 29), date(2024, 2, 29)),
        ("2023年1—11月", "period", date(2023, 1, 1), date(2023, 11, 30)),
        ("2023年1至3月份", "period", date(2023, 1, 1), date(2023, 3, 31)),
        ("2023年10月12日", "day", date(2023, 10, 12), date(2023, 10, 12)),
        ("2023-10-12", "day", date(2023, 10, 12), date(2023, 10, 12)),
        ("2023年前三季度", "period", date(2023, 1, 1), date(2023, 9, 30)),
        ("2024年前十个月", "period", date(2024, 1, 1), date(2024, 10, 31)),
        ("今年上半年", "period", date(2024, 1, 1), date(2024, 6, 30)),
        ("去年第四季度", "period", date(2023, 10, 1), date(2023, 12, 31)),
        ("5月中旬", "period", date(2024, 5, 11), date(2024, 5, 20)),
        ("2021—2023年", "period", date(2021, 1, 1), date(2023, 12, 31)),
        ("二〇二三年九月", "period", date(2023, 9, 1), date(2023, 9, 30)),
        ("2023年9月5日至8日", "period", date(2023, 9, 5), date(2023, 9, 8)),
        ("2023年2月30日", "period", None, None),
        ("2022年底", "day", date(2022, 12, 31), date(2022, 12, 31)),
        ("2023年9月5至8日", "period", date(2023, 9, 5), date(2023, 9, 8)),
        ("2024年3月以来", "period", date(2024, 3, 1), DAY),
        ("截至目前", "unresolved", None, None),
        ("目前", "unresolved", None, None),
        ("迄今", "unresolved", None, None),
    ],
)
def test_a_time_expression_is_resolved_to_its_days(
    text: str, kind: str, first: date | None, last: date | None
) -> None:
    (found,) = times(f"{text}，各项工作有序推进。", DAY)
    assert (found.text, found.kind, found.first, found.last) == (text, kind, first, last)


def test_a_day_without_a_year_takes_the_year_last_named() -> None:
    found = times("2022年6月启动，9月底完成。", DAY)
    assert [t.last for t in found] == [date(2022, 6, 30), date(2022, 9, 30)]


def test_without_a_day_to_check_a_bare_month_stays_open() -> None:
    (found,) = times("9月底完成。")
    assert found.last is None


def test_a_year_beyond_the_calendar_has_no_days() -> None:
    last = times("明年底前完成，去年已办结。", date(9999, 12, 31))
    assert [(one.text, one.first) for one in last] == [("明年底", None), ("去年", date(9998, 1, 1))]
    first = times("去年和上月", date(1, 1, 1))
    assert [(one.text, one.first, one.last) for one in first] == [("去年", None, None), ("上月", None, None)]
