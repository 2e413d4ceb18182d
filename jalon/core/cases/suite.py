"""Checks 12 and 13 of a protocol: what its cases exercise, and whether each of them still holds.

Source: the rules of protocols and practice cases, section 7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jalon.core.cases.checks import check_replays, read_named
from jalon.core.cases.model import Case
from jalon.core.cases.reading import read_case
from jalon.core.flaws import Text
from jalon.core.protocols.model import Problem, Protocol, error, warning


def check_suite(
    protocol: Protocol, cases: Mapping[str, object], *, unreadable: Mapping[str, Text]
) -> Iterator[Problem]:
    """Check a protocol with its cases.

    Args:
        cases: folder → plain data of its `case.yaml`; a case of another protocol is left alone.
        unreadable: folder → why its `case.yaml` could not be read.
    """
    ours = {folder: data for folder, data in cases.items() if _is_ours(protocol, data)}
    forms = [case for case, _ in map(read_case, ours.values()) if case]
    yield from _unexercised(protocol, forms)
    for folder, reason in unreadable.items():
        fr = f"le cas du dossier {folder} ne se lit pas : {reason['fr']}"
        yield error(13, f"cases.{folder}", fr, f"the case in {folder} cannot be read: {reason['en']}")
    for folder, data in ours.items():
        case, problems = read_named(data, protocol=protocol)
        found = list(problems) if case is None else list(check_replays(protocol, case))
        for problem in found:
            fr = f"le cas du dossier {folder} ne passe plus : {problem.message['fr']}"
            en = f"the case in {folder} no longer passes: {problem.message['en']}"
            yield error(13, f"cases.{folder}.{problem.where}", fr, en)


def _is_ours(protocol: Protocol, data: object) -> bool:
    named = data.get("protocol") if isinstance(data, dict) else None
    return not isinstance(named, str) or named.partition("@")[0] == protocol.id


def _unexercised(protocol: Protocol, cases: list[Case]) -> Iterator[Problem]:
    """Check 12: pathways that are no case's, and bans that no recorded replay expects."""
    pathways = {case.pathway for case in cases}
    for pathway in protocol.pathways:
        if pathway not in pathways:
            fr = f"aucun cas ne suit le parcours {pathway}"
            yield warning(12, f"pathways.{pathway}", fr, f"no case follows the pathway {pathway}")
    expected = {verdict for case in cases for replay in case.replays for verdict in replay.expect}
    for ban in protocol.never:
        if f"never/{ban.id}" not in expected:
            fr = f"aucun essai enregistré d’un cas n’attend never/{ban.id}"
            yield warning(12, f"never.{ban.id}", fr, f"no recorded replay of a case expects never/{ban.id}")
