"""Several items verified at once: only those whose evidence this verifier has opened, and none reported by people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from guatu.access import Actor
from guatu.domain.errors import BadInput
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.evidence import UNSEEN, Looked, looked_at
from guatu.records.models import Item

NAMED = 8
"""How many items a sentence names before it only counts the rest."""


def evidence_seen(
    actor: Actor, pack: Pack, items: Sequence[Item], bringing: Collection[int]
) -> Mapping[int, Looked]:
    """What the verifier has opened of the evidence of the items that go through a four-eyes step together.

    A single item is the verifier's own judgement; of several, each must have been looked at. `bringing`: the items to
    which the verifier brings evidence in this very step. Raises BadInput that names the items which have to be opened,
    or done one by one.
    """
    looked = looked_at(actor.person, [item.pk for item in items])
    if len(items) > 1:
        by_people = [item for item in items if reported_by_people(pack, item)]
        if by_people:
            raise BadInput(
                _("{numbers} 是群众反映的事项，不能批量核验。请逐项打开，单独办理。"),
                numbers=_named(by_people),
            )
        unseen = [
            item for item in items if not _looked_through(looked.get(item.pk, UNSEEN), item.pk in bringing)
        ]
        if unseen:
            raise BadInput(
                _(
                    "{numbers} 的佐证材料您还没有全部打开看过，不能批量核验。请逐项打开材料（线下备查的，查阅后点“已查阅”），再批量办理。"
                ),
                numbers=_named(unseen),
            )
    return looked


def _looked_through(looked: Looked, brings: bool) -> bool:
    return not looked.unopened and (brings or bool(looked.opened))


def reported_by_people(pack: Pack, item: Item) -> bool:
    """Whether people reported it, as the pack says for the register that its loop is about."""
    if item.register != pack.loop.problems:
        return False
    return any(item.data.get(key) in values for key, values in pack.loop.people_reported.items())


def _named(items: Sequence[Item]) -> str:
    numbers = sorted(item.number for item in items)
    if len(numbers) <= NAMED:
        return listed(numbers)
    return _("{numbers} 等 {count} 项").format(numbers=listed(numbers[:NAMED]), count=len(numbers))
