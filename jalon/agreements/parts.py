"""The municipalities and schools of an agreement that is for a part of a territory: as people write them, by code."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from jalon.agreements.models import Agreement
from jalon.core.refusals import Refusal
from jalon.core.typography import folded
from jalon.places.models import Address, Municipality, PoliceService, School


def plain(name: str) -> str:
    """Return a name as it is compared: no accent, no capital, no hyphen."""
    return folded(name.replace("-", " "))


@dataclass
class Territory:
    """What a police service serves on a day: the municipalities and the schools there, by code and by plain name."""

    names: dict[str, str] = field(default_factory=dict)
    codes: dict[str, list[str]] = field(default_factory=dict)

    def add(self, code: str, name: str) -> None:
        self.names[code] = name
        self.codes.setdefault(plain(name), []).append(code)

    def find(self, written: str) -> str | Refusal:
        """Return the code of the place that is written by its code or its name, or why it cannot be known."""
        if written in self.names:
            return written
        found = self.codes.get(plain(written), [])
        if len(found) == 1:
            return found[0]
        return Refusal("place-ambiguous" if found else "place-elsewhere", {"place": written})


def territory_of(police: PoliceService, *, on: date) -> Territory:
    """Return what the police service serves that day, in two queries."""
    found = Territory()
    towns = dict(police.territory.current(on).values_list("municipality_id", "municipality__name"))
    for code, name in Municipality.objects.filter(pk__in=towns).values_list("code", "name"):
        found.add(code, name)
    here = Address.objects.current(on).filter(municipality__in=towns)
    for code, name in School.objects.existing(on).filter(addresses__in=here).values_list("code", "name"):
        found.add(code, name)
    return found


def read(written: Sequence[str], *, police: PoliceService, on: date) -> list[str] | Refusal:
    """Return the codes of the places that are written, in order and once each; or what cannot be read."""
    if not written:
        return []
    territory = territory_of(police, on=on)
    found = [territory.find(one) for one in written]
    unknown = next((one for one in found if isinstance(one, Refusal)), None)
    return unknown or list(dict.fromkeys(one for one in found if isinstance(one, str)))


def why_not_places(codes: Sequence[str], *, police: PoliceService, on: date) -> Refusal | None:
    """Say why an agreement cannot be for these places: one is not in the territory on its first day."""
    found = read(codes, police=police, on=on)
    return found if isinstance(found, Refusal) else None


def why_not_extend(agreement: Agreement, codes: Sequence[str], *, police: PoliceService, on: date) -> Refusal | None:
    """Say why an agreement cannot be extended to these places: none is new, or one is outside the territory."""
    if all(agreement.term.covers_from([code]) for code in codes):
        return Refusal("extension-known")
    return why_not_places(codes, police=police, on=on)


def names_of(codes: Collection[str]) -> list[str]:
    """Return the names of municipalities, then of schools, each by name; one that is no longer known stays a code."""
    if not codes:
        return []
    towns = dict(Municipality.objects.filter(code__in=codes).order_by("name").values_list("code", "name"))
    schools = dict(School.objects.filter(code__in=codes).order_by("name").values_list("code", "name"))
    lost = sorted(set(codes) - set(towns) - set(schools))
    return [*towns.values(), *schools.values(), *lost]
