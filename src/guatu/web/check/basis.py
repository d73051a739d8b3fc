"""A text that was handed in, with its verdicts; what it is judged with: the figures of a day, or nothing but itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.domain.checker import Checked
from guatu.exchange.check_remarks import Remark
from guatu.exchange.documents_in import Document
from guatu.exchange.kept_checks import KeptText, bytes_of
from guatu.exchange.kept_judgements import judge_once
from guatu.exchange.text_shape import Block, shape_of
from guatu.queries.statements_now import Stated, stated
from guatu.records.models import Unit
from guatu.web.check.forms import read_kept
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class Judged:
    """A text with its verdicts and remarks, as it was read from `data`."""

    kept: KeptText
    data: bytes
    document: Document
    checked: Checked
    remarks: tuple[Remark, ...]

    @property
    def text(self) -> str:
        """The text that the remarks are about."""
        return self.document.text

    @property
    def wanting(self) -> tuple[Remark, ...]:
        """What asks for attention."""
        return tuple(one for one in self.remarks if one.number)

    @property
    def marks(self) -> frozenset[str]:
        """The decisions that were used."""
        return frozenset(one.mark for one in self.remarks if one.mark)

    @property
    def is_word(self) -> bool:
        """Whether it came as a Word file, into which can be written."""
        return self.data.startswith(b"PK")

    def blocks(self) -> tuple[Block, ...]:
        """How it is laid out."""
        return shape_of(self.data, self.kept.name, self.document)


def basis_of(at: Here | None, day: date, unit: Unit | None = None) -> Stated:
    """What the reader may compare with on that day; for a unit's subtree, without one for the whole."""
    return Stated(day) if at is None else stated(at.campaign, day=day, unit=unit, actor=at.actor)


def judged(kept: KeptText, basis: Stated) -> Judged:
    """Check one text. Raises NotFound when it is kept no longer."""
    data = bytes_of(kept)
    document = read_kept(data, kept.name)
    one = judge_once(document.text, basis)
    return Judged(kept, data, document, one.checked, one.remarks)
