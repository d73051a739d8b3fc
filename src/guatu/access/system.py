"""The program itself as an actor: what the worker does when a day has come (docs/decisions/0100-automatic-moves.md)."""

from __future__ import annotations

from guatu.access.actor import Actor, Grant
from guatu.access.house_language import house_language
from guatu.domain.clock import today
from guatu.domain.words import gettext as _

SYSTEM = "system"
"""The role of the program: it makes the steps that a pack marks `auto`, and no other; no person can hold it."""


def system_actor() -> Actor:
    """The program: without a person, and in history by this name."""
    with house_language():
        name = _("系统")
    grant = Grant(post=None, role=SYSTEM, label=_("系统"), everywhere=True, written=name)
    return Actor(None, name, "", (), (grant,), today())


def is_system(actor: Actor) -> bool:
    """Whether it is the program that acts."""
    return any(grant.role == SYSTEM for grant in actor.grants)
