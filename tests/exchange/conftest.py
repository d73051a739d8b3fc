"""Stand-ins of the services, and a file of channels that leads to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.services import Bots, MailServer, bots, mail_server


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    """A mail server on this machine."""
    with mail_server() as known:
        yield known


@pytest.fixture
def services() -> Iterator[Bots]:
    """The three bots on this machine."""
    with bots() as known:
        yield known


@pytest.fixture
def configure(tmp_path: Path, settings: Any) -> Callable[[str], None]:
    """Write the file of the channels and let the settings name it."""

    def write(text: str) -> None:
        file = tmp_path / "channels.toml"
        file.write_text(text, encoding="utf-8")
        settings.GUATU_CHANNELS, settings.GUATU_ADDRESS = str(file), "https://guatu.example"

    return write
