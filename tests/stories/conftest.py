"""Stories in a real browser: Chromium with the strict policy on, axe at each step, and nothing in the console."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, CDPSession, ConsoleMessage, Page, expect

from jalon.accounts.models import Person
from jalon.demo.story import Story

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # sync Playwright keeps a loop in the thread of the test

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
PATIENCE = 120_000  # a busy machine is slow, not wrong
expect.set_options(timeout=PATIENCE)
EXPECTED = ("the server responded with a status of 4",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every story writes to the database and sees what it committed."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "Chromium is not here: ./dev test installs it or says how."
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS, "timeout": PATIENCE}


@dataclass
class Visit:
    """One browser window on the site: who is there, and what went wrong on the way."""

    page: Page
    base: str
    problems: list[str]
    script: bool = True
    status: int = 0

    def open(self, path: str) -> Page:
        self.status = self.page.goto(self.base + path).status
        return self.page

    def check(self) -> None:
        """The page is accessible, fits the window, and the browser had nothing to say."""
        found = self.findings()
        assert not found, "\n".join([self.page.url.removeprefix(self.base), *found])

    def findings(self) -> list[str]:
        """Return what is wrong with the page as it stands; what the browser said is told once."""
        self.page.wait_for_load_state()  # half a page, or one whose style is on its way, is judged by nobody
        found = self.axe()
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append("scrolls sideways")
        if cut := self.page.evaluate(CUT_OFF):
            found.append(f"cut off: {cut}")
        if words := self.page.evaluate(CUT_WORDS):
            found.append(f"words cut between two letters: {words}")
        if small := self.page.evaluate(SMALL_TARGETS):
            found.append(f"targets under 24 px: {small}")
        found += self.problems
        self.problems.clear()
        return found

    def axe(self) -> list[str]:
        """Return what axe finds, by rule and element; its script is put into each page once."""
        if not self.page.evaluate("Boolean(window.axe)"):
            self.page.evaluate(AXE.axe_script)
        with self.timers():
            self.page.evaluate(LOOK)
            return list(self.page.wait_for_function("() => window.axeSays").json_value())

    @contextmanager
    def timers(self) -> Iterator[None]:
        """Timers tick, for which axe waits. Where scripts are off, the page has none of its own that could run now."""
        if self.script:
            yield
            return
        self.devtools.send(*SCRIPTS_ON)
        try:
            yield
        finally:
            self.devtools.send(*SCRIPTS_OFF)

    @cached_property
    def devtools(self) -> CDPSession:
        """The switch of scripts in a window without them: it takes back only what it has said itself."""
        session = self.page.context.new_cdp_session(self.page)
        session.send(*SCRIPTS_OFF)
        return session


AXE = Axe()
SCRIPTS_ON, SCRIPTS_OFF = (("Emulation.setScriptExecutionDisabled", {"value": off}) for off in (False, True))
LOOK = """() => {
  window.axeSays = null;
  const told = ({id, help, nodes}) =>
    nodes.map(({target, failureSummary}) => `axe ${id} (${help}): ${target.join(" ")}: ${failureSummary}`);
  axe.run(document, {resultTypes: ["violations"], preload: false}).then(
    ({violations}) => window.axeSays = violations.flatMap(told),
    (error) => window.axeSays = [`axe failed: ${error}`]);
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, select, summary, textarea")]
  .filter(one => one.offsetParent !== null && !one.closest(".sr-only, p, li, dd, .prose, .skip"))
  .map(one => ({box: one.getBoundingClientRect(), label: one.textContent.trim() || one.name}))
  .filter(({box}) => box.width > 0 && box.height > 0 && (box.height < 23.5 || box.width < 23.5))
  .map(({label, box}) => `${label} ${Math.round(box.width)}×${Math.round(box.height)}`)"""

# No tag leaves its card. On a phone rows are cards: what they hold wraps, and no box hides its end.
CUT_OFF = """() => [...document.querySelectorAll(".table-box, .summary, .tags")]
  .filter(one => (innerWidth <= 640 || one.matches(".tags")) && one.scrollWidth > one.clientWidth + 1)
  .map(one => `${one.className} ${one.clientWidth} < ${one.scrollWidth}`)"""


# A line ends between words, or after a hyphen. Addresses and other signs for machines may be cut anywhere.
CUT_WORDS = r"""() => {
  const cut = [], range = document.createRange();
  const texts = innerWidth <= 640 && document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts && texts.nextNode()) {
    const text = texts.currentNode, home = text.parentElement;
    if (!home.checkVisibility() || home.closest("script, style, code, pre, svg, thead, .sr-only, .skip")) continue;
    for (const said of text.data.matchAll(/\S+/g))
      for (const word of /[@\d_]/.test(said[0]) ? [] : said[0].matchAll(/[\p{L}\p{M}]{2,}/gu)) {
        range.setStart(text, said.index + word.index);
        range.setEnd(text, said.index + word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) cut.push(word[0]);
      }
  }
  return cut;
}"""


@pytest.fixture
def story(tmp_path: Path, settings, live_server) -> Story:
    """The demonstration's story, played on this database: people, places, pack, awards, files."""
    settings.JALON_DEMO = True
    settings.EMAIL_BACKEND = "jalon.notices.mail.OutboxBackend"  # as on a real site: pytest-django replaces it
    settings.JALON_ORIGIN = live_server.url
    settings.JALON_KEYS = tmp_path / "keys"
    told = Story(tmp_path)
    list(told.play())
    return told


@pytest.fixture
def visit(browser: Browser, live_server) -> Iterator[Callable[..., Visit]]:
    """Open a window: `visit(person, width=PHONE, scheme="dark", script=False)`."""
    contexts: list[BrowserContext] = []

    def opened(person: Person | None = None, *, width=DESK, scheme: str = "light", script: bool = True) -> Visit:
        context = browser.new_context(
            locale="fr-CA",
            timezone_id="America/Toronto",
            viewport=width,
            color_scheme=scheme,
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person)
            context.add_cookies(
                [{"name": one.key, "value": one.value, "url": live_server.url} for one in client.cookies.values()]
            )
        page = context.new_page()
        seen = Visit(page, live_server.url, [], script)
        page.on("console", lambda message: note(seen, message))
        page.on("pageerror", lambda error: seen.problems.append(str(error)))
        return seen

    yield opened
    for context in contexts:
        context.close()


def note(visit: Visit, message: ConsoleMessage) -> None:
    if message.type in {"error", "warning"} and not any(words in message.text for words in EXPECTED):
        visit.problems.append(message.text)
