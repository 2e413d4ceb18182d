"""Every reason that the code can give is in the list for those who word them, and none is there for nothing."""

import ast
from pathlib import Path

from jalon.core import openbadges
from jalon.core.openbadges.problems import REASONS

PROBLEMS = {"Altered", "Unreadable", "Unverifiable", "UnknownIssuer", "NotStrictJson"}


def given_reasons() -> set[str]:
    found = {"revocation", "suspension"}  # the purpose of a status entry is its reason
    for module in Path(openbadges.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            which = {"_Judged": 1}.get(node.func.id, 0 if node.func.id in PROBLEMS else None)
            if which is None:
                continue
            given = [part.value for part in ast.walk(node.args[which]) if isinstance(part, ast.Constant)]
            found.update(text for text in given if isinstance(text, str))
    return found


def test_every_reason_is_listed():
    assert given_reasons() == REASONS
