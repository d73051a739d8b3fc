"""The wall chart."""
