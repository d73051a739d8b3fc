"""Reminders: how one wants to be told, and what a campaign's people were reminded of."""
