"""The whole check."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.queries.verify.chains import check_chains
from guatu.queries.verify.derived import check_derived
from guatu.queries.verify.subjects import check_subjects


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked; `broken` names the first record that does not agree, empty if all do."""

    batches: int
    revisions: int
    seals: int
    unsigned: int
    unsealed: int
    items: int
    spells: int
    placements: int
    broken: str

    @property
    def whole(self) -> bool:
        """Whether everything agrees."""
        return not self.broken


def verify() -> Verified:
    """Check hashes first, then what is derived; the first broken record is named."""
    chains = check_chains()
    derived = None if chains.broken else check_derived()
    return Verified(
        batches=chains.batches,
        revisions=chains.revisions,
        seals=chains.seals,
        unsigned=chains.unsigned,
        unsealed=chains.unsealed,
        items=derived.items if derived else 0,
        spells=derived.spells if derived else 0,
        placements=derived.placements if derived else 0,
        broken=chains.broken or (derived.broken if derived else "") or check_subjects(),
    )
