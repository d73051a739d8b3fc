"""Referral upward: who is asked, and when the matter comes to the office's coordination list (docs/upward.md).

A unit that refers a matter upward asks the unit right above it. Who does not answer in time is passed over: the question
goes one level up, from the top to the office's list. It comes to the list, too, when it has been declined twice. The
list is left when somebody has claimed the matter, the office has answered, or the unit has taken its question back.

Pure. `tracks_of_referral` is called where items are moved, after the clocks (`domain/clocks.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from guatu.domain.errors import BadInput
from guatu.domain.loop_tracks import ACT_BY, ASKED, DECLINED, LISTED_ON, track
from guatu.domain.pack.loop import Referral
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _

DECLINED_TOO_OFTEN = 2
"""Declined so often, the matter is the office's to coordinate."""


def tracks_of_referral(
    spec: Referral, way: Transition, data: Mapping[str, Any], *, line: Sequence[int], root: int, day: date
) -> dict[str, Any]:
    """Track → value for what the step `way` notes of a referral; empty for a step that has nothing to do with one.

    `data`: the item's with its tracks before the step; `line`: from the top of the tree to its lead unit; `root`: the
    campaign's root unit, above which nobody is asked. Raises BadInput where nobody stands above the unit, and where
    the office would coordinate what nobody has asked.
    """
    if nothing_to_coordinate(spec, way, data):
        raise BadInput(_("这一项没有提请上级，也不在协调清单上，不用协调。请按流程办理。"))
    noted: dict[str, Any] = {}
    if way.key == spec.ask:
        above = unit_above(line, line[-1], root)
        if above is None:
            raise BadInput(_("本级之上没有可以提请的单位。请由本级研究解决，或按会议认定办理。"))
        noted = {ASKED: above, LISTED_ON: None}
    elif way.auto == "unanswered":
        above = unit_above(line, data.get(ASKED), root)
        noted = {ASKED: above}
        if above is None:
            noted |= {LISTED_ON: data.get(LISTED_ON) or day.isoformat(), ACT_BY: None}
    elif way.key == spec.decline:
        declined = int(data.get(DECLINED) or 0) + 1
        listed = day.isoformat() if declined >= DECLINED_TOO_OFTEN else None
        noted = {ASKED: None, DECLINED: declined, LISTED_ON: data.get(LISTED_ON) or listed}
    elif way.key in spec.claiming or way.key == spec.answer:
        noted = {ASKED: None, DECLINED: None, LISTED_ON: None}
    elif data.get(ASKED) is not None or data.get(LISTED_ON) is not None:
        noted = {ASKED: None, LISTED_ON: None}
    return {track(key): value for key, value in noted.items() if key == ACT_BY or value != data.get(key)}


def nothing_to_coordinate(spec: Referral, way: Transition, data: Mapping[str, Any]) -> bool:
    """Whether the office's step has nothing to answer: nobody is asked and the matter is not on its list."""
    return way.key in (spec.assign, spec.answer) and not (data.get(ASKED) or data.get(LISTED_ON))


def unit_above(line: Sequence[int], unit: Any, root: int) -> int | None:
    """The unit right above `unit` on the line; None above the root, and for a unit that no longer stands on the line."""
    if unit == root or unit not in line:
        return None
    place = list(line).index(unit)
    return line[place - 1] if place else None
