"""The documents that are signed: what the standard demands, and nothing empty."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import jsonschema
import pytest

from jalon.core.openbadges import documents, jsonld
from jalon.credentials.contexts import contexts
from tests.core.openbadges import cast
from tests.core.openbadges.cast import ACHIEVEMENT, AWARDED

COMPLETE = replace(
    AWARDED,
    achievement=replace(
        ACHIEVEMENT,
        criteria_url="https://jalon.example/criteria",
        alignments=(documents.Alignment("Agir avec éthique", "https://jalon.example/c/1", code="1", type="CTDL"),),
        version="1.0.0",
        code="SEXTO-1",
        hours=Decimal(3),
        achievement_type="ext:PractiseLevel",
        results=(
            documents.ResultDescription(f"{ACHIEVEMENT.id}#quiz", "Quiz", "Percent", required=80),
            documents.ResultDescription(f"{ACHIEVEMENT.id}#reflection", "Réflexion"),
        ),
    ),
    evidence=(
        documents.Evidence("Réflexion", "Ce que j’ai *retenu*.", id="urn:uuid:5", genre="Réflexion"),
        documents.Evidence("Quiz", "Quiz de 12 questions, réussi."),
    ),
    results=(
        documents.Result("92", "Completed"),
        documents.Result(status="Completed", result_description=f"{ACHIEVEMENT.id}#quiz"),
        documents.Result(status="Completed", result_description=f"{ACHIEVEMENT.id}#reflection"),
    ),
    valid_until=cast.MONDAY + timedelta(days=365),
    narrative="Obtenu après trois situations.",
    activity=(date(2026, 1, 5), date(2026, 3, 2)),
)


def empties(value):
    if isinstance(value, dict):
        return [name for name, item in value.items() if item in (None, "", [], {}) or empties(item)]
    return [item for item in value if empties(item)] if isinstance(value, list) else []


@pytest.fixture
def schema(vectors):
    read = json.loads((vectors / "ob3-schema" / "ob_v3p0_achievementcredential_schema.json").read_bytes())
    checker = jsonschema.Draft201909Validator.FORMAT_CHECKER
    return jsonschema.Draft201909Validator(read, format_checker=checker)


class TestTheCredential:
    @pytest.mark.parametrize("awarded", [AWARDED, COMPLETE], ids=["usual", "complete"])
    def test_passes_the_published_schema(self, schema, awarded):
        schema.validate(cast.sign(documents.open_badge_credential(awarded)))

    def test_without_a_subject_type_would_not_pass_it(self, schema):
        broken = documents.open_badge_credential(AWARDED)
        del broken["credentialSubject"]["type"]
        assert list(schema.iter_errors(broken))

    @pytest.mark.parametrize("awarded", [AWARDED, COMPLETE], ids=["usual", "complete"])
    def test_has_only_terms_that_a_context_defines(self, awarded):
        assert jsonld.canonical(documents.open_badge_credential(awarded), contexts())

    @pytest.mark.parametrize("awarded", [AWARDED, COMPLETE], ids=["usual", "complete"])
    def test_holds_nothing_empty(self, awarded):
        assert empties(documents.open_badge_credential(awarded)) == []

    def test_names_the_contexts_in_the_order_of_the_standard(self):
        assert cast.document()["@context"] == [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ]

    def test_says_what_was_awarded_to_whom(self):
        subject = cast.document()["credentialSubject"]
        assert subject["id"] == AWARDED.subject_id
        assert (subject["licenseNumber"], subject["creditsEarned"]) == ("7K3M9-RT4WX", 4.5)
        assert subject["identifier"][0]["identityHash"] == "Élodie Exemple-Fictive"
        assert subject["identifier"][0]["hashed"] is False

    def test_has_one_status_entry_for_revocation(self):
        assert cast.document()["credentialStatus"] == {
            "id": f"{cast.LIST}#90210",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "90210",
            "statusListCredential": cast.LIST,
        }

    def test_points_to_the_achievement_in_the_other_language(self):
        achieved = cast.document()["credentialSubject"]["achievement"]
        assert achieved["inLanguage"] == "fr-CA"
        assert achieved["related"] == [
            {"id": "https://jalon.example/achievements/sexto/explorer/en", "type": ["Related"], "inLanguage": "en-CA"}
        ]

    def test_tells_the_day_of_the_award_and_not_its_minute(self):
        assert cast.document()["awardedDate"] == "2026-03-02T12:00:00Z"

    def test_holds_evidence_and_a_name_only_when_they_are_given(self):
        bare = documents.open_badge_credential(replace(AWARDED, holder_name=""))
        assert "evidence" not in bare
        assert "identifier" not in bare["credentialSubject"]

    def test_describes_what_can_be_reached_before_what_was(self):
        subject = documents.open_badge_credential(COMPLETE)["credentialSubject"]
        quiz, reflection = subject["achievement"]["resultDescription"]
        assert (quiz["resultType"], quiz["requiredValue"]) == ("Percent", "80")
        assert (quiz["valueMin"], quiz["valueMax"]) == ("0", "100")
        assert reflection == {
            "id": f"{ACHIEVEMENT.id}#reflection",
            "type": ["ResultDescription"],
            "name": "Réflexion",
            "resultType": "Status",
        }
        assert [one["resultDescription"] for one in subject["result"][1:]] == [quiz["id"], reflection["id"]]
        assert "value" not in subject["result"][1]

    def test_is_dated_to_the_second_in_utc(self):
        montreal = timezone(timedelta(hours=-5))
        awarded = replace(AWARDED, valid_from=datetime(2026, 3, 2, 10, 19, 7, tzinfo=montreal))
        assert documents.open_badge_credential(awarded)["validFrom"] == "2026-03-02T15:19:07Z"

    def test_has_its_text_cleaned(self):
        awarded = replace(AWARDED, holder_name="E\u0301lodie\x00\x1b Fictive")
        identifier = documents.open_badge_credential(awarded)["credentialSubject"]["identifier"]
        assert identifier[0]["identityHash"] == "Élodie Fictive"


class TestWhatCannotBeAwarded:
    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"id": ""}, "empty"),
            ({"subject_id": ""}, "empty"),
            ({"achievement": replace(ACHIEVEMENT, name="\x00")}, "empty"),
            ({"achievement": replace(ACHIEVEMENT, criteria=" ")}, "empty"),
            ({"achievement": replace(ACHIEVEMENT, description="")}, "empty"),
            ({"achievement": replace(ACHIEVEMENT, achievement_type="Jalon")}, "not a type of achievement"),
            ({"issuer": documents.Profile("did:web:jalon.example", "")}, "empty"),
            ({"valid_from": datetime(2026, 3, 2, 15, 19)}, "time zone"),  # noqa: DTZ001 - the lack of it is the point
            ({"valid_from": datetime(2026, 3, 2, 15, 19, 0, 5, tzinfo=UTC)}, "whole seconds"),
            ({"hours": Decimal("4.125")}, "two decimals"),
            ({"hours": Decimal(-1)}, "two decimals"),
        ],
    )
    def test_is_refused_before_anything_is_signed(self, changes, why):
        with pytest.raises(ValueError, match=why):
            documents.open_badge_credential(replace(AWARDED, **changes))


@pytest.mark.parametrize(
    ("hours", "written"), [(Decimal(3), 3), (Decimal("3.0"), 3), (Decimal("4.5"), 4.5), (Decimal("0.25"), 0.25)]
)
def test_hours_are_written_exactly(hours, written):
    credited = documents.open_badge_credential(replace(AWARDED, hours=hours))["credentialSubject"]["creditsEarned"]
    assert credited == written
    assert type(credited) is type(written)
