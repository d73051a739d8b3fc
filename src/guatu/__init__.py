"""Guatu 挂图: campaigns over a tree of units, from one plan to a verified close and a report that adds up."""

__version__ = "0.1.0"
