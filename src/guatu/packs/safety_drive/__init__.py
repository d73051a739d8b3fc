"""The pack of a safety drive."""
