from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.domain.figures.results import Result, statement
from guatu.domain.pack import Pack, ReportTemplate, builtin_pack
from guatu.domain.report import (
    Document,
    FigureSpan,
    Heading,
    Paragraph,
    chinese_day,
    chinese_number,
    compose,
    whole_months,
)
from guatu.domain.statements import Statement

DAY = date(2023, 11, 30)
CLAIMS = (
    *("contact_cov", "resp_cov", "superv_cov"),
    *("indicators_up", "yoy_revenue", "yoy_profit", "plans_on_track"),
)
DEMO: dict[str, int | bool | None] = {
    "units_l3": 216,
    "leaders_l3": 891,
    "party_orgs": 1585,
    "party_members": 25013,
    "youth": 39820,
    "task_aspects": 5,
    "tasks": 20,
    "mtg_push": 3,
    "mtg_office": 5,
    "mtg_training": 4,
    "media_reports": 13,
    "central_aspects": 12,
    "survey_focus": 31,
    "survey_topics": 931,
    "survey_visits": 2212,
    "survey_units": 1829,
    "survey_solved": 561,
    "new_contract_units": 17,
    "aid_counties": 2,
    "aid_villages": 2,
    "aid_schools": 2,
    "aid_villagers": 200,
    "aid_pupils": 104,
    "issues_total": 1740,
    "issues_closed": 258,
    "problem_kinds": 3,
    "plans_total": 210,
    "plans_closed": 17,
    "plans_open": 193,
    **dict.fromkeys(CLAIMS, True),
}
assert len(DEMO) == 36
NAMES = {
    "organisation": "华岳集团",
    "campaign": "第二批主题教育",
    "office": "主题教育办公室",
    "leading_group": "主题教育领导小组",
    "team": "巡回督导组",
}


@cache
def pack() -> Pack:
    return builtin_pack("theme-education")


def statements(values: Mapping[str, int | bool | None]) -> list[Statement]:
    """The values as the figures would state them, with what follows from them."""
    values = dict(values)
    total, closed = values.get("issues_total"), values.get("issues_closed")
    if isinstance(total, int) and isinstance(closed, int):
        values.setdefault("issues_open", total - closed)
    return [statement(pack().figure(key), Result(value), DAY) for key, value in values.items()]


def written(values: Mapping[str, int | bool | None], as_of: date = DAY) -> Document:
    return compose(pack().report("summary"), statements(values), names=NAMES, as_of=as_of)


def text_of(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks)


def test_the_report_states_every_figure_and_claim_of_such_a_report() -> None:
    document = written(DEMO)
    assert {span.key for span in document.figures} == set(DEMO)
    assert "216家三级单位" in text_of(document)
    assert "2.5万名党员、4万名团员和青年" in text_of(document)
    assert "开展调研2212次，调研单位1829家次，现场解决问题561个" in text_of(document)
    assert "10余次" in text_of(document)
    assert "多家单位新签" in text_of(document)
    assert "已销号17个方案，其余193个方案均按计划推进" in text_of(document)


def test_each_figure_is_printed_as_its_statement_says() -> None:
    for span in written(DEMO).figures:
        assert span.key == span.statement.key
        if span.statement.kind == "figure":
            assert span.text == span.statement.text


def test_the_report_names_its_day_and_never_says_to_date() -> None:
    text = text_of(written(DEMO))
    assert "截至2023年11月30日" in text
    assert "2023年1—11月" in text
    assert not re.search("目前|至今|近日|近期", text)


def test_no_sentence_is_printed_twice() -> None:
    sentences = re.split("[。\n]", text_of(written(DEMO)))
    long = [sentence for sentence in sentences if len(sentence) > 6]
    assert len(long) == len(set(long))


def test_the_organisation_comes_from_the_campaign() -> None:
    names = {**NAMES, "organisation": "东海集团"}
    document = compose(pack().report("summary"), statements(DEMO), names=names, as_of=DAY)
    assert document.signature == "东海集团主题教育办公室"
    assert document.salutation.startswith("东海集团")
    assert "华岳" not in text_of(document)
    assert document.title == "关于第二批主题教育开展情况的报告"
    assert document.date == "2023年11月30日"


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("verdict", [False, None])
def test_a_claim_that_does_not_hold_is_not_stated(claim: str, verdict: bool | None) -> None:
    document = written({**DEMO, claim: verdict})
    assert claim not in {span.key for span in document.figures}
    phrase = pack().figure(claim).say.phrases[0]
    assert phrase not in text_of(document)


def test_late_plans_are_said_to_be_late() -> None:
    text = text_of(written({**DEMO, "plans_on_track": False}))
    assert "其余193个方案正在推进，对超过时限的将加紧督办" in text


def test_revenue_up_and_profit_down_are_told_apart() -> None:
    text = text_of(written({**DEMO, "yoy_profit": False, "indicators_up": False}))
    assert "营业收入同比增长，利润总额未超过上年同期水平" in text
    text = text_of(written({**DEMO, "yoy_revenue": False, "yoy_profit": False, "indicators_up": False}))
    assert "集团营业收入、利润总额未超过上年同期水平" in text


def test_without_open_plans_none_is_left_over() -> None:
    text = text_of(written({**DEMO, "plans_closed": 210, "plans_open": 0, "plans_on_track": None}))
    assert "已销号210个方案，专项整治任务全部完成" in text
    assert "其余" not in text


def test_before_the_first_close_nothing_is_said_to_be_closed() -> None:
    text = text_of(written({**DEMO, "plans_closed": 0, "plans_open": 210, "issues_closed": 0}))
    assert "尚在推进的210个方案均按计划推进" in text
    assert "清单所列事项正在抓紧整改" in text
    assert "已销号" not in text
    assert "尚无完成销号的事项" in text


def test_a_list_leaves_out_what_did_not_happen() -> None:
    text = text_of(written({**DEMO, "mtg_office": 0}))
    assert "召开专题推进会3次、业务培训会4次，" in text
    assert "主任例会0次" not in text


def test_an_empty_campaign_gives_a_report_without_numbers() -> None:
    document = written({key: None if key in CLAIMS else 0 for key in DEMO})
    assert document.figures == ()
    assert document.blocks
    assert set(re.findall(r"\d+\D", text_of(document))) == {"2023年", "11月", "30日"}


@settings(max_examples=150, deadline=None)
@given(
    counts=st.fixed_dictionaries(
        {
            key: st.sampled_from((0, 1, 2, 3, 9, 11, 20, 999, 12_345, 25_013))
            for key in DEMO
            if key not in CLAIMS
        }
    ),
    claims=st.fixed_dictionaries({key: st.sampled_from((True, False, None)) for key in CLAIMS}),
    missing=st.sets(st.sampled_from(sorted(DEMO)), max_size=4),
    as_of=st.dates(date(2023, 9, 5), date(2025, 12, 31)),
)
def test_whatever_the_totals_nothing_false_and_no_zero_is_printed(
    counts: dict[str, int], claims: dict[str, bool | None], missing: set[str], as_of: date
) -> None:
    counts["plans_total"] = counts["plans_closed"] + counts["plans_open"]
    counts["issues_total"] = max(counts["issues_total"], counts["issues_closed"])
    values: dict[str, Any] = {**counts, **claims, **dict.fromkeys(missing)}
    document = written(values, as_of)
    text = text_of(document)
    for span in document.figures:
        assert values[span.key], span.key
        assert span.text in text
    assert not re.search(r"(?<![\d.])0[\u4e00-\u9fff]", text)
    assert not re.search("[{}<>|]|[，、；]。|。。|、、|，，|None|True", text)
    if values.get("plans_open") == 0:
        assert "其余" not in text
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    firsts = [heading.text.partition("、")[0] for heading in headings if heading.level == 1]
    assert firsts == [chinese_number(place + 1) for place in range(len(firsts))]
    assert isinstance(document.blocks[-1], Paragraph)


def template(*blocks: dict[str, Any]) -> ReportTemplate:
    return ReportTemplate.model_validate(
        {
            "key": "small",
            "label": "小报告",
            "title": "小报告",
            "salutation": "各单位：",
            "blocks": blocks,
            "signature": "{office}",
        },
        strict=False,
    )


def small(*blocks: dict[str, Any], **values: int | bool | None) -> list[str]:
    document = compose(template(*blocks), statements(values), names=NAMES, as_of=DAY)
    return [block.text for block in document.blocks]


def test_a_heading_without_text_below_is_left_out_and_numbers_close_up() -> None:
    blocks = (
        {"heading": "甲"},
        {"subheading": "子"},
        {"paragraph": ["{tasks}重点任务。"]},
        {"heading": "乙"},
        {"subheading": "丑"},
        {"subheading": "寅"},
        {"paragraph": ["现有{units_l3}单位。"]},
        {"heading": "丙"},
    )
    assert small(*blocks, tasks=0, units_l3=3) == ["一、乙", "（一）寅", "现有3家单位。"]
    assert small(*blocks, tasks=2, units_l3=0) == ["一、甲", "（一）子", "2项重点任务。"]


def test_a_zero_is_printed_only_where_the_template_names_it() -> None:
    named = {
        "paragraph": [
            {"cases": [{"text": "已销号{issues_closed}问题。", "when": {"zero": ["issues_closed"]}}]}
        ]
    }
    assert small(named, issues_closed=0) == ["已销号0个问题。"]
    assert small({"paragraph": ["已销号{issues_closed}问题。"]}, issues_closed=0) == []


def test_neighbouring_words_are_one_span() -> None:
    document = compose(
        template({"paragraph": ["甲。", "乙{tasks}。", "丙。"]}),
        statements({"tasks": 2}),
        names=NAMES,
        as_of=DAY,
    )
    paragraph = document.blocks[0]
    assert isinstance(paragraph, Paragraph)
    assert [span.text for span in paragraph.spans] == ["甲。乙", "2项", "。丙。"]
    assert isinstance(paragraph.spans[1], FigureSpan)


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2023, 11, 30), "2023年1—11月"),
        (date(2023, 11, 29), "2023年1—10月"),
        (date(2023, 2, 28), "2023年1—2月"),
        (date(2024, 2, 28), "2024年1月"),
        (date(2023, 1, 31), "2023年1月"),
        (date(2023, 1, 30), None),
    ],
)
def test_only_whole_months_are_named(day: date, months: str | None) -> None:
    assert whole_months(day) == months


def test_dates_and_numbers_are_written_as_in_official_papers() -> None:
    assert chinese_day(date(2023, 9, 5)) == "2023年9月5日"
    assert [chinese_number(n) for n in (1, 10, 11, 20, 21, 99)] == [
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]
