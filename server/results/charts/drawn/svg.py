"""What the renderer made, as our pages can show it: no inline styles, read out by its sentences only, small. Pure."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from server.results.charts.drawn.look import DISSATISFIED, INK

_SVG = "{http://www.w3.org/2000/svg}"
_PLACES = {"d", "transform"}
_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_ROLES = ("role", "aria-roledescription")
ET.register_namespace("", "http://www.w3.org/2000/svg")


def finish(svg: str, texts: Sequence[str], sentence: str, key: str) -> str:
    """The picture with its sentence; marks with a sentence are pictures of their own, and all else is hidden from who cannot see.

    texts: what the numbers in it stand for. key: parts the names inside from those of other pictures on the same page.
    Raises ParseError where it is no XML.
    """
    root = ET.fromstring(svg)  # noqa: S314 – it comes from our own renderer
    for element in list(root.iter()):
        for name, value in _declarations(element.attrib.pop("style", "")):
            element.attrib.setdefault(name, value)
        label = element.get("aria-label")
        for name in (*_ROLES, "class", "aria-hidden"):
            element.attrib.pop(name, None)
        for name in _PLACES & element.attrib.keys():
            element.set(name, _LONG.sub(lambda number: f"{float(number[0]):.2f}", element.attrib[name]))
        if label is not None:
            element.set("role", "img")
            element.set("pointer-events", "all")
        if element.get("fill") == "url(#hatch)":
            element.set("fill", f"url(#hatch-{key})")
        for child in list(element):
            if child.get("display") == "none" or child.get("class") == "background":
                element.remove(child)
    root.attrib.update({"role": "group", "aria-roledescription": "biểu đồ", "aria-label": sentence, "class": "chart-picture"})
    root.attrib.pop("pointer-events", None)
    for text in root.iter(f"{_SVG}text"):
        text.set("aria-hidden", "true")
        text.text = texts[int(text.text or "")]
    if "url(#hatch)" in svg:
        root.insert(0, _hatch(key))
    return ET.tostring(root, encoding="unicode")


def _declarations(style: str) -> list[tuple[str, str]]:
    """Of an inline style."""
    return re.findall(r"([\w-]+)\s*:\s*([^;]+)", style)


def _hatch(key: str) -> ET.Element:
    """Orange with ink stripes."""
    definitions = ET.Element(f"{_SVG}defs")
    said = {"id": f"hatch-{key}", "width": "7", "height": "7", "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"}
    pattern = ET.SubElement(definitions, f"{_SVG}pattern", said)
    ET.SubElement(pattern, f"{_SVG}rect", {"width": "7", "height": "7", "fill": DISSATISFIED})
    ET.SubElement(pattern, f"{_SVG}rect", {"width": "1.5", "height": "7", "fill": INK})
    return definitions
