"""The protocol engine at its largest: 1 048 576 combinations checked, six unknown facts planned, an action judged."""

import copy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from jalon.core.protocols.checks import check_protocol
from jalon.core.protocols.engine import evaluate, plan
from jalon.core.protocols.model import ActionEntry, EventEntry, LogEntry
from jalon.demo.figures import Figure, median, milliseconds
from jalon.demo.story import Story
from jalon.library.yamlfile import read_yaml

FACTS = [f"f{place}" for place in range(10)]
VALUES = ["v0", "v1", "v2", "v3"]
START = datetime(2027, 1, 11, 13, 0, tzinfo=UTC)


def figures(story: Story) -> Iterator[Figure]:
    data = largest()
    report = check_protocol(data)
    protocol = report.accepted
    assert protocol is not None, report.problems
    note = f"{report.combinations} combinations, {len(protocol.route.rows)} rows"
    taken = milliseconds(lambda: check_protocol(data), times=5)
    yield Figure("check a protocol, 10 facts × 4 values", median(taken), "ms", "≤ 2 000 ms", note=note)
    log: list[LogEntry] = [EventEntry("report_received", START)]
    log += [ActionEntry("welcome_student", "first_adult", START + timedelta(minutes=place)) for place in range(20)]
    at = START + timedelta(hours=1)
    known = dict.fromkeys(FACTS[:4], "v3")
    taken = milliseconds(lambda: plan(protocol, facts=known, log=log, role="principal", now=at), times=200)
    yield Figure("plan, 6 unknown facts", median(taken), "ms", "≤ 5 ms")
    facts = dict.fromkeys(FACTS, "v3")
    judged: dict[str, Any] = {"log": log, "role": "trained_responder", "action": "fill_grid", "at": at}
    taken = milliseconds(lambda: evaluate(protocol, facts=facts, **judged), times=2_000)
    yield Figure("evaluate an action, all facts known", median(taken), "ms", "≤ 0.2 ms")


def largest() -> dict[str, Any]:
    """The demonstration protocol with ten facts of four values: each row narrows one fact more, in three ways."""
    path = settings.ROOT / "packs" / "sexto" / "protocol.yaml"
    data: dict[str, Any] = copy.deepcopy(read_yaml(path.read_bytes()).data)
    roles, pathways = data["roles"], list(data["pathways"])
    data["facts"] |= {fact: {"values": VALUES, "known_by": roles} for fact in FACTS}
    rows: list[dict[str, Any]] = []
    for place, fact in enumerate(FACTS):
        above = dict.fromkeys(FACTS[:place], "v3")
        rows += [{**above, fact: value} for value in VALUES[:3]]
    rows.append(dict.fromkeys(FACTS, "v3"))
    for place, row in enumerate(rows):
        row |= {"id": f"r{place}", "then": pathways[place % len(pathways)], "cite": "spvm-sexto#1"}
    data["route"] = {"for": "trained_responder", "inputs": FACTS, "rows": rows}
    for fact in FACTS:
        for name in (fact, *(f"{fact}/{value}" for value in VALUES)):
            data["texts"][f"fact/{name}"] = {"fr": name, "en": name}
    return data
