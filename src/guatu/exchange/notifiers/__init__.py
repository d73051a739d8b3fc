"""Notifiers: one file for each service, one table of them all (`table.py`)."""
