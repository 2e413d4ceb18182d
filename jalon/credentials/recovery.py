"""After a crash, after a theft: what was begun is finished or voided, and whoever asks is told what is not whole."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from jalon.accounts.models import Person, Standing
from jalon.core.refusals import Refusal, Refused
from jalon.credentials import actions, queries
from jalon.credentials.models import Award, Batch, Credential, Issuance, Key, Revocation, StatusList
from jalon.journal import actions as journal

Row = TypeVar("Row", bound=Model)
log = logging.getLogger(__name__)
VOIDED = "Le badge n’a pas pu être signé tel que réservé. / The badge could not be signed as it was reserved."


def recover(*, at: datetime, voids: bool = False) -> Counter[str]:
    """Nothing is left half done: what waits is signed with the same id, what was begun in a batch goes on, and what a
    compromised key signed is signed anew. Whatever cannot be done holds up nothing behind it.

    Args:
        voids: an award whose credential can no longer be signed as it was reserved is revoked; else it is left.
    Returns:
        How many were `signed`, `voided`, `left`, `renewed`, of how many `batches`; and how many `failed`, each of them
        in the log of the process.
    Raises:
        KeyUnavailable: a key cannot be read; everything that it does not need is done.
        Refused: a compromised key has no successor and none can be made here; again, everything else is done.
    """
    from jalon.credentials import batches

    done: Counter[str] = Counter(signed=0)
    refused = _replace_all(at=at)
    is_away = _each(
        Credential.objects.in_preparation().order_by("reserved_at"), partial(_finish, at=at, voids=voids), done
    )
    is_away |= _each(signed_by_compromised(), partial(_renew_one, at=at), done)

    def go_on(batch_id: UUID) -> str:
        batches.go_on(batch_id=batch_id, at=at)
        return "batches"

    is_away |= _each(Batch.objects.unfinished().order_by("at"), go_on, done)
    if refused:
        raise refused
    if is_away:
        raise queries.KeyUnavailable
    return done


def _each(rows: QuerySet[Row], finish: Callable[[UUID], str], done: Counter[str]) -> bool:
    """Finish each of these rows, whatever happens to another, and count it; tell whether a key was unavailable."""
    is_away = False
    for pk in list(rows.values_list("pk", flat=True)):
        try:
            done[finish(pk)] += 1
        except queries.KeyUnavailable:
            is_away = True
        except Exception:
            log.exception("Recovery could not finish %s.", pk)
            done["failed"] += 1
    return is_away


def _finish(credential_id: UUID, *, at: datetime, voids: bool) -> str:
    """Sign, or void; return which."""
    credential = Credential.objects.select_related("award").get(pk=credential_id)
    try:
        actions.sign(credential_id=credential.pk, at=at)
    except queries.KeyUnavailable:
        raise
    except Refused:
        if not voids:
            return "left"
        actions.revoke(award=credential.award, reason=VOIDED, by=None, at=at)
        return "voided"
    return "signed"


def declare_compromise(*, kid: str, since: datetime, at: datetime, by: Person | None = None) -> int:
    """From that moment the key proves nothing but what the anchored log held; every badge it signed is signed anew.

    It is declared before a new key is made: whatever happens to that one, the declaration stands, and this or `recover`
    goes on later. Declared again, only an earlier moment counts. Return how many credentials were signed anew.

    Raises:
        Key.DoesNotExist: no key has this name.
        KeyUnavailable: the new key cannot be read.
        Refused: it is declared, but no new key can be made here.
    """
    with transaction.atomic():
        key = Key.objects.select_for_update().get(kid=kid)
        key.retired_at = key.retired_at or at
        key.compromised_from = min(since, key.compromised_from or since)
        key.save(update_fields=["retired_at", "compromised_from"])
        StatusList.objects.update(signed=None, signed_at=None, token="")
        forgotten = Credential.objects.exclude(jwt="").update(jwt="") if key.kind == "P256" else 0
        journal.record("key.compromised", by=by, at=at, about=key, facts={"since": key.compromised_from.isoformat()})
    _replace(key.kind, at=at)
    done: Counter[str] = Counter()
    if _each(signed_by_compromised(), partial(_renew_one, at=at), done):
        raise queries.KeyUnavailable
    return forgotten + done["renewed"]


def _replace(kind: str, *, at: datetime) -> None:
    """A key of this kind is in use, made if there is none.

    Raises:
        Refused: its file cannot be written, or the signer, a user of its own, could not read what is written here.
    """
    refused = Refused(Refusal("key-not-made", {"kind": kind}))
    with transaction.atomic():
        in_use = [one for one in Key.objects.select_for_update().filter(kind=kind) if one.retired_at is None]
        if in_use:
            return
        if settings.JALON_SIGNER == "process":
            raise refused
        try:
            actions.create_key(kind=kind, at=at)
        except OSError as problem:
            raise refused from problem


def _replace_all(*, at: datetime) -> Refused | None:
    """Replace each compromised key that has no successor; return why one could not be."""
    found = None
    for kind in sorted(set(not_replaced().values_list("kind", flat=True))):
        try:
            _replace(kind, at=at)
        except Refused as refused:
            found = refused
    return found


def not_replaced() -> QuerySet[Key]:
    """Return the compromised keys of a kind of which none is in use."""
    in_use = Key.objects.filter(retired_at=None).values("kind")
    return Key.objects.exclude(compromised_from=None).exclude(kind__in=in_use)


@transaction.atomic
def _renew_one(credential_id: UUID, *, at: datetime) -> str:
    """It bears a sound signature; made meanwhile by another recovery, it is not made twice."""
    Credential.objects.select_for_update(of=("self",)).get(pk=credential_id)
    if signed_by_compromised().filter(pk=credential_id).exists():
        actions.sign_anew(credential_id=credential_id, at=at)
    return "renewed"


def signed_by_compromised() -> QuerySet[Credential]:
    """Return what stands with the signature of a compromised key: nobody can verify it."""
    return Credential.objects.signed_by_compromised().filter(award__is_current=True).order_by("reserved_at")


# Audit


def audit() -> Iterator[Refusal]:
    """Say every half state, with how many rows are in it; nothing when all is whole."""
    for code, rows in _half_states().items():
        if count := rows.count():
            first = str(rows.values_list("pk", flat=True).first())
            yield Refusal(code, {"count": count, "first": first})
    yield from _audit_lists()


def _half_states() -> dict[str, QuerySet[Model]]:
    credentials, awards = Credential.objects, Award.objects
    line = Issuance.objects.filter(credential=OuterRef("pk"), digest=OuterRef("digest"))
    standing = Standing.objects.filter(source=OuterRef("pk"))
    revoked = Exists(Revocation.objects.filter(award=OuterRef("pk")))
    replaced = Exists(Award.objects.filter(replaces=OuterRef("pk")))
    own = Credential.objects.filter(award=OuterRef("pk"))
    return {
        "audit-in-preparation": credentials.in_preparation(),
        "audit-not-in-the-log": credentials.exclude(signed_at=None).filter(~Exists(line)),
        "audit-no-credential": awards.filter(~Exists(own)),
        "audit-no-standing": awards.standing().filter(~Exists(standing.filter(until_on=None))),
        "audit-standing-without-award": awards.filter(is_current=None).filter(Exists(standing.filter(until_on=None))),
        "audit-ended-without-reason": awards.filter(is_current=None).filter(~revoked, ~replaced),
        "audit-stands-though-ended": awards.standing().filter(Q(revoked) | Q(replaced)),
        "audit-batch-unfinished": Batch.objects.unfinished(),
        "audit-key-not-replaced": not_replaced(),
        "audit-signed-by-compromised": signed_by_compromised(),
    }


def _audit_lists() -> Iterator[Refusal]:
    """Compare the bits of each list with the awards that ended: neither one more nor one less."""
    for listed in StatusList.objects.order_by("number"):
        ended = Credential.objects.filter(status_list=listed, award__is_current=None)
        bits = bytes(listed.bits)
        wanted = set(ended.values_list("status_index", flat=True))
        found = {at * 8 + bit for at, byte in enumerate(bits) if byte for bit in range(8) if byte & (0x80 >> bit)}
        if found != wanted:
            yield Refusal("audit-status-list", {"count": len(found ^ wanted), "first": str(listed.number)})
