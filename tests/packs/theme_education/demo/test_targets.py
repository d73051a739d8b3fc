"""Targets come from a file that somebody wrote: every mistake in it is one sentence that says what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guatu.domain.errors import BadInput
from guatu.packs.theme_education.demo.targets import (
    TARGET_KEYS,
    Targets,
    as_dict,
    parse_targets,
    read_targets,
)


def test_missing_keys_keep_their_default() -> None:
    assert parse_targets('{"mtg_push": 9}') == Targets(mtg_push=9)


def test_an_empty_object_gives_the_built_in_totals() -> None:
    assert parse_targets("{}") == Targets()


def test_the_keys_are_those_of_the_figures_in_the_annotated_report(shared: Path) -> None:
    gold = json.loads((shared / "seed" / "figures_gold.json").read_text(encoding="utf-8"))
    assert set(TARGET_KEYS) == {item["metric"] for item in gold["items"] if item["class"] == "figure"}


def test_the_defaults_lie_in_the_intervals_of_the_annotated_report(shared: Path) -> None:
    gold = json.loads((shared / "seed" / "figures_gold.json").read_text(encoding="utf-8"))
    totals = as_dict(Targets())
    for item in gold["items"]:
        if item["class"] == "figure":
            assert item["low"] <= totals[item["metric"]]
            assert item["high"] is None or totals[item["metric"]] <= item["high"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "第 1 行不是有效的 JSON"),
        ("[1]", "应为一个 JSON 对象"),
        ('{"issues": 1}', "目标“issues”不是可以设定的统计项"),
        ('{"contact_cov": 1}', "目标“contact_cov”不是可以设定的统计项"),
        ('{"issues_total": "1740"}', '目标“issues_total”填的是“"1740"”，应为整数'),
        ('{"issues_total": 1740.0}', "目标“issues_total”填的是“1740.0”，应为整数"),
        ('{"issues_total": true}', "目标“issues_total”填的是“true”，应为整数"),
        ('{"issues_total": null}', "目标“issues_total”填的是“null”，应为整数"),
        ('{"issues_total": -1}', "目标“issues_total”填的是 -1，应在 0 至"),
        ('{"units_l3": 0}', "目标“units_l3”填的是 0，应在 1 至"),
        ('{"units_l3": 999999999999999999999}', "目标“units_l3”填的是 999999999999999999999，应在 1 至"),
        ('{"mtg_push": 1, "mtg_push": 2}', "目标“mtg_push”写了两次"),
        ('{"issues_total": 100}', "“issues_closed”为 258，大于“issues_total”的 100"),
        ('{"plans_closed": 18}', "之和为 211，不等于“plans_total”210"),
        ('{"plans_closed": 211, "plans_open": 0}', "“plans_closed”为 211，大于“plans_total”的 210"),
        ('{"survey_units": 2213}', "“survey_units”为 2213，大于“survey_visits”的 2212"),
        ('{"survey_units": 0}', "“survey_visits”为 2212 时，“survey_units”不能为 0"),
        ('{"tasks": 3}', "“task_aspects”为 5，大于“tasks”的 3"),
        ('{"task_aspects": 0}', "“tasks”为 20 时，“task_aspects”不能为 0"),
        ('{"survey_visits": 0, "survey_units": 0}', "“survey_solved”为 561 时，“survey_visits”不能为 0"),
        ('{"problem_kinds": 0}', "“plans_total”为 210 时，“problem_kinds”不能为 0"),
        ('{"new_contract_units": 217}', "“new_contract_units”为 217，大于“units_l3”的 216"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_key_and_value(text: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_targets(text, "t.json")
    sentence = str(refused.value)
    assert said in sentence
    assert "请" in sentence
    assert "\n" not in sentence


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_bytes('{"说明": 1}'.encode("gb18030"))
    with pytest.raises(BadInput, match="不是 UTF-8 编码"):
        read_targets(file)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="无法读取目标文件"):
        read_targets(tmp_path / "nowhere.json")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "t.json"
    file.write_bytes(b"\xef\xbb\xbf{}")
    assert read_targets(file) == Targets()
