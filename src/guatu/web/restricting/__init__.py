"""Restricted items: who may read them."""
