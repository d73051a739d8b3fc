"""What hangs on a unit that ends beside its items: posts, team assignments, its part in other units' items."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from guatu.access import Actor
from guatu.actions.beside import row_beside
from guatu.actions.history import NO_HEAD, Change, body_text, heads, record
from guatu.actions.writing import Draft, load_past, write
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.records.bulk import in_chunks, insert_returning
from guatu.records.models import Campaign, Item, ItemUnit, Post, Team, TeamUnit, Tree, Unit


def close_posts(
    actor: Actor,
    *,
    tree: Tree,
    unit: Unit,
    day: date,
    reason: str,
    into: Unit | None = None,
    moving: Collection[int] = (),
) -> None:
    """End the posts on the unit and the assignments of teams to it as of `day`, inside the caller's transaction.

    With a successor (`into`): posts in `moving` go on there under the same role, and a team keeps the successor in the
    unit's stead. Posts of another tree stay. Refused while an administrator's post stands on the unit.
    """
    posts = list(
        Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), Q(tree=tree) | Q(tree=None), unit=unit)
    )
    if any(post.role in ADMINISTRATORS for post in posts):
        raise BadInput(
            _("{unit}还有管理员身份。请先由安全管理员结束或改设这些身份，再办理。"), unit=unit.short_name
        )
    _close(actor, posts, day, reason, into, frozenset(moving))
    _reassign(actor, tree, unit, day, reason, into)


def pass_on_parts(
    actor: Actor, *, campaign: Campaign, unit: Unit, into: Unit, day: date, reason: str
) -> None:
    """Put the successor in the unit's place beside other units' items: contributing, supervising, second lead."""
    rows = list(ItemUnit.objects.filter(unit=unit, item__campaign=campaign).order_by("pk"))
    if not rows:
        return
    items: dict[int, Item] = {}
    held: dict[int, set[int]] = {}
    for chunk in in_chunks(sorted({row.item_id for row in rows})):
        items.update({item.pk: item for item in Item.objects.filter(pk__in=chunk)})
        for pk, other in ItemUnit.objects.filter(item__in=chunk).values_list("item_id", "unit_id"):
            held.setdefault(pk, set()).add(other)
    drafts: dict[int, Draft] = {}
    for row in rows:
        item = items[row.item_id]
        draft = drafts.setdefault(item.pk, Draft(item, day, {}, more={"reason": reason}))
        draft.leaving = (*draft.leaving, row)
        if into.pk != item.unit_id and into.pk not in held[item.pk]:
            draft.beside = (*draft.beside, row_beside(into, row.role))
            held[item.pk].add(into.pk)
    load_past(list(drafts.values()))
    write(actor, action="items.pass_on", campaign=campaign, drafts=list(drafts.values()), reason=reason)


def post_plain(row: Post) -> dict[str, Any]:
    """A post as its revisions hold it."""
    return {
        "person": row.person_id,
        "role": row.role,
        "campaign": row.campaign_id,
        "unit": row.unit_id,
        "team": row.team_id,
        "aspect": row.aspect,
        "from": row.from_day.isoformat(),
        "to": row.to_day.isoformat() if row.to_day else None,
    }


def _close(
    actor: Actor, posts: Sequence[Post], day: date, reason: str, into: Unit | None, moving: frozenset[int]
) -> None:
    if not posts:
        return
    known = heads("post", [post.pk for post in posts])
    fresh: list[Post] = []
    held: set[tuple[int, str, int | None]] = set(
        Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), unit=into).values_list(
            "person", "role", "campaign"
        )
        if into is not None
        else ()
    )
    changes = []
    for post in posts:
        post.to_day = max(day, post.from_day)
        head = known.get(post.pk, NO_HEAD)
        changes.append(
            Change("post", post.pk, head.version, head.hash, post.to_day, body_text({}, post_plain(post)))
        )
        post.version = head.version + 1
        same = (post.person_id, post.role, post.campaign_id)
        if into is not None and post.pk in moving and same not in held:
            held.add(same)
            fresh.append(
                Post(
                    person_id=post.person_id,
                    role=post.role,
                    campaign_id=post.campaign_id,
                    tree_id=post.tree_id,
                    unit=into,
                    aspect=post.aspect,
                    from_day=post.to_day,
                    rec_from=0,
                )
            )
    insert_returning(fresh)
    changes += [Change("post", row.pk, 0, "", row.from_day, body_text({}, post_plain(row))) for row in fresh]
    batch = record(actor, action="people.end_posts", changes=changes, reason=reason)
    for post in posts:
        post.end_rec = batch.seq
        post.save(update_fields=["to_day", "end_rec", "version"])
    for row in fresh:
        row.rec_from = batch.seq
        row.save(update_fields=["rec_from"])


def _reassign(actor: Actor, tree: Tree, unit: Unit, day: date, reason: str, into: Unit | None) -> None:
    assigned = TeamUnit.objects.filter(
        Q(to_day=None) | Q(to_day__gt=day), unit=unit, team__campaign__tree=tree
    )
    ending = {row.team_id: row for row in assigned}
    if not ending:
        return
    known = heads("team", ending)
    teams = {team.pk: team for team in Team.objects.filter(pk__in=ending)}
    rows: dict[int, list[TeamUnit]] = {pk: [] for pk in teams}
    for row in TeamUnit.objects.filter(team__in=teams).order_by("pk"):
        rows[row.team_id].append(row)
    fresh = []
    for pk, own in rows.items():
        for row in own:
            if row.pk == ending[pk].pk:
                row.to_day = max(day, row.from_day)
        has = any(into is not None and row.unit_id == into.pk and row.to_day is None for row in own)
        if into is not None and not has:
            fresh.append(TeamUnit(team_id=pk, unit=into, from_day=max(day, ending[pk].from_day), rec_from=0))
    insert_returning(fresh)
    for row in fresh:
        rows[row.team_id].append(row)
    changes = []
    for pk, team in teams.items():
        head = known.get(pk, NO_HEAD)
        units = [
            [row.unit_id, row.from_day.isoformat(), row.to_day.isoformat() if row.to_day else None]
            for row in rows[pk]
        ]
        plain = {"campaign": team.campaign_id, "key": team.key, "name": team.name, "units": units}
        changes.append(Change("team", pk, head.version, head.hash, day, body_text({}, plain)))
        team.version = head.version + 1
    batch = record(actor, action="people.reassign_teams", changes=changes, reason=reason)
    Team.objects.bulk_update(teams.values(), ["version"])
    for own in rows.values():
        for row in own:
            row.end_rec = batch.seq if row.to_day is not None and row.end_rec is None else row.end_rec
            row.rec_from = row.rec_from or batch.seq
            row.save(update_fields=["to_day", "end_rec", "rec_from"])
