"""Where the cast works: read from the story's posts, so that the scenes go with any totals."""

from __future__ import annotations

from guatu.demo.scenes import Stage


def at(stage: Stage, username: str) -> str:
    """The code of the unit on which somebody of the cast has the first post."""
    return next(post.unit for post in stage.story.posts if post.username == username and post.unit)


def team_units(stage: Stage, username: str) -> tuple[str, ...]:
    """The units of somebody's team."""
    key = next(post.team for post in stage.story.posts if post.username == username and post.team)
    return next(team.units for team in stage.story.teams if team.key == key)


def sisters(stage: Stage, unit: str) -> list[str]:
    """The third-tier units of the same company, by code, without the unit itself."""
    company = unit.rpartition("-")[0]
    found = [plan.code for plan in stage.story.units if plan.parent == company]
    return sorted(code for code in found if code != unit)
