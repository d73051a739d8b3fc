"""The pack of theme education."""
