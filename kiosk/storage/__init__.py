"""The ledger on disk, twice: a SQLite database and a journal; how it begins, branches, is mended, and lets go of what is old."""
