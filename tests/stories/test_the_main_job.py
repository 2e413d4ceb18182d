"""The main job: from an account to a proof that a stranger checks, in both languages, with and without JavaScript."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from jalon.accounts.models import Person
from jalon.core import codes
from jalon.core.cases.questions import QUESTIONS
from jalon.core.packs import Lesson, PracticeCase, Quiz, Reflection
from jalon.credentials.models import Award
from jalon.demo import words
from jalon.demo.cast import SCHOOL
from jalon.demo.story import Story, right_answers
from jalon.notices.models import Message
from tests.stories.conftest import PHONE, Visit

NAME = "Émile-Zoé Exemple"
ADDRESS = "emile.exemple@ecole.example"


@dataclass
class Learner:
    """The person of the story, with the window in front of them. Each method is a step of the way."""

    visit: Visit
    prefix: str
    story: Story

    @property
    def page(self) -> Page:
        return self.visit.page

    def open(self, path: str) -> None:
        self.visit.open(self.prefix + path)

    def send(self) -> None:
        go(self.page, "main form button[type=submit]")

    def creates_an_account(self) -> None:
        self.open("/account/sign-up/")
        self.visit.check()
        self.page.fill("input[name=email]", ADDRESS)
        self.send()
        self.page.wait_for_selector("input[name=code]")
        self.page.fill("input[name=code]", the_code(ADDRESS))
        self.visit.check()
        self.send()
        self.page.wait_for_url(re.compile(r"/path/|/account/"))

    def gives_name_and_school(self) -> None:
        self.open("/account/")
        self.page.fill("input[name=legal_name]", NAME)
        go(self.page, "form[action$='/account/name/'] button")
        self.open(f"/account/schools/new/?q={SCHOOL}")
        self.page.locator("input[name=school]").first.check(force=True)
        self.page.locator("input[name=role]").first.check(force=True)
        go(self.page, "form:has(input[name=school]) button[type=submit]")
        self.visit.check()

    def is_told_why_the_program_is_closed(self) -> None:
        self.open("/programs/sexto/explorer/")
        assert self.page.locator("main form[action$='/enrolment/']").count() == 0
        self.visit.check()

    def follows_the_program(self) -> None:
        self.open("/programs/sexto/explorer/")
        go(self.page, "main form[action$='/enrolment/'] button")

    def reads_every_lesson(self) -> None:
        pack = self.story.release.pack
        for lesson in pack.activities(pack.level("explorer")):
            if isinstance(lesson, Lesson):
                self.open(f"/programs/sexto/explorer/lessons/{lesson.id}/")
                for _part in lesson.parts:
                    go(self.page, "form[action$='/reading/'] button")

    def passes_the_quiz(self) -> None:
        pack = self.story.release.pack
        quiz = next(one for one in pack.activities(pack.level("explorer")) if isinstance(one, Quiz))
        self.open(f"/programs/sexto/explorer/quizzes/{quiz.id}/")
        for question, options in right_answers(quiz).items():
            for option in options:
                self.page.locator(f"input[name$='{question}'][value='{option}']").check(force=True)
        self.send()
        self.page.wait_for_url(re.compile("/tries/1/"))
        self.visit.check()

    def plays_every_case(self) -> None:
        pack = self.story.release.pack
        for case in pack.activities(pack.level("architect")):
            if isinstance(case, PracticeCase):
                self.open(f"/programs/sexto/architect/cases/{case.id}/")
                go(self.page, "main .buttons form button")
                for choice in self.story.recorded(case)[1]:
                    self.page.locator(f"input[name=choice][value='{choice}']").check(force=True)
                    go(self.page, "form:has(input[name=choice]) button[type=submit]")
                    go(self.page, "main .buttons a")
                go(self.page, "a[href$='/questions/']")
                for question in QUESTIONS:
                    self.page.fill(f"textarea[name={question.id}]", words.LOOK_BACK["fr"][question.id])
                go(self.page, "form:has(textarea) button[type=submit]")
        self.visit.check()

    def answers_the_questions(self) -> None:
        pack = self.story.release.pack
        reflection = next(one for one in pack.activities(pack.level("architect")) if isinstance(one, Reflection))
        for prompt, text in zip(reflection.questions, words.ANSWERS["fr"], strict=True):
            self.open(f"/programs/sexto/architect/reflections/{reflection.id}/{prompt.id}/")
            self.page.fill("textarea[name=text]", text)
            go(self.page, "button[name=go][value=next]")
        self.open(f"/programs/sexto/architect/reflections/{reflection.id}/check/")
        self.visit.check()
        self.page.locator("input[name=confirm]").check(force=True)
        go(self.page, "form[action$='/submission/'] button[type=submit]")
        self.page.wait_for_url(re.compile("/requests/"))
        self.visit.check()


def go(page: Page, button: str) -> None:
    """Press the first such button, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(button).first.click()


def the_code(address: str) -> str:
    """Return the code of the last mail to this address, as its reader would."""
    body = Message.objects.filter(address=address).order_by("-queued_at").first().body
    return next(line.strip() for line in body.splitlines() if re.fullmatch(r"[A-Z0-9-]{4,12}", line.strip()))


def the_registrar_confirms(visit, story: Story, prefix: str) -> None:
    window = visit(story.people["registrar"])
    window.open(prefix + "/members/")
    window.check()
    go(window.page, f"tr:has-text('{NAME}') button[formaction$='/confirmation/']")


def the_reviewer_accepts(visit, story: Story, prefix: str) -> None:
    window = visit(story.people["reviewer"])
    window.open(prefix + "/review/")
    window.check()
    go(window.page, "main tbody tr:last-child a[href*='/review/']")  # the latest: the demonstration has one that waits
    go(window.page, "form[action$='/claim/'] button")
    window.check()
    window.page.locator("details:has(form[action$='/acceptance/']) > summary").click()
    form = window.page.locator("form[action$='/acceptance/']")
    for box in form.locator("input[type=checkbox]").all():
        box.check(force=True)
    go(window.page, "form[action$='/acceptance/'] button[type=submit]")


def a_stranger_checks(visit, award: Award, prefix: str, folder: Path) -> None:
    """By the code, by the page that the QR opens, and by the file that the holder sent."""
    window = visit(width=PHONE)
    window.open(f"{prefix}/v/{codes.display(award.code)}/")
    assert NAME in window.page.content()
    window.check()
    paper = window.page.request.get(f"{window.base}/v/{codes.display(award.code)}/attestation-fr.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    file = folder / "recu.pdf"
    file.write_bytes(paper.body())
    window.open(f"{prefix}/verify/")
    window.page.set_input_files("input[type=file]", file)
    go(window.page, "main form button[type=submit]")
    assert NAME in window.page.locator("main").inner_text()
    window.check()
    window.page.fill("input[name=code]", codes.display(award.code).replace("0", "O").lower())
    go(window.page, "main form button[type=submit]")
    assert NAME in window.page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("prefix", "script"), [("", True), ("/en", False)], ids=["French", "English-without-JavaScript"]
)
class TestTheMainJob:
    def test_leads_from_an_account_to_a_proof(self, story, visit, tmp_path, prefix, script):
        learner = Learner(visit(width=PHONE, script=script), prefix, story)
        learner.creates_an_account()
        learner.gives_name_and_school()
        learner.is_told_why_the_program_is_closed()
        the_registrar_confirms(visit, story, prefix)
        learner.follows_the_program()
        learner.reads_every_lesson()
        learner.passes_the_quiz()
        learner.plays_every_case()
        learner.answers_the_questions()
        the_reviewer_accepts(visit, story, prefix)
        person = Person.objects.get(email=ADDRESS)
        award = Award.objects.get(holder=person, level_key="sexto/architect")
        assert award.facts["name"] == NAME
        assert len(award.facts["cases"]) == 3
        a_stranger_checks(visit, award, prefix, tmp_path)
