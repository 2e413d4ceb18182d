"""From plain data to a protocol, or the problems of form that stop it (check 1).

Source: the rules of protocols and practice cases, sections 1 and 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from jalon.core.protocols.form import Form, path_of
from jalon.core.protocols.model import Ban, Effective, Fact, Problem, Protocol, Route, Row, Source, Step
from jalon.core.protocols.words import Version, citation_of, shown, version_of

KEYS = (
    *("id", "version", "effective", "roles", "events", "facts"),
    *("pathways", "route", "steps", "never", "sources", "texts"),
)
LANGUAGES = ("fr", "en")


def read_protocol(data: object) -> tuple[Protocol | None, tuple[Problem, ...]]:
    """Return the protocol and no problem, or nothing and every problem of form."""
    form = Form()
    file = form.mapping(data, "", required=KEYS)
    protocol = _Reader(form, file).protocol() if file else None
    if form.problems:
        return None, tuple(form.problems)
    return protocol, ()


def read_version(form: Form, data: object, where: str) -> Version:
    if (version := version_of(data)) is None:
        fr = f"{where} doit être une version, MAJEURE.MINEURE.CORRECTIF, pas {shown(data)}"
        form.fault(where, fr, f"{where} must be a version, MAJOR.MINOR.PATCH, not {shown(data)}")
    return version or Version(0, 0, 0)


class _Reader:
    """Reads the parts in the order in which they name each other. A part that is absent was already noted."""

    def __init__(self, form: Form, file: Mapping[str, Any]) -> None:
        self.form = form
        self.file = file
        self.roles: tuple[str, ...] = self._part("roles", form.ids, ())
        self.events: tuple[str, ...] = self._part("events", form.ids, ())
        self.facts: dict[str, Fact] = self._part("facts", self._facts, {})
        self.values = {fact.id: fact.values for fact in self.facts.values()}
        self.pathways: dict[str, int] = self._part("pathways", self._pathways, {})
        self.steps: dict[str, Step] = self._part("steps", self._steps, {})
        self.milestones = {*self.events, *(step.gives for step in self.steps.values() if step.gives)}

    def _part(self, key: str, read: Any, absent: Any) -> Any:
        return read(self.file[key], key) if key in self.file else absent

    def protocol(self) -> Protocol:
        form = self.form
        nothing = Effective(date.min, None, ())
        return Protocol(
            id=self._part("id", form.id, ""),
            version=self._part("version", self._version, Version(0, 0, 0)),
            effective=self._part("effective", self._effective, nothing),
            roles=self.roles,
            events=self.events,
            facts=self.facts,
            pathways=self.pathways,
            route=self._part("route", self._route, Route("", (), (), ())),
            steps=self.steps,
            never=self._part("never", self._never, ()),
            sources=self._part("sources", self._sources, {}),
            texts=self._part("texts", self._texts, {}),
        )

    def _version(self, data: object, where: str) -> Version:
        return read_version(self.form, data, where)

    def _effective(self, data: object, where: str) -> Effective:
        form = self.form
        given = form.mapping(data, where, required=["from", "territories"], optional=["until"])
        starts_on = form.read(form.day, given, "from", where)
        ends_on = form.read(form.day, given, "until", where)
        if starts_on and ends_on and ends_on <= starts_on:
            fr = f"until ({ends_on}) doit venir après from ({starts_on})"
            form.fault(path_of(where, "until"), fr, f"until ({ends_on}) must be later than from ({starts_on})")
        territories = form.read(form.ids, given, "territories", where)
        return Effective(starts_on or date.min, ends_on, territories or ())

    def _facts(self, data: object, where: str) -> dict[str, Fact]:
        given = self.form.named(data, where)
        return {name: self._fact(name, fact, path_of(where, name)) for name, fact in given.items()}

    def _fact(self, name: str, data: object, where: str) -> Fact:
        form = self.form
        given = form.mapping(data, where, required=["values", "known_by"])
        values = form.read(lambda data, where: form.ids(data, where, least=2), given, "values", where)
        return Fact(name, values or (), self._role_list(given, "known_by", where))

    def _role_list(self, given: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        return self.form.read(self._roles, given, key, where) or ()

    def _roles(self, data: object, where: str) -> tuple[str, ...]:
        return self.form.ids(data, where, among=self.roles or None, kind="role")

    def _pathways(self, data: object, where: str) -> dict[str, int]:
        ranks: dict[str, int] = {}
        for name, rank in self.form.named(data, where).items():
            here = path_of(where, name)
            ranks[name] = self.form.whole(rank, here)
            same = [other for other in ranks if other != name and ranks[other] == ranks[name]]
            if same:
                fr = f"les parcours {same[0]} et {name} ont le même rang, {ranks[name]}"
                self.form.fault(here, fr, f"the pathways {same[0]} and {name} have the same rank, {ranks[name]}")
        return ranks

    def _route(self, data: object, where: str) -> Route:
        form = self.form
        given = form.mapping(data, where, required=["for", "inputs", "rows"], optional=["impossible"])
        role = form.read(self._role, given, "for", where)
        inputs = form.read(self._inputs, given, "inputs", where) or tuple(self.facts)

        def rows(data: object, where: str) -> tuple[Row, ...]:
            return tuple(self._row(item, here, inputs, ["id", "then"]) for here, item in form.items(data, where))

        def impossible(data: object, where: str) -> tuple[Row, ...]:
            return tuple(self._row(item, here, inputs, ["id"]) for here, item in form.items(data, where))

        return Route(
            role=role or "",
            inputs=inputs,
            rows=form.read(rows, given, "rows", where) or (),
            impossible=form.read(impossible, given, "impossible", where) or (),
        )

    def _role(self, data: object, where: str) -> str:
        return self.form.id(data, where, among=self.roles or None, kind="role")

    def _inputs(self, data: object, where: str) -> tuple[str, ...]:
        inputs = self.form.ids(data, where, among=self.facts or None, kind="fact")
        return tuple(fact for fact in inputs if fact in self.facts)

    def _row(self, data: object, where: str, inputs: tuple[str, ...], required: list[str]) -> Row:
        form = self.form
        given = form.mapping(data, where, required=required, optional=["cite", *inputs])
        return Row(
            id=form.read(form.id, given, "id", where) or "",
            cells=form.cells(given, where, values={fact: self.values[fact] for fact in inputs}),
            then=form.read(self._pathway, given, "then", where),
            cite=form.read(self._cite, given, "cite", where),
        )

    def _pathway(self, data: object, where: str) -> str:
        return self.form.id(data, where, among=self.pathways or None, kind="pathway")

    def _cite(self, data: object, where: str) -> str:
        cite = self.form.text(data, where)
        if isinstance(data, str) and citation_of(data) is None:
            fr = f"{where} doit être une citation, source#k, pas {shown(data)}"
            self.form.fault(where, fr, f"{where} must be a citation, source#k, not {shown(data)}")
        return cite

    def _steps(self, data: object, where: str) -> dict[str, Step]:
        steps: dict[str, Step] = {}
        for name, step in self.form.named(data, where).items():
            steps[name] = self._step(name, step, path_of(where, name))
            self._refuse_the_same_action(steps, name, path_of(where, name, "do"))
        return steps

    def _step(self, name: str, data: object, where: str) -> Step:
        form = self.form
        optional = ["when", "needs", "gives", "within", "cite"]
        given = form.mapping(data, where, required=["do", "by", "in"], optional=optional)
        return Step(
            id=name,
            do=form.read(form.id, given, "do", where) or "",
            by=self._role_list(given, "by", where),
            pathways=form.read(self._in, given, "in", where) or (),
            when=form.read(self._when, given, "when", where) or {},
            needs=form.read(lambda data, where: form.ids(data, where, least=0), given, "needs", where) or (),
            gives=form.read(self._gives, given, "gives", where),
            within=form.read(
                lambda data, where: form.duration(data, where, longer_than_zero=True), given, "within", where
            ),
            cite=form.read(self._cite, given, "cite", where),
        )

    def _in(self, data: object, where: str) -> tuple[str, ...]:
        if data == "all":
            return tuple(self.pathways)
        if isinstance(data, str):
            fr = f"{where} doit être all ou une liste de parcours, pas {shown(data)}"
            self.form.fault(where, fr, f"{where} must be all or a list of pathways, not {shown(data)}")
            return ()
        return self.form.ids(data, where, among=self.pathways or None, kind="pathway")

    def _when(self, data: object, where: str) -> Mapping[str, tuple[str, ...]]:
        given = self.form.named(data, where)
        for fact in given:
            if fact not in self.facts:
                self.form.undeclared(path_of(where, fact), fact, "fact")
        return self.form.cells(given, where, values=self.values)

    def _gives(self, data: object, where: str) -> str:
        milestone = self.form.id(data, where)
        if milestone and milestone in self.events:
            fr = f"{where} nomme {milestone}, qui est un événement : aucune étape ne donne un événement"
            self.form.fault(where, fr, f"{where} names {milestone}, which is an event: no step gives an event")
        return milestone

    def _refuse_the_same_action(self, steps: Mapping[str, Step], name: str, where: str) -> None:
        step = steps[name]
        for other in steps.values():
            shared = [pathway for pathway in step.pathways if pathway in other.pathways]
            if other.id != name and step.do and other.do == step.do and shared:
                pathways = ", ".join(shared)
                fr = f"les étapes {other.id} et {name} font toutes deux {step.do} dans le parcours {pathways}"
                en = f"the steps {other.id} and {name} both do {step.do} in the pathway {pathways}"
                self.form.fault(where, fr, en)

    def _never(self, data: object, where: str) -> tuple[Ban, ...]:
        return tuple(self._ban(item, here) for here, item in self.form.items(data, where, least=0))

    def _ban(self, data: object, where: str) -> Ban:
        form = self.form
        given = form.mapping(data, where, required=["id", "do"], optional=["except", "from", "until", "cite"])
        return Ban(
            id=form.read(form.id, given, "id", where) or "",
            do=form.read(form.id, given, "do", where) or "",
            spares=self._role_list(given, "except", where),
            starts=form.read(self._milestone, given, "from", where),
            ends=form.read(self._milestone, given, "until", where),
            cite=form.read(self._cite, given, "cite", where),
        )

    def _milestone(self, data: object, where: str) -> str:
        return self.form.id(data, where, among=self.milestones, kind="milestone")

    def _sources(self, data: object, where: str) -> dict[str, Source]:
        sources: dict[str, Source] = {}
        for name, source in self.form.named(data, where).items():
            here = path_of(where, name)
            given = self.form.mapping(source, here, required=["paragraphs"], optional=["checked"])
            checked = self.form.read(self.form.day, given, "checked", here)
            sources[name] = Source(name, checked, self.form.read(self.form.whole, given, "paragraphs", here) or 1)
        return sources

    def _texts(self, data: object, where: str) -> dict[str, Mapping[str, str]]:
        if not isinstance(data, dict) or not data:
            fr = f"{where} doit contenir au moins une clé"
            self.form.fault(where, fr, f"{where} must be a mapping that is not empty")
            return {}
        return {str(key): read_text(self.form, text, path_of(where, key)) for key, text in data.items()}


def read_text(form: Form, data: object, where: str) -> Mapping[str, str]:
    """Return the text in the languages that are there; an absent language is the business of check 10."""
    given = form.mapping(data, where, optional=LANGUAGES)
    if isinstance(data, dict) and not data:
        fr = f"{where} est vide; il y faut {' et '.join(LANGUAGES)}"
        form.fault(where, fr, f"{where} is empty; it needs {' and '.join(LANGUAGES)}")
    return {language: form.text(text, path_of(where, language)) for language, text in given.items()}
