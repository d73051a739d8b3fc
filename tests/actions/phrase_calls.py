"""The actions of decisions about phrases, each called once on a small world (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from guatu.actions.phrases import decide_phrase, end_phrase
from guatu.records.models import PhraseDecision
from tests.people import World

PHRASE, MEASURE = "列入清单□个", "个"


def decided(
    world: World, who: str = "lin", phrase: str = PHRASE, figure: str = "issues_total"
) -> PhraseDecision:
    """What the person has decided of the phrase."""
    return decide_phrase(
        world.actor(who), campaign=world.campaign, phrase=phrase, measure=MEASURE, figure=figure
    )


CALLS: dict[str, Callable[[World], Any]] = {
    "decide_phrase": decided,
    "end_phrase": lambda world: end_phrase(
        world.actor("lin"), campaign=world.campaign, phrase=decided(world).public_id, reason="口径已改"
    ),
}
