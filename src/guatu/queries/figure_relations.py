"""The relations that a pack declares between its figures: both sides as of a day, and whether they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guatu.access import Actor
from guatu.domain.figures.phrasing import plain
from guatu.domain.pack import Pack
from guatu.domain.pack.figure_words import relation_words
from guatu.domain.statements import Number, Relation
from guatu.domain.words import gettext as _
from guatu.queries.figures import Table, evaluate
from guatu.records.models import Campaign
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class RelationNow:
    """One relation as of a day. `holds` is None where a figure has no number; `text` is how the pack writes it.

    `left` and `right`: key, name and value of each part. `sides` are the sums.
    """

    text: str
    words: str
    op: str
    left: tuple[tuple[str, str, Number | None], ...]
    right: tuple[tuple[str, str, Number | None], ...]
    sides: tuple[Number | None, Number | None]
    holds: bool | None

    @property
    def sentence(self) -> str:
        """What the relation says, with both sides' values, as a whole sentence."""
        one, other = (plain(side) if side is not None else "–" for side in self.sides)
        told = {
            True: _("{words}：{one} 与 {other}，成立。"),
            False: _("{words}：{one} 与 {other}，不成立。"),
            None: _("{words}：{one} 与 {other}，数据不足，不作判断。"),
        }[self.holds]
        return told.format(words=self.words, one=one, other=other)


def relations_on(
    campaign: Campaign,
    days: tuple[date, ...],
    *,
    actor: Actor,
    known_at: int | None = None,
    pack: Pack | None = None,
) -> Mapping[date, tuple[RelationNow, ...]]:
    """Every relation of the campaign's pack on each of the days, from one evaluation."""
    pack = pack or pack_of(campaign)
    keys = dict.fromkeys(key for one in pack.relations for key in (*one.left, *one.right))
    if not keys:
        return dict.fromkeys(days, ())
    table = evaluate(campaign, keys, days=days, known_at=known_at, actor=actor, pack=pack)
    return {
        day: tuple(
            _now(pack, table, day, text, relation)
            for text, relation in zip(pack.relation_texts, pack.relations, strict=True)
        )
        for day in days
    }


def _now(pack: Pack, table: Table, day: date, text: str, relation: Relation) -> RelationNow:
    def side(keys: tuple[str, ...]) -> tuple[tuple[str, str, Number | None], ...]:
        return tuple((key, pack.figures[key].label, table.result(key, day=day).number) for key in keys)

    left, right = side(relation.left), side(relation.right)
    sums = (_total(left), _total(right))
    return RelationNow(
        text, relation_words(pack, relation), relation.op, left, right, sums, _holds(relation.op, *sums)
    )


def _total(side: tuple[tuple[str, str, Number | None], ...]) -> Number | None:
    numbers = [number for _key, _label, number in side]
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _holds(op: str, one: Number | None, other: Number | None) -> bool | None:
    if one is None or other is None:
        return None
    return {"==": one == other, "<=": one <= other, ">=": one >= other}[op]
