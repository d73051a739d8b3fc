"""Written and then checked by ourselves: whatever the totals, every figure of the report agrees and nothing is wrong."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.domain.checker import Checked, check
from guatu.domain.figures.results import Result, statement
from guatu.domain.pack import Pack, builtin_pack
from guatu.domain.report import Document, compose
from guatu.domain.statements import Statement
from guatu.domain.style import lint
from guatu.exchange import report_text

DAY = date(2023, 11, 30)
NAMES = {
    "organisation": "华岳集团",
    "campaign": "第二批主题教育",
    "office": "主题教育办公室",
    "leading_group": "主题教育领导小组",
    "team": "巡回督导组",
}
COUNTS = {
    "units_l3": (40, 900),
    "leaders_l3": (40, 9_000),
    "party_orgs": (100, 9_000),
    "party_members": (3_000, 900_000),
    "youth": (3_000, 900_000),
    "task_aspects": (1, 9),
    "tasks": (10, 60),
    "mtg_push": (0, 40),
    "mtg_office": (0, 40),
    "mtg_training": (0, 40),
    "media_reports": (0, 400),
    "central_aspects": (12, 12),
    "survey_focus": (1, 99),
    "survey_topics": (1, 3_000),
    "survey_visits": (3_000, 9_000),
    "survey_units": (1_000, 3_000),
    "survey_solved": (0, 3_000),
    "new_contract_units": (0, 40),
    "aid_counties": (0, 20),
    "aid_villages": (0, 20),
    "aid_schools": (0, 20),
    "aid_villagers": (0, 3_000),
    "aid_pupils": (0, 3_000),
    "issues_closed": (0, 4_000),
    "issues_open": (0, 4_000),
    "problem_kinds": (1, 3),
    "plans_closed": (0, 400),
    "plans_open": (0, 400),
}
CLAIMS = ("contact_cov", "resp_cov", "superv_cov", "yoy_revenue", "yoy_profit", "plans_on_track")


@cache
def pack() -> Pack:
    return builtin_pack("theme-education")


def stated(counts: dict[str, int], claims: dict[str, bool]) -> list[Statement]:
    values: dict[str, int | bool | None] = {**counts, **claims}
    values["issues_total"] = counts["issues_closed"] + counts["issues_open"]
    values["plans_total"] = counts["plans_closed"] + counts["plans_open"]
    values["indicators_up"] = claims["yoy_revenue"] and claims["yoy_profit"]
    if not counts["plans_open"]:
        values["plans_on_track"] = None
    return [statement(pack().figure(key), Result(value), DAY) for key, value in values.items()]


def written(statements: list[Statement]) -> Document:
    notes = ["（本报告所用数据为演示用合成数据，不反映任何单位的实际情况。）"]
    return compose(pack().report("summary"), statements, names=NAMES, as_of=DAY, notes=notes)


def checked(text: str, statements: list[Statement]) -> Checked:
    return check(text, statements, pack().relations, DAY, (), pack().words.campaign_names)


totals = st.fixed_dictionaries({key: st.integers(*bounds) for key, bounds in COUNTS.items()})
verdicts = st.fixed_dictionaries({key: st.booleans() for key in CLAIMS})


@settings(max_examples=100, deadline=None)
@given(counts=totals, claims=verdicts)
def test_our_own_report_is_found_right_whatever_the_totals(
    counts: dict[str, int], claims: dict[str, bool]
) -> None:
    statements = stated(counts, claims)
    document = written(statements)
    result = checked(report_text.render(document).decode(), statements)
    printed = [span for span in document.figures if span.statement.kind == "figure"]
    assert [(one.key, one.verdict) for one in result.figures] == [(span.key, "agrees") for span in printed]
    assert {one.key for one in result.claims} == {
        span.key for span in document.figures if span.statement.kind == "claim"
    }
    assert {one.verdict for one in result.claims} <= {"claim true"}
    assert result.findings == ()
    assert lint(report_text.render(document).decode(), result.findings) == ()


@settings(max_examples=60, deadline=None)
@given(counts=totals, claims=verdicts, data=st.data())
def test_one_number_changed_by_hand_is_found(
    counts: dict[str, int], claims: dict[str, bool], data: st.DataObject
) -> None:
    statements = stated(counts, claims)
    document = written(statements)
    exact = [
        span
        for span in document.figures
        if span.statement.kind == "figure" and span.text.startswith(str(span.statement.value))
    ]
    span = data.draw(st.sampled_from(exact))
    number = int(span.statement.value or 0)
    text = report_text.render(document).decode()
    before, _mark, after = text.partition(f"{span.text}{_following(document, span.key)}")
    spoiled = (
        f"{before}{number + 7}{span.text.removeprefix(str(number))}{_following(document, span.key)}{after}"
    )
    result = checked(spoiled, statements)
    assert [(one.key, one.verdict) for one in result.figures if one.verdict != "agrees"] == [
        (span.key, "disagrees")
    ]


def _following(document: Document, key: str) -> str:
    """The words after a figure, so that the place of it is found and not another number like it."""
    for block in document.blocks:
        spans = getattr(block, "spans", ())
        for place, span in enumerate(spans[:-1]):
            if getattr(span, "key", None) == key:
                return str(spans[place + 1].text)[:4]
    return ""
