"""Digests of documents whose shape was met before: about ten times faster, and the same or none.

Two documents have one shape when they differ only by texts and addresses. The graph of a shape is made once by the full
algorithm, with a mark in the place of each leaf; of the next document of that shape only the leaves are filled, the
blank nodes hashed, the lines sorted. The checks of `jsonld` on the document itself are made each time, and whatever
could change the graph takes the full algorithm, as the first documents of a shape do.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from operator import itemgetter
from threading import Lock
from typing import Any

from jalon.core.openbadges import jsonld
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.problems import NotValid

MOST_SHAPES = 128
MOST_SEEN = 4_096
Key = tuple[object, ...]
_MARK = re.compile(r"urn:jalon-leaf:(\d+):")
_MARKED = re.compile(r'<urn:jalon-leaf:\d+:>|"urn:jalon-leaf:\d+:"(?:\^\^<[^<>"]*>)?')
_JSON = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"
_TO_ESCAPE = re.compile(r'[\x00-\x1f\x7f"\\\ufffe\uffff]')
# Addresses go into the graph as they are: any other scheme, and any other character, takes the full algorithm, which
# knows every rule of addresses and of prefixes.
_CHARACTER = r"(?:[A-Za-z0-9._~:/=+,;!$()*@&-]|%[0-9A-Fa-f]{2})"
_PLAIN_ADDRESS = re.compile(
    rf"(?:https?://[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?(?:/{_CHARACTER}*)?|urn:uuid:[0-9A-Fa-f-]+|did:(?:web|key):{_CHARACTER}+)"
    rf"(?:\?{_CHARACTER}*)?(?:\#{_CHARACTER}*)?"
)
_SCHEMES = frozenset({"http", "https", "urn", "did"})
_OPEN, _CLOSE, _LIST, _END, _LEAF = range(5)


def digest(document: dict[str, Any], contexts: Contexts) -> bytes:
    """Return what `jsonld.digest` returns, sooner where the shape of the document was met before.

    Raises:
        NotValid: as `jsonld.digest` does.
    """
    jsonld.refuse_unsigned(document)
    shapes = _shapes_of(contexts)
    key, leaves = shapes.split(document)
    if key is None:
        return jsonld.digest(document, contexts)
    graph = shapes.find(key)
    found = graph.digest(leaves) if graph else None
    if found is not None:
        return found
    found = jsonld.digest(document, contexts)
    if graph is None and shapes.is_to_be_made(key):
        made = _graph(document, key, shapes, contexts)
        again = made.digest(leaves) if made else b""
        # Kept once it was right; when only the full algorithm can tell of these leaves, the next ones are tried.
        if again is not None:
            shapes.keep(key, made if again == found else None)
    return found


@dataclass
class Shapes:
    """The shapes met lately.

    Args:
        constant: names of members whose texts decide of the graph: types, and texts read as words of a vocabulary.
        is_usable: no context gives a meaning of its own to the schemes of plain addresses.
    """

    constant: frozenset[str]
    is_usable: bool
    graphs: OrderedDict[Key, "Graph | None"] = field(default_factory=OrderedDict)
    seen: OrderedDict[int, None] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def split(self, document: Mapping[str, Any]) -> tuple[Key | None, list[str]]:
        """Return what makes the shape of a document, and the texts that do not; no key when it has no shape."""
        key: list[object] = [("@context", *document["@context"])]
        leaves: list[str] = []
        body = {name: value for name, value in document.items() if name != "@context"}
        is_whole = self.is_usable and self._walk(body, key, leaves, is_constant=False)
        return (tuple(key) if is_whole else None), leaves

    def _walk(self, value: Any, key: list[object], leaves: list[str], *, is_constant: bool) -> bool:
        """Add a value; False when the document must take the full algorithm."""
        if isinstance(value, str):
            if is_constant:
                key.append((str, value))
                return "urn:jalon-leaf:" not in value
            key.append(_LEAF)
            leaves.append(value)
            return True
        if isinstance(value, dict):
            return self._walk_object(value, key, leaves, is_constant)
        if isinstance(value, list):
            key.append(_LIST)
            if not all(self._walk(item, key, leaves, is_constant=is_constant) for item in value):
                return False
            key.append(_END)
            return True
        key.append((type(value), value))
        return isinstance(value, (bool, int, float))

    def _walk_object(self, value: dict[str, Any], key: list[object], leaves: list[str], is_constant: bool) -> bool:
        key.append(_OPEN)
        for name, item in value.items():
            if name.startswith("@"):
                return False
            key.append(name)
            if not self._walk(item, key, leaves, is_constant=is_constant or name in self.constant):
                return False
        key.append(_CLOSE)
        return True

    def find(self, key: Key) -> "Graph | None":
        with self.lock:
            if key in self.graphs:
                self.graphs.move_to_end(key)
            return self.graphs.get(key)

    def is_to_be_made(self, key: Key) -> bool:
        """Tell whether a shape is worth its graph: it is met for the second time, and was not found wanting."""
        name = hash(key)
        with self.lock:
            is_known = name in self.seen
            self.seen[name] = None
            _shorten(self.seen, MOST_SEEN)
            return is_known and key not in self.graphs

    def keep(self, key: Key, graph: "Graph | None") -> None:
        with self.lock:
            self.graphs[key] = graph
            _shorten(self.graphs, MOST_SHAPES)


@dataclass(frozen=True)
class _Format:
    """A text with places to fill: what never varies, with an empty part at each place, and which value goes there."""

    parts: list[bytes]
    pick: Callable[[Sequence[bytes]], tuple[bytes, ...]]

    def fill(self, values: Sequence[bytes]) -> bytes:
        parts = self.parts.copy()
        parts[1::2] = self.pick(values)
        return b"".join(parts)


class Graph:
    """The graph of a shape, with marks for the leaves and for the blank nodes."""

    def __init__(self, quads: Sequence[jsonld.Quad], leaves: int) -> None:
        terms = {term for quad in quads for term in quad}
        blank = sorted(term for term in terms if term.startswith("_:"))
        places = {node: leaves + n for n, node in enumerate(blank)}
        self._addresses = [n for n in range(leaves) if f"<urn:jalon-leaf:{n}:>" in terms]
        self._lines = _format(quads, {node: f"urn:jalon-leaf:{place}:" for node, place in places.items()})
        self._around = [_format([q for q in quads if node in q], _masks(node, blank)) for node in blank]

    def digest(self, leaves: Sequence[str]) -> bytes | None:
        """Return the digest of the canonical graph; None when only the full algorithm can tell."""
        if not all(_PLAIN_ADDRESS.fullmatch(leaves[n]) for n in self._addresses):
            return None
        try:
            values = [(jsonld.escape(text) if _TO_ESCAPE.search(text) else text).encode() for text in leaves]
        except UnicodeEncodeError:
            return None
        hashes = [_digest(around.fill(values)) for around in self._around]
        order = {name: place for place, name in enumerate(sorted(hashes))}
        if len(order) < len(hashes):
            return None
        return _digest(self._lines.fill(values + [b"_:c14n%d" % order[name] for name in hashes]))


def _graph(document: dict[str, Any], key: Key, shapes: Shapes, contexts: Contexts) -> Graph | None:
    """Return the graph of the shape of a document; None when a leaf decides of it, or is hidden in it."""
    numbers = iter(range(len(key)))
    marked = {
        name: value if name == "@context" else _marked(value, name in shapes.constant, shapes.constant, numbers)
        for name, value in document.items()
    }
    try:
        quads = jsonld.quads(marked, contexts)
    except NotValid:
        return None
    terms = {term for quad in quads for term in quad if _MARK.search(term)}
    are_whole = all(_MARKED.fullmatch(term) and _JSON not in term for term in terms)
    shown = {int(place) for term in terms for place in _MARK.findall(term)}
    leaves = next(numbers)
    return Graph(quads, leaves) if are_whole and shown == set(range(leaves)) else None


def _marked(value: Any, is_constant: bool, constant: frozenset[str], numbers: Iterator[int]) -> Any:
    """Return a value with its leaves replaced by marks, numbered in the order in which `Shapes.split` reads them."""
    if isinstance(value, str):
        return value if is_constant else f"urn:jalon-leaf:{next(numbers)}:"
    if isinstance(value, list):
        return [_marked(item, is_constant, constant, numbers) for item in value]
    if isinstance(value, dict):
        return {name: _marked(item, is_constant or name in constant, constant, numbers) for name, item in value.items()}
    return value


def _shapes_of(contexts: Contexts) -> Shapes:
    """Return the shapes met with these contexts."""
    with contexts.lock:
        if "" not in contexts.shapes:
            definitions = list(_definitions(list(contexts.documents.values())))
            names = {name for name, _ in definitions}
            constant = {name for name, meaning in definitions if _is_constant(meaning)}
            contexts.shapes[""] = Shapes(frozenset(constant), names.isdisjoint(_SCHEMES))
        found: Shapes = contexts.shapes[""]
        return found


def _definitions(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every member of the contexts, however deep: the name of a term, and its definition."""
    if isinstance(value, dict):
        yield from value.items()
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _definitions(item)


def _is_constant(meaning: Any) -> bool:
    """Tell whether a term means a keyword other than `@id`, or takes its texts as words of a vocabulary."""
    address = meaning.get("@id") if isinstance(meaning, dict) else meaning
    kind = meaning.get("@type") if isinstance(meaning, dict) else None
    return kind == "@vocab" or (isinstance(address, str) and address.startswith("@") and address != "@id")


def _masks(node: str, blank: Sequence[str]) -> dict[str, str]:
    return {each: "_:a" if each == node else "_:z" for each in blank}


def _format(quads: Sequence[jsonld.Quad], names: Mapping[str, str]) -> _Format:
    """Return the lines of quads, blank nodes renamed, as a format."""
    lines = (" ".join(names.get(term, term) for term in quad if term) + " ." for quad in quads)
    parts = _MARK.split("\n".join(lines))
    places = [int(place) for place in parts[1::2]]
    if len(places) > 1:
        pick: Callable[[Sequence[bytes]], tuple[bytes, ...]] = itemgetter(*places)
    else:
        pick = lambda values: tuple(values[place] for place in places)  # noqa: E731 - itemgetter gives no tuple of one
    return _Format([part.encode() for part in parts], pick)


def _digest(lines: bytes) -> bytes:
    """Return the digest of lines once they are sorted and each is there once; digests sort as their hexadecimal."""
    return sha256(b"\n".join(sorted(set(lines.split(b"\n")))) + b"\n").digest()


def _shorten(found: OrderedDict[Any, Any], most: int) -> None:
    while len(found) > most:
        found.popitem(last=False)
