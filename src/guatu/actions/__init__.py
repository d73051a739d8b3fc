"""Every write, one module per subject; `history.record` is the one door."""
