"""What a pack says about collecting data (填报): which system registers hold requests and returns, and their steps."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Rule

from guatu.domain.pack.base import Key, PackModel

Judge = Literal["head", "second", "office"]
"""Who judges a return in a state: the unit's own head, the reviewer of the second tier, the office."""
CHAIN: tuple[Judge, ...] = ("head", "second", "office")
"""The order of the whole review chain; a register's own chain is a part of it in this order."""


class Held(PackModel):
    """Where a value that would be asked for is already held: a figure of the unit, another register, the last period.

    Exactly one is said. `register` with `key` is the unit's latest item there; `previous` is the same field in the
    period before.
    """

    figure: Key | None = None
    register_key: Key | None = Rule(default=None, alias="register")
    key: Key | None = None
    previous: bool = False

    @property
    def ways(self) -> int:
        """How many sources are said; one is right."""
        return (self.figure is not None) + (self.register_key is not None) + self.previous


class Collection(PackModel):
    """The registers of requests and returns, their fields, and which steps do what.

    `instructions` is the requests' text field of what is asked, `document` that of the notice behind it; `answer` (data, nil, not_applicable), `explanation` and
    `minutes` are fields of the returns. `resume` opens a request once more that was ended by `finish`; None = it stays ended. `absorb` takes a return off
    the roster whose unit has been merged into one that owes its own; None = both stay. `hand_in`, `sign` and `review` name the steps that lead on in the review chain: which
    one fits an item's chain, the states' `judge` says. `collected` is the workflow of registers made by clicks.
    """

    requests: Key
    instructions: Key
    document: Key | None = None
    returns: Key
    answer: Key
    explanation: Key
    minutes: Key
    send: Key
    finish: Key
    resume: Key | None = None
    hand_in: Annotated[tuple[Key, ...], Rule(min_length=1)]
    sign: tuple[Key, ...] = ()
    review: tuple[Key, ...] = ()
    accept: Key
    send_back: Key
    reopen: Key
    amend: Key
    reduce: Key
    absorb: Key | None = None
    collected: Key
