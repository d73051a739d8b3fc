"""Remarks with mentions, and urging: what people of the cast say to one another beside items."""

from __future__ import annotations

from datetime import date

from guatu.actions.comments import add_comment
from guatu.actions.urges import urge_items
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.scenes.places import at
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
    item = _at_unit(stage, "referred", "doing")
    if item is not None:
        add_comment(
            stage.actor("shaoqingyue"),
            campaign=stage.campaign,
            item=item.pk,
            text="@周启明 修订稿我们可以先起草，请公司定一下由哪个部门牵头。",
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
    Scene(date(2023, 11, 30), _urges),
    Scene(date(2023, 11, 30), _urges_the_rival),
)
