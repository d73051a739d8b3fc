"""`guatu bench`: everyday operations beside hand-written SQL, in a database of its own."""

from __future__ import annotations

from guatu.console.bench.run import command

__all__ = ["command"]
