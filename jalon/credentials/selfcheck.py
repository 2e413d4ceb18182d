"""What is stored is checked again by a verifier that we did not write: openbadgeslib, at another desk than ours.

It reads our own DID document and status lists from memory, as the site would serve them: no network is asked. It
compares dates with the clock of the machine.
"""

import json
import time
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

from jalon.core.openbadges import jcs, jwt
from jalon.credentials import actions, queries
from jalon.credentials.models import Credential, SelfCheck, StatusList
from jalon.journal import actions as journal

LIBRARY = "openbadgeslib"
MOST_KEPT = 100
CHUNK = 200
# A list or an award that changed while it was being compared gives one of these once, and not again.
MAY_PASS = frozenset({"RefusedThoughStanding", "AcceptedThoughEnded", "StatusListsDiffer"})


def run(*, most: int | None, at: datetime) -> SelfCheck:
    """Stored credentials were checked, the result is kept and shown on the page of the state.

    A check that stops before its end is kept too, as a failure of no credential: what it stopped on is its reason.

    Args:
        most: how many at most, drawn at random; nothing for all.
    Raises:
        KeyUnavailable: a status list must be signed again and the key cannot be read.
    """
    lost = Credential.objects.signed_by_compromised().exclude(award__is_current=True)  # ended: no key vouches for it
    drawn = Credential.objects.exclude(signed_at=None).exclude(pk__in=lost).select_related("award", "status_list")
    drawn = drawn.defer("award__facts", "status_list__bits", "status_list__signed", "status_list__token")
    some = list((drawn.order_by("?")[:most] if most else drawn.order_by("pk")).values_list("pk", flat=True))
    checked, failures = 0, []
    try:
        desk = Desk(at)
        for start in range(
            0, len(some), CHUNK
        ):  # read, then closed: an open reading keeps others from writing on SQLite
            for credential in list(drawn.filter(pk__in=some[start : start + CHUNK])):
                checked += 1
                if reason := desk.fault(credential):
                    failures.append({"credential": str(credential.pk), "reason": reason})
    except Exception as stopped:
        _keep(checked, [{"credential": "", "reason": type(stopped).__name__}, *failures], at=at)
        raise
    return _keep(checked, failures, at=at)


def _keep(checked: int, failures: list[dict[str, str]], *, at: datetime) -> SelfCheck:
    done = SelfCheck.objects.create(
        at=at,
        library=f"{LIBRARY} {version(LIBRARY)}",
        checked=checked,
        failed=len(failures),
        failures=failures[:MOST_KEPT],
    )
    facts = {"checked": checked, "failures": len(failures)}
    journal.record("credentials.checked", by=None, at=at, about=done, facts=facts)
    return done


class Desk:
    """The foreign verifier, with the documents that it may read."""

    def __init__(self, at: datetime) -> None:
        from openbadgeslib.ob3 import OB3LdpVerifier

        self._pages: dict[str, bytes] = {}
        self._faults: dict[int, str] = {}
        self._at, self._began = at, time.monotonic()
        self._verifier = OB3LdpVerifier.for_issuer_did(queries.issuer_did())

    def fault(self, credential: Credential) -> str:
        """Return why a credential is not what our records say, nothing when they agree.

        Its document and its token are sound whether it stands or not; its entry is set when it ended, and only then.
        """
        number = credential.status_list.number
        if queries.status_address(number) not in self._pages:
            self._read_list(number)
        reason = self._fault(credential, number)
        if reason in MAY_PASS:
            time.sleep(queries.STATUS_GAP.total_seconds())  # then the list says all that has changed meanwhile
            self._read_list(number)
            credential.award.refresh_from_db(fields=["is_current"])
            reason = self._fault(credential, number)
        return reason

    def _read_list(self, number: int) -> None:
        at = self._at + timedelta(seconds=time.monotonic() - self._began)
        self._pages[queries.status_address(number)] = actions.publish_status_as_jwt(number=number, at=at).encode()
        self._faults.pop(number, None)

    def _fault(self, credential: Credential, number: int) -> str:
        try:
            document = self._verifier.verify(credential.content, download=self._download)
            if credential.jwt:
                self._check_token(credential.jwt)
            return self._fault_of_list(number) or self._fault_of_status(document, bool(credential.award.is_current))
        except Exception as refused:
            return type(refused).__name__

    def _check_token(self, token: str) -> None:
        from openbadgeslib.ob3 import OB3Verifier

        OB3Verifier.for_issuer_did(queries.issuer_did(), self._download).verify(token)

    def _fault_of_status(self, document: Any, stands: bool) -> str:
        """Return why the entry says otherwise than our records; the library raises the same when it is set and when
        it cannot be read, so the words tell.
        """
        from openbadgeslib.ob3 import OB3VerificationError, check_credential_status

        try:
            check_credential_status(document, download=self._download, verify_list=True)
        except OB3VerificationError as refused:
            is_set = "'revocation' is set" in str(refused)
            return "" if is_set and not stands else "RefusedThoughStanding" if is_set else type(refused).__name__
        return "" if stands else "AcceptedThoughEnded"

    def _fault_of_list(self, number: int) -> str:
        """Return why the list as JSON is not sound, or not what its token says; each list is checked once."""
        if number not in self._faults:
            self._faults[number] = self._compared(number)
        return self._faults[number]

    def _compared(self, number: int) -> str:
        from openbadgeslib.ob3 import OB3VerificationError, resolve_verification_method, verify_data_integrity_proof

        listed = json.loads(StatusList.objects.get(number=number).content)
        try:
            key = resolve_verification_method(listed["proof"]["verificationMethod"], download=self._download)
            verify_data_integrity_proof(listed, key)
        except (OB3VerificationError, KeyError) as refused:
            return f"StatusList{type(refused).__name__}"
        token = jwt.read(self._pages[queries.status_address(number)].decode()).payload
        same = token["credentialSubject"] == listed["credentialSubject"]
        return "" if same else "StatusListsDiffer"

    def _download(self, address: str, *_: object, **__: object) -> bytes:
        """Return the DID document, or a list as a token, the one form whose signature this verifier checks itself."""
        if address.endswith("/did.json") and address not in self._pages:
            self._pages[address] = jcs.canonical(queries.did_document())
        return self._pages[address]


def last() -> SelfCheck | None:
    return SelfCheck.objects.first()
