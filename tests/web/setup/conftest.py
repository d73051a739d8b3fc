"""An empty home for the guided path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """An empty home of its own."""
    settings.GUATU_HOME = tmp_path
    return tmp_path


@pytest.fixture
def without_second_factor(settings: Any) -> None:
    """Office and administrators come in by their password alone: for tests that are about what they do then."""
    settings.GUATU_SECOND_FACTOR = frozenset()
