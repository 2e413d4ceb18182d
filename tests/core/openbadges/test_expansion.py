"""Expansion that remembers what contexts mean gives what PyLD alone gives, or the same refusal."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld as pyld
from pyld.context_resolver import ContextResolver

from jalon.core.openbadges import expansion
from jalon.core.openbadges.contexts import Contexts
from jalon.core.openbadges.problems import NotValid
from jalon.credentials.contexts import contexts
from tests.core.openbadges.test_known_shapes import TEXTS, VALUES, badge, list_document, places

PLAIN: dict[str, Any] = {}


def by_pyld_alone(document: dict[str, Any], known: Contexts) -> list[Any]:
    options = {
        "base": expansion.BASE,
        "documentLoader": known.load,
        "contextResolver": ContextResolver(PLAIN, known.load),
        "extractAllScripts": False,
    }
    try:
        return pyld.JsonLdProcessor(on_property_dropped=expansion._dropped).expand(document, options)
    except Exception as error:
        raise expansion._reason(error) from error


def outcome(expand: Any, document: dict[str, Any]) -> object:
    """What the document expands to, or the verdict of its refusal: of two faults, either may be met first."""
    try:
        return expand(document, contexts())
    except NotValid as problem:
        return type(problem)


class TestExpansion:
    @pytest.mark.parametrize("document", [badge(), list_document()], ids=["badge", "status list"])
    def test_is_what_pyld_alone_makes_of_it(self, document):
        assert expansion.expand(document, contexts()) == by_pyld_alone(document, contexts())

    @given(st.data())
    def test_of_any_document_is_what_pyld_alone_makes_of_it_or_refused_alike(self, data):
        document = badge()
        for _ in range(data.draw(st.integers(1, 2))):
            holder, name = data.draw(st.sampled_from([p for p in places(document) if p[1] != "@context"]))
            kinds = st.sampled_from(["Profile", "Alignment", "Evidence", "Image", "ResultDescription", "Address"])
            typed = st.lists(kinds, max_size=2).map(lambda types: {"type": types, "name": "A"})
            is_context = holder is document["@context"]  # `expand` is given a list of addresses, known or not
            holder[name] = data.draw(TEXTS if is_context else VALUES | TEXTS | typed)
        assert outcome(expansion.expand, document) == outcome(by_pyld_alone, document)

    def test_works_out_no_context_twice(self, monkeypatch):
        expansion.expand(badge(), contexts())
        monkeypatch.setattr(pyld.JsonLdProcessor, "_create_term_definition", None)
        assert expansion.expand(badge(), contexts())

    def test_remembers_a_bounded_number_of_contexts(self, monkeypatch):
        monkeypatch.setattr(expansion, "MOST_REMEMBERED", 3)
        known = Contexts(contexts().documents)
        for _ in range(2):
            assert expansion.expand(badge(), known) == by_pyld_alone(badge(), known)
            assert len(known.processed) <= 3
