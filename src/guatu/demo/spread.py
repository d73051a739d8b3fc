"""Dealing totals out: parts that always add up to the whole, whatever the whole is."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random


def dice(*names: object) -> Random:
    """Dice that fall the same way whenever they are named the same."""
    return Random("/".join(str(name) for name in names))  # noqa: S311 - a story, not a secret


def deal(rng: Random, total: int, weights: Sequence[float]) -> list[int]:
    """`total` as whole parts in proportion to `weights` (largest remainders first, ties by chance).

    The parts add up to `total`. Without any weight above 0 the parts are even; without places the total must be 0.
    """
    if not weights:
        if total:
            raise ValueError(f"{total} cannot be dealt to nobody")
        return []
    whole = sum(weights)
    shares = [w / whole if whole > 0 else 1 / len(weights) for w in weights]
    parts = [int(total * share) for share in shares]
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - total * shares[i], rng.random()))
    for i in range(total - sum(parts)):
        parts[order[i % len(order)]] += 1
    return parts


def deal_between(rng: Random, total: int, places: int, low: int, high: int) -> list[int]:
    """`total` dealt unevenly to `places`, each between `low` and `high` where the total allows it.

    The bounds give way when the total is too small or too large for them; the parts always add up.
    """
    low = min(low, total // places)
    high = max(high, -(-total // places))
    parts = [low] * places
    left = total - low * places
    weights = [rng.uniform(0.2, 1.0) ** 1.5 for _ in range(places)]
    while left > 0:
        open_places = [i for i in range(places) if parts[i] < high]
        shares = deal(rng, left, [weights[i] for i in open_places])
        for i, share in zip(open_places, shares, strict=True):
            took = min(share, high - parts[i])
            parts[i] += took
            left -= took
    return parts


def weighted(rng: Random, choices: Sequence[tuple[str, float]]) -> str:
    """One of the choices by its weight."""
    return rng.choices([name for name, _ in choices], [weight for _, weight in choices])[0]
