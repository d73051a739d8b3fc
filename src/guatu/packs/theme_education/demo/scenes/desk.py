"""The inboxes of the story's last week."""

from __future__ import annotations

from datetime import date

from guatu.demo.desks import all_read, mostly_read
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.cast import CAST


def _evening(stage: Stage) -> None:
    mostly_read(stage, CAST)


SCENES = (Scene(date(2023, 11, 23), all_read), Scene(date(2023, 11, 30), _evening))
