"""The repository speaks of the project alone, its people are fictional, and its pages load nothing from elsewhere."""

import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = settings.ROOT
TEXTS = {".py", ".md", ".html", ".css", ".js", ".po", ".yaml", ".yml", ".svg", ".typ", ".txt", ".toml", ".cff", ""}
NAMESPACES = {"www.w3.org"}
FICTIONAL = (".example", ".test", ".invalid")
MACHINE = re.compile(r"/(?:work|home|root|Users)/\w|\\Users\\")
INDEX = re.compile(r"--(?:extra-)?index-url|--find-links|\bpip\.conf\b")
ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)*\.[a-z]{2,})")
STUB = re.compile(r"(?:#|//|<!--)\s*(?:TODO|FIXME|XXX|HACK)\b|(?i:lorem ipsum|coming soon|bientôt disponible)")


def texts() -> list[Path]:
    """Return every text file that is part of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    paths = [ROOT / name for name in listed if name]
    return [path for path in paths if path.suffix in TEXTS and path.is_file() and path != Path(__file__)]


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {match.group()}"
        for path in paths
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


class TestTheRepository:
    def test_names_no_folder_of_a_machine(self):
        assert found(MACHINE, texts()) == []

    def test_names_no_package_index(self):
        assert found(INDEX, [path for path in texts() if path.name != "dev"]) == []

    def test_leaves_nothing_for_later(self):
        assert found(STUB, texts()) == []

    def test_writes_to_fictional_people_only(self):
        real = [
            f"{path.relative_to(ROOT)}: {match.group()}"
            for path in texts()
            for match in ADDRESS.finditer(path.read_text(errors="replace"))
            if not match.group(1).endswith(FICTIONAL)
        ]
        assert real == []


class TestFrench:
    PAGES = [path for path in texts() if path.suffix == ".po" or ".fr." in path.name or "/users/fr/" in path.as_posix()]

    def test_has_one_name_for_an_e_mail_address(self):
        """Source: Office québécois de la langue française, Vitrine linguistique, « adresse de courriel »."""
        assert len(self.PAGES) > 20
        assert found(re.compile(r"(?i)\badresses? (?:courriel|électronique|e-?mail)"), self.PAGES) == []

    def test_says_importation(self):
        """One word for it on the screens and in the documentation; « import » is the English one."""
        pattern = r"(?i)(?:\b(?:un|cet|les|des|ces|aux) |\b[dl]’)imports?\b|^msgstr \"imports?\b"
        assert found(re.compile(pattern), self.PAGES) == []


class TestEnglish:
    PAGES = [
        path
        for path in texts()
        if any(part in path.as_posix() for part in ("/templates/", "/users/en/", ".en.")) and ".fr." not in path.name
    ]
    BRITISH = r"(?i:recogn|author|summar|organ|apolog|real|minim|personal)is(?:e[sd]?|ing|ations?)"

    def test_is_spelled_as_in_canada(self):
        """Source: The Canadian Style, chapter 3 (spelling). A name in the code, `sheet.organisation`, is none of it."""
        assert len(self.PAGES) > 100
        assert found(re.compile(rf"(?<![.\w]){self.BRITISH}\b"), self.PAGES) == []
        assert found(re.compile(r"(?i)\b(?:behavior|favorite|labor|neighbor)s?\b"), self.PAGES) == []


# A script without an address of its own; data that a script reads is none.
INLINE = r'<script(?![^>]*\s(?:src=|type="application/json"))[^>]*>'


class TestAPage:
    PAGES = [*ROOT.glob("jalon/**/templates/**/*.html"), *ROOT.glob("jalon/**/static/**/*.*")]

    def test_loads_nothing_from_another_host(self):
        pattern = re.compile(r"(?:src|href|action|url\(|import)\W{1,3}(https?:)?//[^\s\"')]+")
        assert found(pattern, [path for path in self.PAGES if path.suffix in TEXTS]) == []

    def test_names_other_hosts_only_as_namespaces(self):
        hosts = {
            urlsplit(match.group()).hostname
            for path in self.PAGES
            if path.suffix in {".css", ".js", ".svg"}
            for match in re.finditer(r"https?://[\w.-]+", path.read_text())
        }
        assert hosts <= NAMESPACES

    @pytest.mark.parametrize("barred", [r"\sstyle=", r"\son\w+=\"", INLINE, r"javascript:"])
    def test_has_nothing_inline(self, barred):
        assert found(re.compile(barred), [path for path in self.PAGES if path.suffix == ".html"]) == []


def patterns(resolver: URLResolver, before: str = "") -> list[str]:
    """Return every address of the site, as it is written."""
    here = []
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        here += patterns(one, path) if isinstance(one, URLResolver) else [path] * isinstance(one, URLPattern)
    return here


class TestAnAddress:
    ALL = patterns(get_resolver())

    def test_holds_no_name_and_no_e_mail(self):
        asked = {name for path in self.ALL for name in re.findall(r"<(?:\w+:)?(\w+)>", path)}
        assert asked, "addresses have parameters"
        assert not asked & {"email", "mail", "name", "legal_name", "user", "username", "person", "holder"}
