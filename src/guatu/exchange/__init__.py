"""Documents and workbooks in and out; no HTTP."""
