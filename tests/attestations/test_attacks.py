"""Attacks on the page of verification that go around what the other files try: never "valid", bounded work, no call."""

import json
import os
import struct
import tracemalloc
import zlib
from datetime import timedelta

import pytest

from jalon.attestations import checking, cost, proofs
from jalon.attestations.workers import Crew
from jalon.core.openbadges import baking, jcs, status
from jalon.credentials import actions as credentials
from jalon.credentials import queries
from tests.attestations import test_proofs, test_strangers
from tests.attestations.test_checking import zipped
from tests.attestations.test_hostile import KEYWORD, MEGABYTE, own_name, png_with, with_alignments
from tests.attestations.test_strangers import DOCUMENT, LATER, check
from tests.attestations.test_tokens_of_strangers import token_of
from tests.core.openbadges import cast
from tests.issuing import make_keys, signed

pytestmark = pytest.mark.django_db
published, trusting = test_strangers.published, test_strangers.trusting


class TestAFileOfManySmallThings:
    @pytest.mark.parametrize("unit", [b'{"":0},', b"{},", b"[],", b"1.5,", b'"",'])
    def test_takes_no_memory(self, unit):
        content = b'{"a":[' + unit * ((5 * MEGABYTE - 20) // len(unit)) + b"0]}"
        tracemalloc.start()
        try:
            found = check(content)
            assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
        finally:
            tracemalloc.stop()
        assert (found.verdict, found.reason) == ("unreadable", "too-large")


class TestAnArchiveOfCostlyFiles:
    COSTLY = own_name(with_alignments([{"targetName": f"A{n}"} for n in range(200)]))

    def test_is_left_when_its_time_is_over_and_what_is_left_is_never_valid(self, monkeypatch):
        left = iter([1.0, 1.0, 1.0])
        monkeypatch.setattr(cost, "patience", lambda: next(left, 0.0))
        files = {f"{number}.json": b'{"proof": 1}' for number in range(9)}
        found = checking.check_file("all.zip", zipped(files), now=LATER)
        assert [one.reason for one in found].count("archive-too-slow") == 6
        assert {one.verdict for one in found if one.reason == "archive-too-slow"} == {"unverifiable"}

    def test_has_all_of_them_checked_while_there_is_time(self, monkeypatch):
        monkeypatch.setattr(cost, "patience", lambda: 1.0)
        found = checking.check_file("all.zip", zipped({f"{n}.json": self.COSTLY for n in range(3)}), now=LATER)
        assert [one.reason for one in found] == ["undefined-term"] * 3

    def test_costs_two_seconds_in_all_however_many_children_it_would_take(self, monkeypatch):
        crew = Crew(f"{test_proofs.HERE}:spins")
        monkeypatch.setattr(proofs, "CREW", crew)
        files = {f"{n}.json": own_name(cast.document() | {"name": str(n)}) for n in range(20)}
        spent = seconds_of(lambda: self.reasons(files))
        assert spent < 3
        reasons = self.reasons(files)
        assert set(reasons) == {"too-much-work", "archive-too-slow"}
        assert reasons.count("archive-too-slow") >= 17
        crew.dismiss()

    def test_costs_two_seconds_in_all_when_the_work_is_our_own(self):
        attributes = b"<svg " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>"
        files = {f"{n}.svg": attributes for n in range(10)}
        assert seconds_of(lambda: self.reasons(files)) < 3
        assert set(self.reasons(files)) <= {"too-large", "archive-too-slow"}

    def test_is_read_whole_when_it_is_honest(self, trusting):
        """A hundred badges, each different, begun with no child and nothing remembered."""
        proofs.CREW.dismiss()
        files = {f"{n}.json": jcs.canonical(cast.sign(cast.document() | {"name": f"Badge {n}"})) for n in range(100)}
        found = checking.check_file("all.zip", zipped(files), now=LATER)
        assert [one.verdict for one in found] == ["valid"] * 100

    def test_leaves_what_comes_after_it_its_own_two_seconds(self, monkeypatch, trusting):
        monkeypatch.setattr(checking, "MAX_CPU", 0.0)
        found = checking.check_file("all.zip", zipped({"a.json": cast.credential()}), now=LATER)
        assert [one.reason for one in found] == ["archive-too-slow"]
        monkeypatch.undo()
        assert cost.left() > 1_000_000

    def reasons(self, files: dict[str, bytes]) -> list[str]:
        found = checking.check_file("all.zip", zipped(files), now=LATER)
        assert {one.verdict for one in found} <= {"unverifiable", "unreadable"}
        return [one.reason for one in found]


def seconds_of(work) -> float:
    """The processor time of some work, that of its children included."""
    proofs.CREW.dismiss()
    before = sum(os.times()[:4])
    work()
    proofs.CREW.dismiss()
    return sum(os.times()[:4]) - before


class TestABadgeOfATrustedIssuer:
    def with_status(self, entries) -> bytes:
        return jcs.canonical(cast.sign(cast.document() | {"credentialStatus": entries}))

    @pytest.mark.parametrize("number", [9, 200])
    def test_with_many_statuses_makes_us_call_none_of_their_lists(self, number, trusting):
        entries = [status.entry(address=f"https://jalon.example/{n}", index=n) for n in range(number)]
        found = check(self.with_status(entries))
        assert (found.verdict, found.reason) == ("unverifiable", "too-much-work")
        assert trusting["asked"] == [DOCUMENT]

    def test_that_names_our_status_list_is_not_valid(self, trusting):
        make_keys()
        signed()
        credentials.publish_status(number=1, at=LATER)
        found = check(self.with_status(status.entry(address=queries.status_address(1), index=5)))
        assert (found.verdict, found.reason) == ("unverifiable", "status-list-not-authentic")

    @pytest.mark.parametrize("at", [0, 1, 2])
    def test_that_is_revoked_in_one_of_several_lists_is_revoked(self, at, trusting):
        entries = [status.entry(address=cast.LIST, index=n) for n in (5, 6, 7)]
        trusting[cast.LIST] = cast.status_list(revoked=(5 + at,))
        assert check(self.with_status(entries)).verdict == "revoked"

    def test_whose_list_is_of_a_day_to_come_is_not_valid(self, trusting):
        trusting[cast.LIST] = cast.status_list(issued_at=LATER + timedelta(seconds=1))
        found = check(cast.credential())
        assert (found.verdict, found.reason) == ("unverifiable", "status-list-not-authentic")

    def test_whose_list_is_the_badge_itself_is_not_valid(self, trusting):
        badge = self.with_status(status.entry(address=cast.AWARDED.id, index=5))
        trusting[cast.AWARDED.id] = badge
        found = check(badge)
        assert (found.verdict, found.reason) == ("unverifiable", "status-list-not-authentic")

    def test_that_held_as_a_token_holds_no_forged_proof(self, trusting):
        """What was remembered of a token's meaning says nothing of a proof over the same words."""
        assert check(token_of(cast.document())).verdict == "valid"
        proof = json.loads(cast.credential())["proof"] | {"proofValue": "z" + "1" * 64}
        with_proof = cast.document() | {"proof": proof}
        check(token_of(with_proof))
        assert check(jcs.canonical(with_proof)).verdict == "altered"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = png_with(KEYWORD + b"\0\0\0\0" + cast.credential())
SVG = baking.bake_svg(cast.SVG, cast.credential().decode())
SECOND = {
    "png in plain text": PNG[:33] + chunk(b"tEXt", b"openbadgecredential\0{}") + PNG[33:],
    "png in packed text": PNG[:33] + chunk(b"zTXt", b"openbadgecredential\0\0" + zlib.compress(b"{}")) + PNG[33:],
    "png of the second version": PNG[:33] + chunk(b"iTXt", b"openbadges\0\0\0\0\0https://evil.example/a") + PNG[33:],
    "png in capitals": PNG[:33] + chunk(b"iTXt", b"OpenBadgeCredential\0\0\0\0\0{}") + PNG[33:],
    "png after its end": PNG + chunk(b"iTXt", KEYWORD + b"\0\0\0\0{}"),
    "png and an archive": PNG + zipped({"badge.json": cast.credential()}),
    "svg further in": SVG.replace(
        b"</svg>", b'<g><o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0" verify="a.b.c"/></g></svg>'
    ),
    "svg of the second version": SVG.replace(
        b"</svg>", b'<o:assertion xmlns:o="http://openbadges.org" verify="https://evil.example/a"/></svg>'
    ),
    "svg in another encoding": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE svg [<!ENTITY a "b">]><svg/>'.encode(
        "utf-16"
    ),
    "svg with a style sheet": b'<?xml-stylesheet href="https://evil.example/x.xsl"?>' + SVG.partition(b"?>\n")[2],
}


class TestAPictureThatTwoReadersWouldReadDifferently:
    @pytest.mark.parametrize("name", SECOND)
    def test_is_never_valid_although_its_first_credential_is(self, name, trusting):
        assert {check(PNG).verdict, check(SVG).verdict} == {"valid"}
        trusting["asked"].clear()
        assert check(SECOND[name]).verdict == ("altered" if "style" in name else "unreadable")
        assert trusting["asked"] == []
