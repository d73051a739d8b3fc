"""A very small campaign whose pack has one figure of every kind, and an office that may do everything in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from guatu.access import Actor, operator
from guatu.access.actor import Grant
from guatu.actions.setup import create_campaign, create_tree
from guatu.actions.units import NewUnit, enter_units
from guatu.domain import clock
from guatu.domain.pack import ROLES, Pack
from guatu.records.models import Campaign, Tree, Unit
from tests.made_once import made_once

BEGIN = date(2023, 11, 1)


def day(n: int) -> date:
    """Day n of the story: 1 is 1 November 2023, 31 is 1 December."""
    return date.fromordinal(BEGIN.toordinal() + n - 1)


def way(key: str, origins: list[str], to: str, **more: object) -> dict[str, object]:
    return {"key": key, "label": key, "from": origins, "to": to, "roles": ["office"], "level": "any", **more}


LOOP = {
    "key": "loop",
    "label": "整改",
    "states": {
        "draft": {"label": "待立项", "phase": "draft"},
        "open": {"label": "整改中", "phase": "open"},
        "review": {"label": "核验中", "phase": "review"},
        "closed": {"label": "已销号", "phase": "closed"},
        "void": {"label": "已撤销", "phase": "void"},
    },
    "initial": ["open", "draft", "closed"],
    "transitions": [
        way("file", ["draft"], "open"),
        way("apply", ["open"], "review"),
        way("close", ["open", "review"], "closed"),
        way("rebound", ["closed"], "open", new_round=True),
        way("void", ["draft", "open", "review", "closed"], "void"),
        way("restore", ["void"], "open"),
    ],
}
LOG = {
    "key": "log",
    "label": "登记",
    "states": {
        "recorded": {"label": "已登记", "phase": "closed"},
        "void": {"label": "已撤销", "phase": "void"},
    },
    "initial": ["recorded"],
    "transitions": [way("void", ["recorded"], "void")],
}
LEVELS = ["group", "second", "third"]


def register(
    key: str, workflow: str, prefix: str, fields: list[dict[str, Any]], **more: object
) -> dict[str, object]:
    return {
        "key": key,
        "label": key,
        "noun": "事项",
        "measure": "个",
        "prefix": prefix,
        "section": "清单",
        "lead_levels": LEVELS,
        "workflow": workflow,
        "fills": ["office"],
        "fields": fields,
        "columns": ["number", "title"],
        **more,
    }


REGISTERS = {
    "problems": register(
        "problems",
        "loop",
        "WT",
        [
            {
                "key": "kind",
                "label": "类别",
                "type": "choice",
                "choices": [{"key": "a", "label": "甲"}, {"key": "b", "label": "乙"}],
            },
            {"key": "pupils", "label": "学生", "type": "integer", "dated": False},
            {"key": "place", "label": "地点", "type": "text"},
            {"key": "owner", "label": "责任人", "type": "text", "dated": True},
            {"key": "cost", "label": "费用", "type": "money"},
            {"key": "urgent", "label": "急办", "type": "yes_no"},
        ],
        due="optional",
    ),
    "visits": register(
        "visits",
        "log",
        "DY",
        [
            {"key": "held_on", "label": "日期", "type": "date"},
            {"key": "solved", "label": "解决", "type": "integer"},
            {"key": "body", "label": "对象", "type": "text"},
            {"key": "team", "label": "督导组", "type": "text"},
        ],
        flow_day="held_on",
    ),
    "monthly": register(
        "monthly",
        "log",
        "ZB",
        [
            {"key": "month", "label": "月份", "type": "date"},
            {"key": "revenue", "label": "收入", "type": "money", "minimum": None},
            {"key": "profit", "label": "利润", "type": "money", "minimum": None},
        ],
        flow_day="month",
    ),
}

FLOW = {"flow": "held_on"}
MONTHS = {"flow": "month", "since": "year"}
FIGURES: dict[str, dict[str, Any]] = {
    "total": {
        "of": "problems",
        "agg": "count",
        "drill": ["number", "unit", "title", "closed_on", "evidence"],
    },
    "closed": {"of": "problems", "agg": "count", "where": {"phase": "closed"}},
    "open": {"of": "problems", "agg": "count", "where": {"phase": ["open", "review"]}},
    "late": {"of": "problems", "agg": "count", "where": {"late": True}},
    "was_due": {"of": "problems", "agg": "count", "where": {"fallen_due": True}},
    "not_due": {"of": "problems", "agg": "count", "where": {"fallen_due": False}},
    "kind_a": {"of": "problems", "agg": "count", "where": {"kind": "a"}},
    "kind_not_a": {"of": "problems", "agg": "count", "where": {"kind": {"not": "a"}}},
    "urgent": {"of": "problems", "agg": "count", "where": {"urgent": True}},
    "many_pupils": {"of": "problems", "agg": "count", "where": {"pupils": {"least": 10, "most": 99}}},
    "owned": {"of": "problems", "agg": "count", "where": {"owner": {"filled": True}}},
    "a_or_late": {"of": "problems", "agg": {"union": ["kind_a", "late"]}},
    "own_total": {"of": "problems", "agg": "count", "scope": "self"},
    "third_total": {"of": "problems", "agg": "count", "scope": {"level": "third"}},
    "pupils": {"of": "problems", "agg": {"sum": "pupils"}},
    "cost": {"of": "problems", "agg": {"sum": "cost"}},
    "places": {"of": "problems", "agg": {"distinct": ["unit", "place"]}},
    "owners": {"of": "problems", "agg": {"distinct": "owner"}},
    "entered_closed": {"of": "problems", "agg": "count", "time": {"entered": "closed"}},
    "items_closed": {"of": "problems", "agg": "count", "time": {"entered": "closed", "count": "items"}},
    "ever_closed": {"of": "problems", "agg": "count", "time": {"entered": "closed", "since": "always"}},
    "closed_share": {"of": "problems", "agg": {"ratio": ["closed", "total"]}},
    "all_closed": {"of": "problems", "agg": {"ratio": ["closed", "total"]}, "claim": {"op": "==", "than": 1}},
    "on_time": {"of": "problems", "agg": {"all": {"late": False}}, "where": {"phase": ["open", "review"]}},
    "visits": {"of": "visits", "agg": "count", "time": FLOW},
    "visits_ever": {"of": "visits", "agg": "count", "time": {"flow": "held_on", "since": "always"}},
    "bodies": {"of": "visits", "agg": {"distinct": ["unit", "body"]}, "time": FLOW},
    "solved": {"of": "visits", "agg": {"sum": "solved"}, "time": FLOW},
    "units": {"of": "units", "agg": "count"},
    "thirds": {"of": "units", "agg": "count", "where": {"level": "third"}},
    "in_north": {"of": "units", "agg": "count", "where": {"sector": "north"}},
    "with_team": {"of": "units", "agg": "count", "where": {"level": "third", "has_team": True}},
    "with_people": {
        "of": "units",
        "agg": "count",
        "where": {"level": "third", "has_posts": {"own": ["filler", "head"], "above": ["liaison"]}},
    },
    "visited": {
        "of": "units",
        "agg": "count",
        "where": {"level": "third", "has_items": {"register": "visits", "team": "team"}},
    },
    "team_cov": {"of": "units", "agg": {"ratio": ["with_team", "thirds"]}, "claim": {"op": "==", "than": 1}},
    "people": {"of": "headcounts", "agg": {"sum": "people"}, "show": {"step": 1000, "unit": "万"}},
    "revenue": {"of": "monthly", "agg": {"sum": "revenue"}, "time": MONTHS},
    "profit": {"of": "monthly", "agg": {"sum": "profit"}, "time": MONTHS},
    "revenue_growth": {"of": "monthly", "agg": {"yoy": "revenue"}},
    "profit_up": {"of": "monthly", "agg": {"yoy": "profit"}, "claim": {"op": ">", "than": 0}},
    "all_up": {
        "of": "monthly",
        "agg": {"every": ["revenue_growth", "profit_up"]},
        "claim": {"op": ">=", "than": 0},
    },
    "reported": {"of": "problems", "agg": "count", "basis": "reported"},
    "signed_pupils": {"of": "problems", "agg": {"sum": "pupils"}, "basis": "signed"},
    "second_places": {"of": "problems", "agg": {"distinct": ["unit", "place"]}, "basis": "second_tier"},
    "reported_entries": {
        "of": "problems",
        "agg": "count",
        "basis": "reported",
        "time": {"entered": "closed"},
    },
    "told_upward": {
        "of": "problems",
        "agg": "count",
        "where": {"kind": "a"},
        "variants": {
            "upward": {
                "label": "上报口径",
                "note": "不计甲类",
                "where": {"kind": {"not": "a"}},
                "basis": "signed",
            },
            "early": {"label": "快报口径", "note": "已报送即计", "basis": "reported"},
        },
    },
    "all_visits": {"of": "visits", "agg": "count", "time": FLOW, "outside": "include"},
    "all_cost": {"of": "problems", "agg": {"sum": "cost"}, "outside": "include"},
    "own_visits": {"of": "visits", "agg": "count", "time": FLOW, "outside": "include", "scope": "self"},
    "aspects": {"of": "problems", "agg": {"const": {"value": 12, "document": "通知第三条"}}},
}


def pack(figures: Mapping[str, Mapping[str, Any]] = FIGURES) -> Pack:
    """The small pack, checked like one read from a folder."""
    made = Pack.model_validate(
        {
            "head": {
                "key": "small",
                "name": "小专项",
                "version": "1.0",
                "label": "小专项",
                "words": {
                    "campaign": "小专项",
                    "office": "办公室",
                    "leading_group": "领导小组",
                    "team": "督导组",
                },
                "levels": [{"key": key, "label": key} for key in LEVELS],
                "sectors": [{"key": "north", "label": "北"}, {"key": "south", "label": "南"}],
                "head_counts": [{"key": "people", "label": "人数", "measure": "名"}],
                "trees": [{"key": "main", "label": "隶属"}],
                "roles": dict.fromkeys(ROLES, "角色"),
                "lights": {},
                "registers": list(REGISTERS),
            },
            "registers": REGISTERS,
            "workflows": {"loop": LOOP, "log": LOG},
            "figures": {
                key: {
                    "label": key,
                    "definition": key,
                    "section": "统计",
                    "say": {"measures": ["个"], "nouns": [key], "phrases": [key]},
                    **figure,
                }
                for key, figure in figures.items()
            },
            "relations": ["open + closed == total"],
            "reports": {},
        },
        strict=False,
    )
    return Pack.model_validate_json(made.canonical)


@dataclass(frozen=True)
class World:
    """The campaign with its tree: G above A and B; u and v below A, w below B."""

    campaign: Campaign
    tree: Tree
    office: Actor

    def unit(self, code: str) -> Unit:
        return Unit.objects.get(code=code)


UNITS = (
    NewUnit("G", "总部", "总部", "group"),
    NewUnit("A", "甲公司", "甲公司", "second", parent="G", sector="north"),
    NewUnit("B", "乙公司", "乙公司", "second", parent="G", sector="south"),
    NewUnit("u", "一厂", "一厂", "third", parent="A", head_counts={"people": 10}),
    NewUnit("v", "二厂", "二厂", "third", parent="A", head_counts={"people": 20}),
    NewUnit("w", "三厂", "三厂", "third", parent="B", head_counts={"people": 12_000}),
)


def build(first: date = BEGIN, figures: Mapping[str, Mapping[str, Any]] = FIGURES) -> World:
    """The campaign, set up on `first`."""
    if figures is FIGURES:
        return made_once(f"figure world of {first}", lambda: _built(first, figures))
    return _built(first, figures)


def _built(first: date, figures: Mapping[str, Mapping[str, Any]]) -> World:
    with clock.fixed(first):
        console = operator()
        tree = create_tree(console, key="main", name="隶属")
        units = enter_units(console, tree=tree, rows=[replace(row, from_day=first) for row in UNITS])
        campaign = create_campaign(
            console,
            key="small",
            name="小专项",
            short_name="小专项",
            pack=pack(figures),
            tree=tree,
            root=units[0],
            starts_on=first,
        )
        office = Grant(post=None, role="office", label="总部办公室", unit=units[0].pk, line=units[0].line)
        return World(campaign, tree, Actor(None, "林晓岚", "lin", units[0].line, (office,), first))
