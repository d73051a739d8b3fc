"""Version codes as people type them and scanners read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.errors import BadInput
from guatu.domain.version_codes import VersionCode, code_of, read_code


@pytest.mark.parametrize(
    "text",
    [
        "WT-0001-3-1a2b3c4d",
        " wt-0001-3-1A2B3C4D ",
        "WT-0001／3／1a2b3c4d",
        "WT-0001 3 1a2b3c4d",
        "WT—0001—3—1a2b3c4d",
    ],
)
def test_a_code_is_read_however_it_was_typed(text: str) -> None:
    assert read_code(text) == VersionCode("WT-0001", 3, "1a2b3c4d")


@pytest.mark.parametrize(
    "text", ["", "WT-0001", "WT-0001-3", "WT-0001-3-1a2b3c4", "第三版", "WT-0001-0x3-1a2b3c4d"]
)
def test_what_is_no_code_is_shown_an_example(text: str) -> None:
    with pytest.raises(BadInput, match="例如：WT-0001-3-1a2b3c4d"):
        read_code(text)


@given(st.integers(1, 99_999), st.integers(1, 9_999), st.text("0123456789abcdef", min_size=64, max_size=64))
def test_what_is_printed_is_read_back(number: int, version: int, digest: str) -> None:
    code = code_of(f"YH-{number:04d}", version, digest)
    assert read_code(str(code)) == code
