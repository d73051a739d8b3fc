"""Numbers as outsiders see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.telephones import masked


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("010-88886666", "010****6666"),
        ("8866", "****66"),
        ("1234567", "****67"),
        ("", ""),
    ],
)
def test_a_masked_number_keeps_its_ends_only(number: str, shown: str) -> None:
    assert masked(number) == shown


@given(st.text("0123456789", min_size=1, max_size=20))
def test_at_least_half_of_a_short_number_and_a_third_of_a_long_one_is_hidden(number: str) -> None:
    kept = len(masked(number)) - 4
    assert kept <= min(7, len(number))
    assert len(number) < 4 or kept < len(number)
