"""The rules, in pure Python: no database, no web, no clock of its own but `clock`."""
