"""Actions with approval: asking for one, what waits, and one proposal with its decision."""
