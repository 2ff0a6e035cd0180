"""What pyproject.toml cannot say: every build compiles the catalogues, so that an installed kiosk speaks each language."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithCatalogues(build_py):
    """Compiles beside their sources, for an editable installation reads them there."""

    def run(self) -> None:
        """Compile assets/locale, then gather the packages' files."""
        for source in Path("assets/locale").rglob("*.po"):
            with source.open("rb") as text, source.with_suffix(".mo").open("wb") as compiled:
                write_mo(compiled, read_po(text))
        super().run()


setup(cmdclass={"build_py": BuildWithCatalogues})
