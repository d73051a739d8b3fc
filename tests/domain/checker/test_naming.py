"""A plain sentence that calls a figure by its full name is judged; one more word beside the name and it is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from guatu.domain.checker import check
from guatu.domain.figures.results import Result, statement
from guatu.domain.pack import builtin_pack
from guatu.domain.statements import Number, Statement
from tests.domain.checker.short_reports import REPORTS, annotated

DAY = date(2023, 11, 30)
VALUES: dict[str, Number] = {
    "units_l3": 216,
    "party_orgs": 1585,
    "party_members": 25013,
    "youth": 40021,
    "briefings_total": 12,
    "unit_tasks_total": 7974,
    "unit_tasks_done": 5210,
    "reinspections_total": 260,
    "reinspections_rebound": 22,
    "revenue": 59283999000,
    "profit": 3241596000,
    "cases_total": 8,
    "supervision_total": 224,
    "study_total": 322,
    "issues_total": 1740,
    "issues_closed": 258,
    "issues_open": 1482,
    "issues_late": 5,
    "issues_rate": Decimal("15.12309495896834701"),
    "survey_visits": 2212,
    "survey_solved": 561,
    "plans_rate": Decimal("8.09523809"),
    "plans_total": 210,
    "plans_closed": 17,
    "plans_open": 193,
}


@cache
def stated() -> tuple[Statement, ...]:
    """Every figure of the pack that texts speak of; those without a value above are 8642 of their kind."""
    pack = builtin_pack("theme-education")
    out = []
    for figure in pack.figures.values():
        if figure.key in VALUES or figure.say.measures:
            number = VALUES.get(figure.key, 8642)
            sides = {"issues_rate": (258, 1706), "plans_rate": (17, 210)}.get(figure.key)
            out.append(statement(figure, Result(number, number, sides), DAY))
    return tuple(out)


OWN = ("华岳集团",)
CAMPAIGN = ("主题教育",)


def judged(text: str) -> list[tuple[str, str | None]]:
    return [(f.verdict, f.key) for f in check(text, stated(), (), DAY, OWN, CAMPAIGN).figures]


@pytest.mark.parametrize(
    ("text", "verdict", "key"),
    [
        ("215家三级单位", "disagrees", "units_l3"),
        ("216家三级单位。", "agrees", "units_l3"),
        ("三级单位共计216家。", "agrees", "units_l3"),
        ("全集团1600个党组织", "disagrees", "party_orgs"),
        ("1585个党组织参加。", "agrees", "party_orgs"),
        ("截至2023年11月30日，党员2.6万名", "disagrees", "party_members"),
        ("党员2.6万名", "disagrees", "party_members"),
        ("党员25013名", "agrees", "party_members"),
        ("现有党员25014名。", "disagrees", "party_members"),
        ("团员和青年4万名", "agrees", "youth"),
        ("工作简报20期", "disagrees", "briefings_total"),
        ("编发工作简报12期。", "agrees", "briefings_total"),
        ("单位任务8000项", "disagrees", "unit_tasks_total"),
        ("已完成单位任务5210项", "agrees", "unit_tasks_done"),
        ("回头看发现反弹30项", "disagrees", "reinspections_rebound"),
        ("营业收入592.84亿元", "agrees", "revenue"),
        ("1—11月实现营业收入592.84亿元。", "agrees", "revenue"),
        ("利润总额32.42亿元", "agrees", "profit"),
        ("利润总额33.42亿元", "disagrees", "profit"),
        ("典型案例8个", "agrees", "cases_total"),
        ("（二）形成典型案例9个。", "disagrees", "cases_total"),
        ("督导记录100次", "disagrees", "supervision_total"),
        ("理论学习300场", "disagrees", "study_total"),
        ("已销号260个问题", "disagrees", "issues_closed"),
        ("未销号问题1482个", "agrees", "issues_open"),
        ("逾期未销号问题5个", "agrees", "issues_late"),
        ("现场解决561个问题", "agrees", "survey_solved"),
        ("开展调研2212次", "agrees", "survey_visits"),
        ("专项整治方案211个", "disagrees", "plans_total"),
        ("华岳集团共有三级单位215家。", "disagrees", "units_l3"),
        ("本集团现有党员25013名。", "agrees", "party_members"),
        ("指标\t数值\n三级单位\t215家", "disagrees", "units_l3"),
        ("问题总销号率15.1%", "agrees", "issues_rate"),
        ("问题总销号率16.1%", "disagrees", "issues_rate"),
    ],
)
def test_a_figure_called_by_its_name_is_judged_even_alone(text: str, verdict: str, key: str) -> None:
    assert judged(text) == [(verdict, key)]


@pytest.mark.parametrize(
    "text",
    [
        "其中三级单位12家。",
        "新增党组织5个。",
        "每家三级单位选派党员3名。",
        "华东公司典型案例3个。",
        "江南市三级单位30家。",
        "海河集团共有三级单位30家。",
        "海河集团召开大会。现有党员35名。",
        "江南市交通局成立于2010年。现有党员35名。",
        "某支部有党员35名。",
        "2022年营业收入500亿元。",
        "去年，利润总额30亿元。",
        "11月营业收入50亿元。",
        "计划召开专题推进会6次。",
        "下一步，召开专题推进会6次。",
        "全年目标营业收入650亿元。",
        "营业收入同比增加12亿元。",
        "平均每个党组织党员16名。",
        "30名党员，主动报名参加志愿服务。",
        "30名党员受到表彰。",
        "12家三级单位未按时报送。",
        "12家三级单位被通报。",
        "慰问困难党员120名。",
        "发展党员45名。",
        "选派党员30名。",
        "女党员6000名。",
        "离退休党员3000名。",
        "境外三级单位9家。",
        "优秀典型案例3个。",
        "评选典型案例3个。",
        "主营业务营业收入300亿元。",
        "纪检督导记录40次。",
        "中心组理论学习12场。",
        "重大问题30个。",
        "安全问题60个。",
        "问题60个。",
        "学生1260名。",
        "学校3所。",
        "企业30家。",
        "车间党小组3个、党员18名。",
        "专家组25人，党员12名。",
        "指标\t华东公司\t华南公司\n党员\t35名\t40名",
        "指标\t华东公司\n三级单位\t3家",
    ],
)
def test_one_word_more_beside_the_name_and_it_proves_nothing(text: str) -> None:
    assert {key for _verdict, key in judged(text)} == {None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "215家三级单位、1600个党组织、党员2.6万名参加。",
            [("disagrees", "units_l3"), ("disagrees", "party_orgs"), ("disagrees", "party_members")],
        ),
        (
            "营业收入592.84亿元，同比增长5%，利润总额32.42亿元。",
            [("agrees", "revenue"), ("unbacked", None), ("agrees", "profit")],
        ),
        ("重点任务20项", [("disagrees", "tasks")]),
        ("重点任务5个方面", [("disagrees", "task_aspects")]),
        (
            "回头看抽查260项，发现反弹22项。",
            [("agrees", "reinspections_total"), ("agrees", "reinspections_rebound")],
        ),
        (
            "问题清单1740个，已销号258个，销号率15.1%。",
            [("agrees", "issues_total"), ("agrees", "issues_closed"), ("agrees", "issues_rate")],
        ),
        (
            "整治方案210个，已销号17个，销号率8.1%。",
            [("agrees", "plans_total"), ("agrees", "plans_closed"), ("agrees", "plans_rate")],
        ),
        ("销号率15.1%。", [("ambiguous", None)]),
    ],
)
def test_figures_that_stand_together_keep_apart(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert judged(text) == expected


@pytest.mark.parametrize("name", REPORTS)
def test_the_names_of_the_pack_bind_nothing_in_foreign_reports(name: str) -> None:
    text, _spans = annotated(name)
    assert {key for _verdict, key in judged(text)} == {None}


def test_a_name_that_two_figures_share_is_ambiguous_and_both_are_named() -> None:
    east, west = (
        next(one for one in stated() if one.key == key) for key in ("cases_total", "briefings_total")
    )
    twin = Statement("twin", "另一典型案例", "figure", 11, 11, 11, "11个", east.as_of, "", east.say)
    (found,) = check("编写的典型案例9个", [east, twin, west], (), DAY).figures
    assert found.key is None
    (found,) = check("共有典型案例9个", [_called(east, "案例甲"), twin], (), DAY).figures
    assert (found.verdict, set(found.candidates)) == ("ambiguous", {"cases_total", "twin"})
    assert found.ours is not None and "案例甲" in found.ours and "另一典型案例" in found.ours


def _called(one: Statement, label: str) -> Statement:
    return Statement(
        one.key, label, one.kind, one.value, one.low, one.high, one.text, one.as_of, one.definition, one.say
    )


def test_a_rate_of_ours_is_judged_by_our_figure_and_not_recomputed() -> None:
    text = "问题清单1740个，已销号问题258个，问题销号率15.1%。"
    checked = check(text, stated(), (), DAY, (), CAMPAIGN)
    assert [(f.verdict, f.key) for f in checked.figures][-1] == ("agrees", "issues_rate")
    assert checked.findings == ()
    assert [f.kind for f in check(text, (), (), DAY).findings] == ["percentage"]


def test_the_exact_value_of_a_rate_is_shown_to_two_places() -> None:
    (found,) = check("问题总销号率16.1%", stated(), (), DAY).figures
    assert found.ours == "15.1%（15.12）"
