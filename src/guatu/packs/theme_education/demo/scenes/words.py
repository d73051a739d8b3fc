"""Remarks with mentions, and urging: what people of the cast say to one another beside items."""

from __future__ import annotations

from datetime import date

from guatu.actions.comments import add_comment
from guatu.actions.urges import urge_items
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.scenes.places import at, team_units
from guatu.records.models import Item


def _at_unit(stage: Stage, *states: str) -> Item | None:
    return stage.items("problems", *states, below=at(stage, "hejingyi")).filter(restricted=False).first()


def _asks(stage: Stage) -> None:
    """The team asks for one thing more about what it is verifying."""
    item = _at_unit(stage, "verifying", "applied")
    if item is not None:
        add_comment(
            stage.actor("xuzhiyuan"),
            campaign=stage.campaign,
            item=item.pk,
            text="@何静宜 佐证里的检查记录到 11 月 20 日为止，最近一周的请补一份，我周五前核验。",
        )


def _answers(stage: Stage) -> None:
    item = _at_unit(stage, "verifying", "applied")
    if item is not None:
        add_comment(
            stage.actor("hejingyi"),
            campaign=stage.campaign,
            item=item.pk,
            text="@许志远 好的，记录在质量部，今天下班前补上。",
        )


def _calls(stage: Stage) -> None:
    """The unit asks its liaison about what it has referred upward."""
    item = _at_unit(stage, "referred")
    if item is not None:
        add_comment(
            stage.actor("shaoqingyue"),
            campaign=stage.campaign,
            item=item.pk,
            text="@周启明 有关数据已经整理好，公司定下由哪个部门牵头，我们马上对接。",
        )


def _to_the_group(stage: Stage) -> None:
    """The liaison tells the office what the company does about a matter that it has claimed."""
    item = stage.items("problems", "claimed", below=at(stage, "zhouqiming")).first()
    if item is not None:
        add_comment(
            stage.actor("zhouqiming"),
            campaign=stage.campaign,
            item=item.pk,
            text="@林晓岚 这项已列入公司十二月的改造计划。其他公司如有同样情况，建议集团统一安排。",
        )


def _within_the_team(stage: Stage) -> None:
    """The leader asks the member to look again at what came back."""
    rows = stage.items("problems", "verifying").filter(unit__code__in=team_units(stage, "xuzhiyuan"))
    item = next((one for one in rows if one.data.get("result")), None)
    if item is not None:
        add_comment(
            stage.actor("xuzhiyuan"),
            campaign=stage.campaign,
            item=item.pk,
            text="@白露 下周去现场再看一次，重点看夜班有没有照新办法做。",
        )


def _to_the_rival(stage: Stage) -> None:
    """The office asks the other company's liaison about a task that has waited for review."""
    rows = stage.items("unit_tasks", "submitted", below=at(stage, "luwenbo"))
    item = rows.order_by("state_since", "number").first()
    if item is not None:
        add_comment(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            item=item.pk,
            text="@陆文博 这项报上来有些日子了，请这两天审核；材料不全的，请直接退回写明缺什么。",
        )


def _urge(stage: Stage, by: str, unit: str, text: str) -> None:
    """The two tasks of the unit that are due next, of those that it has to hand in still."""
    tasks = stage.items("unit_tasks", "doing", "issued", "returned", below=unit).order_by("due", "number")
    found = [item.pk for item in tasks[:2]]
    if found:
        urge_items(stage.actor(by), campaign=stage.campaign, items=found, text=text)


def _urges(stage: Stage) -> None:
    """The office urges the unit of the cast."""
    text = "离时限已近，请抓紧报审；有困难的，请先说明情况。"
    _urge(stage, "linxiaolan", at(stage, "hejingyi"), text)


def _urges_the_rival(stage: Stage) -> None:
    """And a unit of the other company."""
    _urge(stage, "guxingzhou", at(stage, "hanzhiwei"), "请安排在下周内报审。")


SCENES = (
    Scene(date(2023, 11, 29), _asks),
    Scene(date(2023, 11, 30), _answers),
    Scene(date(2023, 11, 30), _calls),
    Scene(date(2023, 11, 30), _to_the_group),
    Scene(date(2023, 11, 30), _within_the_team),
    Scene(date(2023, 11, 30), _to_the_rival),
    Scene(date(2023, 11, 30), _urges),
    Scene(date(2023, 11, 30), _urges_the_rival),
)
