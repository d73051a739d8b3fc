"""Superiors' forms: kept, mapped once, poured into."""
