"""Credentials of one template: signed fast, byte for byte as the full algorithm signs them."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jalon.core.openbadges import documents, jcs, template, verification
from jalon.core.openbadges.problems import NotValid
from jalon.core.openbadges.template import Batch, Mismatch, Template, badge_slots, badge_values
from jalon.credentials.contexts import contexts
from tests.core.openbadges import cast
from tests.core.openbadges.cast import AWARDED, MONDAY
from tests.core.openbadges.test_badge_documents import COMPLETE


def batch(document: dict, slots=None) -> Batch:
    made = Template(document, slots=slots or badge_slots(document), contexts=contexts())
    return Batch(made, key=cast.KEY, verification_method=cast.METHOD, created=MONDAY)


USUAL, FULL = (batch(documents.open_badge_credential(awarded)) for awarded in (AWARDED, COMPLETE))
VALUES = badge_values(AWARDED)
HOSTILE = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    [
        "",
        "%s %d %%",
        "urn:jalon-slot:0:",
        '"\\',
        "\n\r\t\b\f\v\0\x7f\x80\x85\u2028",
        "é😀\ufffe",
        "_:c14n0",
        "<a> .",
        "]]>",
    ]
)
ADDRESS = st.from_regex(r"https://[a-z]{1,9}\.example/[A-Za-z0-9._~/#?=-]{0,20}", fullmatch=True) | st.sampled_from(
    [
        "",
        "a",
        "//a",
        "urn:uuid:aa\nhttps://b.example/c",
        "https://a.example/\n",
        "https://a b",
        "_:b0",
        "urn:x:é",
        "did:web:jalon.example",
        AWARDED.id,
        cast.LIST,
        "sec:a",
        "@id",
    ]
)


def outcome(sign, values):
    try:
        return sign(values)
    except ValueError as refused:
        return type(refused), str(refused)


class TestABatch:
    @settings(max_examples=150)
    @given(st.sampled_from(["holder_name", "code", "status_index", "valid_from", "awarded_on"]), HOSTILE)
    def test_signs_any_text_as_the_full_algorithm_does(self, slot, text):
        values = VALUES | {slot: text}
        assert USUAL.sign(values) == USUAL.sign_slowly(values)

    @settings(max_examples=60)
    @given(HOSTILE, HOSTILE)
    def test_signs_several_texts_at_once_as_the_full_algorithm_does(self, name, code):
        values = badge_values(COMPLETE) | {"holder_name": name, "code": code}
        assert FULL.sign(values) == FULL.sign_slowly(values)

    @settings(max_examples=100)
    @given(HOSTILE, HOSTILE)
    @example("Le même texte", "Le même texte")
    def test_signs_any_evidence_as_the_full_algorithm_does(self, first, second):
        values = badge_values(COMPLETE) | {"evidence_0": first, "evidence_1": second}
        assert FULL.sign(values) == FULL.sign_slowly(values)

    @settings(max_examples=150)
    @given(st.sampled_from(["id", "subject_id", "status_id", "status_list"]), ADDRESS)
    @example("subject_id", AWARDED.id)
    @example("id", cast.ACHIEVEMENT.id)
    @example("id", "https://a.example/##")
    @example("status_id", "https://a.example:99999x/")
    @example("id", "did:web:a")
    @example("subject_id", "http://a")
    def test_treats_any_address_as_the_full_algorithm_does(self, slot, address):
        values = VALUES | {slot: address}
        assert outcome(USUAL.sign, values) == outcome(USUAL.sign_slowly, values)

    def test_refuses_an_address_that_is_not_one(self):
        with pytest.raises(NotValid):
            USUAL.sign(VALUES | {"id": "pas une adresse"})

    def test_refuses_half_of_a_surrogate_pair_on_both_paths(self):
        values = VALUES | {"holder_name": "\ud800"}
        for sign in (USUAL.sign, USUAL.sign_slowly):
            with pytest.raises(ValueError, match=r"surrogate|not-an-address"):
                sign(values)

    @pytest.mark.parametrize("awarded", [AWARDED, COMPLETE], ids=["usual", "complete"])
    def test_signs_what_signing_one_by_one_gives(self, awarded):
        document = documents.open_badge_credential(awarded)
        assert batch(document).sign(badge_values(awarded)) == jcs.canonical(cast.sign(document))

    def test_signs_credentials_that_are_valid(self):
        values = badge_values(replace(AWARDED, id="https://jalon.example/credentials/9", holder_name="Zoé Inventée"))
        found = verification.verify(USUAL.sign(values), known=cast.known(), now=MONDAY)
        assert (found.verdict, found.holder) == ("valid", "Zoé Inventée")

    def test_takes_the_full_algorithm_when_two_blank_nodes_look_alike(self):
        results = (documents.Result("1"), documents.Result("2"))
        document = documents.open_badge_credential(replace(AWARDED, results=results))
        path = ("credentialSubject", "result")
        twins = batch(document, {"first": (*path, 0, "value"), "second": (*path, 1, "value")})
        assert twins.template.digest(["3", "3"]) is None
        for values in ({"first": "3", "second": "3"}, {"first": "3", "second": "4"}, {"first": "4", "second": "3"}):
            assert twins.sign(values) == twins.sign_slowly(values)

    def test_counts_twice_the_same_statement_once(self):
        achievement = replace(cast.ACHIEVEMENT, tags=("a", "b"))
        document = documents.open_badge_credential(replace(AWARDED, achievement=achievement))
        path = ("credentialSubject", "achievement", "tag")
        tags = batch(document, {"first": (*path, 0), "second": (*path, 1)})
        assert tags.template.digest(["c", "c"]) is not None
        assert tags.sign({"first": "c", "second": "c"}) == tags.sign_slowly({"first": "c", "second": "c"})


class TestTheRecheckOfASample:
    def test_accepts_what_both_paths_give(self):
        assert USUAL.recheck(VALUES, USUAL.sign(VALUES)) is None

    def test_stops_the_batch_when_they_disagree(self):
        with pytest.raises(Mismatch):
            USUAL.recheck(VALUES, USUAL.sign(VALUES | {"code": "other"}))


class TestATemplate:
    def test_is_not_changed_by_what_is_signed_with_it(self):
        before = USUAL.sign(VALUES)
        USUAL.sign(VALUES | {"holder_name": "Zoé Inventée"})
        assert USUAL.sign(VALUES) == before

    @pytest.mark.parametrize("path", [("type", 0), ("@context", 0), ("credentialSubject", "creditsEarned"), ("proof",)])
    def test_has_no_slot_where_the_shape_is_decided(self, path):
        with pytest.raises((ValueError, KeyError)):
            batch(documents.open_badge_credential(AWARDED), {"slot": path})

    def test_asks_for_exactly_its_slots(self):
        for values in ({}, VALUES | {"other": "a"}, {"id": AWARDED.id}):
            with pytest.raises(ValueError, match="not the slots"):
                USUAL.sign(values)


class TestTheSlotsOfABadge:
    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"holder_name": ""},
            {"status": None},
            {"code": ""},
            {"evidence": COMPLETE.evidence},
            {"evidence": (documents.Evidence("Réflexion", "\x00"),)},
        ],
    )
    def test_are_filled_without_making_the_document(self, changes):
        awarded = replace(AWARDED, **changes)
        document = documents.open_badge_credential(awarded)
        values = badge_values(awarded)
        assert values.keys() == badge_slots(document).keys()
        assert json.loads(batch(document).sign(values)) == cast.sign(document)

    def test_hold_what_the_document_holds(self):
        awarded = replace(AWARDED, awarded_on=date(2026, 12, 31), holder_name="E\u0301va\x00 Fictive")
        document = documents.open_badge_credential(awarded)
        filled = Template(document, slots=badge_slots(document), contexts=contexts())
        assert filled.filled([badge_values(awarded)[name] for name in filled.names]) == document

    def test_are_those_that_differ_from_one_person_to_the_next(self):
        assert set(template.BADGE_SLOTS) == set(VALUES)
