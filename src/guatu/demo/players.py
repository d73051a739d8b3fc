"""The cast of a demo: one invented person per role, whom the demo's entry page offers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Player:
    """A person of the cast, with a username that is easy to type.

    `place` says where the role stands: a key of the demo's places. `line` is what one can try with this person.
    """

    username: str
    name: str
    role: str
    place: str
    line: str
