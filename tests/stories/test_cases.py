"""The three practice cases in a browser: a slip, then no fault, in both languages, with and without script."""

from dataclasses import dataclass

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from jalon.core.cases.questions import QUESTIONS
from jalon.core.cases.replay import play
from jalon.core.packs import PracticeCase
from jalon.demo import words
from jalon.demo.story import Story
from jalon.training.models import CaseRun
from tests.stories.conftest import DESK, PHONE, Visit

CASES = ("first-confidence", "group-chat", "older-contact")
ANSWERS = words.LOOK_BACK["fr"]


def go(page: Page, button: str) -> None:
    """Press the first such button, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(button).first.click()


@dataclass
class Player:
    """The learner of the story in front of a case. Each method is a step of the way."""

    visit: Visit
    prefix: str
    case: PracticeCase

    @property
    def page(self) -> Page:
        return self.visit.page

    @property
    def entrance(self) -> str:
        return f"{self.prefix}/programs/sexto/architect/cases/{self.case.id}/"

    def begins(self) -> None:
        self.visit.open(self.entrance)
        self.visit.check()
        go(self.page, "form[action*='/runs/'] button")

    def chooses(self, path: tuple[str, ...], *, by_key: bool = False) -> None:
        """Choose at each moment, and read what follows."""
        for choice in path:
            card = self.page.locator(f"input[name=choice][value='{choice}']")
            if by_key:
                place = self.page.locator("input[name=choice]").evaluate_all(
                    "(all, value) => all.findIndex((one) => one.value === value) + 1", choice
                )
                self.page.locator("input[name=choice]").first.focus()
                self.page.keyboard.press(str(place))
                expect(card).to_be_checked()
            else:
                card.check(force=True)
            go(self.page, "form:has(input[name=choice]) button[type=submit]")
            assert self.page.locator(".followed").is_visible()
            go(self.page, "main .buttons a")

    def looks_back(self) -> None:
        self.visit.check()
        assert self.page.locator("input[name=choice]").count() == 0
        go(self.page, "a[href$='/questions/']")
        for question in QUESTIONS:
            self.page.fill(f"textarea[name={question.id}]", ANSWERS[question.id])
        self.visit.check()
        go(self.page, "form:has(textarea) button[type=submit]")
        assert self.page.url.endswith("/result/")

    def sees_the_two_paths(self, *, is_clean: bool) -> None:
        assert self.page.locator(".notice-ok").count() == (1 if is_clean else 0)
        assert self.page.locator("ol.pairs .pair").count() >= 10
        for fold in self.page.locator("details:not([open]) > summary").all()[:3]:
            fold.click() if fold.is_visible() else None
        self.visit.check()


def replays(story: Story, case: PracticeCase) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a recorded path with a slip, and one without a fault."""
    protocol = story.release.pack.protocol
    judged = {play(protocol, case.case, replay.path).is_clean: replay.path for replay in reversed(case.case.replays)}
    return judged[False], judged[True]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize(
    ("prefix", "script", "width"),
    [("", True, PHONE), ("/en", False, DESK)],
    ids=["French-phone", "English-without-JavaScript"],
)
class TestAPracticeCase:
    def test_is_played_with_a_slip_then_without_a_fault(self, story, visit, prefix, script, width, name):
        case = story.release.pack.cases[name]
        slip, clean = replays(story, case)
        player = Player(visit(story.people["learner"], width=width, script=script), prefix, case)
        for path, is_clean in ((slip, False), (clean, True)):
            player.begins()
            player.visit.check()
            player.chooses(path, by_key=script)
            player.looks_back()
            player.sees_the_two_paths(is_clean=is_clean)
        runs = CaseRun.objects.filter(enrolment=story.following, case=name).order_by("number")
        assert [run.is_clean for run in runs] == [False, True, False, True]
        connection.close()


class TestLeavingInTheMiddle:
    def test_comes_back_to_where_one_was(self, story, visit):
        case = story.release.pack.cases["group-chat"]
        player = Player(visit(story.people["learner"]), "", case)
        player.begins()
        player.chooses(("look-away", "alert-now"))
        here = player.page.url
        player.visit.open(player.entrance)
        go(player.page, "main .buttons a")
        assert player.page.url == here

    def test_going_back_shows_the_answer_that_stands(self, story, visit):
        case = story.release.pack.cases["group-chat"]
        player = Player(visit(story.people["learner"]), "", case)
        player.begins()
        player.chooses(("look-away",))
        player.page.go_back()
        assert player.page.locator(".followed").is_visible()
        assert player.page.locator("input[name=choice]").count() == 0
