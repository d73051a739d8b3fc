"""The units: the tree in reach, and one unit's page."""
