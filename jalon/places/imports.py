"""From the lines of a file to what changes in the register: seen before it is done, all or nothing, no deletion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import models

from jalon.core.maps import rings_of
from jalon.core.periods import Period, Stay, laid, why_not_period
from jalon.core.refusals import Refusal
from jalon.core.tables import Problem
from jalon.places.lines import Line, Reading
from jalon.places.models import Address, Body, Municipality, PoliceService, Region, School, Serves, Shape

M = TypeVar("M", bound=models.Model)
BATCH = 500
Value = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one line changes: the code of what it speaks of, and each field before (empty when new) and after.

    Args:
        is_past: it also says otherwise of days before the one of the import, of which something was known.
    """

    line: int
    table: str
    code: str
    fields: Mapping[str, tuple[str, str]]
    is_new: bool = False
    is_past: bool = False


@dataclass
class Plan:
    """Everything that an import would do, in the order in which it is done."""

    reading: Reading
    on: date
    new: list[models.Model] = field(default_factory=list)
    changed: list[tuple[models.Model, tuple[str, ...]]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    unchanged: int = 0
    absent: list[str] = field(default_factory=list)

    def refuse(self, line: Line, column: str, refusal: Refusal) -> None:
        self.reading.problems.append(Problem(line.number, column, line[column], refusal))


class Shelf(Generic[M]):
    """The rows of one table by their codes, as they are and as the file would have them."""

    def __init__(self, plan: Plan, model: type[M], rows: Iterable[M] | None = None) -> None:
        self.plan, self.model = plan, model
        self.rows: dict[str, M] = {str(row): row for row in (model._default_manager.all() if rows is None else rows)}
        self.said: dict[str, tuple[int, dict[str, Any]]] = {}

    def put(self, line: Line, code: str, **fields: Any) -> M | None:
        """Return the row that has this code and these fields; nothing when another line says otherwise of it."""
        if before := self.said.get(code):
            if before[1] == fields:
                return self.rows[code]
            self.plan.refuse(line, "code", Refusal("row-doubled", {"line": before[0]}))
            return None
        self.said[code] = (line.number, fields)
        known = self.rows.get(code)
        if known is None:
            return self._add(line, code, fields)
        changes = {name: value for name, value in fields.items() if getattr(known, name) != value}
        shown = {name: (_shown(getattr(known, name)), _shown(value)) for name, value in changes.items()}
        for name, value in changes.items():
            setattr(known, name, value)
        if changes:
            self.plan.changed.append((known, tuple(changes)))
            self.plan.differences.append(Difference(line.number, self.table, code, shown))
        else:
            self.plan.unchanged += 1
        return known

    def _add(self, line: Line, code: str, fields: dict[str, Any]) -> M:
        row = self.model(code=code, **fields)
        self.rows[code] = row
        self.plan.new.append(row)
        shown = {name: ("", _shown(value)) for name, value in fields.items()}
        self.plan.differences.append(Difference(line.number, self.table, code, shown, is_new=True))
        return row

    @property
    def table(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def absent(self) -> list[str]:
        return sorted(set(self.rows) - set(self.said))


def _shown(value: object) -> str:
    return "" if value is None else str(value)


# The four kinds


def plan_municipalities(plan: Plan, lines: Sequence[Line], geometries: Mapping[int, Any]) -> None:
    regions, towns = Shelf(plan, Region), Shelf(plan, Municipality, Municipality.objects.select_related("region"))
    seen: dict[str, Region | None] = {}
    for line in lines:
        key = line["region_code"]
        if key and key not in seen:
            seen[key] = regions.put(line, key, name=line["region"] or key)
        region = {"region": seen[key]} if key else {}
        towns.put(line, line["code"], name=line["name"], **region)
    plan.absent = towns.absent
    if any("name" in fields for _, fields in plan.changed):
        _search(plan, School.objects.all(), Stays(plan, Address, "school", ("municipality",), {}), towns.rows)


def plan_bodies(plan: Plan, lines: Sequence[Line], geometries: Mapping[int, Any]) -> None:
    bodies = Shelf(plan, Body)
    shapes = {shape.body_id: shape for shape in Shape.objects.all()} if geometries else {}
    for line in lines:
        known = bodies.rows.get(line["code"])
        kind = line["kind"] or (known.kind if known else kind_of(line["code"]))
        body = bodies.put(line, line["code"], name=line["name"], kind=kind)
        if body is not None and (rings := rings_of(geometries.get(line.number))):
            _outline(plan, line, shapes.get(body.pk) or Shape(body=body), rings, is_told=known is not None)
    plan.absent = bodies.absent


def _outline(plan: Plan, line: Line, shape: Shape, rings: list[list[list[float]]], *, is_told: bool) -> None:
    """The outline of a body on the map is the one of the file; that of a new body goes without saying."""
    before, shape.rings = shape.rings, rings
    if before == rings:
        return
    if before is None:
        plan.new.append(shape)
    else:
        plan.changed.append((shape, ("rings",)))
    if is_told:
        shown = {"outline": (_points(before or []), _points(rings))}
        plan.differences.append(Difference(line.number, "shape", line["code"], shown, is_new=before is None))


def _points(rings: list[list[list[float]]]) -> str:
    return f"{sum(map(len, rings))} points" if rings else ""


def kind_of(code: str) -> str:
    """Return what a body is by its code: 881 to 889 are English boards; the others, service centres."""
    return "BOARD" if code[:2] == "88" and code[2] != "0" else "SERVICE_CENTRE"


def plan_police(plan: Plan, lines: Sequence[Line], geometries: Mapping[int, Any]) -> None:
    services = Shelf(plan, PoliceService)
    towns = {town.code: town for town in Municipality.objects.all()}
    stays = Stays(plan, Serves, "municipality", ("police_service",), {town.pk: town.code for town in towns.values()})
    for line in lines:
        contact = {"contact": line["contact"]} if "contact" in line.said else {}
        police = services.put(line, line["code"], name=line["name"], **contact)
        town = towns.get(line["municipality"])
        if town is None:
            plan.refuse(line, "municipality", Refusal("municipality-unknown", {"code": line["municipality"]}))
        elif police is not None:
            stays.put(line, town, (police,))
    stays.lay()
    plan.absent = stays.absent


def plan_schools(plan: Plan, lines: Sequence[Line], geometries: Mapping[int, Any]) -> None:
    bodies, schools = Shelf(plan, Body), Shelf(plan, School, School.objects.select_related("body"))
    towns = {town.code: town for town in Municipality.objects.all()}
    places = Stays(plan, Address, "school", ("municipality", "street", "postal_code"), {})
    last = {line["code"]: line for line in sorted(lines, key=lambda line: line.starts_on or plan.on)}
    seen: dict[str, School | None] = {}
    for line in lines:
        key = line["code"]
        if key not in seen:
            body = _body_of(plan, last[key], bodies, schools)
            seen[key] = schools.put(line, key, name=last[key]["name"], body=body, closed_on=None) if body else None
        school, town = seen[key], towns.get(line["municipality"])
        if line["municipality"] and town is None:
            plan.refuse(line, "municipality", Refusal("municipality-unknown", {"code": line["municipality"]}))
        elif school is not None and town is not None:
            places.put(line, school, (town, line["street"], line["postal_code"]))
    places.names = {school.pk: school.code for school in schools.rows.values()}
    places.lay()
    plan.absent = [code for code in schools.absent if schools.rows[code].closed_on is None]
    _search(plan, schools.rows.values(), places, towns)


def _body_of(plan: Plan, line: Line, bodies: Shelf[Body], schools: Shelf[School]) -> Body | None:
    code = line["body"]
    known = bodies.rows.get(code)
    if code in bodies.said:
        return known
    if code and line["body_name"]:
        kind = line["body_kind"] or (known.kind if known else kind_of(code))
        return bodies.put(line, code, name=line["body_name"], kind=kind)
    if not code and line["code"] in schools.rows:
        return schools.rows[line["code"]].body
    if known is None:
        plan.refuse(line, "body", Refusal("body-unknown", {"code": code}))
    return known


def _search(plan: Plan, schools: Iterable[School], places: "Stays", towns: Mapping[str, Municipality]) -> None:
    """The words that a search compares with follow a new name of a school or of a town, and a new town."""
    new = {id(row) for row in plan.new}
    for school in schools:
        stays = places.result.get(school.pk) or places.known.get(school.pk, [])
        words = school.search_words(*(towns.get(str(stay.value[0]), stay.value[0]).name for stay in stays))
        is_same, school.search = school.search == words, words
        if not (is_same or id(school) in new):
            plan.changed.append((school, ("search",)))


class Stays:
    """The dated values of many owners (addresses of schools, services of municipalities), with the file over them."""

    def __init__(
        self, plan: Plan, model: type[models.Model], owner: str, values: tuple[str, ...], names: Mapping[UUID, str]
    ) -> None:
        self.plan, self.model, self.owner, self.values, self.names = plan, model, owner, values, names
        self.rows: dict[tuple[UUID, date], Any] = {}
        self.known: dict[UUID, list[Stay[Value]]] = {}
        joined = [name for name in values if model._meta.get_field(name).is_relation]
        rows: Iterable[Any] = model._default_manager.select_related(*joined).order_by("starts_on")
        for row in rows:
            key = getattr(row, f"{owner}_id")
            self.rows[(key, row.starts_on)] = row
            stay = Stay(tuple(getattr(row, name) for name in values), Period(row.starts_on, row.ends_on))
            self.known.setdefault(key, []).append(stay)
        self.said: dict[UUID, dict[date, tuple[Line, Value]]] = {}
        self.owners: dict[UUID, models.Model] = {}
        self.result: dict[UUID, list[Stay[Value]]] = {}

    def put(self, line: Line, owner: models.Model, value: Value) -> None:
        """A line says where an owner is, from its day or, without one, from the day of the import."""
        self.owners[owner.pk] = owner
        start = line.starts_on or self._start(owner.pk, value)
        if reversed_ := why_not_period(start, line.ends_on):
            self.plan.refuse(line, "until", reversed_)
            return
        lines = self.said.setdefault(owner.pk, {})
        before = lines.get(start)
        if before is not None and (before[1], before[0].ends_on) != (value, line.ends_on):
            self.plan.refuse(line, "from", Refusal("row-doubled", {"line": before[0].number}))
        else:
            lines.setdefault(start, (line, value))

    def _start(self, owner: UUID, value: Value) -> date:
        """Return the first day of what is known on the day of the import, if it says the same; else that day."""
        on = self.plan.on
        here = next((stay for stay in self.known.get(owner, ()) if stay.period.holds(on)), None)
        return here.period.starts_on if here is not None and here.value == value else on

    def lay(self) -> None:
        for owner, lines in self.said.items():
            stays: list[Stay[Value]] = self.known.get(owner, [])
            for start, (line, value) in sorted(lines.items(), reverse=True):
                found = laid(stays, Stay(value, Period(start, line.ends_on)))
                if isinstance(found, Refusal):
                    self.plan.refuse(line, "from", found)
                    continue
                stays = found
            self.result[owner] = stays
            self._compare(owner, stays, next(iter(lines.values()))[0])

    def _compare(self, owner: UUID, stays: list[Stay[Value]], line: Line) -> None:
        fields = {}
        is_past = _past(stays, self.plan.on) != _past(self.known.get(owner, stays), self.plan.on)
        for stay in stays:
            start, end = stay.period.starts_on, stay.period.ends_on
            said = dict(zip(self.values, stay.value, strict=True))
            row = self.rows.get((owner, start))
            if row is None:
                self.plan.new.append(
                    self.model(**{self.owner: self.owners[owner], **said}, starts_on=start, ends_on=end)
                )
                fields[f"from {start}"] = ("", self._words(stay))
                continue
            before = Stay(tuple(getattr(row, name) for name in self.values), Period(row.starts_on, row.ends_on))
            if before != stay:
                for name, value in {**said, "ends_on": end}.items():
                    setattr(row, name, value)
                self.plan.changed.append((row, (*self.values, "ends_on")))
                fields[f"from {start}"] = (self._words(before), self._words(stay))
        if fields:
            table = str(self.model._meta.model_name)
            self.plan.differences.append(Difference(line.number, table, self.names[owner], fields, is_past=is_past))

    def _words(self, stay: Stay[Value]) -> str:
        until = f" until {stay.period.ends_on}" if stay.period.ends_on else ""
        return ", ".join(str(one) for one in stay.value if one) + until

    @property
    def absent(self) -> list[str]:
        """The owners that hold on the day of the import and that the file does not name."""
        on = self.plan.on
        here = {owner for owner, stays in self.known.items() if any(stay.period.holds(on) for stay in stays)}
        return sorted(self.names[owner] for owner in here - set(self.said))


def _past(stays: Sequence[Stay[Value]], on: date) -> list[tuple[Value, date, date]]:
    """Return what was said of the days before this one."""
    past = [stay for stay in stays if stay.period.starts_on < on]
    return [(stay.value, stay.period.starts_on, min(stay.period.ends_on or on, on)) for stay in past]


PLANS = {
    "municipalities": plan_municipalities,
    "bodies": plan_bodies,
    "police": plan_police,
    "schools": plan_schools,
}


def write(plan: Plan) -> None:
    """Everything that the plan holds is in the tables: what is cut first, then what is new, in batches."""
    for model, fields in dict.fromkeys((type(row), names) for row, names in plan.changed):
        rows = [row for row, names in plan.changed if (type(row), names) == (model, fields)]
        model._default_manager.bulk_update(rows, fields, batch_size=BATCH)
    for kind in IN_ORDER:
        new = [row for row in plan.new if type(row) is kind]
        kind._default_manager.bulk_create(new, batch_size=BATCH)


# A row comes after those that it refers to.
IN_ORDER: tuple[type[models.Model], ...] = (
    Region,
    Municipality,
    Body,
    Shape,
    PoliceService,
    School,
    Serves,
    Address,
)
