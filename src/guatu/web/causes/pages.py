"""The page of common causes: what is near, what has been grouped, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from guatu.access import may
from guatu.queries.common_causes import (
    AT_ONCE,
    MOST,
    Grouped,
    Near,
    Suggestion,
    Text,
    groups_of,
    kept,
    kept_apart,
    still,
    suggestions,
    texts_of,
    usual_title,
)
from guatu.web.here import Here
from guatu.web.numbers import typed_number


@dataclass(frozen=True, slots=True)
class Like:
    """One item of a suggestion; `near` is None for the head. `elsewhere`: the campaign it belongs to, if another."""

    text: Text
    href: str
    near: Near | None
    elsewhere: str


@dataclass(frozen=True, slots=True)
class Found:
    """One suggestion with the name that it would get. `key` marks one grouping, made once or twice."""

    title: str
    head: int
    rows: tuple[Like, ...]
    key: str


@dataclass(frozen=True, slots=True)
class GroupShown:
    """One group; `upward` and `check` lead from its head to referring it upward and to a self-check."""

    group: Grouped
    head_href: str
    rows: tuple[tuple[int, Like], ...]
    upward: str
    check: str


@dataclass(frozen=True, slots=True)
class CausesPage:
    """The whole page. `behind`: so many texts that they are compared in the background, `compared_on` last."""

    found: tuple[Found, ...]
    groups: tuple[GroupShown, ...]
    texts: int
    most: int
    behind: bool
    compared_on: date | None
    may_group: bool
    read_only: bool
    sentence: str = ""


def shown(at: Here, sentence: str = "") -> CausesPage:
    """The page as of today; what is near is worked out only for those who may decide on it."""
    campaigns = tuple(one for one in at.campaigns)
    may_group = may(at.actor, "group_causes", campaign=at.campaign)
    texts = texts_of(at.person, at.campaign, campaigns) if may_group else []
    groups = groups_of(at.person, at.campaign, campaigns) if at.pack.loop.problems else ()
    compared_on, near = None, ()
    behind = len(texts) > AT_ONCE
    if texts:
        apart = kept_apart([text.pk for text in texts])
        if behind:
            compared_on, earlier = kept(at.actor, at.campaign)
            near = still(earlier, texts, apart)
        else:
            near = suggestions(texts, apart)
    known = {text.pk: text for text in texts}
    return CausesPage(
        found=tuple(_found(at, one, known) for one in near),
        groups=tuple(_group(at, one) for one in groups),
        texts=len(texts),
        most=MOST,
        behind=behind,
        compared_on=compared_on,
        may_group=may_group,
        read_only=at.past,
        sentence=sentence,
    )


def _found(at: Here, one: Suggestion, known: dict[int, Text]) -> Found:
    head = known[one.head]
    rows = [_like(at, head, None), *(_like(at, known[near.pk], near) for near in one.members)]
    return Found(usual_title(one, head), one.head, tuple(rows), str(uuid4()))


def _like(at: Here, text: Text, near: Near | None) -> Like:
    other = next((one for one in at.campaigns if one.pk == text.campaign and one != at.campaign), None)
    query = {"campaign": other.key} if other is not None else {}
    return Like(text, at.to("item", text.public_id, **query), near, other.short_name if other else "")


def _group(at: Here, group: Grouped) -> GroupShown:
    head = group.head
    return GroupShown(
        group=group,
        head_href=at.to("item", head.public_id) if head else "",
        rows=tuple((link, _like(at, text, None)) for link, text in group.members),
        upward=at.to("item", head.public_id) + "#next"
        if head and head.here and at.pack.loop.referral
        else "",
        check=_check(at, head),
    )


def _check(at: Here, head: Text | None) -> str:
    spec = at.pack.loop.self_check
    fits = head is not None and head.here and spec is not None and head.register in spec.cases
    if not fits or head is None or not may(at.actor, "send_self_check", campaign=at.campaign):
        return ""
    return at.to("self-check-send", head.public_id)


def numbers(values: Sequence[str]) -> list[int]:
    """The keys among what a form sent."""
    return [number for value in values if (number := typed_number(value)) is not None]
