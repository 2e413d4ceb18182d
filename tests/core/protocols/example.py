"""A small invented protocol and case, as plain data, for the tests of the engine."""

from __future__ import annotations

import copy
from typing import Any

from jalon.core.protocols.check_words import text_keys
from jalon.core.protocols.checks import check_protocol
from jalon.core.protocols.model import Protocol
from jalon.core.protocols.reading import read_protocol

Data = dict[str, Any]

PROTOCOL: Data = {
    "id": "image-incident",
    "version": "2.1.0",
    "effective": {"from": "2027-01-11", "territories": ["demo-north"]},
    "roles": ["first_adult", "designated_staff", "principal", "prosecutor"],
    "facts": {
        "danger_now": {"values": ["present", "absent"], "known_by": ["first_adult", "designated_staff"]},
        "adult_involved": {"values": ["adult", "minors_only"], "known_by": ["designated_staff"]},
        "image": {"values": ["reported", "rumour"], "known_by": ["first_adult", "designated_staff"]},
        "spread": {"values": ["sent_on", "not_sent_on"], "known_by": ["designated_staff"]},
        "qualification": {"values": ["impulsive", "malicious"], "known_by": ["prosecutor"]},
    },
    "pathways": {"emergency": 4, "adult_case": 3, "kit": 2, "support_only": 1},
    "route": {
        "for": "designated_staff",
        "inputs": ["danger_now", "adult_involved", "image"],
        "rows": [
            {"id": "r1", "danger_now": "present", "then": "emergency", "cite": "guide#2"},
            {
                "id": "r2",
                "danger_now": "absent",
                "adult_involved": "adult",
                "then": "adult_case",
                "cite": "guide#3",
            },
            {
                "id": "r3",
                "danger_now": "absent",
                "adult_involved": "minors_only",
                "image": "reported",
                "then": "kit",
                "cite": "guide#4",
            },
            {
                "id": "r4",
                "danger_now": "absent",
                "adult_involved": "minors_only",
                "image": "rumour",
                "then": "support_only",
                "cite": "guide#5",
            },
        ],
    },
    "events": ["report_received"],
    "steps": {
        "reassure": {
            "do": "reassure_student",
            "by": ["first_adult", "designated_staff"],
            "in": "all",
            "needs": ["report_received"],
            "cite": "guide#1",
        },
        "call": {
            "do": "call_emergency",
            "by": ["first_adult", "designated_staff", "principal"],
            "in": ["emergency"],
            "needs": ["report_received"],
            "within": "PT5M",
            "cite": "guide#2",
        },
        "hand_on": {
            "do": "tell_designated_staff",
            "by": ["first_adult"],
            "in": ["adult_case", "kit", "support_only"],
            "needs": ["report_received"],
            "gives": "staff_engaged",
            "within": "PT30M",
            "cite": "guide#1",
        },
        "grid": {
            "do": "fill_grid",
            "by": ["designated_staff"],
            "in": ["kit", "adult_case"],
            "needs": ["staff_engaged"],
            "gives": "grid_done",
            "within": "PT2H",
            "cite": "guide#4",
        },
        "contain": {
            "do": "ask_to_stop_sharing",
            "by": ["designated_staff"],
            "in": ["kit"],
            "when": {"spread": "sent_on"},
            "needs": ["staff_engaged"],
            "within": "PT3H",
            "cite": "guide#4",
        },
        "police": {
            "do": "contact_police_liaison",
            "by": ["designated_staff", "principal"],
            "in": ["kit", "adult_case"],
            "needs": ["grid_done"],
            "gives": "police_notified",
            "within": "PT4H",
            "cite": "guide#6",
        },
        "parents": {
            "do": "inform_parents",
            "by": ["principal"],
            "in": ["kit"],
            "needs": ["police_notified"],
            "within": "P1D",
            "cite": "guide#7",
        },
        "check_in": {
            "do": "check_in_with_student",
            "by": ["designated_staff"],
            "in": ["kit", "adult_case", "support_only"],
            "needs": ["staff_engaged"],
            "within": "P7D",
            "cite": "guide#8",
        },
    },
    "never": [
        {"id": "no-viewing", "do": "view_image", "cite": "guide#1"},
        {"id": "no-copying", "do": "copy_or_forward_image", "cite": "guide#1"},
        {"id": "no-investigation", "do": "question_students", "from": "police_notified", "cite": "guide#6"},
        {"id": "no-verdict", "do": "decide_qualification", "except": ["prosecutor"], "cite": "guide#6"},
    ],
    "sources": {"guide": {"checked": "2026-11-22", "paragraphs": 8}},
    "texts": {"title": {"fr": "Exemple", "en": "Example"}},
}

CASE: Data = {
    "id": "group-chat",
    "version": "1.0.0",
    "protocol": "image-incident@^2.1",
    "title": {"fr": "Le groupe", "en": "The group chat"},
    "pathway": "kit",
    "truth": {
        "danger_now": "absent",
        "adult_involved": "minors_only",
        "image": "reported",
        "spread": "sent_on",
    },
    "start": "corridor",
    "scenes": {
        "corridor": {
            "you_are": "first_adult",
            "reveals": ["image"],
            "choices": [
                {
                    "id": "listen",
                    "does": ["reassure_student", "tell_designated_staff"],
                    "takes": "PT10M",
                    "to": "office",
                },
                {"id": "look", "does": ["view_image"], "takes": "PT5M", "to": "office"},
                {"id": "wait", "does": ["tell_designated_staff"], "takes": "P1D", "to": "office"},
            ],
        },
        "office": {
            "you_are": "designated_staff",
            "reveals": ["danger_now", "adult_involved", "spread"],
            "choices": [
                {
                    "id": "act",
                    "does": ["fill_grid", "ask_to_stop_sharing", "contact_police_liaison"],
                    "takes": "PT90M",
                    "to": "later",
                },
                {"id": "label", "does": ["decide_qualification"], "takes": "PT10M", "to": "later"},
            ],
        },
        "later": {
            "you_are": "designated_staff",
            "choices": [
                {"id": "dig", "does": ["question_students"], "takes": "PT20M", "to": "end"},
                {"id": "support", "does": ["check_in_with_student"], "takes": "P2D", "to": "end"},
            ],
        },
        "end": {"debrief": True},
    },
    "replays": [
        {"path": ["listen", "act", "support"], "expect": ["ok"] * 6},
        {
            "path": ["look", "act", "dig"],
            "expect": ["never/no-viewing", "early", "early", "ok", "never/no-investigation"],
        },
        {"path": ["wait", "act", "support"], "expect": ["late", "late", "late", "late", "ok"]},
    ],
}


def protocol_data(**changes: Any) -> Data:
    """Return a copy of the example, with top-level parts changed."""
    data = copy.deepcopy(PROTOCOL)
    data.update(copy.deepcopy(changes))
    return with_texts(data)


def case_data(**changes: Any) -> Data:
    data = copy.deepcopy(CASE)
    data.update(copy.deepcopy(changes))
    return data


def with_texts(data: Data) -> Data:
    """Add the texts that are missing, and drop those that name nothing, when the form is right."""
    protocol, _ = read_protocol(data)
    if protocol is not None:
        keys = text_keys(protocol)
        data["texts"] = {key: data["texts"].get(key, {"fr": f"{key} (fr)", "en": f"{key} (en)"}) for key in keys}
    return data


def accepted(data: Data) -> Protocol:
    """Return the protocol of data that must pass its checks."""
    report = check_protocol(with_texts(data))
    assert report.accepted is not None, report.problems
    return report.accepted


def pages_of(data: Data) -> dict[str, dict[str, str]]:
    """Return prose for every scene of a case, one block per choice."""
    pages = {}
    for name, scene in data["scenes"].items():
        blocks = [f"## {choice['id']} {{#{choice['id']}}}\n\nThen.\n" for choice in scene.get("choices", [])]
        pages[name] = dict.fromkeys(("fr", "en"), "Here.\n\n" + "\n".join(blocks))
    return pages
