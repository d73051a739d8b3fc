"""Passwords that everybody who guesses tries first, and the numbers of the settings."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.access.password_rules import refuse_weak_password
from guatu.domain.errors import BadInput


@pytest.mark.parametrize("password", ["basketball", "q1w2e3r4t5y6", "LIVERPOOL1", "password123"])
def test_a_password_that_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(BadInput, match="太常见") as refused:
        refuse_weak_password(password, "lin", "林晓岚")
    assert password not in str(refused.value)


def test_a_password_of_ones_own_is_taken() -> None:
    refuse_weak_password("Mountain-2026", "lin", "林晓岚")


def test_length_and_kinds_follow_the_settings(settings: Any) -> None:
    settings.GUATU_PASSWORD_LEAST, settings.GUATU_PASSWORD_KINDS = 14, 3
    with pytest.raises(BadInput, match="至少用 14 个字符"):
        refuse_weak_password("Mountain-2026", "lin")
    with pytest.raises(BadInput, match="请至少用 3 类"):
        refuse_weak_password("mountain river stone", "lin")
