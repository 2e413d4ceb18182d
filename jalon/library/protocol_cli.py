"""What the commands `protocol` and `case` answer: files in, an exit code and words out. No Django, no database.

Source: the rules of protocols and practice cases, section 9.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jalon.core.cases.checks import check_case
from jalon.core.cases.model import Case
from jalon.core.cases.replay import NotOffered, Playthrough, play
from jalon.core.cases.suite import check_suite
from jalon.core.flaws import Said, Text
from jalon.core.protocols.check_route import is_too_large
from jalon.core.protocols.checks import Report, check_protocol, has_errors
from jalon.core.protocols.engine import Plan, plan
from jalon.core.protocols.inputs import WrongInput, read_at, read_facts, read_log, read_word
from jalon.core.protocols.model import Problem, Protocol, error
from jalon.core.protocols.reading import read_protocol
from jalon.core.protocols.releases import Comparison, check_release
from jalon.library.casefolder import read_pages
from jalon.library.protocol_labels import label, listed
from jalon.library.sentences import unreadable_sentence
from jalon.library.yamlfile import MAX_BYTES, Document, Unreadable, read_yaml


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: one JSON object or lines of words on stdout, or a message on stderr."""

    code: int
    json: Mapping[str, object] | None = None
    words: tuple[str, ...] = ()
    error: str = ""

    def printed(self, *, as_json: bool) -> str:
        """Return what goes to stdout."""
        if self.json is None:
            return ""
        if as_json:
            return json.dumps(self.json, ensure_ascii=False, indent=2)
        return "\n".join(self.words)


class Refusal(Said):
    """A question that cannot be answered: its message goes to stderr."""


def check_protocol_file(
    path: Path, *, cases: Path | None = None, previous: Path | None = None, language: str = "fr"
) -> Answer:
    """Check a protocol, with its cases and with the release before when they are given."""
    document, unreadable = _document(path)
    if document is None:
        return _checked(path, None, (unreadable,), {"combinations": None, "pathways": None}, language)
    report = check_protocol(document.data)
    problems = [*report.problems]
    more: dict[str, object] = {"combinations": report.combinations, "pathways": report.pathways}
    if cases is not None:
        problems += _with_cases(report, cases)
    if previous is not None:
        found, changed = _with_previous(report, previous)
        problems += found
        more |= changed
    return _checked(path, document, problems, more, language)


def _with_cases(report: Report, folder: Path) -> list[Problem]:
    if report.protocol is None or is_too_large(report.protocol):
        return []
    if not folder.is_dir():
        return [error(13, "file", f"il n’y a pas de dossier {folder}", f"there is no folder {folder}")]
    data: dict[str, object] = {}
    unreadable: dict[str, Text] = {}
    for path in sorted(folder.glob("*/case.yaml")):
        document, problem = _document(path)
        if document is None:
            unreadable[path.parent.name] = problem.message
        else:
            data[path.parent.name] = document.data
    return list(check_suite(report.protocol, data, unreadable=unreadable))


def _with_previous(report: Report, path: Path) -> tuple[list[Problem], dict[str, object]]:
    document, problem = _document(path)
    before, problems = read_protocol(document.data) if document else (None, (problem,))
    if before is None:
        why, count = problems[0].message, len(problems)
        fr = f"la version d’avant ne se lit pas ({count} fautes de forme), d’abord : {why['fr']}"
        en = f"the release before cannot be read ({count} faults of form), first: {why['en']}"
        return [error(14, "version", fr, en)], {"changed": []}
    if report.protocol is None or is_too_large(report.protocol) or is_too_large(before):
        return [], {"changed": []}
    return list(check_release(before, report.protocol)), _changed(Comparison(before, report.protocol))


def _changed(compared: Comparison) -> dict[str, object]:
    """Return the combinations that lead elsewhere; where they are too many to be listed, how many there are in all."""
    changed = compared.changed()
    total = {"changed_total": compared.count} if compared.count > len(changed) else {}
    return {**total, "changed": [one.as_json() for one in changed]}


def _checked(
    path: Path, document: Document | None, problems: Iterable[Problem], more: Mapping[str, object], language: str
) -> Answer:
    problems = sorted(problems, key=lambda problem: problem.check)
    ok = not has_errors(problems)
    data = {"ok": ok, "problems": [problem.as_json(language) for problem in problems], **more}
    errors = sum(problem.level == "error" for problem in problems)
    counts = {"errors": errors, "warnings": len(problems) - errors}
    words = [_told(path, document, problem, language) for problem in problems]
    words.append(f"{path}: {', '.join(listed(counts, language))}")
    words += listed({name: value for name, value in more.items() if value is not None}, language)
    return Answer(0 if ok else 1, data, tuple(words))


def _told(path: Path, document: Document | None, problem: Problem, language: str) -> str:
    line = f":{document.line_of(problem.where)}" if document else ""
    check = f"{label(problem.level, language)}, {label('check', language)} {problem.check}"
    return f"{path}{line}: {check}, {problem.where}: {problem.message[language]}"


def plan_file(path: Path, *, facts: Path, log: Path, role: str, now: str, language: str = "fr") -> Answer:
    """Say what an incident needs now, by the protocol of a file."""
    try:
        protocol = accepted_protocol(path)
        found = plan(
            protocol,
            facts=read_facts(protocol, _json(facts)),
            log=read_log(protocol, _json(log)),
            role=read_word(role, protocol.roles, "--role"),
            now=read_at(now, "--now"),
        )
    except (Refusal, WrongInput) as refused:
        return Answer(1, error=refused.message[language])
    data = _plan_json(found)
    return Answer(0, data, tuple(listed(data, language)))


def _plan_json(found: Plan) -> dict[str, object]:
    due = [
        {
            "step": one.step,
            "action": one.action,
            "by": list(one.by),
            "due_at": one.due_at.isoformat() if one.due_at else None,
            "cite": one.cite,
        }
        for one in found.due
    ]
    return {
        "pathway": found.pathway,
        "provisional": found.provisional,
        "candidates": list(found.candidates),
        "next_question": found.next_question,
        "due": due,
        "overdue": list(found.overdue),
        "forbidden": list(found.forbidden),
    }


def check_case_file(protocol: Path, path: Path, *, language: str = "fr") -> Answer:
    """Check a case against a protocol, with the scenes beside it."""
    document, _, problems = _case(protocol, path)
    return _checked(path, document, problems, {}, language)


def replay_case_file(protocol: Path, path: Path, *, choices: str, language: str = "fr") -> Answer:
    """Play a path through a case.

    Args:
        choices: the ids of the choices, joined by commas.
    """
    try:
        accepted, case = accepted_protocol(protocol), checked_case(protocol, path)
        names = [name.strip() for name in choices.split(",")] if choices.strip() else []
        played = play(accepted, case, names)
    except (Refusal, NotOffered) as refused:
        return Answer(1, error=refused.message[language])
    data = _replay_json(played)
    return Answer(0, data, tuple(listed(data, language)))


def _replay_json(played: Playthrough) -> dict[str, object]:
    trace = [
        {
            "scene": judged.scene,
            "choice": judged.choice,
            "role": judged.role,
            "action": judged.action,
            "after_seconds": int(judged.after.total_seconds()),
            "verdict": judged.verdict.word,
            "rule": judged.verdict.rule,
            "cite": judged.verdict.cite,
        }
        for judged in played.judged
    ]
    return {
        "path": list(played.path),
        "scene": played.scene,
        "ended": played.has_ended,
        "clean": played.is_clean,
        "verdicts": list(played.verdicts),
        "trace": trace,
    }


def _case(protocol: Path, path: Path) -> tuple[Document | None, Case | None, tuple[Problem, ...]]:
    document, problem = _document(path)
    if document is None:
        return None, None, (problem,)
    rules, _ = _document(protocol)
    accepted = check_protocol(rules.data).accepted if rules else None
    report = check_case(document.data, protocol=accepted, pages=read_pages(path.parent))
    return document, report.case, report.problems


def checked_case(protocol: Path, path: Path) -> Case:
    """Return a case that passes its checks.

    Raises:
        Refusal: it does not, or cannot be read.
    """
    _, case, problems = _case(protocol, path)
    if case is None or problems:
        raise _refused(path, problems[0])
    return case


def accepted_protocol(path: Path) -> Protocol:
    """Return a protocol that passes its checks.

    Raises:
        Refusal: it does not, or cannot be read.
    """
    document, problem = _document(path)
    if document is None:
        raise _refused(path, problem)
    report = check_protocol(document.data)
    if report.accepted is None:
        raise _refused(path, next(problem for problem in report.problems if problem.level == "error"))
    return report.accepted


def _refused(path: Path, first: Problem) -> Refusal:
    why = first.message
    fr = f"{path} est refusé, contrôle {first.check}, {first.where} : {why['fr']}"
    return Refusal(fr, f"{path} is refused, check {first.check}, {first.where}: {why['en']}")


NO_PROBLEM = error(1, "file", "", "")


def _document(path: Path) -> tuple[Document | None, Problem]:
    """Return the document and a problem that says nothing, or no document and why."""
    try:
        return read_yaml(_bytes(path)), NO_PROBLEM
    except Unreadable as fault:
        why = unreadable_sentence(fault)
        place = f", ligne {fault.line}, colonne {fault.column}" if fault.line else ""
        fr, en = f"{path.name}{place} : {why['fr']}", f"{path.name}: {fault.message}"
        return None, error(1, fault.where, fr, en)
    except Refusal as refused:
        return None, Problem(1, "error", "file", refused.message)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError as fault:
        raise Refusal(f"il n’y a pas de fichier {path}", f"there is no file {path}") from fault
    except OSError as fault:
        fr, en = f"{path} ne s’ouvre pas", f"{path} cannot be opened"
        raise Refusal(f"{fr} ({fault.strerror})", f"{en} ({fault.strerror})") from fault


def _json(path: Path) -> Any:
    try:
        return json.loads(_bytes(path).decode("utf-8-sig"), object_pairs_hook=_without_twice)
    except (ValueError, RecursionError) as fault:
        fr = f"{path} n’est pas du JSON lisible (en anglais : {fault})"
        raise Refusal(fr, f"{path} is not readable JSON: {fault}") from fault


def _without_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice in one object")
    return found
