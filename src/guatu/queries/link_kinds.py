"""Kinds of links between items: what they are called from either side, who makes them and who takes them back."""

from __future__ import annotations

from guatu.domain.words import gettext as _
from guatu.queries.pages import Option
from guatu.records.models import Link

RESTRUCTURED = frozenset({Link.Kind.SPLIT_FROM, Link.Kind.MERGED_INTO})
"""What splitting and merging link: the movement statement counts it, so it stands as long as what made it."""
ASKED = frozenset({Link.Kind.REFERRED_UP_TO, Link.Kind.SELF_CHECK_OF})
"""What a claim and a self-check link: who waits for whom, and who was asked. Only the office puts one right."""
TOLD_APART = frozenset({Link.Kind.UNLIKE})
"""What somebody has said of two items on the page of common causes."""
BY_ACTIONS = RESTRUCTURED | ASKED | TOLD_APART
"""Nobody makes one of these by hand."""


def link_kinds() -> tuple[Option, ...]:
    """The kinds of link that people make by hand."""
    kinds = [kind for kind in Link.Kind.values if kind not in BY_ACTIONS]
    return tuple(Option(kind, link_words(kind, outgoing=True)) for kind in kinds)


def may_end(kind: str, *, corrects: bool) -> bool:
    """Whether the page offers to take such a link back. `corrects`: to somebody of the office."""
    return kind not in BY_ACTIONS or (corrects and kind in ASKED)


def link_words(kind: str, *, outgoing: bool) -> str:
    """The relation, read from this item's side."""
    return {
        "found_in": (_("发现于"), _("发现的事项")),
        "referred_up_to": (_("已提请"), _("下级提请")),
        "rebound_of": (_("反弹自"), _("反弹为")),
        "self_check_of": (_("举一反三自"), _("举一反三")),
        "case_of": (_("剖析"), _("典型案例")),
        "cites": (_("引用"), _("被引用于")),
        "same_as": (_("同一事项"), _("同一事项")),
        "split_from": (_("拆分自"), _("拆分为")),
        "merged_into": (_("并入"), _("并案来源")),
    }.get(kind, (kind, kind))[0 if outgoing else 1]
