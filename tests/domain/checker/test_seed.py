"""The seed report: everything found, nothing taken that is none, each figure bound and agreeing; also when perturbed."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.domain.checker import Checked, check, extract
from guatu.domain.checker.readings import as_json_number
from tests.domain.checker.statements_for_tests import RELATIONS, printed, seed_statements

DAY = date(2023, 11, 30)
CAMPAIGN = ("主题教育",)
KEPT = {"new_contract_units", "media_reports", "problem_kinds", "aid_counties", "aid_villages", "aid_schools"}


@pytest.fixture(scope="module")
def report(shared: Path) -> str:
    return (shared / "seed" / "report.zh.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def gold(shared: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((shared / "seed" / "figures_gold.json").read_text(encoding="utf-8"))
    return loaded


def of_class(gold: Mapping[str, Any], wanted: str) -> list[dict[str, Any]]:
    return [item for item in gold["items"] if item["class"] == wanted]


def verdicts(checked: Checked) -> dict[str, str]:
    return {f.key: f.verdict for f in checked.figures if f.key}


def test_every_figure_is_read_as_the_gold_file_has_it(report: str, gold: dict[str, Any]) -> None:
    found = [
        (n.start, n.end, as_json_number(n.low), as_json_number(n.high), n.kind, n.measure)
        for n in extract(report)
    ]
    wanted = [
        (i["offset"], i["end"], i["low"], i["high"], i["kind"], i["measure"])
        for i in of_class(gold, "figure")
    ]
    assert found == wanted


def test_no_trap_and_no_time_is_taken_for_a_figure(report: str, gold: dict[str, Any]) -> None:
    taken = [(n.start, n.end) for n in extract(report)]
    for item in of_class(gold, "trap") + of_class(gold, "time"):
        assert not any(a < item["end"] and item["offset"] < b for a, b in taken), item["phrase"]


def test_each_figure_is_bound_to_its_own_and_agrees(report: str, gold: dict[str, Any]) -> None:
    checked = check(report, seed_statements(gold, {}), RELATIONS, DAY, (), CAMPAIGN)
    bound = [(f.numeral.start, f.key, f.verdict) for f in checked.figures]
    assert bound == [(i["offset"], i["metric"], "agrees") for i in of_class(gold, "figure")]


def test_the_claims_are_found_and_true(report: str, gold: dict[str, Any]) -> None:
    checked = check(report, seed_statements(gold, {}), RELATIONS, DAY, (), CAMPAIGN)
    wanted = of_class(gold, "claim")
    assert [(c.key, c.verdict) for c in checked.claims] == [(i["metric"], "claim true") for i in wanted]
    for claim, item in zip(checked.claims, wanted, strict=True):
        assert claim.start < item["end"] and item["offset"] < claim.end


def test_the_times_are_those_of_the_gold_file(report: str, gold: dict[str, Any]) -> None:
    checked = check(report, (), (), DAY, (), CAMPAIGN)
    assert [(t.start, t.end) for t in checked.times] == [
        (i["offset"], i["end"]) for i in of_class(gold, "time")
    ]


def test_the_flaws_of_the_text_itself_are_reported(report: str) -> None:
    for findings in (check(report).findings, check(report, (), (), DAY, (), CAMPAIGN).findings):
        marked = {(f.kind, report[f.start : f.end]) for f in findings}
        assert ("noun_drift", "17个") in marked
        assert ("measure_drift", "193项") in marked
        assert ("scope", "1829家") in marked
        assert not [f for f in findings if f.kind in ("sum", "percentage")]


def test_claims_turn_false_with_our_records(report: str, gold: dict[str, Any]) -> None:
    statements = [replace(s, value=False) if s.kind == "claim" else s for s in seed_statements(gold, {})]
    checked = check(report, statements, RELATIONS, DAY, (), CAMPAIGN)
    assert [c.verdict for c in checked.claims] == ["claim false"] * 7


def with_values(report: str, gold: Mapping[str, Any], values: Mapping[str, int]) -> str:
    """The report with other numbers in the places of its figures."""
    out, last = "", 0
    for item in of_class(gold, "figure"):
        key = item["metric"]
        text = printed(key, values[key], item["measure"]) if key in values else item["phrase"]
        out += report[last : item["offset"]] + text
        last = item["end"]
    return out + report[last:]


def random_values(gold: Mapping[str, Any], chance: random.Random) -> dict[str, int]:
    keys = [i["metric"] for i in of_class(gold, "figure") if i["metric"] not in KEPT]
    values = {key: chance.randint(2, 3000) for key in keys}
    values |= {"party_members": chance.randint(10_000, 90_000), "youth": chance.randint(10_000, 90_000)}
    values["plans_total"] = values["plans_closed"] + values["plans_open"]
    values["issues_closed"] = chance.randint(1, values["issues_total"])
    values["survey_units"] = chance.randint(1, values["survey_visits"])
    return values


def in_another_order(report: str, chance: random.Random) -> str:
    """The sections (paragraphs under a numbered heading) shuffled."""
    sections: list[list[str]] = [[]]
    for line in report.split("\n"):
        if line[:2] in ("一、", "二、", "三、", "四、", "五、"):
            sections.append([])
        sections[-1].append(line)
    head, *rest = sections
    chance.shuffle(rest)
    return "\n".join("\n".join(section) for section in (head, *rest))


@pytest.mark.parametrize("seed", range(20))
def test_other_numbers_in_another_order_are_bound_just_so(
    report: str, gold: dict[str, Any], seed: int
) -> None:
    chance = random.Random(seed)
    values = random_values(gold, chance)
    text = in_another_order(with_values(report, gold, values), chance)
    checked = check(text, seed_statements(gold, values), RELATIONS, DAY, (), CAMPAIGN)
    assert verdicts(checked) == {i["metric"]: "agrees" for i in of_class(gold, "figure")}
    assert not [f for f in checked.findings if f.kind in ("sum", "percentage")]
    assert len(checked.claims) == 7


@pytest.mark.parametrize("seed", range(20))
def test_one_changed_figure_disagrees_and_no_other(report: str, gold: dict[str, Any], seed: int) -> None:
    chance = random.Random(1000 + seed)
    values = random_values(gold, chance)
    key = chance.choice(sorted(values))
    wrong = {**values, key: values[key] + (10_000 if values[key] >= 10_000 else 7)}
    checked = check(
        with_values(report, gold, wrong), seed_statements(gold, values), RELATIONS, DAY, (), CAMPAIGN
    )
    found = verdicts(checked)
    assert found.pop(key) == "disagrees"
    assert set(found.values()) == {"agrees"} and len(found) == 28
    ours = next(f.ours for f in checked.figures if f.key == key)
    assert ours is not None and str(values[key]) in ours
    sums = [f.message for f in checked.findings if f.kind == "sum"]
    if key in ("plans_total", "plans_closed", "plans_open"):
        assert len(sums) == 1
        assert f"我们 {values['plans_closed']}+{values['plans_open']}={values['plans_total']}" in sums[0]


def test_without_the_words_that_tell_them_apart_a_figure_is_ambiguous(gold: dict[str, Any]) -> None:
    statements = seed_statements(gold, {})
    for text in (
        "已销号258个。",
        "已销号重大问题258个。",
        "华东公司累计开展调研2212次。",
        "2022年累计开展调研2212次。",
    ):
        (figure,) = check(text, statements, RELATIONS, DAY, (), CAMPAIGN).figures
        assert figure.verdict in ("ambiguous", "unbacked"), text


def test_figures_of_others_stay_unbacked(gold: dict[str, Any]) -> None:
    statements = seed_statements(gold, {})
    text = "食堂供应早餐2212份。新增合同额3.2亿元。会议室改造5个。采购设备216台。组织篮球赛4次。车间设立党员示范岗31个。"
    assert {f.verdict for f in check(text, statements, RELATIONS, DAY, (), CAMPAIGN).figures} <= {
        "unbacked",
        "ambiguous",
    }
