"""The OpenAPI surface over the same queries and actions (comes later)."""
