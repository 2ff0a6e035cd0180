"""Workbooks and CSV files: reading what anybody may send, and writing what opens without harm. Knows nothing of what they are about."""
