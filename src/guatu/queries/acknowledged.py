"""Who has acknowledged (签收) a key task that was handed down, by the units right below the reader's own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from guatu.access import Actor, visible
from guatu.domain.lights import waiting_states
from guatu.queries.hand_down import registers_of
from guatu.records.models import ANCESTORS, Campaign, Item, Unit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Coverage:
    """One unit and those below it: how many hold the task, how many of them have acknowledged it."""

    code: str
    name: str
    held: int
    signed: int

    @property
    def missing(self) -> int:
        """How many have not acknowledged it yet."""
        return self.held - self.signed


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The whole of it: `rows` by unit, those with the most missing first. `states` are those of a task not acknowledged."""

    register: str
    rows: tuple[Coverage, ...]
    held: int
    signed: int
    states: tuple[str, ...]

    @property
    def missing(self) -> int:
        """How many have not acknowledged it yet."""
        return self.held - self.signed

    @property
    def share(self) -> int:
        """Acknowledged in per cent, rounded down: 100 only when nobody is missing."""
        return 100 * self.signed // self.held if self.held else 0


def acknowledgement(actor: Actor, campaign: Campaign, task: Item) -> Acknowledged | None:
    """How far the key task has been acknowledged, as far as the reader sees it; None if it was not handed down.

    Two statements.
    """
    pack = pack_of(campaign)
    if pack.wall is None or task.register != pack.wall.columns:
        return None
    _columns, tasks = registers_of(pack)
    waiting = waiting_states(pack.workflow_of(tasks.key))
    if not waiting:
        return None
    depth = len(campaign.root.line)
    below = ANCESTORS[depth] if depth < len(ANCESTORS) else ANCESTORS[-1]
    rows = visible(actor, Item.objects.filter(parent=task, register=tasks.key), campaign)
    held: Counter[int | None] = Counter()
    signed: Counter[int | None] = Counter()
    for state, unit in rows.exclude(phase="void").values_list("state", below):
        held[unit] += 1
        signed[unit] += state not in waiting
    if not held:
        return None
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[pk for pk in held if pk is not None])}
    units[campaign.root_id] = campaign.root
    found = [
        Coverage(
            units[pk or campaign.root_id].code, units[pk or campaign.root_id].short_name, held[pk], signed[pk]
        )
        for pk in held
    ]
    found.sort(key=lambda row: (-row.missing, row.code))
    return Acknowledged(
        tasks.key, tuple(found), sum(held.values()), sum(signed.values()), tuple(sorted(waiting))
    )
