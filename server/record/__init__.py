"""The record: who looked at what is personal, exported or changed something, and when."""
