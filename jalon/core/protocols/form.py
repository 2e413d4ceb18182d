"""Reading plain data part by part, noting what is wrong with its form (check 1) and going on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from jalon.core.flaws import Text
from jalon.core.protocols.model import Cells, Problem, error
from jalon.core.protocols.words import day_of, duration_of, shown, why_not_id

Item = TypeVar("Item")

KINDS = {
    "role": "un rôle",
    "fact": "un fait",
    "pathway": "un parcours",
    "milestone": "un jalon",
    "scene": "une scène",
}
"""What a name is called in French where none is declared; `value of FACT` is the other kind."""


def path_of(*parts: object) -> str:
    return ".".join(str(part) for part in parts if part != "")


@dataclass
class Form:
    """Collects the problems of form of one file. Each reader returns something usable, even after a fault."""

    problems: list[Problem] = field(default_factory=list)

    def fault(self, where: str, fr: str, en: str) -> None:
        self.problems.append(error(1, where or "file", fr, en))

    def no_id(self, where: str, place: str, reason: Text) -> None:
        self.fault(where, f"dans {place}, {reason['fr']}", f"in {place}, {reason['en']}")

    def mapping(
        self, data: object, where: str, *, required: Collection[str] = (), optional: Collection[str] = ()
    ) -> Mapping[str, Any]:
        """Return the known entries of a mapping; unknown and missing keys are noted."""
        ici, here = where or "le fichier", where or "the file"
        if not isinstance(data, dict):
            fr = f"{ici} doit contenir des clés (un groupe), pas {shown(data)}"
            self.fault(where, fr, f"{here} must be a mapping, not {shown(data)}")
            return {}
        for key in map(key_of, data):
            if key not in required and key not in optional:
                fr = f"la clé {key} n’existe pas dans {ici}"
                self.fault(path_of(where, key), fr, f"the key {key} is not known in {here}")
        for key in required:
            if key not in data:
                fr = f"il manque la clé {key} dans {ici}"
                self.fault(path_of(where, key), fr, f"the key {key} is missing in {here}")
        return {key: value for key, value in data.items() if key in required or key in optional}

    def named(self, data: object, where: str) -> Mapping[str, Any]:
        """Return the entries of a mapping whose keys are ids; it is not empty."""
        if not isinstance(data, dict) or not data:
            fr = f"{where} doit contenir au moins une clé, pas {shown(data)}"
            self.fault(where, fr, f"{where} must be a mapping that is not empty, not {shown(data)}")
            return {}
        for key in data:
            if reason := why_not_id(key):
                self.no_id(path_of(where, key_of(key)), where, reason)
        return {key: value for key, value in data.items() if why_not_id(key) is None}

    def items(self, data: object, where: str, *, least: int = 1) -> list[tuple[str, Any]]:
        """Return the mappings of a list with the path of each: its id (never there twice), else its place."""
        found: list[tuple[str, Any]] = []
        seen: set[str] = set()
        for position, item in enumerate(self.sequence(data, where, least=least)):
            name = item.get("id") if isinstance(item, dict) else None
            here = path_of(where, position)
            if isinstance(name, str) and why_not_id(name) is None:
                here = path_of(where, name)
                if name in seen:
                    self.fault(
                        here, f"l’identifiant {name} est deux fois dans {where}", f"the id {name} is twice in {where}"
                    )
                seen.add(name)
            found.append((here, item))
        return found

    def sequence(self, data: object, where: str, *, least: int = 1) -> list[Any]:
        if not isinstance(data, list):
            fr = f"{where} doit être une liste, pas {shown(data)}"
            self.fault(where, fr, f"{where} must be a list, not {shown(data)}")
            return []
        if len(data) < least:
            fr = f"{where} doit en contenir au moins {least}; il y en a {len(data)}"
            self.fault(where, fr, f"{where} must hold at least {least}, it holds {len(data)}")
        return data

    def id(self, data: object, where: str, *, among: Collection[str] | None = None, kind: str = "id") -> str:
        """Return an id, which is one of `among` when that is given. After a fault: an empty text."""
        if reason := why_not_id(data):
            self.no_id(where, where, reason)
            return ""
        assert isinstance(data, str)
        if among is not None and data not in among:
            self.undeclared(where, data, kind)
            return ""
        return data

    def undeclared(self, where: str, name: str, kind: str) -> None:
        called = KINDS.get(kind) or kind.replace("value of", "une valeur de")
        fr = f"{where} nomme {name}, qui n’est pas {called}; déclarez ce nom ou corrigez-le"
        self.fault(where, fr, f"{where} names {name}, which is no declared {kind}")

    def ids(
        self,
        data: object,
        where: str,
        *,
        least: int = 1,
        among: Collection[str] | None = None,
        kind: str = "id",
    ) -> tuple[str, ...]:
        """Return a list of ids; none is there twice."""
        found: list[str] = []
        for position, item in enumerate(self.sequence(data, where, least=least)):
            value = self.id(item, path_of(where, position), among=among, kind=kind)
            if value in found and value:
                fr = f"{value} est deux fois dans {where}"
                self.fault(path_of(where, position), fr, f"{value} is twice in {where}")
            found.append(value)
        return tuple(found)

    def cell(self, data: object, where: str, *, fact: str, values: Collection[str]) -> tuple[str, ...]:
        """Return what one cell holds: one value of the fact, or a list of values."""
        given = data if isinstance(data, list) else [data]
        return self.ids(given, where, among=values, kind=f"value of {fact}")

    def cells(self, data: Mapping[str, Any], where: str, *, values: Mapping[str, Collection[str]]) -> Cells:
        return {
            fact: self.cell(cell, path_of(where, fact), fact=fact, values=values[fact])
            for fact, cell in data.items()
            if fact in values
        }

    def whole(self, data: object, where: str) -> int:
        if isinstance(data, bool) or not isinstance(data, int) or data < 1:
            fr = f"{where} doit être un nombre entier à partir de 1, pas {shown(data)}"
            self.fault(where, fr, f"{where} must be a whole number from 1, not {shown(data)}")
            return 1
        return data

    def text(self, data: object, where: str) -> str:
        if not isinstance(data, str):
            fr = f"{where} doit être un texte entre guillemets, pas {shown(data)}"
            self.fault(where, fr, f"{where} must be a text between quotes, not {shown(data)}")
            return ""
        return data

    def day(self, data: object, where: str) -> date:
        if (day := day_of(data)) is None:
            fr = f"{where} doit être une date, AAAA-MM-JJ, pas {shown(data)}"
            self.fault(where, fr, f"{where} must be a date, YYYY-MM-DD, not {shown(data)}")
        return day or date.min

    def duration(self, data: object, where: str, *, longer_than_zero: bool) -> timedelta:
        duration = duration_of(data)
        if duration is None:
            fr = f"{where} doit être une durée, PnW ou PnDTnHnMnS, pas {shown(data)}"
            self.fault(where, fr, f"{where} must be a duration, PnW or PnDTnHnMnS, not {shown(data)}")
        elif longer_than_zero and not duration:
            fr = f"{where} doit être plus long que zéro, pas {shown(data)}"
            self.fault(where, fr, f"{where} must be longer than zero, not {shown(data)}")
        return duration or timedelta()

    def read(self, read: Callable[[Any, str], Item], data: Mapping[str, Any], key: str, where: str) -> Item | None:
        """Read an entry that may be absent."""
        return read(data[key], path_of(where, key)) if key in data else None


def key_of(key: object) -> str:
    return key if isinstance(key, str) else shown(key)


def duplicates(names: Iterable[str]) -> tuple[str, ...]:
    """Return what is named more than once, in order."""
    seen: set[str] = set()
    found: dict[str, None] = {}
    for name in names:
        if name in seen:
            found[name] = None
        seen.add(name)
    return tuple(found)
