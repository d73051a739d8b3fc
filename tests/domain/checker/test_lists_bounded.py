"""A text of nothing but lists is read to an end, with what it says."""

from __future__ import annotations

from guatu.domain.checker import check


def test_a_sentence_of_nothing_but_parts_is_read_to_its_end() -> None:
    text = "检查发现问题9个，" + "其中1个" * 400 + "。"
    assert [figure.numeral.text for figure in check(text).figures] == ["9个", *["1个"] * 400]


def test_a_list_as_long_as_that_of_the_provinces_is_added_up() -> None:
    names = [f"{a}{b}地" for a in "甲乙丙丁戊己" for b in "子丑寅卯辰"] + ["末地"]
    parts = "、".join(f"{name}{count}个" for count, name in enumerate(names, 101))
    total = sum(range(101, 101 + len(names)))
    right = check(f"全国共有站点{total}个，其中{parts}。")
    assert right.findings == ()
    wrong = check(f"全国共有站点{total + 1000}个，其中{parts}。")
    assert [finding.kind for finding in wrong.findings] == ["sum"]
