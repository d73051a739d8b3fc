"""Several campaigns stand on the same units, each with a pack of its own."""

from __future__ import annotations

from itertools import pairwise

from guatu.domain.pack import builtin_pack, builtin_packs


def test_the_levels_of_one_built_in_pack_are_known_to_every_other() -> None:
    """A unit has one level: a pack that calls it by another key could not use the units of its neighbour."""
    levels = sorted(
        ([level.key for level in builtin_pack(key).head.levels] for key in builtin_packs()), key=len
    )
    assert len(levels) > 1
    for fewer, more in pairwise(levels):
        assert fewer == more[: len(fewer)]
