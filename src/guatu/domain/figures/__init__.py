"""Figures: their grammar, how a value is put into words, and the pure rules by which they are computed."""
