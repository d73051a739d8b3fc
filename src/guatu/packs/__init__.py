"""The packs that come with the program: a folder each, YAML and the story of its demo."""

USUAL_DEMO = "theme-education"
"""The key of the pack whose demo is loaded when none is named."""
