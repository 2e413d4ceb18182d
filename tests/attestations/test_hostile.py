"""What a stranger may send to the page of verification: a sentence comes back, never a failure, never "valid"."""

import gzip
import json
import os
import struct
import tracemalloc
import zipfile
import zlib

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.attestations import checking, proofs
from jalon.attestations.raster import badge_png
from jalon.core.openbadges import baking, jwt, keys
from tests.attestations.test_checking import drawing, zipped
from tests.core.openbadges import cast
from tests.issuing import MONDAY, credential_of, make_keys, signed

pytestmark = pytest.mark.django_db
MEGABYTE = 1024 * 1024
DOORS = ("", "/en")


def send(client, content: bytes, name: str = "badge.json", prefix: str = ""):
    return client.post(f"{prefix}/verify/", {"file": SimpleUploadedFile(name, content)})


def png_with(*texts: bytes) -> bytes:
    """A picture with text chunks written by hand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    picture = badge_png(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', pixels=9)
    return picture[:33] + b"".join(chunk(b"iTXt", text) for text in texts) + picture[33:]


def zip_bomb(size: int) -> bytes:
    return zipped({"zeros.json": b"0" * size})


KEYWORD = b"openbadgecredential\0"
FILES = {
    "empty": b"",
    "one byte": b"\0",
    "html": b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>",
    "xml entities": b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>',
    "svg without badge": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "plain text": "Bonjour à vous".encode(),
    "text of another age": "Élève".encode("latin-1"),
    "json of nothing": b"{}",
    "json list": b"[1, 2]",
    "json deep": b"[" * 100_000 + b"]" * 100_000,
    "json deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "json not a number": b'{"proof": {}, "a": NaN}',
    "json huge number": b'{"proof": {}, "a": ' + b"9" * 100_000 + b"}",
    "json twice the key": b'{"proof": {}, "proof": {}}',
    "json half a pair": b'{"proof": "\\ud800"}',
    "json odd types": json.dumps({"type": 3, "proof": [], "credentialSubject": None, "issuer": {}}).encode(),
    "token of nothing": b"a.b.c",
    "token of json": b"e30.e30.e30",
    "png of nothing": png_with(),
    "png cut": png_with()[:40],
    "png twice": png_with(KEYWORD + b"\0\0\0\0{}", KEYWORD + b"\0\0\0\0{}"),
    "png packed": png_with(KEYWORD + b"\1\0\0\0" + zlib.compress(b"0" * 20 * MEGABYTE)),
    "pdf of nothing": b"%PDF-1.7\n%%EOF",
    "pdf that is not": b"%PDF" + b"\0" * 500,
    "pdf of html": b"%PDF-1.7\n<html></html>",
    "zip of nothing": zipped({}),
    "zip cut": zipped({"a.json": b"{}"})[:-8],
    "zip of a zip": zipped({"b.zip": zipped({"a.json": b"{}"})}),
    "zip of odd names": zipped({"../../etc/passwd": b"{}", " ": b"x", "<script>.json": b"x"}),
    "zip of many": zipped({f"{number}.json": b"x" for number in range(101)}),
    "zip that says less": zipped({"a.json": b"x" * 3_000}).replace(struct.pack("<I", 3_000), struct.pack("<I", 30)),
    "zip of lzma": zipped({"a.json": b"x" * 100}, packing=zipfile.ZIP_LZMA),
    "zip bomb": zip_bomb(51 * MEGABYTE),
    "zip of a large file": zip_bomb(6 * MEGABYTE),
}


class TestAHostileFile:
    @pytest.mark.parametrize("prefix", DOORS, ids=["fr", "en"])
    @pytest.mark.parametrize("name", FILES)
    def test_gets_a_sentence_and_is_never_valid(self, client, name, prefix):
        answer = send(client, FILES[name], prefix=prefix)
        assert answer.status_code == 200
        assert "notice-ok" not in answer.text
        assert 'class="finding"' in answer.text or "errors" in answer.text
        assert "<script>alert" not in answer.text

    def test_shows_its_name_harmless(self, client):
        answer = send(client, b"x", name='<img src=x onerror="alert(1)">.json')
        assert answer.status_code == 200
        assert "<img src=x" not in answer.text

    def test_of_more_than_5_mb_is_refused_with_a_sentence(self, client):
        answer = send(client, b"0" * (5 * MEGABYTE + 1))
        assert answer.status_code == 200
        assert "dépasse 5\u00a0Mo" in answer.text

    def test_of_far_more_is_not_even_received(self, client):
        answer = send(client, b"0" * (9 * MEGABYTE))
        assert answer.status_code == 200
        assert "dépasse 5\u00a0Mo" in answer.text

    def test_of_exactly_5_mb_is_read(self, client):
        assert "dépasse" not in send(client, b"0" * (5 * MEGABYTE)).text

    def test_of_nothing_but_spaces_in_the_code_asks_for_one(self, client):
        answer = client.post("/verify/", {"code": "   "})
        assert answer.status_code == 200
        assert "un seul suffit" in answer.text

    def test_of_a_code_with_a_null_or_without_end_gets_a_sentence(self, client):
        for text in ("\0", "A" * 400, "\u202e" * 30, "é" * 300):
            answer = client.post("/verify/", {"code": text})
            assert answer.status_code == 200
            assert "notice-ok" not in answer.text

    @pytest.mark.parametrize(
        ("prefix", "title"), [("", "Code illisible"), ("/en", "Code not readable")], ids=["fr", "en"]
    )
    @pytest.mark.parametrize("text", ["\0", "7K3M9\0RT4WX", "7K3M9-RT4WX"])
    def test_of_a_code_with_a_null_gets_the_sentence_of_any_other(self, client, prefix, title, text):
        for answer in (
            client.post(f"{prefix}/verify/", {"code": text}),
            client.get(f"{prefix}/verify/", {"code": text}),
        ):
            assert title in BeautifulSoup(answer.text, "html.parser").select_one(".finding").text
            assert "errors" not in answer.text

    def test_of_a_pasted_text_with_a_null_gets_the_sentence_of_any_other(self, client):
        for text in ('{"id": "\0"}', '{"id": "\x01"}'):
            assert "Illisible" in client.post("/verify/", {"code": text}).text

    def test_of_many_foreign_papers_opens_five_at_most(self, monkeypatch):
        opened = []

        def count(content):
            opened.append(content)
            return []

        monkeypatch.setattr(checking.reading, "attached_credentials", count)
        papers = {f"{number}.pdf": b"%PDF-1.7 " + bytes([number]) for number in range(20)}
        found = checking.check_file("all.zip", zipped(papers), now=MONDAY)
        assert (len(opened), len(found)) == (5, 20)
        assert [one.reason for one in found].count("too-many-strangers") == 15


def own_name(document: dict) -> bytes:
    """Return a document signed with the key that its issuer is named after: nobody need be asked for it."""
    did = keys.did_key(cast.KEY.public_key())
    document = document | {"issuer": {"id": did, "type": ["Profile"], "name": "Personne"}}
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-02T15:19:00Z",
        "verificationMethod": f"{did}#{did.removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
        "proofValue": "z" + "1" * 64,
    }
    return json.dumps(document | {"proof": proof}).encode()


def with_alignments(alignments: list) -> dict:
    achievement = cast.document()["credentialSubject"]["achievement"] | {"alignment": alignments}
    return cast.document() | {"credentialSubject": cast.document()["credentialSubject"] | {"achievement": achievement}}


def nested(depth: int) -> dict:
    inner: dict = {"type": ["Profile"], "name": "A"}
    for _ in range(depth):
        inner = {"type": ["Profile"], "name": "A", "parentOrg": inner}
    return inner


def bombed_list() -> bytes:
    packed = jwt.multibase.to_base64url(gzip.compress(bytes(200 * MEGABYTE)))
    listed = json.loads(cast.status_list())
    listed["credentialSubject"]["encodedList"] = f"u{packed}"
    return json.dumps(listed).encode()


POISON = {
    "twelve twins": own_name(
        with_alignments([{"type": ["Alignment"], "targetName": "A", "targetUrl": "https://a.example/"}] * 12)
    ),
    "many objects": own_name(with_alignments([{"targetName": f"A{n}"} for n in range(900)])),
    "many types": own_name(with_alignments([{"type": [f"https://a.example/{n}" for n in range(290)]}])),
    "deep profiles": own_name(cast.document() | {"credentialSubject": {"achievement": {"creator": nested(12)}}}),
    "long text": own_name(cast.document() | {"name": "é\n" * 15_000}),
    "many endorsements": own_name(cast.document() | {"endorsement": [{"id": f"urn:x:{n}"} for n in range(500)]}),
    "redefined context": own_name(cast.document() | {"@context": [{"@vocab": "https://evil.example/"}]}),
    "remote context": own_name(cast.document() | {"@context": ["https://evil.example/context"]}),
    "bombed list": bombed_list(),
    "svg of elements": b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 300_000,
    "svg of attributes": b"<svg " + b" ".join(b'a%d=""' % n for n in range(200_000)) + b"/>",
}


class TestTheCost:
    """Of what is written to cost a lot: under two seconds of processor time and 150 MB, the child's included."""

    @pytest.mark.parametrize("name", [*FILES, *POISON])
    def test_of_a_hostile_file_is_bounded(self, name, monkeypatch):
        monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was tried"))
        content = (FILES | POISON)[name]
        proofs.CREW.dismiss()
        before = sum(os.times()[:4])
        found = checking.check_file("it", content, now=MONDAY)
        proofs.CREW.dismiss()
        assert sum(os.times()[:4]) - before < 2
        assert "valid" not in {one.verdict for one in found}

    @pytest.mark.parametrize("name", [*FILES, *POISON])
    def test_of_a_hostile_file_in_memory_is_bounded(self, name):
        content = (FILES | POISON)[name]
        tracemalloc.start()
        try:
            checking.check_file("it", content, now=MONDAY)
            assert tracemalloc.get_traced_memory()[1] < 150 * MEGABYTE
        finally:
            tracemalloc.stop()


class TestAnAmbiguousBadge:
    def test_with_two_credentials_is_unreadable(self):
        make_keys()
        award = signed()
        text = credential_of(award).content
        one = baking.bake_png(badge_png(drawing(award), pixels=32), text.decode())
        start = one.index(b"iTXt") - 4
        length = 12 + struct.unpack(">I", one[start : start + 4])[0]
        twice = one[: start + length] + one[start : start + length] + one[start + length :]
        (found,) = checking.check_file("it", twice, now=MONDAY)
        assert (found.verdict, found.reason) == ("unreadable", "several-credentials")


class TestAnything:
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.binary(max_size=300))
    def test_at_all_is_judged_and_never_valid(self, content):
        assert {found.verdict for found in checking.check_file("it", content, now=MONDAY)} & {"valid"} == set()

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.data())
    def test_damaged_in_an_archive_is_judged(self, data):
        content = bytearray(zipped({"a.json": b'{"proof": 1}' * 20, "b.svg": b"<svg/>", "c.pdf": b"%PDF-1.7"}))
        for _ in range(data.draw(st.integers(1, 6))):
            content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
        found = checking.check_file("it.zip", bytes(content), now=MONDAY)
        assert found
        assert {one.verdict for one in found} <= {"unreadable", "unverifiable", "unknown_issuer", "altered"}

    @pytest.mark.parametrize("name", [b"\x00.json", b"\x00\x00\x00\x00\x00\x00"])
    def test_in_an_archive_under_an_empty_name_is_judged(self, name):
        content = zipped({"a.json": b"{}"}).replace(b"a.json", name)
        assert {found.verdict for found in checking.check_file("it.zip", content, now=MONDAY)} <= {"unreadable"}


def test_a_file_that_claims_to_be_a_picture_of_great_size_costs_nothing():
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    body = b"IHDR" + header
    picture = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    end = b"IEND"
    picture += struct.pack(">I", 0) + end + struct.pack(">I", zlib.crc32(end))
    (found,) = checking.check_file("it", picture, now=MONDAY)
    assert (found.verdict, found.reason) == ("unreadable", "no-credential")
