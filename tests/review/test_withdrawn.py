"""A release is withdrawn while people are on it: they go on to the end; nobody else begins."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from jalon.core.refusals import Refused
from jalon.credentials import batches, forms
from jalon.credentials.models import Award
from jalon.credentials.state import recognised_today
from jalon.library import actions as library
from jalon.training import actions
from jalon.training.models import CaseRun, Enrolment, QuizTry, Submission
from tests.factories import (
    MONDAY,
    AffiliationFactory,
    EnrolmentFactory,
    PersonFactory,
    ReadingFactory,
    RegistrarFactory,
    ReleaseFactory,
)
from tests.issuing import make_keys
from tests.review.test_deciding import accept
from tests.small_pack import RIGHT, played_pack
from tests.training.test_obtaining import answer
from tests.training.test_playing import ANSWERS, begin, choose, look_back

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)
REASON = "Une source a changé"


def withdraw(release):
    library.withdraw(release=release, reason=REASON, by=None, at=MONDAY)


class TestWhoeverHasBegun:
    def test_finishes_the_quiz_and_obtains_the_level(self):
        enrolment = EnrolmentFactory()
        for lesson in ("one", "two"):
            ReadingFactory(enrolment=enrolment, lesson=lesson, finished=True)
        withdraw(enrolment.release)
        assert answer(enrolment, RIGHT, at=LATER).passed
        assert Award.objects.get().release == enrolment.release

    def test_answers_the_sheet_that_was_open_at_that_moment(self, client):
        enrolment = EnrolmentFactory()
        client.force_login(enrolment.person)
        page = reverse("training:quiz", args=[enrolment.program.slug, "first", "first-quiz"])
        form = BeautifulSoup(client.get(page).content, "html.parser").select_one("input[name=form]")["value"]
        withdraw(enrolment.release)
        answered = {f"q-{question}": chosen for question, chosen in RIGHT.items()}
        assert client.post(page, {"form": form, **answered}).status_code == 302
        assert QuizTry.objects.get().passed

    def test_plays_the_case_to_its_end_sends_is_reviewed_and_obtains_the_level(self, written):
        enrolment = EnrolmentFactory(release=ReleaseFactory(typed=played_pack()))
        first, second = enrolment.release.pack.levels
        actions.award(enrolment=enrolment, level=first, decided_by=None, at=MONDAY)
        run = choose(begin(enrolment), 1, "corridor", "listen")
        withdraw(enrolment.release)
        run = choose(choose(run, 2, "office", "act"), 3, "later", "support")
        look_back(run, ANSWERS)
        assert CaseRun.objects.get().is_clean
        written(enrolment, at=LATER)()
        decision = accept(Submission.objects.get(), PersonFactory(is_reviewer=True, legal_name="Réjeanne Relecture"))
        assert Award.objects.get(pk=decision.award).level_key == enrolment.release.pack.level_key(second)

    def test_begins_a_case_that_was_not_begun_yet(self):
        enrolment = EnrolmentFactory(release=ReleaseFactory(typed=played_pack()))
        actions.award(enrolment=enrolment, level=enrolment.release.pack.levels[0], decided_by=None, at=MONDAY)
        withdraw(enrolment.release)
        assert begin(enrolment).number == 1

    def test_stays_on_that_version_when_another_is_current(self):
        enrolment = EnrolmentFactory()
        ReleaseFactory(program=enrolment.program, version="1.1.0")
        withdraw(enrolment.release)
        again = actions.enrol(person=enrolment.person, program=enrolment.program, at=LATER)
        assert (again, again.release) == (enrolment, enrolment.release)

    @pytest.mark.parametrize(
        ("prefix", "words"), [("", "rien ne change pour vous"), ("/en", "nothing changes for you")], ids=["fr", "en"]
    )
    def test_reads_that_nothing_changes_and_has_the_way_on(self, client, prefix, words):
        enrolment = EnrolmentFactory()
        client.force_login(enrolment.person)
        withdraw(enrolment.release)
        slug = enrolment.program.slug
        level = BeautifulSoup(client.get(f"{prefix}/programs/{slug}/first/").content, "html.parser")
        assert words in level.select_one(".notice-warn").get_text()
        assert level.select(".buttons a[href*='/lessons/']")
        program = BeautifulSoup(client.get(f"{prefix}/programs/{slug}/").content, "html.parser")
        assert program.select(".buttons a[href$='/first/']")


class TestWhoeverHasNot:
    def test_is_told_when_and_why_and_is_not_enrolled(self, client):
        release, person = ReleaseFactory(), AffiliationFactory().person
        withdraw(release)
        with pytest.raises(Refused, match="release-withdrawn") as refused:
            actions.enrol(person=person, program=release.program, at=LATER)
        assert refused.value.refusal.facts["reason"] == REASON
        client.force_login(person)
        answer = client.post(reverse("training:enrolment", args=[release.program.slug]))
        assert answer.status_code == 409
        assert REASON in answer.text
        assert not Enrolment.objects.exists()

    def test_begins_the_version_that_stands(self):
        first = ReleaseFactory()
        withdraw(ReleaseFactory(program=first.program, version="1.1.0"))
        first.program.refresh_from_db()
        enrolment = actions.enrol(person=AffiliationFactory().person, program=first.program, at=LATER)
        assert enrolment.release == first

    def test_begins_again_once_it_is_restored(self):
        release = ReleaseFactory()
        withdraw(release)
        library.restore(release=release, by=None, at=LATER)
        assert actions.enrol(person=AffiliationFactory().person, program=release.program, at=LATER).release == release


class TestAListOfBadges:
    @pytest.fixture
    def path(self, tmp_path):
        make_keys()
        path = tmp_path / "liste.csv"
        path.write_text(f"courriel\n{PersonFactory().email}\n")
        return path

    def read(self, path, release):
        asked = batches.Asked(f"{release.program.slug}/first")
        return batches.prepare(path=path, name="liste.csv", asked=asked, by=None, at=MONDAY)

    def test_is_not_read_nor_offered_for_it(self, path):
        release = ReleaseFactory()
        assert len(list(forms.levels())) == len(recognised_today()) - 1 == 1
        withdraw(release)
        assert list(forms.levels()) == recognised_today() == []
        with pytest.raises(Refused, match="release-withdrawn"):
            self.read(path, release)

    def test_that_was_only_read_is_not_begun(self, path):
        release = ReleaseFactory()
        batch = self.read(path, release)
        withdraw(release)
        with pytest.raises(Refused, match="release-withdrawn"):
            batches.begin(batch=batch, by=None, at=LATER, runs=False)

    def test_that_was_begun_is_issued_to_its_end(self, path):
        release = ReleaseFactory()
        batch = self.read(path, release)
        batches.begin(batch=batch, by=None, at=MONDAY, runs=False)
        withdraw(release)
        batches.go_on(batch_id=batch.pk, at=LATER)
        assert Award.objects.standing().count() == 1

    def test_has_a_page_without_it(self, client):
        registrar, release = RegistrarFactory(), ReleaseFactory()
        withdraw(release)
        client.force_login(registrar.person)
        assert f"{release.program.slug}/first" not in client.get("/badges/several/").text
