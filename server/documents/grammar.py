"""What a template's tags may say: the name of a field, `if` a field is there, `for` each of a list. Nothing else.

Jinja's sandbox keeps a template from Python's inside; that it also cannot call, compute, include, or make very much out of little is
because nothing else passes here.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import CodeType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

MOST_TAGS = 500
MOST_OUTPUT = 20_000_000  # characters: a list of some thousand rows
_DEEPEST = 2  # loops within loops: a list, and each one's own
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.If, nodes.For, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip
_OF_LOOP = ("index", "first", "last")
_XML = re.compile(r"<[^>]*>")
_TAG = re.compile(r"\{\{[^{}%]{1,200}\}\}|\{%[^{}%]{1,200}%\}")
_STRAY = re.compile(r"\{[{%#]|[}%#]\}")
_IN_XML = re.compile(r"<[^>]*\{[{%#][^>]*>")


class Unusable(Exception):
    """A template that cannot be filled. Its text says in Vietnamese what to mend."""


def check_written(xml: str) -> None:
    """Raises `Unusable` for tags that are cut off, are not in the text, or are very many. xml: a part of the file, as it is written."""
    if _IN_XML.search(xml):
        raise Unusable("Có thẻ nằm ngoài phần chữ (ví dụ trong tên hình, đường dẫn). Xin chỉ đặt thẻ trong chữ của văn bản.")
    text = _XML.sub("", xml)
    rest, count = _TAG.subn("", text)
    if count > MOST_TAGS:
        raise Unusable(f"Có hơn {MOST_TAGS} thẻ. Xin bớt đi.")
    if stray := _STRAY.search(rest):
        near = rest[max(0, stray.start() - 30) : stray.end() + 30].strip()
        raise Unusable(f"Có thẻ viết chưa đúng, gần chỗ: “{near}”. Thẻ đúng có dạng {{{{ ten_truong }}}}.")


class _Limited(Template):
    """Stops where more comes out than any paper is long."""

    def render(self, *args: Any, **fields: Any) -> str:  # noqa: ANN401 as Jinja hands them on
        made, length = [], 0
        for piece in self.generate(*args, **fields):
            length += len(piece)
            if length > MOST_OUTPUT:
                raise Unusable("Mẫu cho ra văn bản quá dài. Xin bỏ bớt các vòng lặp.")
            made.append(piece)
        return "".join(made)


class _Missing(StrictUndefined):
    """A field that does not exist."""

    @property
    def _undefined_message(self) -> str:
        return f"Không có trường “{self._undefined_name}”."


class Grammar(SandboxedEnvironment):
    """Jinja for templates that fill these fields."""

    template_class = _Limited

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(autoescape=True, undefined=_Missing)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()
        self._fields = frozenset(fields)

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Template:  # noqa: A002, ANN401 as Jinja's
        """The template, if it says nothing that it may not. Raises `Unusable`."""
        code = _compiled(str(source), self._fields)
        return self.template_class.from_code(self, code, self.make_globals(globals))

    def compiled(self, source: str) -> CodeType:
        """What the template does, as Python, if it says nothing that it may not. Raises `Unusable`."""
        try:
            self._check(self.parse(source), frozenset(), 0)
        except TemplateSyntaxError as fault:
            lines = source.splitlines()
            near = _XML.sub("", lines[min(fault.lineno, len(lines)) - 1])[:100] if lines else ""
            raise Unusable(f"Có thẻ viết chưa đúng, gần chỗ: “{near}”.") from None
        for tag in re.finditer(r"\{\{", source):
            if not re.match(r"<w:t[ >]", source[source.rfind("<", 0, tag.start()) :][:5]):
                raise Unusable("Có thẻ nằm ngoài phần chữ. Xin viết {{ ten_truong }}, không thêm chữ p, r, tr, tc vào sau dấu ngoặc.")
        return self.compile(source)

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 as Jinja's
        """A field of a field, or where a loop is: no attribute of Python's."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _OF_LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def _check(self, node: nodes.Node, inside: frozenset[str], depth: int) -> None:
        if not isinstance(node, _ALLOWED):
            raise Unusable(
                "Mẫu chỉ được dùng tên trường, “if” và “for” trong các thẻ; không dùng phép tính, hàm, bộ lọc hay lệnh khác "
                f"({type(node).__name__}, dòng thẻ thứ {node.lineno})."
            )
        if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in self._fields | inside:
            raise Unusable(f"Không có trường “{node.name}”.")
        if isinstance(node, nodes.For):
            if depth == _DEEPEST or node.recursive or node.test or node.else_ or not isinstance(node.target, nodes.Name):
                raise Unusable("Vòng lặp “for” chỉ được viết đơn giản, và lồng nhau tối đa hai lần.")
            self._check(node.iter, inside, depth)
            inside, depth = inside | {node.target.name, "loop"}, depth + 1
            for child in node.body:
                self._check(child, inside, depth)
            return
        for child in node.iter_child_nodes():
            self._check(child, inside, depth)


@lru_cache(maxsize=128)  # a template has some eight parts, most of them empty; a refusal is not kept
def _compiled(source: str, fields: frozenset[str]) -> CodeType:
    """Which reads its fields through the environment that runs it, so that it may be another one's."""
    return Grammar(fields).compiled(source)
