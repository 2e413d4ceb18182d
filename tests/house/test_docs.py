"""The pages lead somewhere: every link is there, every command that they type exists, every command has its page."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from jalon.core.typography import folded

ROOT = settings.ROOT
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("packs/*/README.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")
TYPED = re.compile(r"\./dev manage ([a-z_]+)")
OURS = {name for name, app in get_commands().items() if app.startswith("jalon.")}
ELSEWHERE = {"bench", "demo", "serve", "preview"}  # three verbs of ./dev, and what `pack preview` runs
TWINS = {
    "apprendre": "learn",
    "ecrire-un-contenu": "write-content",
    "inscrire": "register",
    "reviser": "review",
    "se-connecter": "sign-in",
    "tenir-les-ententes": "keep-agreements",
    "verifier": "verify",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(text: str) -> set[str]:
    """Return what the headings of a page are called in a link, as the usual readers of Markdown make it."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken(page: Path) -> list[str]:
    found = []
    for link in LINK.findall(page.read_text()):
        path, _, anchor = link.partition("#")
        if ":" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text())):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=name_of)
class TestAPage:
    def test_leads_only_where_something_is(self, page):
        assert broken(page) == []

    def test_types_only_commands_that_exist(self, page):
        assert set(TYPED.findall(page.read_text())) - set(get_commands()) == set()


class TestTheDocumentation:
    def test_lists_every_page_of_its_shelves(self):
        listed = {(ROOT / "docs" / link).resolve() for link in LINK.findall((ROOT / "docs/README.md").read_text())}
        shelved = {page for page in PAGES if page.parent.name in {"fr", "en", "how-to", "reference", "explanation"}}
        assert sorted(name_of(page) for page in shelved - listed) == []

    def test_has_a_glossary_in_the_order_of_the_french_alphabet(self):
        rows = re.findall(r"^\| ([^|`]+?) \|", (ROOT / "docs/reference/glossary.md").read_text(), re.MULTILINE)
        terms = [folded(term) for term in rows[1:]]
        assert [term for term, next_one in pairwise(terms) if term > next_one] == []

    def test_has_each_page_of_people_in_both_languages(self):
        written = {
            language: {page.stem for page in ROOT.glob(f"docs/users/{language}/*.md")} for language in ("fr", "en")
        }
        assert {TWINS.get(stem, stem) for stem in written["fr"]} == written["en"]

    def test_tells_of_every_command(self):
        told = {command for page in PAGES for command in TYPED.findall(page.read_text())}
        assert OURS - told - ELSEWHERE == set(), "name it in docs/how-to"
