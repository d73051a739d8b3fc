"""The parts of the offline form: one page, its style, its script."""
