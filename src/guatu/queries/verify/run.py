"""The whole check."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.queries.verify.attachments import check_attachments
from guatu.queries.verify.burdens import check_burdens
from guatu.queries.verify.chains import check_chains
from guatu.queries.verify.derived import check_derived
from guatu.queries.verify.in_time import check_in_time
from guatu.queries.verify.issued import check_issued
from guatu.queries.verify.outside import check_outside
from guatu.queries.verify.phrases import check_phrases
from guatu.queries.verify.proposals import check_proposals
from guatu.queries.verify.readers import check_readers
from guatu.queries.verify.samples import check_samples
from guatu.queries.verify.sent import check_sent
from guatu.queries.verify.stored_form import check_form, derived_tables, ledger_tables
from guatu.queries.verify.subjects import check_subjects
from guatu.queries.verify.superior_forms import check_forms
from guatu.records.snapshot import one_snapshot


@dataclass(frozen=True, slots=True)
class Verified:
    """What was checked; `broken` names the first record that does not agree, empty if all do.

    `differences`: everything that issued documents do not replay, each in a sentence; the first of them is `broken` too where
    nothing else is.
    """

    batches: int
    revisions: int
    seals: int
    unsigned: int
    unsealed: int
    items: int
    spells: int
    placements: int
    broken: str
    differences: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything agrees."""
        return not self.broken


def verify() -> Verified:
    """Check hashes first, then what is derived; the first broken record is named. Nobody's writing disturbs it."""
    with one_snapshot():
        return _verify()


def _verify() -> Verified:
    odd = check_form(ledger_tables())
    chains = check_chains()
    broken = odd or chains.broken or check_form(derived_tables())
    derived = None if broken else check_derived()
    if derived is not None:
        broken = (
            derived.broken
            or check_subjects()
            or check_in_time()
            or check_readers()
            or check_attachments()
            or check_burdens()
            or check_proposals()
            or check_samples()
            or check_outside()
            or check_sent()
            or check_forms()
            or check_phrases()
        )
    differences = check_issued() if not broken else ()
    return Verified(
        batches=chains.batches,
        revisions=chains.revisions,
        seals=chains.seals,
        unsigned=chains.unsigned,
        unsealed=chains.unsealed,
        items=derived.items if derived else 0,
        spells=derived.spells if derived else 0,
        placements=derived.placements if derived else 0,
        broken=broken or next(iter(differences), ""),
        differences=differences,
    )
