"""What a post is called: the role in its campaign's words, beside the place where it stands (东方公司联络员)."""

from __future__ import annotations

from guatu.domain.pack import Pack
from guatu.domain.words import gettext as _
from guatu.records.models import Post
from guatu.records.packs import pack_of

NAMED_WITH = ("unit", "team", "campaign__pack")
"""What has to be at hand of a post to name it; with `UNREAD` left out."""
UNREAD = "campaign__pack__body"


def role_of(post: Post) -> str:
    """The role as the post's campaign calls it; posts of every campaign have the general names."""
    if post.campaign is None:
        return str(Post.Role(post.role).label)
    return pack_of(post.campaign).role_label(post.role)


def post_label(post: Post, place: str) -> str:
    """Role and place in words, without saying twice what both say (第三督导组 and 督导组组长: 第三督导组组长).

    A role may be called after the level of its units (二级公司联络员); beside one of these units the level is left out.
    """
    role = role_of(post)
    if post.campaign is not None:
        role = _without_level(pack_of(post.campaign), role)
    return _("{place}{role}").format(place=place, role=role[_overlap(place, role) :])


def _without_level(pack: Pack, role: str) -> str:
    for level in pack.head.levels:
        rest = role.removeprefix(level.label)
        if rest and rest != role and not rest[0].isspace():
            return rest
    return role


def _overlap(place: str, role: str) -> int:
    """How many characters, two at least and none of them Latin, end the place and begin the role."""
    longest = min(len(place), len(role) - 1)
    for size in range(longest, 1, -1):
        if place.endswith(role[:size]) and not role[:size].isascii():
            return size
    return 0
