"""Why a record counts otherwise than when its figure was sent, and what was said by telephone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from guatu.domain.figures.basis import BASES, basis_labels, counted_at
from guatu.domain.figures.sent import (
    CHANNELS,
    LaterRevision,
    channel_labels,
    number_said,
    why_labels,
    why_moved,
)

ADDED = LaterRevision(11, True, False, {"state": {"phase": "open"}, "unit": 4})
STEP = LaterRevision(12, False, False, {"state": {"phase": "closed"}})
VOID = LaterRevision(13, False, False, {"state": {"phase": "void"}})
MOVED = LaterRevision(14, False, False, {"unit": 5})
MENDED = LaterRevision(15, False, True, {"state": {"phase": "open"}})
EDITED = LaterRevision(16, False, False, {})


@pytest.mark.parametrize(
    ("later", "line_changed", "why"),
    [
        ([ADDED, STEP, MENDED], False, ("late_entry", 11)),
        ([STEP, MENDED, MOVED], False, ("correction", 15)),
        ([STEP, MOVED, EDITED], True, ("transfer", 14)),
        ([STEP, VOID], False, ("void", 13)),
        ([VOID, STEP], False, ("step", 12)),
        ([EDITED], False, ("edit", 16)),
        ([EDITED], True, ("edit", 16)),
        ([], True, ("placement", None)),
        ([], False, ("edit", None)),
    ],
)
def test_what_weighs_most_is_said_to_be_the_cause(
    later: list[LaterRevision], line_changed: bool, why: tuple[str, int | None]
) -> None:
    assert why_moved(later, line_changed=line_changed) == why
    assert why[0] in why_labels()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1742个", Decimal(1742)),
        ("1,742 项", Decimal(1742)),
        ("2.5万名", Decimal(25000)),
        ("3.45亿元", Decimal(345_000_000)),
        ("14.8%", Decimal("14.8")),
        ("大概两百", None),
        ("", None),
    ],
)
def test_the_number_at_the_beginning_is_what_was_said(text: str, number: Decimal | None) -> None:
    assert number_said(text) == number


def test_every_channel_and_basis_has_a_name() -> None:
    assert set(channel_labels()) == set(CHANNELS)
    assert set(basis_labels()) == set(BASES)
    assert [len(counted_at(basis)) for basis in BASES] == [4, 3, 2, 1]
