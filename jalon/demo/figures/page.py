"""The page of the figures: what one machine measured, on which day, of which commit."""

import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

Measured = Mapping[str, object]
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HEAD = """<!-- Written by ./dev bench --page FILE. Measure again, on a quiet machine, instead of editing. -->
# Figures
Measured on one machine, so that a change can be seen: another machine gives other figures, and `./dev bench` measures
yours. A figure is not a promise, and no test depends on one. Each stands beside its aim where there is one.

"""


@dataclass(frozen=True)
class Machine:
    """Where it was measured: nothing that names the machine or whose it is."""

    processor: str
    python: str
    commit: str
    day: date


def this_machine(day: date) -> Machine:
    """Return what this machine is, and which commit of the checkout it runs."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Machine(
        processor=f"{cores} core{'s' * (cores > 1)}, {model()}, {platform.system()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        commit=commit(),
        day=day,
    )


def model() -> str:
    """Return the name of the processor as Linux knows it, else its kind."""
    try:
        with open("/proc/cpuinfo") as lines:
            names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


def commit() -> str:
    """Return the short name of the commit, and whether files differ from it; "unknown" outside a repository."""
    known = git("rev-parse", "--short=10", "HEAD")
    return (known + (", with changes" if git("status", "--porcelain", "--untracked-files=no") else "")) or "unknown"


def git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=settings.ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def page(figures: Sequence[Measured], machine: Machine) -> str:
    """Return the Markdown: the machine, then one table for each group, both databases side by side."""
    versions = {str(one["database"]): str(one["version"]) for one in figures}
    told = {
        "Machine": machine.processor,
        "Python": machine.python,
        **{DATABASES[name]: version for name, version in versions.items()},
        "Day": machine.day.isoformat(),
        "Commit": machine.commit,
    }
    facts = "\n".join(f"| {name} | {value} |" for name, value in told.items())
    groups = dict.fromkeys(str(one["group"]) for one in figures)
    tables = "\n\n".join(table(name, [one for one in figures if one["group"] == name]) for name in groups)
    return f"{HEAD}| | |\n|---|---|\n{facts}\n\n{tables}\n"


def table(name: str, figures: Sequence[Measured]) -> str:
    """Return one group as a table: a row for each thing measured, in the order of measuring."""
    rows: dict[str, dict[str, Measured]] = {}
    for one in figures:
        rows.setdefault(str(one["name"]), {})[str(one["database"])] = one
    databases = [known for known in DATABASES if any(known in row for row in rows.values())]
    heads = ["what", *(DATABASES[known] for known in databases), "aim", "note"]
    lines = [[what, *(cell(row.get(known)) for known in databases), *words_of(row)] for what, row in rows.items()]
    return "\n".join(
        [f"## {name.capitalize()}", row_of(heads), "|---" * len(heads) + "|", *(row_of(line) for line in lines)]
    )


def cell(figure: Measured | None) -> str:
    """Return a figure with its unit, and the queries where it is a page."""
    if figure is None:
        return "–"
    queries = figure["queries"]
    many = f", {queries} quer{'y' if queries == 1 else 'ies'}" if queries is not None else ""
    return f"{shown(figure['value'])} {figure['unit']}{many}"


def shown(value: object) -> str:
    """Return a number as it is read: thousands apart, decimals only where they tell something."""
    assert isinstance(value, int | float)
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def words_of(row: Mapping[str, Measured]) -> tuple[str, str]:
    """Return the aim and the note of a row, from the first database that has them."""
    aim, note = (next((str(one[key]) for one in row.values() if one[key]), "") for key in ("aim", "note"))
    return aim, note


def row_of(cells: Sequence[str]) -> str:
    return "| " + " | ".join(one.replace("|", "\\|") for one in cells) + " |"
