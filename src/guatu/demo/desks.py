"""Inboxes as people keep them: what is older than a week has been read, and of the last week only a handful is unread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from guatu.actions.messages import mark_read
from guatu.demo.players import Player
from guatu.demo.scenes import Stage
from guatu.records.models import Message

_LEFT, _OF_ONE_KIND = 8, 2


def all_read(stage: Stage) -> None:
    """Everybody reads everything."""
    waiting = Message.objects.filter(read_at=None).order_by().values_list("person__username", flat=True)
    for username in sorted(set(waiting)):
        mark_read(stage.actor(username))


def mostly_read(stage: Stage, cast: Iterable[Player]) -> None:
    """The cast reads: of each kind the last two messages are left, eight in all."""
    for player in cast:
        seen: Counter[str] = Counter()
        done = []
        for message in stage.unread(player.username):
            seen[message.kind] += 1
            if seen[message.kind] > _OF_ONE_KIND or seen.total() - len(done) > _LEFT:
                done.append(message.pk)
        if done:
            mark_read(stage.actor(player.username), messages=done)
