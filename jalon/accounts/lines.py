"""What each line of a file of people says: our own columns, or `users` and `roles` of a school register.

Sources: 1EdTech OneRoster 1.2 (users, roles, orgs as CSV); Microsoft School Data Sync v2.1 CSV.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from jalon.accounts.models import ROLES
from jalon.accounts.notebook import Notebook
from jalon.core.names import clean_name, why_not_name
from jalon.core.periods import why_not_period
from jalon.core.refusals import Refusal, Refused, insist
from jalon.core.tables import Problem, Row, code, day, headings
from jalon.core.typography import folded
from jalon.web.tables import Table, open_table

PEOPLE = {
    "email": ("courriel", "adresse de courriel", "adresse courriel", "adresse électronique", "e-mail", "mail"),
    "name": ("legal_name", "nom légal", "nom complet"),
    "given": ("prénom", "givenName", "first name"),
    "family": ("nom de famille", "familyName", "last name", "nom"),
    "language": ("langue",),
    "school": ("école", "code école", "school_code"),
    "role": ("rôle", "fonction"),
    "from": ("depuis", "starts_on", "début"),
    "until": ("jusqu’au", "ends_on", "fin"),
}
USERS = {
    "id": ("sourcedId",),
    "status": ("status",),
    "enabled": ("enabledUser",),
    "email": ("email",),
    "username": ("username",),
    "given": ("givenName",),
    "family": ("familyName",),
}
WORKS = {
    "user": ("userSourcedId",),
    "org": ("orgSourcedId",),
    "role": ("role",),
    "status": ("status",),
    "from": ("beginDate", "roleStartDate"),
    "until": ("endDate", "roleEndDate"),
}
ORGS = {"id": ("sourcedId",), "identifier": ("identifier",)}
LONGEST_EMAIL = 254
# Words of files, folded, and the role that each is here.
SAID_ROLES = {
    "TEACHER": "teacher enseignant enseignante enseignement faculty instructor substitute professor",
    "PROFESSIONAL": "professional professionnel professionnelle counselor counsellor therapist specialist",
    "SUPPORT": "support soutien aide staff proctor paraprofessional officestaff teacherassistant employee",
    "MANAGEMENT": "management direction gestion cadre administrator principal districtadministrator "
    "siteadministrator systemadministrator",
}
ROLE_OF = {word: role for role, words in SAID_ROLES.items() for word in words.split()}
# Those who are not staff: their lines are passed over, and nothing of them is kept.
PASSED_OVER = {"student", "parent", "guardian", "relative", "eleve", "titulaire"}
LANGUAGES = {"fr": "fr-ca", "en": "en-ca"}
MOST_TOLD = 1_000


@dataclass(frozen=True, slots=True)
class Told:
    """A problem, and the file in which it is."""

    file: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Line:
    """One place of work of one person, read."""

    file: str
    number: int
    email: str
    name: str
    language: str
    school: str
    role: str
    starts_on: date | None
    ends_on: date | None


@dataclass
class Reading:
    """What reading the files found besides their lines.

    Args:
        problems: the first thousand; `wrong` counts them all.
    """

    problems: list[Told] = field(default_factory=list)
    wrong: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    ignored: set[str] = field(default_factory=set)
    lines: int = 0
    passed_over: int = 0

    def tell(self, file: str, line: int, column: str, value: str, refusal: Refusal) -> None:
        self.keep(file, Problem(line, column, value, refusal))

    def keep(self, file: str, problem: Problem) -> None:
        self.wrong += 1
        if self.wrong <= MOST_TOLD:
            self.problems.append(Told(file, problem))


@dataclass(frozen=True, slots=True)
class Said:
    """A row by our columns, with a way to say what is wrong in it."""

    file: str
    row: Row
    columns: Mapping[str, str]
    reading: Reading

    def __getitem__(self, column: str) -> str:
        heading = self.columns.get(column)
        return " ".join(self.row.cells[heading].split()) if heading else ""

    def tell(self, column: str, refusal: Refusal) -> None:
        heading = self.columns.get(column, column)
        self.reading.tell(self.file, self.row.line, heading, self[column], refusal)


Progress = Callable[[Iterable[Said]], Iterable[Said]]


def lines_of(
    files: Sequence[Path], reading: Reading, *, notebook: Notebook, progress: Progress = iter
) -> Iterator[Line]:
    """Yield the lines that can be read, one in memory at a time; the others are problems of the reading.

    Args:
        notebook: keeps the people of a school register until the lines that name them.

    Raises:
        Refused: a file is no table, or lacks a column or its companion.
    """
    kinds = {kind_of(path): path for path in files}
    insist(Refusal("people-files-mixed") if len(kinds) < len(files) or not _go_together(set(kinds)) else None)
    if "people" in kinds:
        rows = _rows(kinds["people"], PEOPLE, ("email", "school", "role"), reading)
        yield from (line for said in progress(rows) if (line := _line(said, said, said["school"])))
        return
    users = Users(kinds["users"], reading, notebook)
    schools = _schools(kinds.get("orgs"), reading)
    works = _rows(kinds["roles"], WORKS, ("user", "org", "role"), reading)
    yield from (line for said in progress(works) if (line := _of_role(said, users, schools)))


def _go_together(kinds: set[str]) -> bool:
    return kinds in ({"people"}, {"users", "roles"}, {"users", "roles", "orgs"})


def kind_of(path: Path) -> str:
    """Return what a file holds, by its headings: "users", "roles" or "orgs" of a school register, else "people"."""
    with open_table(path) as table:
        names = set(table.headers)
    if "userSourcedId" in names:
        return "roles"
    if "sourcedId" in names:
        return "users" if {"givenName", "familyName"} & names else "orgs"
    return "people"


def _rows(path: Path, known: Mapping[str, Sequence[str]], needed: Sequence[str], reading: Reading) -> Iterator[Said]:
    with open_table(path) as table:
        columns = headings(table.headers, known)
        if missing := [name for name in needed if name not in columns]:
            raise Refused(Refusal("table-columns-missing", {"columns": ", ".join(missing)}))
        reading.ignored |= _ignored(table, columns)
        for row in table:
            reading.lines += 1
            for problem in row.problems():
                reading.keep(path.name, problem)
            yield Said(path.name, row, columns, reading)


def _ignored(table: Table, columns: Mapping[str, str]) -> set[str]:
    return {name for name in table.headers if name and name not in columns.values()}


class Users:
    """The people of a school register by their keys, in the notebook: there may be as many as there are pupils."""

    def __init__(self, path: Path, reading: Reading, notebook: Notebook) -> None:
        self.file, self.reading, self.notebook = path.name, reading, notebook
        self.columns: Mapping[str, str] = {}
        for said in _rows(path, USERS, ("id", "given", "family"), reading):
            self.columns = said.columns
            cells = {heading: said.row.cells[heading] for heading in said.columns.values()}
            before = notebook.note("user", said["id"], json.dumps([said.row.line, cells]))
            if before and json.loads(before)[1] != cells:
                said.tell("id", Refusal("user-doubled", {"line": json.loads(before)[0]}))

    def get(self, key: str) -> Said | None:
        noted = self.notebook.read("user", key)
        if noted is None:
            return None
        line, cells = json.loads(noted)
        return Said(self.file, Row(line, cells), self.columns, self.reading)


def _schools(path: Path | None, reading: Reading) -> dict[str, str]:
    """Return the codes of schools by their keys in the register; a key that is a code needs no file."""
    rows = _rows(path, ORGS, ("id",), reading) if path else ()
    return {said["id"]: said["identifier"] for said in rows if said["identifier"]}


def _of_role(said: Said, users: Users, schools: Mapping[str, str]) -> Line | None:
    """Return a line of `roles`, with the person of `users`; who is not staff, or gone, is passed over."""
    user = users.get(said["user"])
    gone = "tobedeleted" in {said["status"].lower(), user["status"].lower() if user else ""}
    if gone or _plain(said["role"]) in PASSED_OVER or (user and user["enabled"].lower() == "false"):
        said.reading.passed_over += 1
        return None
    if user is None:
        said.tell("user", Refusal("user-unknown"))
        return None
    return _line(said, user, schools.get(said["org"], said["org"]))


def _line(said: Said, who: Said, school: str) -> Line | None:
    """Return the line, or nothing; every problem of it is told.

    Args:
        said: the row that says where and in which role.
        who: the row that says who; the same one in our own files.
    """
    before = said.reading.wrong
    role = ROLE_OF.get(_plain(said["role"]), said["role"].upper())
    if _plain(said["role"]) in PASSED_OVER:
        said.reading.passed_over += 1
        return None
    if role not in ROLES:
        said.tell("role", Refusal("role-unknown") if said["role"] else MISSING)
    read = code(school, digits=6)
    if read is None:
        said.tell("org" if "org" in said.columns else "school", Refusal("code-malformed", {"digits": 6}))
    email, name = _email(who), _name(who)
    days = {column: _day(said, column) for column in ("from", "until")}
    if days["from"] and (reason := why_not_period(days["from"], days["until"])):
        said.tell("until", reason)
    if said.reading.wrong > before:
        return None
    language = LANGUAGES.get(who["language"].lower()[:2], "")
    return Line(said.file, said.row.line, email, name, language, read or "", role, days["from"], days["until"])


MISSING = Refusal("cell-missing")


@lru_cache(maxsize=1_000)
def _plain(role: str) -> str:
    return folded(role).replace(" ", "").replace("-", "").replace("_", "").removeprefix("personnel")


def _email(who: Said) -> str:
    email = (who["email"] or (who["username"] if "@" in who["username"] else "")).lower()
    try:
        validate_email(email)
    except ValidationError:
        who.tell("email", Refusal("email-malformed") if email else MISSING)
    if len(email) > LONGEST_EMAIL:
        who.tell("email", Refusal("cell-too-long", {"longest": LONGEST_EMAIL}))
    return email


def _name(who: Said) -> str:
    """Return the name as it would be printed; empty when the file has none: the person then writes it."""
    name = who["name"] or f"{who['given']} {who['family']}".strip()
    if name and (reason := why_not_name(name)):
        who.tell("name" if who["name"] else "family", reason)
    return clean_name(name)


def _day(said: Said, column: str) -> date | None:
    if not said[column]:
        return None
    read = day(said[column])
    if read is None:
        said.tell(column, Refusal("day-malformed"))
        return None
    said.reading.forms[read.form] += 1
    return read.value
