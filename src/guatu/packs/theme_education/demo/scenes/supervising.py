"""Supervision by the cast's team: planned visits, and findings from the team's note to the problem on the list."""

from __future__ import annotations

from datetime import date

from guatu.actions.findings import NewFinding, plan_visit, record_visit
from guatu.actions.links import link_items
from guatu.actions.workflow import Move, move_items
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.scenes.places import at, team_units
from guatu.records.models import Item

_FOUND = (
    (
        "到货验收记录缺签名",
        "development",
        "抽查十一月到货七批，其中两批的验收记录只有一人签名。",
        "验收双人签名，使用部门每月核对一次。",
    ),
    (
        "意见箱答复没有期限",
        "livelihood",
        "意见箱每月开一次，答复时间没有规定，两条意见超过一个月没有答复。",
        "三个工作日内答复，答复内容上墙公开。",
    ),
    (
        "值班领导带班记录笼统",
        "conduct",
        "带班记录多为“正常”二字，没有写明巡查的地点和发现的情况。",
        "带班记录写明时间、地点、情况和处理。",
    ),
    (
        "新员工谈心谈话记录不全",
        "party",
        "今年新进员工十二人，谈话记录只有七份。",
        "年底前补齐，新员工入职一个月内谈一次。",
    ),
    (
        "应急物资交接记录缺项",
        "safety",
        "抽查七日的交接记录，其中两日夜班没有写明数量和效期。",
        "交接双人签名，每周抽查一次。",
    ),
)
"""Title, category, what was found, what the team suggests."""


def _visit(stage: Stage) -> None:
    """The visit that leaves five findings behind, at the unit of the cast."""
    unit = at(stage, "hejingyi")
    team = next(team for team in stage.story.teams if unit in team.units)
    short = next(plan.short for plan in stage.story.units if plan.code == unit)
    record_visit(
        stage.actor("bailu"),
        campaign=stage.campaign,
        unit=unit,
        title=f"{team.name}到{short}督导",
        fields={
            "held_on": stage.day.isoformat(),
            "team": team.name,
            "kind": "visit",
            "note": "查看库房和意见箱，查阅验收、带班和谈话记录，访谈职工六人。",
        },
        findings=[
            NewFinding(
                title,
                {
                    "category": category,
                    "found_on": stage.day.isoformat(),
                    "description": description,
                    "suggestion": suggestion,
                },
            )
            for title, category, description, suggestion in _FOUND
        ],
    )


def _findings(stage: Stage, state: str) -> list[Item]:
    rows = Item.objects.filter(campaign=stage.campaign, register="team_findings", state=state)
    return list(rows.select_related("unit").order_by("number"))


def _go(stage: Stage, username: str, step: str, found: list[Item]) -> None:
    if found:
        moves = [Move(item.pk) for item in found]
        move_items(stage.actor(username), campaign=stage.campaign, transition=step, moves=moves)


def _approved(stage: Stage) -> None:
    """The leader approves four of five; the last stays a note."""
    _go(stage, "xuzhiyuan", "approve", _findings(stage, "note")[:4])


def _fed_back(stage: Stage) -> None:
    _go(stage, "xuzhiyuan", "feed_back", _findings(stage, "approved")[:3])


def _acknowledged(stage: Stage) -> None:
    _go(stage, "hejingyi", "acknowledge", _findings(stage, "fed_back")[:2])


def _filed(stage: Stage) -> None:
    """One of them is on the list already: it is filed with that problem, not listed twice."""
    unit = at(stage, "hejingyi")
    for finding in _findings(stage, "acknowledged"):
        same = (
            stage.items("problems", "doing", "open", "staged", below=unit)
            .filter(data__category=finding.data["category"], title__contains="验收")
            .first()
        )
        if same is None:
            continue
        link_items(
            stage.actor("xuzhiyuan"),
            campaign=stage.campaign,
            kind="found_in",
            source=same.pk,
            target=finding.pk,
            note="督导反馈与清单中的这一项是同一件事，合并整改。",
        )
        _go(stage, "xuzhiyuan", "file", [finding])
        return


def _plan(stage: Stage) -> None:
    """Next week: one visit that is announced, one that is not."""
    own = at(stage, "hejingyi")
    shorts = {plan.code: plan.short for plan in stage.story.units}
    other = next((unit for unit in team_units(stage, "bailu") if unit != own), own)
    for unit, day, quiet in ((own, date(2023, 12, 7), False), (other, date(2023, 12, 5), True)):
        plan_visit(
            stage.actor("bailu"),
            campaign=stage.campaign,
            unit=unit,
            title=f"{'不打招呼' if quiet else '计划'}督导：{shorts[unit]}",
            planned_on=day,
            fields={"unannounced": quiet},
        )


def _too_near(stage: Stage) -> None:
    """The leader, who did not look at the calendar, plans a second visit of the same unit for the day after."""
    unit = at(stage, "hejingyi")
    short = next(plan.short for plan in stage.story.units if plan.code == unit)
    plan_visit(
        stage.actor("xuzhiyuan"),
        campaign=stage.campaign,
        unit=unit,
        title=f"整改回访：{short}",
        planned_on=date(2023, 12, 8),
        fields={"unannounced": False},
    )


SCENES = (
    Scene(date(2023, 11, 20), _visit),
    Scene(date(2023, 11, 21), _approved),
    Scene(date(2023, 11, 23), _fed_back),
    Scene(date(2023, 11, 27), _acknowledged),
    Scene(date(2023, 11, 28), _filed),
    Scene(date(2023, 11, 29), _plan),
    Scene(date(2023, 11, 29), _too_near),
)
