"""A credential tells what was done to obtain it, and what could be reached: never a mark, a reviewer or an answer."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jalon.attestations import checking
from jalon.core.dossier import Dossier
from jalon.core.refusals import Refused
from jalon.credentials import actions, compiled, recovery
from jalon.credentials.models import Award
from jalon.training.evidence import evaluated
from jalon.training.models import Submission
from tests.factories import ProgramFactory, ReleaseFactory
from tests.issuing import MONDAY, credential_of, issued, make_keys, signed, wanted
from tests.small_pack import played_pack

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys():
    make_keys()


def said(award, language="fr-ca"):
    return json.loads(credential_of(award, language).content)


def parts(document):
    subject = document["credentialSubject"]
    return subject["achievement"]["resultDescription"], subject["result"], document["evidence"]


class TestALevelThatAQuizDecides:
    def test_says_how_many_questions_and_what_had_to_be_reached(self):
        (described,), (result,), (evidence,) = parts(said(signed()))
        assert described["id"].endswith("/first/fr#quiz/first-quiz")
        assert (described["name"], described["resultType"], described["requiredValue"]) == (
            "Quiz du départ",
            "Percent",
            "80",
        )
        assert result == {"type": ["Result"], "status": "Completed", "resultDescription": described["id"]}
        assert evidence["name"] == "Quiz du départ"
        assert evidence["narrative"].startswith("Quiz de 2 questions, réussi avec au moins 80\u00a0%")

    def test_does_not_say_what_the_person_reached(self):
        award = signed()
        assert award.facts["score"] == 92
        assert "92" not in json.dumps([said(award)["evidence"], said(award)["credentialSubject"]["result"]])


class TestALevelThatAReviewerDecides:
    def test_says_what_was_accepted_and_when_without_the_reviewer(self):
        award = signed(answered=True)
        (described,), (result,), (evidence,) = parts(said(award))
        assert (described["resultType"], result["status"]) == ("Status", "Completed")
        assert "requiredValue" not in described
        assert "personne réviseuse le 2\u00a0mars\u00a02026" in evidence["narrative"]
        assert award.facts["decided_by"] not in json.dumps(said(award), ensure_ascii=False)

    def test_holds_no_word_of_the_answers(self):
        award = signed(answered=True)
        answers = Submission.objects.get(pk=award.facts["submission"]).answers.values()
        assert answers
        assert not [text for text in answers if text in json.dumps(said(award), ensure_ascii=False)]

    def test_speaks_the_language_of_each_sibling(self):
        award = signed(answered=True)
        actions.sign(credential_id=actions.offer(award=award, language="en-ca", at=MONDAY).pk, at=MONDAY)
        (described,), _, (evidence,) = parts(said(award, "en-ca"))
        assert described["id"].endswith("/second/en#reflection/look-back")
        assert evidence["name"] == described["name"] == "Looking back"
        assert evidence["narrative"].startswith("Written answers to 2 reflective questions, ")

    def test_with_practice_cases_says_each(self):
        program = ProgramFactory()
        release = ReleaseFactory(program=program, typed=played_pack(program.slug))
        described, results, evidence = parts(said(signed(answered=True, release=release)))
        assert [one["id"].partition("#")[2] for one in described] == ["case/group-chat", "reflection/look-back"]
        assert [one["resultDescription"] for one in results] == [one["id"] for one in described]
        assert evidence[0]["narrative"].startswith("Cas de pratique, joué jusqu’à un passage sans faute. ")


class TestWhatIsSigned:
    @pytest.mark.parametrize("answered", [False, True])
    def test_is_valid_for_whoever_checks_it(self, answered):
        content = credential_of(signed(answered=answered)).content
        assert checking.check_file("it", content, now=MONDAY)[0].verdict == "valid"

    def test_is_the_same_by_both_paths_for_two_people_accepted_on_two_days(self):
        release = ReleaseFactory()
        for day in (2, 3):
            asked = wanted(answered=True, release=release)
            told = evaluated(release.pack, release.pack.level("second"), accepted_on=date(2026, 3, day))
            award = actions.issue(**asked | {"facts": replace(asked["facts"], evaluated=told)})
            credential = credential_of(award)
            assert compiled.form_of(credential).recheck(credential) is None
            actions.sign(credential_id=credential.pk, at=MONDAY)
            assert f"le {day}\u00a0mars\u00a02026" in said(award)["evidence"][0]["narrative"]

    def test_must_tell_what_was_reserved(self):
        award = issued()
        award.facts["evaluated"][0]["narrative"]["fr"] = "Quiz de 200 questions."
        Award.objects.filter(pk=award.pk).update(facts=award.facts)
        with pytest.raises(Refused, match="payload-changed"):
            actions.sign(credential_id=credential_of(award).pk, at=MONDAY)

    def test_asks_nothing_more_of_the_tables(self):
        counts = []
        release = ReleaseFactory()
        told = wanted(release=release)["facts"].evaluated
        for stated in (told, (), told, ()):
            asked = wanted(release=release)
            with CaptureQueriesContext(connection) as statements:
                award = actions.issue(**asked | {"facts": replace(asked["facts"], evaluated=stated)})
                actions.sign(credential_id=award.credentials.get().pk, at=MONDAY)
            counts.append(len(statements))
        assert counts[2] == counts[3]


class TestAnAwardOfBefore:
    @pytest.fixture
    def award(self):
        asked = wanted()
        plain = asked["facts"].as_json()
        del plain["evaluated"]
        return actions.issue(**asked | {"facts": Dossier.from_json(plain)})

    def test_says_what_it_said(self, award):
        Award.objects.filter(pk=award.pk).update(facts={k: v for k, v in award.facts.items() if k != "evaluated"})
        recovery.recover(at=MONDAY)
        document = said(award)
        assert "evidence" not in document
        assert "result" not in document["credentialSubject"]
        assert "resultDescription" not in document["credentialSubject"]["achievement"]

    def test_can_be_signed_again_and_as_a_token(self, award):
        recovery.recover(at=MONDAY)
        before = said(award)
        assert actions.state_as_jwt(credential=credential_of(award))
        actions.sign_anew(credential_id=credential_of(award).pk, at=MONDAY)
        assert {name: part for name, part in said(award).items() if name != "proof"} == {
            name: part for name, part in before.items() if name != "proof"
        }


class TestTheAddressOfAnAchievement:
    @pytest.mark.parametrize(("level", "kind"), [("first", "Percent"), ("second", "Status")])
    def test_describes_the_results_that_a_badge_refers_to(self, client, level, kind):
        award = signed(answered=level == "second")
        (described,), _, _ = parts(said(award))
        address = said(award)["credentialSubject"]["achievement"]["id"]
        served = json.loads(client.get(address, headers={"accept": "application/ld+json"}).content)
        assert served["resultDescription"] == [described]
        assert described["resultType"] == kind
