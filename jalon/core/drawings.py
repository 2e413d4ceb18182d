"""Which SVG drawing may become a badge: shapes only, safe on a page and the same in every renderer."""

from collections.abc import Iterator, Mapping
from xml.parsers import expat

SVG = "http://www.w3.org/2000/svg"
VIEW_BOX = "0 0 240 240"
LARGEST = 65_536

_ELEMENTS = frozenset(
    {"svg", "title", "desc", "g", "defs", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"}
    | {"linearGradient", "radialGradient", "stop", "clipPath"}
)
_ATTRIBUTES = frozenset(
    {"viewBox", "width", "height", "version", "role", "id", "aria-hidden", "aria-labelledby"}
    | {"d", "points", "transform", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy"}
    | {"fill", "fill-opacity", "fill-rule", "clip-path", "clip-rule", "clipPathUnits", "opacity"}
    | {"stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-dasharray"}
    | {"stroke-miterlimit", "offset", "stop-color", "stop-opacity", "gradientUnits", "gradientTransform"}
    | {"preserveAspectRatio"}
)

Fault = tuple[int, str, str]


def faults(svg: str) -> list[Fault]:
    """Return what forbids this drawing: line, code, and the word that the sentence quotes.

    Codes: `too-large`, `not-xml`, `doctype`, `instruction`, `element`, `attribute`, `outside`, `view-box`,
    `title`.
    """
    if len(svg.encode()) > LARGEST:
        return [(1, "too-large", str(LARGEST))]
    if (at := svg.find("<!DOCTYPE")) >= 0:
        return [(svg.count("\n", 0, at) + 1, "doctype", "DOCTYPE")]
    inspection = _Inspection()
    try:
        inspection.parser.Parse(svg, True)
    except expat.ExpatError as error:
        return [*inspection.found, (error.lineno, "not-xml", expat.ErrorString(error.code))]
    return [*inspection.found, *inspection.lacking()]


class _Inspection:
    """Collects the faults of one drawing while expat walks through it."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.view_box = ""
        self.title = ""
        self.open: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = lambda _: self.open.pop()
        self.parser.CharacterDataHandler = self._characters
        self.parser.ProcessingInstructionHandler = self._instruction

    def lacking(self) -> Iterator[Fault]:
        if self.view_box != VIEW_BOX:
            yield 1, "view-box", VIEW_BOX
        if not self.title.strip():
            yield 1, "title", "title"

    def _fault(self, code: str, word: str) -> None:
        self.found.append((self.parser.CurrentLineNumber, code, word))

    def _instruction(self, target: str, _: str) -> None:
        self._fault("instruction", target)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self.open.append(local)
        if namespace != SVG or local not in _ELEMENTS:
            self._fault("element", local)
        if len(self.open) == 1:
            self.view_box = attributes.get("viewBox", "")
        for attribute, value in attributes.items():
            self._attribute(attribute, value)

    def _attribute(self, attribute: str, value: str) -> None:
        if attribute not in _ATTRIBUTES:
            self._fault("attribute", attribute.rpartition(" ")[2])
        elif "url(" in value.replace("url(#", "") or "\\" in value:
            self._fault("outside", value[:60])

    def _characters(self, data: str) -> None:
        if self.open[-1:] == ["title"] and len(self.open) == 2:
            self.title += data
