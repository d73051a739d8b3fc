"""Reminding (提醒): which stage of a due day has come, when something may be sent, how much and how often. Pure."""
