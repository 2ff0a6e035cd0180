"""The program on the counter tablet."""

__version__ = "0.1.0"
