"""Makes the fonts that charts carry along from those of the pages: `pip install fonttools brotli`, `python -m tools.chart_fonts`.

They have what Vietnamese and its neighbours in Latin-1 are written with, and their kerning, as WOFF2: a tenth of the whole.
"""

import subprocess

from server.results.charts import faces
from tests.stage.programs import ROOT

SOURCES = {400: "BeVietnamPro-Regular.ttf", 600: "BeVietnamPro-SemiBold.ttf"}
LETTERS = (
    "U+20-7E,U+A0-FF,U+102-103,U+110-111,U+128-129,U+168-169,U+1A0-1A1,U+1AF-1B0,U+1EA0-1EF9,U+300-303,U+309,U+323,U+2010-2015,"
    "U+2018-2019,U+201C-201E,U+2022,U+2026,U+20AB,U+2212,U+2260,U+2264-2265,U+202F,U+2009"
)


def main() -> None:
    """Write them where the pages' files are."""
    for weight, name in SOURCES.items():
        source, target = ROOT / "assets" / "fonts" / name, faces.FOLDER / faces.FILES[weight]
        options = [f"--unicodes={LETTERS}", "--layout-features=kern,mark,mkmk,ccmp", "--no-hinting", "--flavor=woff2"]
        subprocess.run(["pyftsubset", str(source), *options, f"--output-file={target}"], check=True)


if __name__ == "__main__":
    main()
