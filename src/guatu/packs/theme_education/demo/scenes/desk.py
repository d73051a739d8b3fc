"""Inboxes as people keep them: what is older than a week has been read, and of the last week only a handful is unread."""

from __future__ import annotations

from collections import Counter
from datetime import date

from guatu.actions.messages import mark_read
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.cast import CAST
from guatu.records.models import Message

_LEFT, _OF_ONE_KIND = 8, 2


def _all_read(stage: Stage) -> None:
    waiting = Message.objects.filter(read_at=None).order_by().values_list("person__username", flat=True)
    for username in sorted(set(waiting)):
        mark_read(stage.actor(username))


def _mostly_read(stage: Stage) -> None:
    """Of each kind the last two are left, eight in all."""
    for player in CAST:
        seen: Counter[str] = Counter()
        done = []
        for message in stage.unread(player.username):
            seen[message.kind] += 1
            if seen[message.kind] > _OF_ONE_KIND or seen.total() - len(done) > _LEFT:
                done.append(message.pk)
        if done:
            mark_read(stage.actor(player.username), messages=done)


SCENES = (Scene(date(2023, 11, 23), _all_read), Scene(date(2023, 11, 30), _mostly_read))
