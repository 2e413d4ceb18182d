"""A document whose shape was met before has the digest of the full algorithm, or the same refusal."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.openbadges import jsonld, shapes
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.problems import NotValid
from jalon.credentials.contexts import contexts
from tests.core.openbadges import cast

HOSTILE = [
    "", " ", "a\nb", "a\tb", "\x00", "\x07\x08\x0c\x7f", "\u0085\u2028", '"', "\\", '\\"^^<a>', "urn:jalon-leaf:0:",
    "urn:jalon-leaf:99:", "<urn:jalon-leaf:1:>", "_:c14n0", "_:b1", "@type", "@id", "@none", "\ufffe\uffff", "é\u0301",
    "\U0001f600", "https://a.example/ b", "https://a.example/é", "https://a.example/%zz", "https://a.example/%20",
    "https://a.example:x/", "https://a.example/a#b#c", "https://a.example/<b>", "HTTPS://a.example/", "https://",
    "https:a", "//a.example/", "/a", "a", "#a", "?a", "urn:uuid:1", "urn:uuid:zz", "urn:x:y", "did:web:a.example",
    "did:web:localhost%3A8000", "did:key:z6Mk#z6Mk", "did:key:", "mailto:a@b.example", "data:,a", "xsd:string",
    "Achievement", "assertionMethod", "https://a.example/../b/./c", "https://[::1]/", "https://a.example?b=c#d",
    "jalon-relative://address/x", "cred:x", "https://jalon.example/badge.svg",
    "urn:uuid:6f1d3c1e-2a57-4c6e-9d59-0a6f1c0f5a11",
]  # fmt: skip
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=12) | st.text(st.characters(codec=None), max_size=4)
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place of a document: what holds it, and its name or number there."""
    if isinstance(value, dict | list):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield value, name
            yield from places(value[name])


def outcome(digest: Any, document: dict[str, Any], known: Contexts) -> object:
    """Return the digest, or the reason of the refusal, or the kind of a failure."""
    try:
        return digest(document, known)
    except NotValid as problem:
        return type(problem), problem.reason
    except UnicodeEncodeError:
        return UnicodeEncodeError


def is_the_same_three_times(document: dict[str, Any]) -> bool:
    """The first is by the full algorithm, the second makes the graph, the third uses it."""
    full = outcome(jsonld.digest, document, contexts())
    return [outcome(shapes.digest, document, contexts()) for _ in range(3)] == [full] * 3


def badge() -> dict[str, Any]:
    return copy.deepcopy(cast.document())


def list_document() -> dict[str, Any]:
    return {name: value for name, value in json.loads(cast.status_list()).items() if name != "proof"}


def uses_a_graph(document: dict[str, Any]) -> bool:
    key, leaves = shapes._shapes_of(contexts()).split(document)
    graph = shapes._shapes_of(contexts()).graphs.get(key)
    return graph is not None and graph.digest(leaves) is not None


class TestADocumentOfAKnownShape:
    @pytest.mark.parametrize("document", [badge(), list_document()], ids=["badge", "status list"])
    def test_takes_the_short_way_to_the_same_digest(self, document):
        assert is_the_same_three_times(document)
        assert uses_a_graph(document)

    @given(st.data())
    def test_has_the_full_digest_or_the_full_refusal_whatever_its_texts(self, data):
        document = badge()
        assert is_the_same_three_times(badge())
        leaves = [(holder, name) for holder, name in places(document) if isinstance(holder[name], str)]
        for _ in range(data.draw(st.integers(1, 3))):
            holder, name = data.draw(st.sampled_from(leaves))
            holder[name] = data.draw(TEXTS)
        full = outcome(jsonld.digest, document, contexts())
        assert outcome(shapes.digest, document, contexts()) == full

    @given(st.data())
    def test_of_which_two_texts_are_made_equal_too(self, data):
        """Two addresses that become one join two nodes of the graph."""
        document = badge()
        assert is_the_same_three_times(badge())
        leaves = [(holder, name) for holder, name in places(document) if isinstance(holder[name], str)]
        (holder, name), (other, there) = (data.draw(st.sampled_from(leaves)) for _ in range(2))
        holder[name] = other[there]
        full = outcome(jsonld.digest, document, contexts())
        assert outcome(shapes.digest, document, contexts()) == full


class TestADocumentOfAnyShape:
    @given(st.data())
    def test_has_the_full_digest_or_the_full_refusal(self, data):
        document = badge()
        for _ in range(data.draw(st.integers(1, 2))):
            holder, name = data.draw(st.sampled_from(list(places(document))))
            change = data.draw(st.sampled_from(["replace", "remove", "add"]))
            if change == "add" and isinstance(holder, dict):
                name = data.draw(TEXTS | st.sampled_from(["evidence", "result", "alignment", "@id", "@value", "email"]))
            if change == "remove":
                del holder[name]
            else:
                holder[name] = data.draw(VALUES)
        assert is_the_same_three_times(document)

    def test_with_blank_nodes_that_look_alike_takes_the_full_algorithm(self):
        document = badge()
        twin = {"type": ["Alignment"], "targetName": "A", "targetUrl": "https://a.example/"}
        document["credentialSubject"]["achievement"]["alignment"] = [twin, dict(twin)]
        assert is_the_same_three_times(document)
        assert not uses_a_graph(document)
        document["credentialSubject"]["achievement"]["alignment"][1]["targetName"] = "B"
        assert is_the_same_three_times(document)
        assert uses_a_graph(document)

    def test_that_names_a_mark_where_it_decides_takes_the_full_algorithm(self):
        document = badge() | {"type": ["VerifiableCredential", "OpenBadgeCredential", "urn:jalon-leaf:0:"]}
        assert is_the_same_three_times(document)
        assert not uses_a_graph(document)

    def test_with_another_number_or_another_type_is_of_another_shape(self):
        document = badge()
        assert is_the_same_three_times(document)
        document["credentialSubject"]["creditsEarned"] = 5.5
        assert is_the_same_three_times(document)
        document["credentialSubject"]["achievement"]["type"] = ["Achievement", "https://a.example/Type"]
        assert is_the_same_three_times(document)


class TestAShape:
    def test_is_made_when_it_is_met_again_and_no_more_than_a_bounded_number_is_kept(self):
        known = Contexts(contexts().documents)
        met = [badge() | {"awardedDate": [f"{n}"] * (n + 1)} for n in range(shapes.MOST_SHAPES + 5)]
        assert shapes.digest(met[0], known) == jsonld.digest(met[0], known)
        assert len(shapes._shapes_of(known).graphs) == 0
        for document in met:
            for _ in range(2):
                assert outcome(shapes.digest, document, known) == outcome(jsonld.digest, document, known)
        assert len(shapes._shapes_of(known).graphs) == shapes.MOST_SHAPES

    def test_is_never_made_with_a_context_that_gives_a_plain_scheme_a_meaning(self):
        documents = dict(contexts().documents)
        documents["https://a.example/context"] = {"@context": {"did": "https://a.example/did#"}}
        known = Contexts(documents)
        for _ in range(3):
            assert shapes.digest(badge(), known) == jsonld.digest(badge(), known)
        assert len(shapes._shapes_of(known).graphs) == 0
