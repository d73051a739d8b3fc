"""Four eyes by unit: a verifier stands outside every responsible unit and has neither applied nor filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Min

from guatu.access import Actor
from guatu.domain.errors import NotAllowed
from guatu.domain.words import gettext as _
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Item, ItemUnit, Post, Revision


@dataclass(slots=True)
class Standing:
    """What has to be known of a verifier and of the items, read once for a whole batch.

    `posts`: lines of the units on which the person holds or held a post, with the day it ended and its label.
    """

    person: int | None
    home_line: tuple[int, ...] = ()
    posts: list[tuple[tuple[int, ...], date | None, str]] = field(default_factory=list)
    opened: dict[int, date] = field(default_factory=dict)
    contributing: dict[int, set[int]] = field(default_factory=dict)
    acted: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, actor: Actor, items: Sequence[Item], own_steps: Sequence[str]) -> Standing:
        """Read the verifier's posts, past ones too, and what they did on these items: three statements a chunk.

        `own_steps`: keys of the transitions that the responsible side makes; whoever made one of them, or edited the
        item, does not verify it.
        """
        standing = cls(actor.person, actor.home_line)
        if not items:
            return standing
        for post in Post.objects.filter(person=actor.person).exclude(unit=None).select_related("unit"):
            assert post.unit is not None
            label = _("{unit}{role}").format(unit=post.unit.short_name, role=Post.Role(post.role).label)
            standing.posts.append((post.unit.line, post.to_day, label))
        for chunk in in_chunks([item.pk for item in items]):
            revisions = Revision.objects.filter(subject_kind="item", subject_id__in=chunk)
            standing.opened.update(revisions.values_list("subject_id").annotate(Min("effective_on")))
            for item, unit in ItemUnit.objects.filter(
                item__in=chunk, role__in=(ItemUnit.Role.CONTRIBUTING, ItemUnit.Role.LEAD)
            ).values_list("item_id", "unit_id"):
                standing.contributing.setdefault(item, set()).add(unit)
            applied = ["items.edit", *(f"items.move:{key}" for key in own_steps)]
            own_batches = Batch.objects.filter(actor_id=actor.person, action__in=applied)
            standing.acted.update(
                revisions.filter(batch__in=own_batches).values_list("subject_id", flat=True)
            )
        return standing


def refuse_own_verification(standing: Standing, item: Item) -> None:
    """Raise NotAllowed with the ground if this person may not verify this item."""
    responsible = {item.unit_id, *standing.contributing.get(item.pk, ())}
    opened = standing.opened.get(item.pk, date.min)
    for line, ended, label in standing.posts:
        if not responsible.isdisjoint(line) and (ended is None or ended >= opened):
            raise NotAllowed(
                _("您是{post}，按回避要求不能核验 {number}。可由集团办公室或督导组核验。"),
                post=label,
                number=item.number,
            )
    if not responsible.isdisjoint(standing.home_line):
        raise NotAllowed(
            _("您的原单位在 {number} 的责任单位之内，按回避要求不能核验。可由集团办公室或督导组核验。"),
            number=item.number,
        )
    if item.pk in standing.acted:
        raise NotAllowed(
            _("{number} 由您填报或申请，按回避要求不能核验。可由集团办公室或督导组核验。"), number=item.number
        )
