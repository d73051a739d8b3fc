"""Lists that come in as workbooks: what a sheet is, how its columns are read, what a row may say. No Django here."""
