"""Checks chains, roots and seals, and rebuilds every derived table to compare it."""

from __future__ import annotations

from guatu.queries.verify.run import Verified, verify

__all__ = ["Verified", "verify"]
