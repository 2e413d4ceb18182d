"""What each line of a file says, for the four kinds of files that fill the register. See docs/reference/imports.md."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import slugify

from jalon.core.periods import why_not_period
from jalon.core.refusals import Refusal, Refused
from jalon.core.tables import Problem, Row, code, day, headings
from jalon.places.models import KINDS
from jalon.web.tables import Table

# The columns of each kind: ours first, then the names that they have in other files.
# Sources: the ministry's open data (donneesquebec.ca), Microsoft School Data Sync v2.1, 1EdTech OneRoster 1.2.
MUNICIPALITIES = {
    "code": ("mcode", "MUS_CO_GEO", "code municipal"),
    "name": ("munnom", "MUS_NM_MUN", "nom"),
    "region_code": ("MUS_CO_REG", "code région"),
    "region": ("MUS_NM_REG", "regadm", "région"),
}
POLICE = {
    "code": ("police_code", "code"),
    "name": ("police_name", "nom"),
    "contact": ("contact public", "bureau"),
    "municipality": ("municipality_code", "code municipal"),
    "from": ("depuis", "starts_on"),
    "until": ("jusqu’au", "ends_on"),
}
BODIES = {
    "code": ("CD_CS", "CD_ORGNS"),
    "name": ("NOM_CS", "NOM_OFFCL_ORGNS", "NOM_OFFCL", "nom"),
    "kind": ("genre",),
}
SCHOOLS = {
    "code": ("CD_ORGNS", "code école"),
    "name": ("NOM_OFFCL_ORGNS", "NOM_OFFCL", "nom"),
    "body": ("body_code", "CD_CS", "code organisme"),
    "body_name": ("NOM_CS", "organisme"),
    "body_kind": ("genre organisme",),
    "network": ("RESEAU",),
    "street": ("ADRS_GEO_L1_GDUNO_ORGNS", "ADRS_GEO_L1_GDUNO", "ADRS_GEO_L1_GDUNO_IMM", "adresse"),
    "postal_code": ("CD_POSTL_GDUNO_ORGNS", "CD_POSTL_GDUNO", "CD_POSTL_GDUNO_IMM", "code postal"),
    "municipality": (
        "municipality_code",
        "CD_MUNCP_GDUNO_ORGNS",
        "CD_MUNCP_GDUNO",
        "CD_MUNCP",
        "CD_MUNCP_GDUNO_IMM",
        "code municipal",
    ),
    "from": ("depuis", "starts_on"),
    "until": ("jusqu’au", "ends_on"),
}
ORGS = {
    "id": ("sourcedId",),
    "name": ("name",),
    "type": ("type",),
    "identifier": ("identifier",),
    "parent": ("parentSourcedId",),
    "status": ("status",),
}
COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "municipalities": MUNICIPALITIES,
    "police": POLICE,
    "bodies": BODIES,
    "schools": SCHOOLS,
}
NEEDED = {
    "municipalities": ("code", "name"),
    "police": ("code", "name", "municipality"),
    "bodies": ("code", "name"),
    "schools": ("code", "name"),
}
DIGITS = {"municipality": 5, "region_code": 2, "body": 6}
LONGEST = {"name": 150, "region": 100, "contact": 200, "body_name": 150, "street": 200, "postal_code": 7}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, read: text by column, and the days of its period."""

    number: int
    said: Mapping[str, str]
    starts_on: date | None = None
    ends_on: date | None = None

    def __getitem__(self, column: str) -> str:
        return self.said.get(column, "")


@dataclass
class Reading:
    """What reading a file found besides its lines: what stops it, how its days were written, what was passed over."""

    problems: list[Problem] = field(default_factory=list)
    forms: Counter[str] = field(default_factory=Counter)
    ignored: tuple[str, ...] = ()
    lines: int = 0


def lines_of(kind: str, table: Table, reading: Reading) -> Iterator[Line]:
    """Yield the lines that can be read; the others are problems of the reading.

    Raises:
        Refused: a needed column is missing.
    """
    columns = ORGS if is_orgs(kind, table) else COLUMNS[kind]
    found = headings(table.headers, columns)
    needed = ("id", "name", "type") if columns is ORGS else NEEDED[kind]
    if missing := [name for name in needed if name not in found]:
        raise Refused(Refusal("table-columns-missing", {"columns": ", ".join(missing)}))
    reading.ignored = tuple(name for name in table.headers if name and name not in found.values())
    for row in table:
        reading.lines += 1
        if line := _line(kind, row, found, reading):
            yield line


def is_orgs(kind: str, table: Table) -> bool:
    """Tell whether a file of schools is `orgs.csv` of School Data Sync or OneRoster."""
    return kind == "schools" and {"sourcedId", "type"} <= set(table.headers)


def _line(kind: str, row: Row, found: Mapping[str, str], reading: Reading) -> Line | None:
    """Return the line with its codes and days read, or nothing; every problem of the line is told."""
    before = len(reading.problems)
    reading.problems += row.problems()
    said = {column: " ".join(row.cells[name].split()) for column, name in found.items()}

    def tell(column: str, refusal: Refusal) -> None:
        reading.problems.append(Problem(row.line, found.get(column, column), said.get(column, ""), refusal))

    for column in NEEDED[kind] if "type" not in found else ("id", "name"):
        if not said[column]:
            tell(column, Refusal("cell-missing"))
    for column, longest in LONGEST.items():
        if len(said.get(column, "")) > longest:
            tell(column, Refusal("cell-too-long", {"longest": longest}))
    if "type" not in found:
        _codes(kind, said, tell)
    days = {column: _day(column, said, tell, reading) for column in ("from", "until")}
    if days["from"] and (reversed_ := why_not_period(days["from"], days["until"])):
        tell("until", reversed_)
    return None if len(reading.problems) > before else Line(row.line, said, days["from"], days["until"])


Tell = Callable[[str, Refusal], None]


def _codes(kind: str, said: dict[str, str], tell: Tell) -> None:
    """Each code has its digits, with the zero that a spreadsheet drops; a police service has a word instead."""
    digits = {**DIGITS, "code": {"municipalities": 5, "police": 0}.get(kind, 6)}
    if kind == "police":
        said["code"] = slugify(said["code"])[:50]
    if said.get("network", "").lower().startswith("priv") and not said.get("body"):
        said |= {"body": said["code"], "body_name": said["name"], "body_kind": "PRIVATE"}
    for column, count in digits.items():
        if count and said.get(column):
            read = code(said[column], digits=count)
            if read is None:
                tell(column, Refusal("code-malformed", {"digits": count}))
            said[column] = read or said[column]
    for column in ("kind", "body_kind"):
        if said.get(column) and said[column] not in KINDS:
            tell(column, Refusal("kind-unknown", {"kinds": ", ".join(KINDS)}))


def _day(column: str, said: Mapping[str, str], tell: Tell, reading: Reading) -> date | None:
    if not said.get(column):
        return None
    read = day(said[column])
    if read is None:
        tell(column, Refusal("day-malformed"))
        return None
    reading.forms[read.form] += 1
    return read.value


def from_orgs(lines: list[Line], reading: Reading) -> list[Line]:
    """Return the lines of `orgs.csv` as lines of schools with their bodies; districts are bodies.

    The code is `identifier`, else `sourcedId`, where it has six digits. What is marked to be deleted is passed over.
    """
    kept = [line for line in lines if line["status"].lower() != "tobedeleted"]
    by_id = {line["id"]: line for line in kept}
    schools = [line for line in kept if line["type"].lower() == "school"]
    return [read for line in schools if (read := _of_org(line, by_id, reading))]


def _of_org(line: Line, by_id: Mapping[str, Line], reading: Reading) -> Line | None:
    parent = by_id.get(line["parent"])
    said: dict[str, Any] = {"code": _org_code(line), "name": line["name"]}
    if parent is not None:
        said |= {"body": _org_code(parent), "body_name": parent["name"]}
    for column in ("code", "body"):
        if said.get(column) is None and (column == "code" or parent is not None):
            refusal = Refusal("code-malformed", {"digits": 6})
            reading.problems.append(Problem(line.number, "identifier", line["identifier"] or line["id"], refusal))
            return None
    return Line(line.number, said)


def _org_code(line: Line) -> str | None:
    return code(line["identifier"], digits=6) or code(line["id"], digits=6)
