"""Faults, one family a file: what breaks is broken on purpose, and what must never happen is counted."""
