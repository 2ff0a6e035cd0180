"""The official reports of a period."""
