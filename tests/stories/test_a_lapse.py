"""An agreement is suspended in mid-course, then reinstated; and somebody whose school was never covered."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from django.utils import translation
from django.utils.timezone import localdate
from playwright.sync_api import Page

from jalon.agreements.models import Change
from jalon.core import codes
from jalon.credentials.models import Award
from jalon.demo.cast import SCHOOL, UNCOVERED
from jalon.places.models import School
from jalon.training.models import Draft
from jalon.web.words import day
from tests.factories import AffiliationFactory, PersonFactory
from tests.stories.conftest import DESK, PHONE, Visit
from tests.stories.test_the_main_job import Learner, go, the_reviewer_accepts

NAME = "Émile-Zoé Exemple"
HALF = "Accueillir, protéger: la suite vient"
AGREEMENT = "ENT-FICTIVE-01"
NB = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Said:
    """The sentences of the story in one language."""

    suspend: str
    reinstate: str
    suspended: str
    closed: str
    uncovered: str
    program: tuple[str, str]
    safe: str
    school_page: str
    not_covered: str
    letter: str
    asked: str
    basis: str


FRENCH = Said(
    suspend="Suspendre",
    reinstate="Rétablir",
    suspended="Suspendue",
    closed=(
        f"École secondaire de la Boussole (fictive){NB}: ce programme y est fermé pour l’instant, car l’entente entre "
        "la police du territoire (Service de police fictif de Rivière-aux-Jalons) et le DPCP est suspendue depuis le "
        "{on}. Ce que vous avez fait est conservé, et vos badges restent valides. Vous pourrez continuer dès que "
        "l’entente sera rétablie; la personne qui coordonne votre territoire pourra vous dire quand."
    ),
    uncovered=(
        f"École secondaire de la Passerelle (fictive){NB}: ce programme n’y est pas ouvert, car aucune entente ne lie "
        "la police du territoire (Régie de police fictive de Saint-Repère) et le DPCP. Vous pouvez lire toutes les "
        "leçons; les badges ne s’y obtiennent pas. Parlez-en à la personne dont vous relevez ou au service de "
        f"police{NB}: une lettre est prête à la page de l’école."
    ),
    program=("ce programme", f"le programme «{NB}La méthode Sexto{NB}»"),
    safe="Ce que vous aviez enregistré est intact.",
    school_page="Votre école et sa couverture",
    not_covered="Non couverte aujourd’hui",
    letter="Lettre à la direction",
    asked=(
        "Accepteriez-vous de soulever la question auprès de notre organisme scolaire et de la police (Régie de police "
        "fictive de Saint-Repère)? Je suis disponible pour y contribuer."
    ),
    basis="Entente",
)
ENGLISH = Said(
    suspend="Suspend",
    reinstate="Reinstate",
    suspended="Suspended",
    closed=(
        "École secondaire de la Boussole (fictive): this program is closed there for now, because the agreement "
        "between the local police (Service de police fictif de Rivière-aux-Jalons) and the prosecutor (DCPP) has been "
        "suspended since {on}. What you did is kept, and your badges stay valid. You can go on as soon as it is in "
        "force again; the coordinator of your territory can tell you when."
    ),
    uncovered=(
        "École secondaire de la Passerelle (fictive): this program is not open there, because the local police "
        "(Régie de police fictive de Saint-Repère) has no agreement with the prosecutor (DCPP). You may read every "
        "lesson; badges are not issued there. Speak of it to your superior or to the police service: a letter is "
        "ready on the page of the school."
    ),
    program=("this program", "the program “The Sexto Method”"),
    safe="What you had already saved is safe.",
    school_page="Your school and its coverage",
    not_covered="Not covered today",
    letter="Letter to my superior",
    asked=(
        "Would you agree to raise the question with our school body and with the police (Régie de police fictive de "
        "Saint-Repère)? I am ready to help."
    ),
    basis="Agreement",
)
BOTH = pytest.mark.parametrize(
    ("prefix", "script", "said"),
    [("", True, FRENCH), ("/en", False, ENGLISH)],
    ids=["French-phone", "English-without-JavaScript"],
)


def said_day(prefix: str, on: date) -> str:
    with translation.override("en-ca" if prefix else "fr-ca"):
        return day(on)


def since(prefix: str) -> str:
    """Return the day of the last suspension as the page says it; the story may go on past midnight."""
    suspended = Change.objects.filter(agreement__reference=AGREEMENT, act="SUSPENDED")
    return said_day(prefix, suspended.latest("number").on)


def said_on(page: Page) -> str:
    return page.locator("main").inner_text()


@dataclass
class Coordinator:
    """Whoever keeps the agreement of the territory, through the pages."""

    visit: Visit
    prefix: str

    def changes(self, act: str) -> None:
        """Suspend or reinstate from the list of agreements: its fold, its day, its reason, its button."""
        page = self.visit.open(f"{self.prefix}/agreements/")
        go(page, f"main a:has-text('{AGREEMENT}')")
        fold = page.locator(f"details:has(> summary:has-text('{act}'))")
        fold.locator("summary").click()
        fold.locator("textarea, input[name$=reason]").first.fill("Formation des équipes à refaire.")
        self.visit.check()
        with page.expect_navigation():
            fold.locator("button[type=submit]").click()
        self.visit.check()


@BOTH
class TestACoveredSchool:
    def test_loses_nothing_to_a_suspension_and_goes_on_to_the_award(self, story, visit, prefix, script, said):
        person = PersonFactory(legal_name=NAME)
        AffiliationFactory(person=person, school=School.objects.get(code=SCHOOL))
        learner = Learner(visit(person, width=PHONE, script=script), prefix, story)
        coordinator = Coordinator(visit(story.people["coordinator"], width=DESK, script=script), prefix)
        learner.follows_the_program()
        learner.reads_every_lesson()
        learner.passes_the_quiz()
        learner.plays_every_case()
        question = self.begins_to_write(learner)

        coordinator.changes(said.suspend)
        assert said.suspended in said_on(coordinator.visit.page)

        go(learner.page, "button[name=go][value=next]")
        self.is_refused(learner, said)
        assert Draft.objects.get(enrolment__person=person).text == HALF
        learner.open("/programs/sexto/architect/")
        assert said.closed.format(on=since(prefix)) in said_on(learner.page)
        learner.visit.check()
        self.cannot_play_either(learner, said)

        coordinator.changes(said.reinstate)
        assert said.suspended not in coordinator.visit.page.locator("main .tags").first.inner_text()

        learner.visit.open(question)
        assert learner.page.locator("textarea[name=text]").input_value() == HALF
        learner.answers_the_questions()
        the_reviewer_accepts(visit, story, prefix)
        award = Award.objects.get(holder=person, level_key="sexto/architect")
        learner.open(f"/attestations/{codes.display(award.code)}/")
        assert AGREEMENT in said_on(learner.page)
        learner.visit.check()

    def begins_to_write(self, learner: Learner) -> str:
        """Half a text is in the window, and nothing has pressed a button yet; return where."""
        sent = learner.story.submission
        reflection = learner.story.release.pack.activity(f"reflection/{sent.reflection}")
        here = f"{learner.prefix}/programs/sexto/architect/reflections/{reflection.id}/{reflection.questions[0].id}/"
        learner.visit.open(here)
        learner.page.fill("textarea[name=text]", HALF)
        return here

    def is_refused(self, learner: Learner, said: Said) -> None:
        """The page says why, since when, that nothing is lost, and where the next step is."""
        seen = said_on(learner.page)
        assert said.closed.format(on=since(learner.prefix)) in seen
        assert said.safe in seen
        assert learner.page.get_by_role("link", name=said.school_page).count() == 1
        learner.visit.check()

    def cannot_play_either(self, learner: Learner, said: Said) -> None:
        """A case that is played again stops at the same sentence."""
        case = learner.story.release.pack.cases["group-chat"]
        learner.open(f"/programs/sexto/architect/cases/{case.id}/")
        assert said.closed.format(on=since(learner.prefix)) in said_on(learner.page)
        assert learner.page.locator("main .buttons form").count() == 0
        learner.visit.check()


@BOTH
class TestAnUncoveredSchool:
    def test_reads_sees_why_and_prints_the_letter(self, story, visit, prefix, script, said, tmp_path):
        window = visit(story.people["uncovered"], width=PHONE, script=script)
        page = window.open(f"{prefix}/programs/sexto/explorer/")
        assert said.uncovered in said_on(page)
        assert page.locator("main form[action$='/enrolment/']").count() == 0
        window.check()
        self.reads_a_lesson(page)
        window.check()
        window.open(f"{prefix}/programs/sexto/explorer/")
        go(page, f"main a:has-text('{said.school_page}')")
        go(page, f"main a[href$='/coverage/{UNCOVERED}/']")
        assert said.not_covered in said_on(page)
        assert said.uncovered.replace(*said.program) in said_on(page)
        window.check()
        days = {localdate()}
        go(page, f"main a:has-text('{said.letter}')")
        days.add(localdate())  # another one when midnight passed meanwhile
        window.check()
        letter = page.locator("article.letter").inner_text()
        assert any(said_day(prefix, one) in letter for one in days)
        assert said.asked in letter
        self.prints(page, script)

    def reads_a_lesson(self, page: Page) -> None:
        go(page, "main .tasks a[href*='/lessons/'], main li a[href*='/lessons/']")
        assert page.locator(".prose p").count() > 0
        first = page.url
        go(page, ".foot-nav a[href*='/lessons/']")
        assert page.url != first

    def prints(self, page: Page, script: bool) -> None:
        """On paper there is the letter, on one page, and nothing of the site."""
        page.emulate_media(media="print")
        assert page.locator("article.letter").is_visible()
        shown = page.locator("main .screen-only, header.masthead, footer.footer, main .buttons")
        assert [one for one in shown.all() if one.is_visible()] == []
        paper = page.pdf(format="Letter")
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
