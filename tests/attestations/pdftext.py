"""The text of a PDF in the order of its content, as a reader program selects it; enough for the files that we make."""

import io
import re

import pikepdf

_CODE = re.compile(rb"<([0-9A-Fa-f]+)>")
_BLOCK = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)


def text_of(pdf: bytes) -> str:
    """Return the text with all white space taken out, so that line breaks do not matter."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return bare("".join(_page_text(page) for page in document.pages))


def lines_of(pdf: bytes) -> list[list[str]]:
    """Return, for each page, its pieces of text without white space: a piece never goes over the end of a line."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [[bare(piece) for piece in _pieces(page)] for page in document.pages]


def bare(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def _page_text(page: pikepdf.Page) -> str:
    return "".join(_pieces(page))


def _pieces(page: pikepdf.Page) -> list[str]:
    maps = {name: _unicode_map(font) for name, font in page.Resources.get("/Font", pikepdf.Dictionary()).items()}
    current: dict[int, str] = {}
    said: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                current = maps[str(operands[0])]
            case "Tj":
                said.append(_decoded(bytes(operands[0]), current))
            case "TJ":
                parts = (_decoded(bytes(part), current) for part in operands[0] if isinstance(part, pikepdf.String))
                said.append("".join(parts))
    return said


def _decoded(codes: bytes, current: dict[int, str]) -> str:
    return "".join(current[int.from_bytes(codes[at : at + 2], "big")] for at in range(0, len(codes), 2))


def _unicode_map(font: pikepdf.Object) -> dict[int, str]:
    found: dict[int, str] = {}
    for kind, body in _BLOCK.findall(font.ToUnicode.read_bytes()):
        codes = [bytes.fromhex(code.decode()) for code in _CODE.findall(body)]
        if kind == b"char":
            found |= {
                int.from_bytes(a, "big"): b.decode("utf-16-be") for a, b in zip(codes[::2], codes[1::2], strict=True)
            }
        else:
            assert not codes, "a range of codes: not written by our typesetter so far"
    return found
