"""Who can be mentioned beside an item: those who may see it, and nobody else by as much as a name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from guatu.access import Actor, get_item, resolve, visible
from guatu.domain.capabilities import BUSINESS
from guatu.domain.errors import BadInput
from guatu.domain.mentions import named_in, possible_names, spoken, tails
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.addressees import along, holders
from guatu.records.models import Campaign, Item, ItemReader, ItemUnit, Person

MOST = 10
"""People whom one remark may call upon; more is a circular, not a remark."""
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Mentionable:
    """Somebody to choose: the name as it is written after “@”, and under which post."""

    name: str
    label: str


def mentioned_in(actor: Actor, campaign: Campaign, item: Item, text: str) -> tuple[int, ...]:
    """The people whom the text names after “@”, none if it names nobody; five statements for each person named.

    Raises BadInput for a name of nobody who may see the item (whether such a person exists is not told), and for a name
    that two of them bear.
    """
    said = tails(text)
    if not said:
        return ()
    rows = Person.objects.filter(name__in=sorted(possible_names(said)), is_active=True)
    people: dict[str, list[tuple[int, str]]] = {}
    seen = Item.objects.filter(pk=item.pk)
    for person in rows.select_related("home_unit"):
        other = resolve(person, campaign)
        if visible(other, seen, campaign).exists():
            people.setdefault(person.name, []).append((person.pk, other.post_label))
    found: list[int] = []
    for tail in said:
        name = named_in(tail, people)
        if not name:
            raise BadInput(
                _("“@{name}”不是能看到 {number} 的人，评论没有发出。请从名单中选人，或去掉“@”。"),
                name=spoken(tail),
                number=item.number,
            )
        found.append(_the_one(tail, name, people[name]))
    people_named = tuple(dict.fromkeys(found))
    if len(people_named) > MOST:
        raise BadInput(
            _("一条评论提到了 {count} 个人，最多 {most} 个。请减少后再发。"),
            count=len(people_named),
            most=MOST,
        )
    return people_named


def _the_one(tail: str, name: str, bearers: Collection[tuple[int, str]]) -> int:
    """Of several with one name the one whose post stands behind it: @张伟（一厂填报员）."""
    if len(bearers) == 1:
        return next(iter(bearers))[0]
    rest = tail[len(name) :]
    for person, label in bearers:
        if rest.startswith((f"（{label}）"[: len(rest)], f"({label})"[: len(rest)])) and len(rest) > 1:
            return person
    raise BadInput(
        _("有 {count} 位“{name}”：{posts}。请写成“@{name}（身份）”。"),
        count=len(bearers),
        name=name,
        posts=listed(label for _person, label in bearers),
    )


def mentionable(actor: Actor, campaign: Campaign, public_id: UUID, *, q: str = "") -> tuple[Mentionable, ...]:
    """Who stands around the item and may see it, the nearest first, without the reader; `q`: part of a name or post.

    Raises NotFound for an item out of sight. Three statements more than the item itself.
    """
    item = get_item(actor, public_id, campaign)
    beside = [tuple(row.line) for row in ItemUnit.objects.filter(item=item)]
    lines = [item.line, *beside]
    every = holders(campaign, sorted({unit for line in lines for unit in line}), BUSINESS)
    readers = set(ItemReader.objects.filter(item=item, ended_batch=None).values_list("person_id", flat=True))
    found: dict[int, Mentionable] = {}
    names: dict[str, int] = {}
    for holder in (row for line in lines for row in along(line, every)):
        if holder.person == actor.person or holder.person in found:
            continue
        if item.restricted and holder.person not in readers:
            continue
        if q.strip() and q.strip() not in f"{holder.name}{holder.label}":
            continue
        found[holder.person] = Mentionable(holder.name, holder.label)
        names[holder.name] = names.get(holder.name, 0) + 1
        if len(found) == SHOWN:
            break
    return tuple(
        Mentionable(f"{one.name}（{one.label}）", one.label) if names[one.name] > 1 else one
        for one in found.values()
    )
