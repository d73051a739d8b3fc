"""The holiday notice as it is pasted: read to the same days as the published arrangements."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.domain.errors import BadInput
from guatu.domain.holiday_notice import read_notice
from guatu.domain.working_days import Calendar, published_years

NOTICE_2024 = """一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。"""


def test_the_pasted_notice_of_2024_gives_the_working_days_that_were_published() -> None:
    read = Calendar({2024: read_notice(NOTICE_2024, 2024).days})
    published = Calendar(published_years())
    days = [date.fromordinal(date(2024, 1, 1).toordinal() + step) for step in range(366)]
    assert [day for day in days if read.is_working(day) != published.is_working(day)] == []


def test_a_day_off_has_the_name_of_its_holiday() -> None:
    days = read_notice(NOTICE_2024, 2024).days
    assert days[date(2024, 2, 12)] == "春节"
    assert days[date(2024, 2, 18)] == ""


def test_a_stretch_over_the_year_keeps_the_years_apart() -> None:
    said = "一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。"
    found = read_notice(said, 2023)
    assert list(found.days) == [date(2023, 1, 1), date(2023, 1, 2)]
    assert found.elsewhere == (date(2022, 12, 31),)


def test_one_day_a_line_is_read_too() -> None:
    assert read_notice("2027-02-08 春节\n2027-02-06 上班\n", 2027).days == {
        date(2027, 2, 6): "",
        date(2027, 2, 8): "春节",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("鼓励各单位结合带薪年休假安排。", "没有读出 2027 年的放假和上班日期"),
        ("一、春节：2月30日放假。", "没有 2月30日这一天"),
        ("一、春节：2月17日至10日放假。", "起止日期不对"),
        ("一、春节：17日放假。", "没有写月份"),
    ],
)
def test_what_is_no_day_is_named(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_notice(text, 2027)
