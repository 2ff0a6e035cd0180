"""A widget's kv file lies beside its module. It may use an instruction of ours as it does Kivy's: `Panel`."""

from pathlib import Path

from kivy.factory import Factory
from kivy.lang import Builder

from kiosk.ui.panel import Panel

Factory.register(Panel.__name__, cls=Panel)


def load_beside(module_file: str) -> None:
    """Load x.kv for x.py; call with `__file__`."""
    Builder.load_file(str(Path(module_file).with_suffix(".kv")))
