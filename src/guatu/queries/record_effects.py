"""What became of a record between two moments: how a figure counts it then and now."""

from __future__ import annotations

from guatu.domain.figures.phrasing import plain
from guatu.domain.issued_changes import Effect
from guatu.queries.drill_page import PART
from guatu.queries.figure_records import Counted


def effect_of(then: Counted | None, now: Counted | None) -> Effect | None:
    """Counted now, counted no more, with another amount; None where nothing became of it."""
    if then is None or now is None:
        return None if then is now else Effect("in" if then is None else "out")
    if then.shares == now.shares:
        return None
    met = [any(share.side == PART for share in one.shares) for one in (then, now)]
    if met[0] != met[1]:
        return Effect("met" if met[1] else "unmet")
    for one, two in zip(then.shares, now.shares, strict=False):
        if one.group != two.group:
            return Effect("group")
        if one.amount != two.amount:
            return Effect("amount", plain(one.amount or 0), plain(two.amount or 0))
        if one.times != two.times:
            return Effect("times", str(one.times), str(two.times))
    return Effect("part")


def line_changed(then: Counted | None, now: Counted | None) -> bool:
    """Whether its unit stands elsewhere, or only one of the two moments counts it."""
    if then is None or now is None:
        return True
    return then.line != now.line
