import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from jalon.credentials.seal import seal, self_signed_certificate

MONDAY = datetime(2026, 3, 2, 15, 19, tzinfo=UTC)
KEY = ec.derive_private_key(0xACADEB, ec.SECP256R1())
CERTIFICATE = self_signed_certificate(KEY, name="Organisme fictif de démonstration", at=MONDAY)


def paper() -> bytes:
    """A PDF without the line end at its close, as the typesetter leaves it."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(612, 792))
    saved = io.BytesIO()
    document.save(saved, deterministic_id=True)
    return saved.getvalue().rstrip(b"\n")


PAPER = paper()
SEALED = seal(PAPER, key=KEY, certificate=CERTIFICATE, at=MONDAY)


def status(pdf: bytes) -> PdfSignatureStatus:
    anchor = asn1_x509.Certificate.load(CERTIFICATE.public_bytes(Encoding.DER))
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[anchor], moment=MONDAY)
    with ThreadPoolExecutor(1) as beside:  # as `seal`
        return beside.submit(validate_pdf_signature, signature, context).result()


def is_whole(pdf: bytes) -> bool:
    try:
        return bool(status(pdf).bottom_line)
    except (SignatureValidationError, PdfError, ValueError, KeyError, IndexError, AttributeError, TypeError):
        return False


class TestASeal:
    def test_is_made_where_a_loop_of_events_runs_too(self):
        async def sealed() -> bytes:
            return seal(PAPER, key=KEY, certificate=CERTIFICATE, at=MONDAY)

        with ThreadPoolExecutor(1) as beside:
            assert beside.submit(asyncio.run, sealed()).result() == SEALED

    def test_holds_for_the_whole_file_at_the_moment_it_names(self):
        found = status(SEALED)
        assert found.bottom_line
        assert found.coverage.name == "ENTIRE_FILE"
        assert found.signer_reported_dt == MONDAY

    def test_is_an_electronic_signature_of_pades_that_allows_no_change(self):
        (signature,) = PdfFileReader(io.BytesIO(SEALED)).embedded_signatures
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        assert signature.docmdp_level.name == "NO_CHANGES"

    def test_leaves_every_byte_before_it_and_ends_the_line_first(self):
        assert SEALED.startswith(PAPER + b"\n")

    def test_is_the_same_for_the_same_paper_key_and_moment(self):
        assert seal(PAPER, key=KEY, certificate=CERTIFICATE, at=MONDAY) == SEALED

    def test_of_another_moment_is_another(self):
        assert seal(PAPER, key=KEY, certificate=CERTIFICATE, at=MONDAY + timedelta(seconds=1)) != SEALED

    @settings(deadline=None, max_examples=60)
    @given(st.integers(0, len(PAPER)), st.integers(1, 255))
    def test_breaks_when_one_byte_of_the_paper_changes(self, place, change):
        altered = bytearray(SEALED)
        altered[place] ^= change
        assert not is_whole(bytes(altered))

    def test_breaks_when_something_is_added_after_it(self):
        with pikepdf.open(io.BytesIO(SEALED)) as document:
            added = f"\n1 0 obj\n<< /Added true >>\nendobj\ntrailer\n<< /Size {len(document.objects)} >>\n%%EOF\n"
        assert not is_whole(SEALED + added.encode())


class TestASealWithoutWhatItNeeds:
    def test_refuses_the_key_of_another_certificate(self):
        with pytest.raises(ValueError, match="P-256 key"):
            seal(PAPER, key=ec.derive_private_key(7, ec.SECP256R1()), certificate=CERTIFICATE, at=MONDAY)

    def test_refuses_another_curve(self):
        key = ec.derive_private_key(7, ec.SECP384R1())
        certificate = self_signed_certificate(key, name="Fictif", at=MONDAY)
        with pytest.raises(ValueError, match="P-256 key"):
            seal(PAPER, key=key, certificate=certificate, at=MONDAY)

    def test_refuses_a_moment_without_time_zone(self):
        with pytest.raises(ValueError, match="time zone"):
            seal(PAPER, key=KEY, certificate=CERTIFICATE, at=MONDAY.replace(tzinfo=None))


class TestItsCertificate:
    def test_is_the_same_for_the_same_key_and_moment(self):
        assert self_signed_certificate(KEY, name="Organisme fictif de démonstration", at=MONDAY) == CERTIFICATE

    def test_is_for_signing_documents_only_and_for_ten_years(self):
        usage = CERTIFICATE.extensions.get_extension_for_class(x509.KeyUsage).value
        assert (usage.digital_signature, usage.content_commitment, usage.key_cert_sign) == (True, True, False)
        assert CERTIFICATE.not_valid_after_utc - CERTIFICATE.not_valid_before_utc == timedelta(days=3650)
        CERTIFICATE.verify_directly_issued_by(CERTIFICATE)

    def test_cuts_a_name_that_is_too_long_for_it(self):
        certificate = self_signed_certificate(KEY, name="É" * 80, at=MONDAY)
        assert certificate.subject.rfc4514_string() == "CN=" + "É" * 32
