"""Statements with our own words: a small campaign for binding tests, and the 36 of the seed report from its gold values."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guatu.domain.checker import extract
from guatu.domain.statements import Relation, Say, Statement
from tests.domain.checker.say_words import SAY

DAY = "2023-11-30"
RELATIONS = (
    Relation(("plans_closed", "plans_open"), "==", ("plans_total",)),
    Relation(("issues_closed",), "<=", ("issues_total",)),
    Relation(("survey_units",), "<=", ("survey_visits",)),
)


def figure(key: str, value: int | Decimal, text: str, say: Say, label: str = "") -> Statement:
    """A figure whose interval is what its printed text allows."""
    (numeral,) = extract(f"共{text}。")
    return Statement(key, label or key, "figure", value, numeral.low, numeral.high, text, DAY, "", say)


def claim(key: str, value: bool | None, *phrases: str) -> Statement:
    """A claim with the phrases it is printed with."""
    return Statement(key, key, "claim", value, None, None, phrases[0], DAY, "", Say(phrases=phrases))


def printed(key: str, value: int, measure: str) -> str:
    """As a report prints it: 2.5万 above ten thousand, else the number itself."""
    if key in ("party_members", "youth") and value >= 10_000:
        shown = (Decimal(value) / 10_000).quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")
        return f"{shown.normalize():f}万{measure}"
    return f"{value}{measure}"


def seed_statements(gold: Mapping[str, Any], values: Mapping[str, int]) -> list[Statement]:
    """The figures and claims of the seed's gold file; `values` replaces the value of a key."""
    out: list[Statement] = []
    exact = {"party_members": 25013, "youth": 40021, "media_reports": 13, "new_contract_units": 7}
    for item in gold["items"]:
        key = item.get("metric")
        if item["class"] == "figure":
            value = values.get(key, exact.get(key, item["value"]))
            if key in values:
                text = printed(key, value, item["measure"])
                out.append(figure(key, value, text, SAY[key]))
            else:
                out.append(
                    Statement(
                        key,
                        key,
                        "figure",
                        value,
                        item["low"],
                        item["high"],
                        item["phrase"],
                        DAY,
                        "",
                        SAY[key],
                    )
                )
        elif item["class"] == "claim":
            out.append(Statement(key, key, "claim", True, None, None, item["phrase"], DAY, "", SAY[key]))
    return out
