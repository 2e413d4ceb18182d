"""From JSON-LD to canonical N-Quads: what a signature would not cover is refused."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld as pyld

from jalon.core.openbadges import jsonld
from jalon.core.openbadges.contexts import CREDENTIALS, DATA_INTEGRITY, OPEN_BADGES, Contexts
from jalon.core.openbadges.problems import Altered, NotValid, Unverifiable
from jalon.credentials.contexts import contexts
from tests.core.openbadges import cast


def document(**members):
    return {"@context": [CREDENTIALS, OPEN_BADGES], "type": ["VerifiableCredential"], "id": "urn:x:1", **members}


@pytest.fixture
def vector_contexts(vectors) -> Contexts:
    folder = vectors / "w3c-eddsa-rdfc-2022"
    added = {
        "https://www.w3.org/ns/credentials/examples/v2": "examples-v2.jsonld",
        "https://w3id.org/citizenship/v4rc1": "citizenship-v4rc1.json",
    }
    read = {address: json.loads((folder / name).read_bytes()) for address, name in added.items()}
    return Contexts({**contexts().documents, **read})


class TestTheStandardsVectors:
    @pytest.mark.parametrize("folder", [".", "employ"])
    def test_give_the_same_canonical_text_and_hash(self, vectors, vector_contexts, folder):
        place = vectors / "w3c-eddsa-rdfc-2022" / folder
        signed = json.loads((place / "signedDataInt.json").read_bytes())
        del signed["proof"]
        canonical = jsonld.canonical(signed, vector_contexts)
        assert canonical == (place / "canonDocDataInt.txt").read_text()
        assert jsonld.digest(signed, vector_contexts).hex() == (place / "docHashDataInt.txt").read_text().strip()

    @pytest.mark.parametrize("folder", [".", "employ"])
    def test_give_the_same_canonical_proof_options(self, vectors, vector_contexts, folder):
        place = vectors / "w3c-eddsa-rdfc-2022" / folder
        options = json.loads((place / "proofConfigDataInt.json").read_bytes())
        assert jsonld.canonical(options, vector_contexts) == (place / "proofCanonDataInt.txt").read_text()
        digest = (place / "proofHashDataInt.txt").read_text().strip()
        assert jsonld.digest(options, vector_contexts).hex() == digest


class TestAnOrdinaryCredential:
    def test_gives_what_pyld_alone_gives(self):
        options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": contexts().load}
        assert jsonld.canonical(cast.document(), contexts()) == pyld.normalize(cast.document(), options)

    def test_does_not_depend_on_the_order_of_its_members(self):
        turned = dict(reversed(cast.document().items()))
        assert jsonld.canonical(turned, contexts()) == jsonld.canonical(cast.document(), contexts())

    @given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
    def test_carries_any_text_unchanged(self, text):
        lines = jsonld.canonical(document(name=text), contexts()).split("\n")
        assert f'<urn:x:1> <https://schema.org/name> "{jsonld.escape(text)}" .' in lines

    def test_escapes_control_characters_as_canonical_n_quads_ask(self):
        escaped = '"\\u0000\\u0007\\b\\t\\n\\u000B\\f\\r\\u001B \\"\\\\\\u007F\x80\u2028é😀"'
        name = '\0\7\b\t\n\v\f\r\x1b "\\\x7f\x80\u2028é😀'
        assert escaped in jsonld.canonical(document(name=name), contexts())


def test_every_character_is_written_as_the_canonicaliser_writes_it():
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    quad = ("<urn:a>", "<urn:b>", f'"{jsonld.escape(every)}"', "")
    assert jsonld.canonical_lines([quad]) == [jsonld.line(quad)]


class TestWhatASignatureWouldNotCover:
    @pytest.mark.parametrize(
        ("members", "why"),
        [
            ({"unknownTerm": "a"}, "undefined-term"),
            ({"credentialSubject": {"unknownTerm": "a"}}, "undefined-term"),
            ({"issuer": {"id": "did:web:a.example", "type": ["Profile"], "nom": "a"}}, "undefined-term"),
            ({"type": ["VerifiableCredential", "Unknown"]}, "relative-address"),
            ({"id": "relative"}, "relative-address"),
            ({"id": ""}, "relative-address"),
            ({"id": "//host.example/a"}, "relative-address"),
            ({"id": "urn:a b"}, "relative-address"),
            ({"id": "urn:a<b"}, "relative-address"),
            ({"id": "urn:a\n"}, "relative-address"),
            ({"id": "_:b0"}, "relative-address"),
            ({"id": "urn:a\x80"}, "relative-address"),
            ({"id": "urn:a\ufdd0"}, "not-an-address"),
            ({"id": "urn:a%zz"}, "not-an-address"),
            ({"issuer": "did web"}, "relative-address"),
            ({"@included": {"id": "urn:x:2", "name": "a"}}, "unsigned-member"),
            ({"@index": "a"}, "unsigned-member"),
            ({"@foo": "a"}, "unsigned-member"),
            ({"@id": "urn:x:1"}, "unsigned-member"),
            ({"https://schema.org/name": "a"}, "unsigned-member"),
            ({"_:b0": "a"}, "unsigned-member"),
            ({"name": {"@value": "a", "@direction": "rtl"}}, "unsigned-member"),
            ({"name": {"@value": "a", "@index": "b"}}, "unsigned-member"),
            ({"name": {"@value": "a", "@language": "not a language"}}, "bad-language"),
            ({"Criteria": {"narrative": "a"}}, "unsigned-member"),
            ({"type": ["VerifiableCredential", "criteria"]}, "unsigned-member"),
            ({"name": None}, "empty-member"),
            ({"evidence": []}, "empty-member"),
            ({"evidence": [[{"id": "urn:x:2"}]]}, "nested-array"),
            ({"credentialSubject": {"id": "urn:x:1", "name": "a"}}, "described-twice"),
            ({"id": 7}, "not-json-ld"),
            ({"name": {"@value": {"a": "b"}}}, "not-json-ld"),
            ({"type": [7]}, "not-json-ld"),
        ],
    )
    def test_is_refused(self, members, why):
        with pytest.raises(Altered) as refused:
            jsonld.canonical(document(**members), contexts())
        assert refused.value.reason == why

    def test_includes_a_document_that_says_nothing(self):
        with pytest.raises(Altered, match="nothing-signed"):
            jsonld.canonical({"@context": [CREDENTIALS]}, contexts())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4) | st.just("urn:x:9"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "name", "@value", "@type", "@list", "@graph", "credentialSubject", "proof"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


class TestHostileJsonLd:
    @given(st.dictionaries(st.sampled_from(["id", "type", "name", "issuer", "credentialSubject", "proof"]), JSON))
    def test_is_signed_whole_or_refused_and_never_fails_otherwise(self, members):
        try:
            canonical = jsonld.canonical({"@context": [CREDENTIALS, OPEN_BADGES], **members}, contexts())
        except NotValid:
            return
        assert canonical.endswith(" .\n")

    @pytest.mark.parametrize("size", [8, 12])
    def test_with_nodes_that_all_look_alike_is_refused_before_the_work(self, size):
        """A complete graph of blank nodes keeps a canonicaliser busy for seconds to centuries."""
        nodes = [f"_:n{n}" for n in range(size)]
        clique = [(a, "<urn:p>", b, "") for a in nodes for b in nodes if a != b]
        with pytest.raises(Unverifiable, match="too-much-work"):
            jsonld.canonical_lines(clique)

    def test_with_many_twins_is_refused_before_the_work(self):
        twins = [{"type": ["Evidence"], "name": "same"} for _ in range(7)]
        with pytest.raises(Unverifiable, match="too-much-work"):
            jsonld.canonical(document(evidence=twins), contexts())

    @pytest.mark.parametrize(
        "members",
        [
            {"evidence": [{"type": ["Evidence"], "name": str(n)} for n in range(1_001)]},
            {"type": ["VerifiableCredential"] + ["OpenBadgeCredential"] * 400},
        ],
    )
    def test_with_too_many_objects_or_types_is_refused(self, members):
        with pytest.raises(Unverifiable, match="too-much-work"):
            jsonld.canonical(document(**members), contexts())

    def test_with_a_few_twins_is_canonical(self):
        twins = [{"type": ["Evidence"], "name": "same"} for _ in range(3)]
        assert jsonld.canonical(document(evidence=twins), contexts()).count("#evidence>") == 3


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "lexical"),
        [
            (3, '"3"^^<https://www.w3.org/2001/XMLSchema#float>'),
            (3.0, '"3"^^<https://www.w3.org/2001/XMLSchema#float>'),
            (4.5, '"4.5E0"^^<https://www.w3.org/2001/XMLSchema#float>'),
            (0.25, '"2.5E-1"^^<https://www.w3.org/2001/XMLSchema#float>'),
        ],
    )
    def test_are_written_as_json_ld_writes_them(self, value, lexical):
        subject = {"type": ["AchievementSubject"], "creditsEarned": value}
        assert lexical in jsonld.canonical(document(credentialSubject=subject), contexts())


class TestFirstDegreeHashes:
    def test_name_blank_nodes_in_the_order_of_the_standard(self):
        """Source: RDFC-1.0, section 4.4: nodes with a hash of their own are named in the order of the hashes."""
        dataset = jsonld.quads(cast.document(), contexts())
        hashes = jsonld.first_degree_hashes(dataset)
        assert len(set(hashes.values())) == len(hashes) > 1
        named = {node: f"_:c14n{n}" for n, (node, _) in enumerate(sorted(hashes.items(), key=lambda pair: pair[1]))}
        lines = sorted(jsonld.line(tuple(named.get(term, term) for term in quad)) for quad in dataset)
        assert lines == jsonld.canonical_lines(dataset)

    def test_are_those_of_the_text_with_the_node_masked(self):
        hashes = jsonld.first_degree_hashes([("_:x", "<urn:p>", "_:y", "")])
        assert hashes["_:x"] == hashlib.sha256(b"_:a <urn:p> _:z .\n").hexdigest()


def test_a_proof_has_the_same_meaning_with_its_own_context():
    """The context of credentials v2 holds the terms of data-integrity v2: both give one graph."""
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod"}
    pages = [[CREDENTIALS], [DATA_INTEGRITY]]
    first, second = (jsonld.canonical({"@context": page, **proof}, contexts()) for page in pages)
    assert first == second
