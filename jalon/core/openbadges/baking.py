"""A credential inside a picture, PNG or SVG; taking it out again refuses whatever could be read in two ways.

Source: Open Badges 3.0, section "Baked Badges". Both kinds can be brought back to the picture as it was
before.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from jalon.core.openbadges.problems import Unreadable

MAX_BYTES = 5 * 2**20
MAX_CREDENTIAL = 2**17

_PNG = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential"
_OLDER_KEYWORD = b"openbadges"  # Open Badges 2.0: an older reader would show what it says
_AMBIGUOUS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_PREFIX = _KEYWORD + b"\0" + b"\0\0" + b"\0" + b"\0"
_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_OLDER_ASSERTION = "http://openbadges.org assertion"
_DECLARED = f' xmlns:openbadges="{_NAMESPACE}"'
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_START_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+>")
_MAX_CHUNKS = 10_000
_MAX_ELEMENTS = 20_000
_MAX_ATTRIBUTES = 1_000  # of one element


@dataclass(frozen=True)
class _Chunk:
    kind: bytes
    data: bytes
    start: int
    end: int


def is_png(data: bytes) -> bool:
    """Return whether the bytes begin as a PNG does."""
    return data.startswith(_PNG)


def is_svg(data: bytes) -> bool:
    """Return whether the bytes look like XML; the reading itself decides."""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def bake_png(png: bytes, credential: str) -> bytes:
    """Return the PNG with the credential in one uncompressed text chunk, straight after the header.

    Raises:
        Unreadable: not a sound PNG, or it already holds a credential.
    """
    chunks = list(_chunks(png))
    if any(_keyword(chunk) in (_KEYWORD, _OLDER_KEYWORD) for chunk in chunks):
        raise Unreadable("already-baked")
    at = chunks[0].end
    return png[:at] + _chunk(b"iTXt", _PREFIX + credential.encode()) + png[at:]


def unbake_png(png: bytes) -> str:
    """Return the credential of a PNG.

    Raises:
        Unreadable: a chunk whose checksum is wrong, anything after the end, no credential, two of them, a
            compressed
            one, or one in another kind of text chunk.
    """
    text = _only_chunk(png).data
    if not text.startswith(_PREFIX):
        raise Unreadable("compressed-credential")
    return _decoded(text[len(_PREFIX) :])


def picture_of_png(png: bytes) -> bytes:
    """Return the PNG as it was before the credential was put in it."""
    chunk = _only_chunk(png)
    return png[: chunk.start] + png[chunk.end :]


def _only_chunk(png: bytes) -> _Chunk:
    named = [(chunk, _keyword(chunk)) for chunk in _chunks(png)]
    found = [chunk for chunk, keyword in named if keyword == _KEYWORD]
    if len(found) > 1 or (found and any(keyword == _OLDER_KEYWORD for _, keyword in named)):
        raise Unreadable("several-credentials")
    if not found:
        raise Unreadable("no-credential")
    if found[0].kind != b"iTXt":
        raise Unreadable("compressed-credential")
    return found[0]


def _keyword(chunk: _Chunk) -> bytes:
    """Return what a text chunk is called, in small letters; nothing for another chunk."""
    return chunk.data[:80].partition(b"\0")[0].lower() if chunk.kind in _AMBIGUOUS else b""


def _chunks(png: bytes) -> Iterator[_Chunk]:
    if len(png) > MAX_BYTES or not is_png(png):
        raise Unreadable("not-a-png")
    at, kind, number = len(_PNG), b"", 0
    while at < len(png):
        number += 1
        if number > _MAX_CHUNKS:
            raise Unreadable("too-large")
        if kind == b"IEND" or at + 12 > len(png):
            raise Unreadable("damaged-png")
        (size,) = struct.unpack_from(">I", png, at)
        end = at + 12 + size
        if end > len(png) or zlib.crc32(png[at + 4 : end - 4]) != struct.unpack_from(">I", png, end - 4)[0]:
            raise Unreadable("damaged-png")
        if (at == len(_PNG)) != (png[at + 4 : at + 8] == b"IHDR"):
            raise Unreadable("damaged-png")
        kind = png[at + 4 : at + 8]
        yield _Chunk(kind, png[at + 8 : end - 4], at, end)
        at = end
    if kind != b"IEND":
        raise Unreadable("damaged-png")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bake_svg(svg: bytes, credential: str) -> bytes:
    """Return the SVG with the credential as its first child: a token as an attribute, JSON as character data.

    Raises:
        Unreadable: not sound XML in UTF-8, a document type, another root, or it already holds a credential.
        ValueError: the credential holds a character that XML cannot.
    """
    found = _read_svg(svg)
    if found.credentials or found.is_older or "xmlns:openbadges" in svg[found.root : found.inside].decode():
        raise Unreadable("already-baked")
    element = _element(credential).encode()
    close = found.inside - 1
    baked = svg[:close] + _DECLARED.encode() + b">" + element + svg[found.inside :]
    if unbake_svg(baked) != credential:
        raise ValueError("the credential holds a character that XML cannot")
    return baked


def unbake_svg(svg: bytes) -> str:
    """Return the credential of an SVG.

    Raises:
        Unreadable: not sound XML in UTF-8, a document type, no credential, two of them, one that is not a
            child of the
            root, or one written in two ways.
    """
    read = _read_svg(svg)
    found = read.credentials
    if not found:
        raise Unreadable("no-credential")
    place = found[0]
    text = "".join(place.texts).strip()
    if len(found) > 1 or read.is_older or place.depth != 1 or place.has_children or bool(text) == bool(place.token):
        raise Unreadable("several-credentials")
    return _decoded((place.token or text).encode())


def picture_of_svg(svg: bytes) -> bytes:
    """Return the SVG as it was before `bake_svg` put the credential in it.

    Raises:
        Unreadable: the credential was not put in exactly as `bake_svg` does.
    """
    credential, found = unbake_svg(svg), _read_svg(svg)
    element, declared = _element(credential).encode(), _DECLARED.encode()
    head, tail = svg[: found.inside - 1], svg[found.inside :]
    if not head.endswith(declared) or not tail.startswith(element):
        raise Unreadable("baked-otherwise")
    return head[: -len(declared)] + b">" + tail[len(element) :]


@dataclass
class _Place:
    depth: int
    token: str
    texts: list[str] = field(default_factory=list)
    has_children: bool = False


def _element(credential: str) -> str:
    if _TOKEN.fullmatch(credential):
        return f'<openbadges:credential verify="{credential}"></openbadges:credential>'
    data = credential.replace("]]>", "]]]]><![CDATA[>")
    return f"<openbadges:credential><![CDATA[{data}]]></openbadges:credential>"


def _decoded(data: bytes) -> str:
    if len(data) > MAX_CREDENTIAL:
        raise Unreadable("too-large")
    try:
        return data.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Unreadable("not-utf-8") from error


class _Svg:
    """One reading of an SVG: where the root and its content begin, and each credential element."""

    def __init__(self) -> None:
        self.root = 0
        self.inside = 0
        self.credentials: list[_Place] = []
        self.is_older = False
        self._left = MAX_CREDENTIAL
        self._open: list[_Place | None] = []
        self._elements = 0
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse

    def read(self, data: bytes) -> None:
        self._parser.Parse(data, True)
        # The start tag ends at the first ">" outside quotes; the parser has vouched for its form.
        tag = _START_TAG.match(data, self.root)
        if tag is None or data[tag.end() - 2 : tag.end() - 1] == b"/":
            raise Unreadable("not-an-svg")
        self.inside = tag.end()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if not self._open:
            self.root = self._parser.CurrentByteIndex
            if name not in ("http://www.w3.org/2000/svg svg", "svg"):
                raise Unreadable("not-an-svg")
        elif self._open[-1]:
            self._open[-1].has_children = True
        if self._elements > _MAX_ELEMENTS or len(self._open) > 200 or len(attributes) > _MAX_ATTRIBUTES:
            raise Unreadable("too-large")
        self.is_older |= name == _OLDER_ASSERTION
        place = None
        if name == f"{_NAMESPACE} credential":
            place = _Place(len(self._open), attributes.get("verify", ""))
            self.credentials.append(place)
        self._open.append(place)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        if self._open and self._open[-1]:
            self._left -= len(text)
            if self._left < 0:
                raise Unreadable("too-large")
            self._open[-1].texts.append(text)

    def _refuse(self, *_: object) -> None:
        raise Unreadable("document-type")


def _read_svg(data: bytes) -> _Svg:
    if len(data) > MAX_BYTES:
        raise Unreadable("too-large")
    _decoded_svg = data.upper()
    if b"<!DOCTYPE" in _decoded_svg or b"<!ENTITY" in _decoded_svg:
        raise Unreadable("document-type")
    found = _Svg()
    try:
        data.decode("utf-8", "strict")
        found.read(data)
    except (expat.ExpatError, UnicodeDecodeError) as error:
        raise Unreadable("not-an-svg") from error
    return found
