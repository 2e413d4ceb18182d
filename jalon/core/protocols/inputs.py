"""From plain data to the facts, the log, the role and the moment a protocol is asked about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from jalon.core.flaws import Said
from jalon.core.protocols.model import ActionEntry, EventEntry, Facts, LogEntry, Protocol
from jalon.core.protocols.words import moment_of, shown


class WrongInput(Said):
    """What was given does not fit the protocol; the message says what and where."""


def read_facts(protocol: Protocol, data: object) -> Facts:
    """Read `{fact: value}`. A fact that is not known is left out.

    Raises:
        WrongInput: an unknown fact or value.
    """
    if not isinstance(data, dict):
        fr = f"les faits doivent être un objet, pas {shown(data)}"
        raise WrongInput(fr, f"the facts must be a mapping, not {shown(data)}")
    for fact, value in data.items():
        if fact not in protocol.facts:
            fr = f"{shown(fact)} n’est pas un fait de {protocol.id}"
            raise WrongInput(fr, f"{shown(fact)} is no fact of {protocol.id}")
        if not isinstance(value, str) or value not in protocol.facts[fact].values:
            fr = f"{shown(value)} n’est pas une valeur du fait {fact}; un fait inconnu ne s’écrit pas"
            raise WrongInput(fr, f"{shown(value)} is no value of the fact {fact}; leave an unknown fact out")
    return data


def read_log(protocol: Protocol, data: object) -> tuple[LogEntry, ...]:
    """Read a list of `{action, role, at}` and `{event, at}`.

    Raises:
        WrongInput: an entry of another shape, an unknown action, role or event, a moment without its offset.
    """
    if not isinstance(data, list):
        fr = f"le journal doit être une liste, pas {shown(data)}"
        raise WrongInput(fr, f"the log must be a list, not {shown(data)}")
    return tuple(_entry(protocol, entry, f"log[{place}]") for place, entry in enumerate(data))


def _entry(protocol: Protocol, data: object, where: str) -> LogEntry:
    if isinstance(data, dict) and data.keys() == {"event", "at"}:
        event = read_word(data["event"], protocol.events, f"{where}.event")
        return EventEntry(event, read_at(data["at"], f"{where}.at"))
    if isinstance(data, dict) and data.keys() == {"action", "role", "at"}:
        action = read_word(data["action"], protocol.actions, f"{where}.action")
        role = read_word(data["role"], protocol.roles, f"{where}.role")
        return ActionEntry(action, role, read_at(data["at"], f"{where}.at"))
    fr = f"{where} doit contenir event et at, ou action, role et at"
    raise WrongInput(fr, f"{where} must hold event and at, or action, role and at")


def read_word(data: object, among: Collection[str], where: str) -> str:
    """Return a declared word, or raise `WrongInput`."""
    if not isinstance(data, str) or data not in among:
        fr = f"{where} : {shown(data)} n’est pas déclaré dans le protocole"
        raise WrongInput(fr, f"{where}: {shown(data)} is not declared in the protocol")
    return data


def read_at(data: object, where: str) -> datetime:
    """Return a moment that carries its offset, or raise `WrongInput`."""
    if (moment := moment_of(data)) is None:
        fr = f"{where} : {shown(data)} n’est pas un moment avec son décalage, comme 2027-01-11T08:00:00-05:00"
        raise WrongInput(fr, f"{where}: {shown(data)} is no moment with its offset, such as 2027-01-11T08:00:00-05:00")
    return moment
