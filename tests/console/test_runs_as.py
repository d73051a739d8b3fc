"""Every command declares under whose rights it runs, and does as it declares."""

from __future__ import annotations

import importlib
import inspect
import re

import pytest

from guatu.console.main import COMMANDS, Entry

ACTING = {"operator": r"\boperator\(\)", "person": r"\bresolve\("}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_acts_as_it_declares(name: str) -> None:
    source = inspect.getsource(importlib.import_module(COMMANDS[name].module))
    acting = {who for who, pattern in ACTING.items() if re.search(pattern, source)}
    declared = COMMANDS[name].runs_as
    assert acting == ({declared} if declared in ACTING else set())


def test_a_command_without_a_declaration_cannot_be_entered() -> None:
    with pytest.raises(TypeError, match="runs_as"):
        Entry("guatu.console.extract", "…", "nothing")  # type: ignore[call-arg]
