"""A restricted item: it counts everywhere, and only the people named may open it."""

from __future__ import annotations

from datetime import date

from guatu.actions.restricting import restrict_item
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.scenes.places import at, sisters


def _restricted(stage: Stage) -> None:
    for unit in sisters(stage, at(stage, "hejingyi")):
        rows = stage.items("problems", "doing", below=unit).filter(data__category="conduct", proposals=None)
        item = rows.filter(data__source__in=("public", "audit", "inspection")).first() or rows.first()
        if item is not None:
            readers = {stage.person("zhouqiming").pk, stage.head(unit).person}
            restrict_item(
                stage.actor("linxiaolan"),
                campaign=stage.campaign,
                item=item.pk,
                readers={pk for pk in readers if pk is not None},
                reason="反映的情况涉及个人，核实期间限定知悉范围。",
            )
            return


SCENES = (Scene(date(2023, 11, 17), _restricted),)
