"""Whatever a file holds, the answer is a report."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.cases.checks import check_case
from jalon.core.cases.suite import check_suite
from jalon.core.protocols.check_route import is_too_large
from jalon.core.protocols.checks import check_protocol
from jalon.core.protocols.drawing import pathway_svg, route_grid
from jalon.core.protocols.engine import plan
from jalon.core.protocols.releases import Comparison, check_release
from jalon.core.protocols.sentences import differences
from tests.core.protocols.example import Data, accepted, case_data, pages_of, protocol_data

EXAMPLE = accepted(protocol_data())
ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, "", " ", "yes", "all", "unknown", "é", "kit", "fill_grid", "guide#1"),
    *("report_received", "grid_done", "P1D", "PT0S", "2027-01-11", "x" * 100, float("nan"), 10**30),
    *([], {}, [[]], [None], ["kit"], ["kit", "kit"], {"fr": "x"}, {"id": "x"}, {None: 1}, {1: {}}, [{}]),
]


def spots(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every part of the data."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(spot for key, child in children for spot in spots(child, (*path, key)))]


def spoiled(data: Data, choices: list[tuple[int, int, Any]]) -> Any:
    """Replace, remove or repeat some parts of the data."""
    for number, kind, value in choices:
        found = [spot for spot in spots(data) if spot]
        if not found:
            return copy.deepcopy(value)
        *above, key = found[number % len(found)]
        node: Any = data
        for step in above:
            node = node[step]
        if kind == 0:
            del node[key]
        elif kind == 1 and isinstance(node, list):
            node.append(copy.deepcopy(node[key]))
        else:
            node[key] = copy.deepcopy(value)
    return data


faults = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 4), st.sampled_from(ODD)), min_size=1, max_size=3)


class TestASpoiledFile:
    @settings(max_examples=150, deadline=None)
    @given(faults)
    def test_gives_a_report_of_the_protocol(self, choices: list[tuple[int, int, Any]]) -> None:
        report = check_protocol(spoiled(protocol_data(), choices))
        assert all(problem.where for problem in report.problems)
        assert all(problem.message["fr"] != problem.message["en"] for problem in report.problems)
        protocol = report.protocol
        if protocol is None or is_too_large(protocol):
            return
        for language in ("fr", "en"):
            route_grid(protocol, language)
            for pathway in protocol.pathways:
                pathway_svg(protocol, pathway, language)
            differences(EXAMPLE, protocol, language)
        list(check_release(EXAMPLE, protocol))
        Comparison(EXAMPLE, protocol).changed()
        assert list(check_suite(protocol, {"one": case_data()}, unreadable={})) is not None
        found = plan(protocol, facts={}, log=[], role=protocol.roles[0], now=datetime(2027, 1, 1, tzinfo=UTC))
        assert found.pathway in protocol.pathways

    @settings(max_examples=150, deadline=None)
    @given(faults)
    def test_gives_a_report_of_the_case(self, choices: list[tuple[int, int, Any]]) -> None:
        data = spoiled(case_data(), choices)
        report = check_case(data, protocol=EXAMPLE, pages=pages_of(case_data()))
        assert all(problem.where for problem in report.problems)
        assert all(problem.message["fr"] != problem.message["en"] for problem in report.problems)
        assert report.case is not None or report.problems
