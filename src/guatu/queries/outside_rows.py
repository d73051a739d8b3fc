"""Rows from outside the system (系统外数据) as of a day and as known at a batch: counts without records.

Units that are confidential, abroad or on paper only report by a document. What they report is added to the figures that
say `outside: include`, for the unit it belongs to and every unit above it, and is said to be so wherever the number is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.references import key_of
from guatu.domain.figures.rows import Organisation, Placing, Row
from guatu.domain.statements import Number
from guatu.queries.moments import known_seq
from guatu.records.models import Campaign, OutsideRow


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """One row, as a line without a record: whose it is, how much, and the document and person that stand behind it."""

    public_id: UUID
    unit: int
    code: str
    unit_name: str
    value: Number
    label: str
    document: str
    approver: str
    counts_on: date


def outside_rows(
    campaign: Campaign, figures: Iterable[Figure], known_at: int | None
) -> dict[str, list[OutsideRow]]:
    """What is known of the rows of those figures that include any, by figure. No statement where none does."""
    keys = {key_of(figure.key): figure.key for figure in figures if figure.outside}
    if not keys:
        return {}
    found: dict[str, list[OutsideRow]] = {}
    rows = OutsideRow.objects.filter(
        campaign=campaign, figure__in=sorted(keys), rec_from__lte=known_seq(known_at)
    )
    for row in rows.select_related("unit").order_by("unit__order", "unit__code", "counts_on", "pk"):
        found.setdefault(row.figure, []).append(row)
    return found


def counting(rows: Iterable[OutsideRow], day: date, known_at: int | None) -> Iterator[OutsideRow]:
    """Those that count as of `day`: begun, and not known to have ended before it is over."""
    known = known_seq(known_at)
    for row in rows:
        ended = row.ended_on is not None and row.end_rec is not None and row.end_rec <= known
        if row.counts_on <= day and not (ended and row.ended_on is not None and row.ended_on <= day):
            yield row


def lines_below(
    rows: Iterable[OutsideRow], figure: Figure, top: int, organisation: Organisation
) -> Iterator[OutsideLine]:
    """The rows that the figure counts for the unit `top`, on the tree given."""
    placing = Placing([Row("", "", unit=top)], organisation)
    for row in rows:
        if placing.rows_of(organisation.lines.get(row.unit_id, ()), figure.scope):
            yield line_of(row)


def line_of(row: OutsideRow) -> OutsideLine:
    """A row as it is shown; comes with its unit."""
    return OutsideLine(
        row.public_id,
        row.unit_id,
        row.unit.code,
        row.unit.short_name,
        exact(row),
        row.label,
        row.document,
        row.approver,
        row.counts_on,
    )


def exact(row: OutsideRow) -> Number:
    """The value, as an integer where it is whole."""
    whole = row.value.to_integral_value()
    return int(whole) if whole == row.value else row.value.normalize()


def by_reference(
    rows: Mapping[str, list[OutsideRow]], figures: Iterable[Figure]
) -> Iterator[tuple[Figure, list[OutsideRow]]]:
    """Each figure that includes rows from outside with its rows; a variant has those of its figure."""
    for figure in figures:
        if figure.outside and (own := rows.get(key_of(figure.key))):
            yield figure, own
