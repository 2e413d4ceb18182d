"""From plain data to a case, or the problems of form that stop it (check 1).

Source: the rules of protocols and practice cases, section 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from jalon.core.cases.model import Case, Choice, Recorded, Scene
from jalon.core.protocols.engine import WORDS
from jalon.core.protocols.form import Form, path_of
from jalon.core.protocols.model import Facts, Problem
from jalon.core.protocols.reading import read_text, read_version
from jalon.core.protocols.words import Range, Version, range_of, shown, why_not_id

KEYS = ("id", "version", "protocol", "title", "pathway", "truth", "start", "scenes", "replays")
NO_RANGE = Range("", Version(0, 0, 0))


def read_case(data: object) -> tuple[Case | None, tuple[Problem, ...]]:
    """Return the case and no problem, or nothing and every problem of form.

    The names that come from the protocol are looked up later, by the checks.
    """
    form = Form()
    file = form.mapping(data, "", required=KEYS)
    case = _Reader(form, file).case() if file else None
    return (None, tuple(form.problems)) if form.problems else (case, ())


class _Reader:
    def __init__(self, form: Form, file: Mapping[str, Any]) -> None:
        self.form = form
        self.file = file
        scenes = file.get("scenes")
        self.names = list(scenes) if isinstance(scenes, dict) else []

    def case(self) -> Case:
        form, file = self.form, self.file
        return Case(
            id=form.read(form.id, file, "id", "") or "",
            version=form.read(self._version, file, "version", "") or Version(0, 0, 0),
            protocol=form.read(self._range, file, "protocol", "") or NO_RANGE,
            title=form.read(self._title, file, "title", "") or {},
            pathway=form.read(form.id, file, "pathway", "") or "",
            truth=form.read(self._truth, file, "truth", "") or {},
            start=form.read(self._scene_name, file, "start", "") or "",
            scenes=form.read(self._scenes, file, "scenes", "") or {},
            replays=form.read(self._replays, file, "replays", "") or (),
        )

    def _version(self, data: object, where: str) -> Version:
        return read_version(self.form, data, where)

    def _title(self, data: object, where: str) -> Mapping[str, str]:
        return read_text(self.form, data, where)

    def _range(self, data: object, where: str) -> Range:
        if (found := range_of(data)) is None:
            fr = f"{where} doit être ID@^MAJEURE.MINEURE ou ID@^MAJEURE.MINEURE.CORRECTIF, pas {shown(data)}"
            en = f"{where} must be ID@^MAJOR.MINOR or ID@^MAJOR.MINOR.PATCH, not {shown(data)}"
            self.form.fault(where, fr, en)
        return found or NO_RANGE

    def _truth(self, data: object, where: str) -> Facts:
        given = self.form.named(data, where)
        return {fact: self.form.id(value, path_of(where, fact)) for fact, value in given.items()}

    def _scene_name(self, data: object, where: str) -> str:
        return self.form.id(data, where, among=self.names or None, kind="scene")

    def _scenes(self, data: object, where: str) -> dict[str, Scene]:
        given = self.form.named(data, where)
        return {name: self._scene(name, scene, path_of(where, name)) for name, scene in given.items()}

    def _scene(self, name: str, data: object, where: str) -> Scene:
        form = self.form
        if isinstance(data, dict) and "debrief" in data:
            if form.mapping(data, where, required=["debrief"])["debrief"] is not True:
                fr = f"{where}.debrief doit être true, pas {shown(data['debrief'])}"
                en = f"{where}.debrief must be true, not {shown(data['debrief'])}"
                form.fault(path_of(where, "debrief"), fr, en)
            return Scene(name, None, (), (), ())
        given = form.mapping(data, where, required=["you_are", "choices"], optional=["reveals", "happens"])
        return Scene(
            id=name,
            you_are=form.read(form.id, given, "you_are", where) or "",
            reveals=form.read(form.ids, given, "reveals", where) or (),
            happens=form.read(form.ids, given, "happens", where) or (),
            choices=form.read(self._choices, given, "choices", where) or (),
        )

    def _choices(self, data: object, where: str) -> tuple[Choice, ...]:
        return tuple(self._choice(item, here) for here, item in self.form.items(data, where, least=0))

    def _choice(self, data: object, where: str) -> Choice:
        form = self.form
        given = form.mapping(data, where, required=["id", "does", "takes", "to"])
        return Choice(
            id=form.read(form.id, given, "id", where) or "",
            does=form.read(self._does, given, "does", where) or (),
            takes=form.read(self._takes, given, "takes", where) or timedelta(),
            to=form.read(self._scene_name, given, "to", where) or "",
        )

    def _does(self, data: object, where: str) -> tuple[str, ...]:
        return self.form.ids(data, where, least=0)

    def _takes(self, data: object, where: str) -> timedelta:
        return self.form.duration(data, where, longer_than_zero=False)

    def _replays(self, data: object, where: str) -> tuple[Recorded, ...]:
        items = self.form.sequence(data, where)
        return tuple(self._replay(item, path_of(where, place)) for place, item in enumerate(items))

    def _replay(self, data: object, where: str) -> Recorded:
        form = self.form
        given = form.mapping(data, where, required=["path", "expect"])
        return Recorded(
            path=form.read(self._path, given, "path", where) or (),
            expect=form.read(self._expect, given, "expect", where) or (),
        )

    def _path(self, data: object, where: str) -> tuple[str, ...]:
        items = self.form.sequence(data, where)
        return tuple(self.form.id(item, path_of(where, place)) for place, item in enumerate(items))

    def _expect(self, data: object, where: str) -> tuple[str, ...]:
        """Read the verdicts; there are none where no choice does anything."""
        items = self.form.sequence(data, where, least=0)
        return tuple(self._verdict(item, path_of(where, place)) for place, item in enumerate(items))

    def _verdict(self, data: object, where: str) -> str:
        word, _, ban = data.partition("/") if isinstance(data, str) else ("", "", "")
        if isinstance(data, str) and ((data in WORDS and data != "never") or (word == "never" and not why_not_id(ban))):
            return data
        words = ", ".join(word for word in WORDS if word != "never")
        fr = f"{where} doit être never/INTERDICTION ou l’un de {words}, pas {shown(data)}"
        self.form.fault(where, fr, f"{where} must be never/BAN or one of {words}, not {shown(data)}")
        return ""
