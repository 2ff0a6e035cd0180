"""A widget's kv file lies beside its module."""

from pathlib import Path

from kivy.lang import Builder


def load_beside(module_file: str) -> None:
    """Load x.kv for x.py; call with `__file__`."""
    Builder.load_file(str(Path(module_file).with_suffix(".kv")))
