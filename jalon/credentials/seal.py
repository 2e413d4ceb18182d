"""The seal of a printed attestation: PAdES B-B by ECDSA P-256, certified so that no later change is allowed.

The same bytes, key, certificate and moment give the same sealed bytes: the signature is the deterministic one
of RFC 6979, the moment is given, and the second half of the document's identity follows from what is sealed.
The seal shows that the file is untouched; the live page says whether the award still stands.
"""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Final

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD: Final = "Seal"
_RESERVED: Final = 8192  # hexadecimal digits kept for the signature: its length varies, the file's must not


def seal(pdf: bytes, *, key: EllipticCurvePrivateKey, certificate: x509.Certificate, at: datetime) -> bytes:
    """Return the PDF with one invisible certifying signature; its own bytes stay as they were, before it.

    Args:
        pdf: a typeset attestation. A line end is added first: without it a signed file is no PDF/A any more.
        key: P-256, the one the certificate names.
        at: aware; the claimed moment of the seal.
    Raises:
        ValueError: `at` has no time zone, or the key is not the certificate's or not P-256.
    Source: ETSI EN 319 142-1, level B-B; ISO 32000-2, 12.8.2.2 (DocMDP, P = 1); RFC 6979.
    """
    if at.tzinfo is None:
        raise ValueError("at needs a time zone")
    if not isinstance(key.curve, SECP256R1) or key.public_key() != certificate.public_key():
        raise ValueError("a seal needs the P-256 key that its certificate names")
    pdf = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    signer = _Signer(
        PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        ),
        _DeterministicSigner(key, certificate),
        at=at,
    )
    sealed = io.BytesIO()
    with ThreadPoolExecutor(1) as beside:  # pyHanko signs in a loop of events of its own: whoever asks may have one
        beside.submit(signer.sign_pdf, _Update(pdf, at=at), output=sealed, bytes_reserved=_RESERVED).result()
    return sealed.getvalue()


def self_signed_certificate(
    key: EllipticCurvePrivateKey, *, name: str, at: datetime, years: int = 10
) -> x509.Certificate:
    """Return a certificate of the issuer for its own key, for signing documents and nothing else.

    A reader of PDF files shows it as unknown until somebody trusts it: it proves that the file is untouched.

    Args:
        name: the issuer's; cut to the 64 bytes that a common name may have.
        at: aware; the first moment of validity. The serial number follows from the key and this moment.
    """
    short = name.encode()[:64].decode(errors="ignore")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, short)])
    public = key.public_key()
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    serial = int.from_bytes(hashlib.sha256(point + at.isoformat().encode()).digest()[:16], "big") >> 1
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public)
        .serial_number(serial)
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=365 * years))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_only_signing(), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )


def _only_signing() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


class _DeterministicSigner(SimpleSigner):
    """Signs as RFC 6979 says: no random number, so the same message has one signature."""

    def __init__(self, key: EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        """The private half may be elsewhere: nothing but `sign_raw` asks for it, so that pyHanko is given none."""
        self._key = key
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
            signing_key=asn1_keys.PrivateKeyInfo(),
            cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
        )

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        return self._key.sign(data, ECDSA(hashes.SHA256(), deterministic_signing=True))


class _Signer(PdfSigner):
    """Signs at a given moment instead of now."""

    def __init__(self, metadata: PdfSignatureMetadata, signer: SimpleSigner, *, at: datetime) -> None:
        super().__init__(metadata, signer)
        self._at = at

    def init_signing_session(self, *arguments: Any, **options: Any) -> PdfSigningSession:
        session = super().init_signing_session(*arguments, **options)
        session.system_time = self._at
        return session


class _Update(IncrementalPdfFileWriter):
    """Adds to a file without a clock and without chance; what the file says of itself is left as it is."""

    def __init__(self, pdf: bytes, *, at: datetime) -> None:
        super().__init__(io.BytesIO(pdf))
        identity = hashlib.sha256(pdf + at.isoformat().encode()).digest()[:16]
        self._document_id = generic.ArrayObject([self._document_id[0], generic.ByteStringObject(identity)])

    def _update_meta(self) -> None:
        return
