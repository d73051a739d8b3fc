"""Reads across tables: lists, roll-ups, the wall chart, figures, timelines."""
