"""A unit is merged, ends, or moves: what that takes along, and doing it."""
