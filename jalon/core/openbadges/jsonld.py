"""From JSON-LD to canonical N-Quads, refusing whatever a signature would not cover.

What is signed is an RDF dataset, while people and programs read the JSON. So a document is accepted only if
each of its
members reaches the dataset, is spelled by the term that readers look for, and cannot be moved without
changing it.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pyoxigraph

from jalon.core.openbadges import expansion, jcs
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.members import object_of
from jalon.core.openbadges.problems import Altered, Unverifiable

Quad = tuple[str, str, str, str]
"""Subject, predicate, object and graph as N-Quads terms; the graph is empty for the default graph."""

MAX_CONTEXTS = 8
MAX_OBJECTS = 1_000
MAX_TYPES = 300
MAX_TIES = 720

_SCHEME = expansion.BASE.partition(":")[0]
_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f-\x9f<>"{}|^`\\]*')
_LANGUAGE = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*")
_VALUE_KEYS = frozenset({"@value", "@type", "@language"})
_ENDORSED = frozenset({"id", "type", "endorsementComment"})
_CRITERIA = frozenset({"id", "narrative"})
_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)},
    0x08: "\\b",
    0x09: "\\t",
    0x0A: "\\n",
    0x0C: "\\f",
    0x0D: "\\r",
    0x22: '\\"',
    0x5C: "\\\\",
}


def canonical(document: dict[str, Any], contexts: Contexts) -> str:
    """Return the canonical N-Quads (RDFC-1.0) of a JSON-LD document.

    Args:
        document: the document without its proof; its `@context` holds addresses only.
    Raises:
        Altered: a member would not be covered by a signature (undefined term, relative address, null, empty
            array,
            full address instead of a term, inline context, the credential described twice).
        Unverifiable: a context is unknown, or canonicalising would take too much work.
    """
    return "".join(canonical_lines(quads(document, contexts)))


def digest(document: dict[str, Any], contexts: Contexts) -> bytes:
    """Return the SHA-256 of the canonical N-Quads of a document."""
    return hashlib.sha256(canonical(document, contexts).encode()).digest()


def escape(value: str) -> str:
    """Return a literal's text as canonical N-Quads write it.

    Source: RDF 1.2 N-Quads, section "A Canonical form of N-Quads".
    """
    return value.translate(_ESCAPES)


def quads(document: dict[str, Any], contexts: Contexts) -> list[Quad]:
    """Return the dataset of a document, as N-Quads terms with blank nodes numbered in reading order."""
    refuse_unsigned(document)
    found = _Dataset()
    for node in expansion.expand(document, contexts):
        found.node(node, "")
    if not found.quads:
        raise Altered("nothing-signed")
    return list(found.quads)


def canonical_lines(dataset: Sequence[Quad]) -> list[str]:
    """Return the sorted canonical lines of a dataset.

    Raises:
        Unverifiable: too many blank nodes look alike, so that naming them would take too long.
    """
    _refuse_poison(dataset)
    text = "".join(map(line, dataset))
    try:
        parsed = pyoxigraph.Dataset(pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))
    except (SyntaxError, ValueError) as error:
        # It knows more of addresses than the pattern above, for instance which code points have no meaning.
        raise Altered("not-an-address") from error
    parsed.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    written = pyoxigraph.serialize(parsed, format=pyoxigraph.RdfFormat.N_QUADS) or b""
    # Split on the line feed alone: U+0085 and U+2028 may stand unescaped in a literal.
    return sorted(f"{each}\n" for each in written.decode().split("\n") if each)


def line(quad: Quad) -> str:
    """Return one N-Quads line, with its line feed."""
    return " ".join(filter(None, quad)) + " .\n"


def first_degree_hashes(dataset: Iterable[Quad]) -> dict[str, str]:
    """Return the first-degree hash of each blank node (RDFC-1.0, section 4.6)."""
    mentions: dict[str, list[Quad]] = {}
    for quad in dataset:
        for node in {term for term in quad if term.startswith("_:")}:
            mentions.setdefault(node, []).append(quad)
    return {node: _first_degree(node, around) for node, around in mentions.items()}


def _first_degree(node: str, around: list[Quad]) -> str:
    def masked(quad: Quad) -> Quad:
        s, p, o, g = (("_:a" if t == node else "_:z") if t.startswith("_:") else t for t in quad)
        return s, p, o, g

    return hashlib.sha256("".join(sorted(line(masked(quad)) for quad in around)).encode()).hexdigest()


def _refuse_poison(dataset: Iterable[Quad]) -> None:
    ties = Counter(first_degree_hashes(dataset).values())
    if math.prod(math.factorial(min(count, 12)) for count in ties.values()) > MAX_TIES:
        raise Unverifiable("too-much-work")


class _Dataset:
    """Quads gathered from an expanded document."""

    def __init__(self) -> None:
        self.quads: dict[Quad, None] = {}
        self._blank = 0

    def node(self, node: dict[str, Any], graph: str) -> str:
        """Add a node and all that hangs from it; return its term."""
        subject = _iri(node["@id"]) if "@id" in node else self._new()
        for key, values in sorted(node.items()):
            if key == "@id":
                continue
            if key == "@type":
                for kind in values:
                    self._add(subject, f"<{_RDF}type>", _iri(kind), graph)
                continue
            predicate = _iri(key)
            for value in values:
                self._add(subject, predicate, self._object(value, graph), graph)
        return subject

    def _object(self, value: Any, graph: str) -> str:
        if not isinstance(value, dict):
            raise Altered("not-json-ld")
        if "@value" in value:
            return _literal(value)
        if "@list" in value:
            return self._list(value["@list"], graph)
        if "@graph" in value:
            return self._graph(value)
        return self.node(value, graph)

    def _graph(self, value: dict[str, Any]) -> str:
        if value.keys() != {"@graph"}:
            raise Altered("not-json-ld")
        name = self._new()
        for node in value["@graph"]:
            self.node(node, name)
        return name

    def _list(self, values: list[Any], graph: str) -> str:
        head = f"<{_RDF}nil>"
        for value in reversed(values):
            cell = self._new()
            self._add(cell, f"<{_RDF}first>", self._object(value, graph), graph)
            self._add(cell, f"<{_RDF}rest>", head, graph)
            head = cell
        return head

    def _new(self) -> str:
        self._blank += 1
        return f"_:b{self._blank}"

    def _add(self, subject: str, predicate: str, value: str, graph: str) -> None:
        self.quads[(subject, predicate, value, graph)] = None


def _iri(value: Any) -> str:
    """Return the term of an absolute address; a relative one was resolved against a base that betrays it."""
    if not isinstance(value, str) or value.startswith(_SCHEME) or not _IRI.fullmatch(value):
        raise Altered("relative-address")
    return f"<{value}>"


def _literal(value: dict[str, Any]) -> str:
    if not value.keys() <= _VALUE_KEYS:
        raise Altered("unsigned-member")
    datatype = value.get("@type")
    if datatype == "@json":
        return f'"{escape(jcs.canonical(value["@value"]).decode())}"^^<{_RDF}JSON>'
    text, implied = _lexical(value["@value"], datatype)
    if "@language" in value:
        if not _LANGUAGE.fullmatch(value["@language"]):
            raise Altered("bad-language")
        return f'"{escape(text)}"@{value["@language"]}'
    named = _iri(datatype or implied)
    return f'"{escape(text)}"' if named == f"<{_XSD}string>" else f'"{escape(text)}"^^{named}'


def _lexical(value: Any, datatype: str | None) -> tuple[str, str]:
    """Return the text and the default data type of a JSON scalar (JSON-LD 1.1 API, section 8.2.2)."""
    if isinstance(value, str):
        return value, f"{_XSD}string"
    if isinstance(value, bool):
        return ("true" if value else "false"), f"{_XSD}boolean"
    if not isinstance(value, (int, float)):
        raise Altered("not-json-ld")
    if value == int(value) and abs(value) < 10**21 and datatype != f"{_XSD}double":
        return str(int(value)), f"{_XSD}integer"
    mantissa, exponent = f"{value:.15E}".split("E")
    mantissa = mantissa.rstrip("0")
    return f"{mantissa}{'0' if mantissa.endswith('.') else ''}E{int(exponent)}", f"{_XSD}double"


def refuse_unsigned(document: dict[str, Any]) -> None:
    """Refuse members that leave no trace in the dataset, or that a reader of the JSON would not find."""
    context = document.get("@context")
    if not isinstance(context, list) or len(context) > MAX_CONTEXTS:
        raise Unverifiable("unknown-context")
    if not all(isinstance(address, str) for address in context):
        raise Unverifiable("unknown-context")
    issuer = object_of(document.get("issuer"))
    described = _Described(context, issuer)
    described.check({key: value for key, value in document.items() if key != "@context"})
    subject = object_of(document.get("credentialSubject"))
    achievement = object_of(subject.get("achievement"))
    for read in (document, subject, achievement):
        # An achievement and its criteria may have one address, and be one node: then each member has its one place.
        criteria = described.criteria[str(read.get("id"))] if read is achievement else 0
        if described.by_id[str(read.get("id"))] - criteria > 1:
            raise Altered("described-twice")
    if "narrative" in achievement or described.other_issuers:
        raise Altered("described-twice")


class _Described:
    """The objects of a document, counted, and how often each identified one is described.

    Args:
        context: of the document; a credential in it may repeat it, and has no other.
        issuer: of the document; elsewhere it may be described in the same words, and in no others.
    """

    def __init__(self, context: list[str], issuer: dict[str, Any]) -> None:
        self.by_id: Counter[str] = Counter()
        self.criteria: Counter[str] = Counter()
        self.other_issuers = 0
        self._context = context
        self._issuer = issuer
        self._objects = 0
        self._types = 0

    def check(self, value: Any) -> None:
        """Refuse what is not signed in a value and all it holds."""
        if value is None or value == []:
            raise Altered("empty-member")
        if isinstance(value, dict):
            self._object(value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, list):
                    raise Altered("nested-array")
                self.check(item)

    def _object(self, value: dict[str, Any]) -> None:
        self._objects += 1
        self._types += len(_kinds(value))
        if self._objects > MAX_OBJECTS or self._types > MAX_TYPES:
            raise Unverifiable("too-much-work")
        if "@value" not in value:
            if value.get("@context", self._context) != self._context:
                raise Unverifiable("unknown-context")
            if not all(_is_term(key) or key == "@context" for key in value) or not all(map(_is_kind, _kinds(value))):
                raise Altered("unsigned-member")
            self._count(value)
        elif not value.keys() <= _VALUE_KEYS:
            raise Altered("unsigned-member")
        for name, item in value.items():
            if name != "@context":
                self.check(item)

    def _count(self, value: dict[str, Any]) -> None:
        """Count a description; what an endorsement says of a thing is held by the endorsement's own proof."""
        name, members = value.get("id"), value.keys()
        if isinstance(name, str) and len(value) > 1 and not ("endorsementComment" in value and members <= _ENDORSED):
            self.by_id[name] += 1
            self.criteria[name] += members == _CRITERIA
            self.other_issuers += name == self._issuer.get("id") and value != self._issuer


def _kinds(value: dict[str, Any]) -> list[Any]:
    kinds = value.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]


def _is_term(key: str) -> bool:
    """Whether a member has the name of a property, and not the name of a class that shares its address.

    `Criteria` and `criteria` are one address in the contexts: the signature would not tell them apart.
    """
    return not key.startswith("@") and ":" not in key and not key[:1].isupper()


def _is_kind(kind: Any) -> bool:
    """Whether a type has the name of a class, for the same reason."""
    return not isinstance(kind, str) or ":" in kind or not kind[:1].islower()
