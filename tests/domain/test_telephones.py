"""Numbers as outsiders see them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.telephones import as_address, can_be_dialled, masked


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


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("(021) 6234-5678", "02162345678"),
        ("（010）62345678", "01062345678"),
        ("010-62345678转8012", "01062345678,8012"),
        ("+86 138 1234 5678", "+8613812345678"),
        ("6123", "6123"),
    ],
)
def test_a_number_as_it_is_written_in_lists_becomes_one_that_is_dialled(number: str, address: str) -> None:
    assert can_be_dialled(number)
    assert as_address(number) == address


@pytest.mark.parametrize("number", ["总机", "总机转", "转8012", "13800000001/13800000002", "(", "12"])
def test_what_is_no_single_number_cannot_be_dialled(number: str) -> None:
    assert not can_be_dialled(number)
