"""Credentials of one template, signed about a hundred times faster and byte for byte the same.

Credentials that differ only by some texts and addresses share the shape of their graph. So the graph is made once, with
a mark in the place of each text that varies; for each credential the marks are filled, the few blank nodes that depend
on them are hashed again, and the lines are sorted, hashed and signed. Whatever could change the shape takes the slow
path. UTF-8 sorts as code points do, so that everything between the values and the signature is bytes.
"""

import copy
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from jalon.core.openbadges import dataintegrity, jcs, jsonld, status
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.documents import AwardedCredential
from jalon.core.openbadges.text import clean

Path = tuple[str | int, ...]

BADGE_SLOTS: dict[str, Path] = {
    "id": ("id",),
    "valid_from": ("validFrom",),
    "awarded_on": ("awardedDate",),
    "subject_id": ("credentialSubject", "id"),
    "holder_name": ("credentialSubject", "identifier", 0, "identityHash"),
    "code": ("credentialSubject", "licenseNumber"),
    "status_id": ("credentialStatus", "id"),
    "status_index": ("credentialStatus", "statusListIndex"),
    "status_list": ("credentialStatus", "statusListCredential"),
}
"""What usually differs from one person to the next; see `badge_slots`."""

_MARK = re.compile(r"urn:jalon-slot:(\d+):")
_TO_ESCAPE = re.compile(r'[\x00-\x1f\x7f"\\\ufffe\uffff]')
# Addresses go into the graph as they are. Any other character, and any other scheme, takes the slow path, which knows
# every rule of addresses and of prefixes. All addresses of a credential are looked at together, a line each.
_CHARACTER = r"[A-Za-z0-9._~:/?&=+,;!$()*@-]"
_PLAIN_ADDRESSES = re.compile(
    rf"(?:(?:https?://[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?(?:/{_CHARACTER}*)?|urn:uuid:[0-9A-Fa-f-]+|did:web:{_CHARACTER}+)"
    rf"(?:\#{_CHARACTER}*)?\n)*"
)


class Mismatch(ValueError):
    """The fast and the slow path disagree: nothing of the batch may be published."""


@dataclass(frozen=True)
class _Format:
    """A text with places to fill.

    Args:
        parts: what never varies, and an empty part at each place.
        pick: takes what fills the places out of all values, in order.
    """

    parts: list[bytes]
    pick: Callable[[Sequence[bytes]], tuple[bytes, ...]]

    def fill(self, values: Sequence[bytes]) -> bytes:
        parts = self.parts.copy()
        parts[1::2] = self.pick(values)
        return b"".join(parts)


class _Lines:
    """The lines of a graph, hashed as RDFC-1.0 does: sorted, each once.

    What never varies is sorted here, once; most of it (the long texts of an achievement) sorts before every line that
    varies, so that its digest is begun once and copied for each credential.
    """

    def __init__(self, quads: Sequence[jsonld.Quad], places: Mapping[str, int]) -> None:
        lines = {_line(quad, places) for quad in quads}
        self._constant = sorted(line.encode() for line in lines if not _MARK.search(line))
        self._varied = _format("".join(sorted(line for line in lines if _MARK.search(line))))
        # Addresses and blank nodes always differ from each other (see `Template.digest`): two lines become the same
        # only when both speak of the same thing with the same verb, and one ends with a text that varies.
        alike = Counter(quad[:2] for quad in quads)
        texts = [quad for quad in quads if quad[2].startswith('"') and _MARK.search(quad[2])]
        self._may_repeat = any(alike[quad[:2]] > 1 for quad in texts)
        self._begun: dict[int, Any] = {}

    def digest(self, values: Sequence[bytes]) -> bytes:
        varied = self._varied.fill(values).splitlines(keepends=True)  # of bytes: at line feeds, and there is no \r
        if self._may_repeat:
            return sha256(b"".join(sorted({*self._constant, *varied}))).digest()
        before = bisect_left(self._constant, min(varied, default=b"\xff"))
        if before not in self._begun:
            self._begun[before] = sha256(b"".join(self._constant[:before]))
        hashing = self._begun[before].copy()
        hashing.update(b"".join(sorted(self._constant[before:] + varied)))
        digest: bytes = hashing.digest()
        return digest


class Template:
    """The graph of a document, made once.

    Args:
        document: a document without a proof; the texts at the slots are only examples.
        slots: name → where the text that varies stands. Numbers, types and contexts never vary.
    Raises:
        NotValid: as for `jsonld.canonical`.
        ValueError: a slot is not a text of the document, or decides of the shape of the graph.
    """

    def __init__(self, document: dict[str, Any], *, slots: Mapping[str, Path], contexts: Contexts) -> None:
        self.document = copy.deepcopy(document)
        self.names = tuple(slots)
        self.contexts = contexts
        self._paths = tuple(slots.values())
        self._marked = self.filled([f"urn:jalon-slot:{n}:" for n in range(len(slots))])
        self._proofs: dict[str, Template] = {}
        self._text = _format(jcs.canonical(self._marked).decode())
        self._secured = _format(jcs.canonical(self._marked | {"proof": _proof_marked(len(slots))}).decode())
        quads = jsonld.quads(self._marked, contexts)
        self._blank = sorted({term for quad in quads for term in quad if term.startswith("_:")})
        places = {node: len(slots) + n for n, node in enumerate(self._blank)}
        self._lines = _Lines(quads, places)
        self._hashed = [self._first_degree(node, quads) for node in self._blank]
        terms = {term for quad in quads for term in quad}
        self._addresses = [n for n in range(len(slots)) if f"<urn:jalon-slot:{n}:>" in terms]
        self._fixed = frozenset(term[1:-1] for term in terms if term.startswith("<"))
        if not all(any(f"urn:jalon-slot:{n}:" in term for term in terms) for n in range(len(slots))):
            raise ValueError("a slot decides of the shape of the graph")

    def filled(self, values: Sequence[str]) -> dict[str, Any]:
        """Return the document with these texts in its slots."""
        document = copy.deepcopy(self.document)
        for path, value in zip(self._paths, values, strict=True):
            holder: Any = document
            for step in path[:-1]:
                holder = holder[step]
            if not isinstance(holder[path[-1]], str) or path[-1] in ("type", "@context"):
                raise ValueError(f"not a text that may vary: {path}")
            holder[path[-1]] = value
        return document

    def canonical(self, values: Sequence[str]) -> bytes:
        """Return the document with these texts in its slots, still unsigned, as canonical JSON."""
        return self._text.fill(_encoded(values, jcs.inside))

    def secured(self, values: Sequence[str], *, proof: Sequence[bytes]) -> bytes:
        """Return the signed document with these texts in its slots, as canonical JSON.

        Args:
            proof: method, moment and value of the proof, none of which holds anything to escape.
        """
        return self._secured.fill([*_encoded(values, jcs.inside), *proof])

    def digest(self, values: Sequence[str]) -> bytes | None:
        """Return the digest of the canonical graph; None when only the slow path can tell.

        Args:
            values: one text a slot, in the order of `names`.
        """
        addresses = {values[n] for n in self._addresses}
        if len(addresses) < len(self._addresses) or not addresses.isdisjoint(self._fixed):
            return None
        lines = "".join([f"{address}\n" for address in addresses])
        if lines.count("\n") > len(addresses) or not _PLAIN_ADDRESSES.fullmatch(lines):
            return None
        escaped = _encoded(values, jsonld.escape)
        labels = self._labels(escaped)
        return None if labels is None else self._lines.digest(escaped + labels)

    def _labels(self, escaped: Sequence[bytes]) -> list[bytes] | None:
        """Return the canonical label of each blank node; None when two of them look alike."""
        if len(self._hashed) < 2:
            return [b"_:c14n0"][: len(self._hashed)]  # one alone is the first, whatever its hash
        hashes = [known or _digest(around.fill(escaped)) for known, around in self._hashed]
        order = sorted(hashes)
        if len(set(order)) < len(order):
            return None
        return [b"_:c14n%d" % order.index(each) for each in hashes]

    def digest_of_proof(self, verification_method: str, created: datetime) -> bytes:
        """Return the digest of the proof before it is signed; proofs by one key differ by their moment alone."""
        moment = dataintegrity.timestamp(created)
        if verification_method not in self._proofs:
            proof = dataintegrity.proof_options(verification_method=verification_method, created=created)
            shape = proof | {"@context": self._marked["@context"]}
            self._proofs[verification_method] = Template(shape, slots={"created": ("created",)}, contexts=self.contexts)
        compiled = self._proofs[verification_method]
        return compiled.digest([moment]) or jsonld.digest(compiled.filled([moment]), self.contexts)

    def _first_degree(self, node: str, quads: Iterable[jsonld.Quad]) -> tuple[bytes, _Format]:
        """Return the first-degree hash of a blank node when no slot touches it, and how to hash it when one does."""
        around = [quad for quad in quads if node in quad]
        masked = ["_:a" if term == node else "_:z" for term in self._blank]
        lines = "\n".join(_masked(quad, dict(zip(self._blank, masked, strict=True))) for quad in around)
        return (b"" if _MARK.search(lines) else _digest(lines.encode())), _format(lines)


class Batch:
    """A template with a key: signs one credential after another.

    Args:
        created: the moment written in every proof.
    """

    def __init__(
        self,
        template: Template,
        *,
        key: ed25519.Ed25519PrivateKey,
        verification_method: str,
        created: datetime,
    ) -> None:
        self.template = template
        self._key = key
        self._method = verification_method
        self._created = created
        self._names = frozenset(template.names)
        self._options = template.digest_of_proof(verification_method, created)
        self._proof = (jcs.inside(verification_method).encode(), dataintegrity.timestamp(created).encode())

    def sign(self, values: Mapping[str, str]) -> bytes:
        """Return the signed credential as canonical JSON: the bytes that `sign_slowly` returns.

        Args:
            values: slot → text, cleaned (`text.clean`), for exactly the slots of the template.
        Raises:
            NotValid: a text would not be covered by the signature, for instance an address that is not one.
        """
        texts = self._texts(values)
        digest = self.template.digest(texts)
        if digest is None:
            return self.sign_slowly(values)
        proof = dataintegrity.proof_value(self._key.sign(self._options + digest))
        return self.template.secured(texts, proof=(*self._proof, proof.encode()))

    def sign_slowly(self, values: Mapping[str, str]) -> bytes:
        """Return the signed credential as canonical JSON, by the full algorithm."""
        secured = dataintegrity.sign_eddsa(
            self.template.filled(self._texts(values)),
            key=self._key,
            verification_method=self._method,
            created=self._created,
            contexts=self.template.contexts,
        )
        return jcs.canonical(secured)

    def recheck(self, values: Mapping[str, str], signed: bytes) -> None:
        """Return if the full algorithm gives these bytes too; done on a sample before a batch is published.

        Raises:
            Mismatch: it does not.
        """
        if self.sign_slowly(values) != signed:
            raise Mismatch("the fast and the slow path disagree")

    def _texts(self, values: Mapping[str, str]) -> list[str]:
        if values.keys() != self._names:
            raise ValueError(f"not the slots of the template: {sorted(values.keys() ^ self._names)}")
        return [values[name] for name in self.template.names]


def badge_slots(document: Mapping[str, Any]) -> dict[str, Path]:
    """Return those of `BADGE_SLOTS` that a credential has, and what each piece of its evidence tells."""
    told: dict[str, Path] = {_told(n): ("evidence", n, "narrative") for n in range(len(document.get("evidence", ())))}
    return {name: path for name, path in (BADGE_SLOTS | told).items() if _has(document, path)}


def _told(number: int) -> str:
    return f"evidence_{number}"


def badge_values(awarded: AwardedCredential) -> dict[str, str]:
    """Return the texts of a credential for the slots of `badge_slots`, without making its document.

    The achievement, the issuer, the names of evidence and whatever else is not a slot must be those of the template.
    """
    values = {
        "id": awarded.id,
        "valid_from": dataintegrity.timestamp(awarded.valid_from),
        "awarded_on": f"{awarded.awarded_on.isoformat()}T12:00:00Z",
        "subject_id": awarded.subject_id,
        "holder_name": clean(awarded.holder_name),
        "code": awarded.code,
    }
    if awarded.status:
        entry = status.entry(address=awarded.status.address, index=awarded.status.index)
        values["status_id"], values["status_index"] = entry["id"], entry["statusListIndex"]
        values["status_list"] = entry["statusListCredential"]
    values |= {_told(number): clean(item.narrative) for number, item in enumerate(awarded.evidence)}
    return {name: value for name, value in values.items() if value}


def _has(document: Any, path: Path) -> bool:
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return False
    return isinstance(document, str)


def _proof_marked(first: int) -> dict[str, Any]:
    """Return a proof with a mark in the place of its method, its moment and its value."""
    some_time = datetime(2000, 1, 1, tzinfo=UTC)
    options = dataintegrity.proof_options(verification_method=f"urn:jalon-slot:{first}:", created=some_time)
    return options | {"created": f"urn:jalon-slot:{first + 1}:", "proofValue": f"urn:jalon-slot:{first + 2}:"}


def _line(quad: jsonld.Quad, places: Mapping[str, int]) -> str:
    """Return a line with a mark in the place of each blank node."""
    return " ".join(f"urn:jalon-slot:{places[term]}:" if term in places else term for term in quad if term) + " .\n"


def _masked(quad: jsonld.Quad, masks: Mapping[str, str]) -> str:
    return " ".join(masks.get(term, term) for term in quad if term) + " ."


def _digest(lines: bytes) -> bytes:
    """Return the digest of lines once they are sorted and each is there once; digests sort as their hexadecimal."""
    return sha256(b"\n".join(sorted(set(lines.split(b"\n")))) + b"\n").digest()


def _encoded(values: Sequence[str], escape: Callable[[str], str]) -> list[bytes]:
    """Return the values as UTF-8, escaped; one search over all of them tells that most need no escape."""
    if _TO_ESCAPE.search("".join(values)):
        values = [escape(value) for value in values]
    return [value.encode() for value in values]


def _format(text: str) -> _Format:
    """Return a text with marks as a format."""
    parts = _MARK.split(text)
    places = [int(place) for place in parts[1::2]]
    if len(places) > 1:
        pick: Callable[[Sequence[bytes]], tuple[bytes, ...]] = itemgetter(*places)
    else:
        pick = lambda values: tuple(values[place] for place in places)  # noqa: E731 - itemgetter gives no tuple of one
    return _Format([part.encode() for part in parts], pick)
