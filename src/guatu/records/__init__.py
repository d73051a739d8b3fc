"""The only package with tables: models, querysets, triggers. No rules live here."""
