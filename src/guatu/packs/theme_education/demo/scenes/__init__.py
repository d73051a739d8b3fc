"""What the cast does beside the story: a living example of everything that hangs beside items, in the order of days."""

from __future__ import annotations

from operator import attrgetter

from guatu.demo.scenes import Scene
from guatu.packs.theme_education.demo.scenes import (
    asking,
    causes,
    collecting,
    desk,
    drafting,
    looking,
    papers,
    pooling,
    posts,
    reporting,
    secrets,
    supervising,
    upward,
    words,
)

SCENES: tuple[Scene, ...] = tuple(
    sorted(
        (
            scene
            for part in (
                posts,
                asking,
                looking,
                supervising,
                upward,
                causes,
                papers,
                collecting,
                reporting,
                pooling,
                drafting,
                secrets,
                words,
                desk,
            )
            for scene in part.SCENES
        ),
        key=attrgetter("day"),
    )
)
"""Scenes of one day keep the order of the subjects: the inboxes come last."""
