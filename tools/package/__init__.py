"""Debian packages, built from the tree."""
