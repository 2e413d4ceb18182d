"""Why something is not valid, as exceptions that carry a verdict and a short stable reason."""

from typing import ClassVar

REASONS = frozenset(
    {
        "algorithm-not-accepted",
        "already-baked",
        "bad-language",
        "baked-otherwise",
        "claims-disagree",
        "compressed-credential",
        "damaged-png",
        "described-twice",
        "document-type",
        "empty-member",
        "endorsement-altered",
        "endorsement-by-a-stranger",
        "endorsement-ended",
        "endorsement-not-checked",
        "expired",
        "header-not-understood",
        "incomplete",
        "issuer-not-known",
        "issuer-not-reachable",
        "key-compromised",
        "key-in-header",
        "key-not-accepted",
        "key-not-known",
        "key-not-the-issuers",
        "key-of-another-kind",
        "lone-surrogate",
        "may-hide-its-status",
        "meaning-not-defined",
        "nested-array",
        "no-achievement",
        "no-credential",
        "no-issuer",
        "no-single-proof",
        "not-a-credential",
        "not-a-moment",
        "not-a-number",
        "not-a-png",
        "not-a-status-list",
        "not-a-token",
        "not-an-address",
        "not-an-assertion",
        "not-an-endorsement",
        "not-an-object",
        "not-an-open-badge",
        "not-an-svg",
        "not-json",
        "not-json-ld",
        "not-the-issuers-did-document",
        "not-utf-8",
        "not-yet-valid",
        "nothing-signed",
        "number-not-plain",
        "number-too-precise",
        "picture-does-not-match",
        "proof-incomplete",
        "proof-not-readable",
        "relative-address",
        "repeated-key",
        "replaced",
        "revocation",
        "second-proof-does-not-match",
        "second-proof-not-checked",
        "several-credentials",
        "signature-does-not-match",
        "status-index-out-of-range",
        "status-list-expired",
        "status-list-not-authentic",
        "status-list-not-readable",
        "status-list-too-short",
        "status-not-available",
        "status-not-supported",
        "suite-not-supported",
        "suspension",
        "too-deep",
        "too-large",
        "too-much-work",
        "undefined-term",
        "unexpected-context",
        "unknown-context",
        "unsigned-member",
    }
)
"""Every reason there is; whoever words them for people can check that none is left out."""


class NotValid(ValueError):
    """A credential cannot be called valid.

    Args:
        reason: a short stable code, such as `signature-does-not-match`; the sentence for a person is written
            elsewhere.
    """

    verdict: ClassVar[str] = "unverifiable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(NotValid):
    """The bytes are not one credential that can be read in one way only."""

    verdict = "unreadable"


class Altered(NotValid):
    """The document is not what its signature covers."""

    verdict = "altered"


class UnknownIssuer(NotValid):
    """The key does not belong to an issuer that is known here."""

    verdict = "unknown_issuer"


class Unverifiable(NotValid):
    """Nothing says that the credential is false, but it cannot be checked with what is at hand."""

    verdict = "unverifiable"
