import io
import zlib

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from jalon.attestations import paper, reading
from jalon.attestations.reading import NotReadable, attached_credentials
from jalon.credentials.seal import seal, self_signed_certificate
from tests.attestations.sheets import BADGE, CREDENTIAL, FRENCH, MONDAY

PAPER = paper.typeset(FRENCH, badge_svg=BADGE, credential=CREDENTIAL, made_at=MONDAY)
TOKEN = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl"


def holding(*attachments: bytes) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    for number, content in enumerate(attachments):
        document.attachments[f"{number}.json"] = content
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def with_stream(
    raw: bytes, filters: str, *, names: str = "(a.json) 4 0 R", tree: str = "", kids: str = "6 0 R"
) -> bytes:
    """Write by hand a PDF whose attachment is `raw` as it stands."""
    return written(
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 3 0 R >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count 1 >>".encode(),
        f"<< /Names [{names}] {tree} >>".encode(),
        b"<< /Type /Filespec /F (a.json) /UF (a.json) /EF << /F 5 0 R >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(raw), filters.encode(), raw),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
    )


def written(*bodies: bytes) -> bytes:
    document, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(document), len(bodies) + 1
    document += b"xref\n0 %d\n0000000000 65535 f \n" % size
    document += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(document + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start))


def reason(pdf: bytes) -> str:
    with pytest.raises(NotReadable) as refused:
        attached_credentials(pdf)
    return refused.value.reason


class TestAPdf:
    def test_of_ours_gives_its_credential_unchanged(self):
        assert attached_credentials(PAPER) == [CREDENTIAL]

    def test_of_ours_gives_it_once_sealed_too(self):
        key = ec.derive_private_key(0xACADEB, ec.SECP256R1())
        certificate = self_signed_certificate(key, name="Organisme fictif", at=MONDAY)
        sealed = seal(PAPER, key=key, certificate=certificate, at=MONDAY)
        assert sealed == seal(PAPER, key=key, certificate=certificate, at=MONDAY)
        assert attached_credentials(sealed) == [CREDENTIAL]

    def test_may_hold_a_token_and_gives_both(self):
        assert attached_credentials(holding(CREDENTIAL, TOKEN)) == [CREDENTIAL, TOKEN]

    def test_without_attachment_gives_nothing(self):
        assert attached_credentials(holding()) == []

    def test_leaves_aside_what_is_no_credential(self):
        assert attached_credentials(holding(b"\x89PNG....", CREDENTIAL, b"hello")) == [CREDENTIAL]

    def test_may_hold_it_unpacked_or_deflated_once(self):
        assert attached_credentials(with_stream(CREDENTIAL, "")) == [CREDENTIAL]
        assert attached_credentials(with_stream(zlib.compress(CREDENTIAL), "/Filter [/FlateDecode]")) == [CREDENTIAL]


class TestAFileBeyondItsLimits:
    def test_of_more_than_5_mb_is_not_opened(self):
        assert reason(b"%PDF-1.7" + bytes(reading.LARGEST_FILE)) == "too-large"

    @pytest.mark.parametrize("content", [b"", b"{}", b"%PDF-1.7 and then nothing", b"\x89PNG\r\n"])
    def test_that_is_no_pdf_is_said_to_be_none(self, content):
        assert reason(content) == "not-a-pdf"

    def test_with_six_attachments_is_refused_and_with_five_is_read(self):
        assert reason(holding(*[b'{"n":%d}' % number for number in range(6)])) == "too-many-attachments"
        assert len(attached_credentials(holding(*[b'{"n":%d}' % number for number in range(5)]))) == 5

    def test_with_a_large_attachment_is_refused(self):
        assert reason(holding(b"{" + b" " * reading.LARGEST_ATTACHMENT)) == "attachment-too-large"

    def test_protected_by_a_password_is_refused(self):
        document, saved = pikepdf.new(), io.BytesIO()
        document.add_blank_page()
        document.save(saved, encryption=pikepdf.Encryption(user="secret", owner="secret"))
        assert reason(saved.getvalue()) == "not-a-pdf"


class TestAHostileFile:
    def test_with_a_bomb_of_one_layer_is_refused(self):
        assert (
            reason(with_stream(zlib.compress(bytes(50_000_000), 9), "/Filter /FlateDecode")) == "attachment-too-large"
        )

    def test_with_a_bomb_of_many_layers_is_refused(self):
        bomb = zlib.compress(zlib.compress(zlib.compress(bytes(100_000_000), 9), 9), 9)
        layers = "/Filter [/FlateDecode /FlateDecode /FlateDecode]"
        assert len(bomb) < 2_000
        assert reason(with_stream(bomb, layers)) == "attachment-unreadable"

    def test_with_a_predictor_is_refused(self):
        packed = "/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 1000000000 >>"
        assert reason(with_stream(zlib.compress(CREDENTIAL), packed)) == "attachment-unreadable"

    def test_with_damaged_packing_is_refused(self):
        assert reason(with_stream(b"not deflated", "/Filter /FlateDecode")) == "attachment-unreadable"

    def test_with_a_name_tree_that_holds_itself_ends(self):
        assert attached_credentials(with_stream(CREDENTIAL, "", tree="/Kids [3 0 R]")) == [CREDENTIAL]

    def test_with_pages_that_hold_themselves_is_refused(self):
        assert reason(with_stream(CREDENTIAL, "", kids="2 0 R 2 0 R")) == "not-a-pdf"

    def test_with_ten_thousand_attachments_is_refused(self):
        names = " ".join(f"(a{number}) 4 0 R" for number in range(10_000))
        assert reason(with_stream(CREDENTIAL, "", names=names)) == "too-many-attachments"

    def test_with_an_object_stream_bomb_is_stopped(self):
        bomb = object_stream_bomb()
        assert len(bomb) < 20_000
        assert reason(bomb) == "too-much-work"

    @pytest.mark.parametrize("part", [b"/EF", b"/Names", b"/EmbeddedFiles", b"(a.json)", b"4 0 R", b"5 0 R"])
    def test_with_a_broken_part_gives_nothing_or_is_refused(self, part):
        broken = with_stream(CREDENTIAL, "").replace(part, b"0" * len(part))
        assert broken != with_stream(CREDENTIAL, "")
        assert outcome(broken) in {"nothing", "not-a-pdf", "attachment-unreadable"}


def outcome(pdf: bytes) -> str:
    try:
        return "something" if attached_credentials(pdf) else "nothing"
    except NotReadable as refused:
        return refused.reason


def object_stream_bomb() -> bytes:
    """The catalogue lies in an object stream of two layers that unpacks to 2 GB."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"1 0 << /Type /Catalog /Pages 2 0 R >> " + bytes(1_000_000)) + packer.flush(
        zlib.Z_FULL_FLUSH
    )
    megabyte = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = zlib.compress(head + megabyte * 2_000 + packer.flush(), 9)
    bodies = {
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
        4: b"<< /Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream"
        % (len(packed), packed),
    }
    document, rows = bytearray(b"%PDF-1.7\n"), [(0, 0, 65_535), (2, 4, 0)]
    for number, body in bodies.items():
        rows.append((1, len(document), 0))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(document)
    rows.append((1, start, 0))
    table = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(4, "big") + index.to_bytes(2, "big") for kind, at, index in rows
    )
    document += b"5 0 obj\n<< /Type /XRef /Size 6 /Root 1 0 R /W [1 4 2] /Length %d >>\nstream\n" % len(table)
    return bytes(document + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % start)
