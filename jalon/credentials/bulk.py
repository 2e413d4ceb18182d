"""Many awards of one level at once: the same rows as one by one, made together and signed by a compiled template.

A transaction holds some hundreds of awards, whole: codes, entries, signatures, lines of the log and standings, or
none of them. A sample of it is signed again by the full algorithm before the commit.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from jalon.accounts import actions as accounts
from jalon.accounts.models import Person
from jalon.core import codes
from jalon.core.dossier import Basis, Content, Dossier
from jalon.core.openbadges import status
from jalon.core.openbadges.template import Batch as Signing
from jalon.core.packs import Level
from jalon.credentials import actions, compiled, queries
from jalon.credentials.models import Award, Credential, Issuance, StatusList
from jalon.hours import actions as hours
from jalon.journal import actions as journal
from jalon.library.models import Release
from jalon.notices import actions as notices
from jalon.web.rows import insert, insert_plain

DRAWN = 2  # entries drawn for each one that is needed


@dataclass(frozen=True)
class Wanted:
    """An award to be made. Args: key: that it will have; facts: of the dossier, what differs from the others."""

    key: UUID
    holder: Person
    name: str
    awarded_on: date
    basis: Basis | None = None


@dataclass(frozen=True)
class Common:
    """What all awards of a batch share."""

    release: Release
    level: Level
    by: Person | None
    about: str
    recognised_by: str

    @property
    def level_key(self) -> str:
        return self.release.pack.level_key(self.level)


def issue_many(wanted: Sequence[Wanted], *, common: Common, at: datetime) -> list[Award]:
    """Each holder has the award, signed and in the log; inside the caller's transaction, which holds the people.

    Args:
        wanted: one for each person, none of whom has the level; at most a few thousand.
    Raises:
        IntegrityError: somebody else took an entry or gave an award at the same instant: begin the transaction again.
        Mismatch: the sample differs from the full algorithm; nothing may be committed.
    """
    awards = _awards(wanted, common, at)
    insert(awards)
    listed, free = entries(len(awards))
    reserved = [
        Credential(
            award=award, language=award.language, status_list=listed, status_index=index, reserved_at=at, signed_at=at
        )
        for award, index in zip(awards, free, strict=True)
    ]
    lines = sign_all(reserved, at=at)
    insert(reserved)
    insert_plain(Issuance, lines)
    _tell(awards, common=common, at=at)
    return awards


def _awards(wanted: Sequence[Wanted], common: Common, at: datetime) -> list[Award]:
    plain = dossier(common, at=at).as_json()
    return [
        Award(
            id=one.key,
            code=codes.new(secrets.randbelow),
            holder=one.holder,
            level_key=common.level_key,
            release=common.release,
            minutes=common.level.minutes,
            awarded_on=one.awarded_on,
            awarded_at=at,
            language=one.holder.language,
            facts=_stated(plain, one),
        )
        for one in wanted
    ]


def _stated(plain: Mapping[str, Any], one: Wanted) -> dict[str, Any]:
    """Return a dossier as plain data: what is shared, with what is this person's."""
    own: dict[str, Any] = {"name": one.name, "awarded_on": one.awarded_on.isoformat()}
    if one.basis:
        own["basis"] = one.basis.as_json()
    return {**plain, **own}


def dossier(common: Common, *, at: datetime) -> Dossier:
    """Return what every award of the batch states; the name is put in its place for each."""
    pack, level = common.release.pack, common.level
    badge = pack.badge_of(level)
    return Dossier(
        name="-",
        level=level.id,
        level_number=level.number,
        program_title=pack.title,
        level_title=level.title,
        badge_name=badge.name,
        badge_description=badge.description,
        minutes=level.minutes,
        awarded_on=at.date(),
        awarded_at=at,
        zone=settings.TIME_ZONE,
        issuer=settings.JALON_OPERATOR,
        issuer_url=settings.JALON_ORIGIN,
        content=Content(program=pack.id, version=common.release.version, sha256=common.release.sha256),
        recognised_by=common.recognised_by,
        demonstration=pack.demonstration,
        partners=tuple(partner.name for partner in pack.partners),
    )


def entries(count: int) -> tuple[StatusList, list[int]]:
    """Return a status list, held until the end of the transaction, and entries of it drawn at random that are free.

    Two batches at the same time take different lists, so that neither waits nor draws what the other drew.
    """
    skips = connection.features.has_select_for_update_skip_locked
    lists = StatusList.objects.order_by("-number").defer("bits", "signed", "token")
    for listed in lists.select_for_update(no_key=True, skip_locked=skips)[:2]:
        free = _free(listed, count)
        if len(free) == count:
            return listed, free
    fresh = actions.next_list(queries.newest_list())
    return StatusList.objects.select_for_update(no_key=True).get(pk=fresh.pk), _free(fresh, count)


def _free(listed: StatusList, count: int) -> list[int]:
    draw = secrets.SystemRandom().sample(range(status.ENTRIES), min(DRAWN * count, status.ENTRIES))
    taken = Credential.objects.filter(status_list=listed, status_index__in=draw).values_list("status_index", flat=True)
    known = set(taken)
    return [index for index in draw if index not in known][:count]


# Signing


def sign_all(reserved: Sequence[Credential], *, at: datetime) -> list[dict[str, object]]:
    """Each of these credentials, not yet written, is signed; return the lines of the log.

    The first, the last and one at random are made and signed again by the full algorithm, and compared.
    """
    key, private = actions.signing_key("ED25519")
    options: dict[str, Any] = {"key": private, "verification_method": queries.method_of(key)}
    made: dict[str, tuple[compiled.Form, Signing]] = {}
    sample = {0, len(reserved) - 1, secrets.randbelow(max(len(reserved), 1))}
    lines = []
    for place, credential in enumerate(reserved):
        if credential.language not in made:
            form = compiled.form_of(credential)
            made[credential.language] = form, Signing(form.template, created=at.replace(microsecond=0), **options)
            sample.add(place)
        form, signing = made[credential.language]
        values = form.values(credential)
        texts = [values[name] for name in signing.template.names]
        credential.payload = queries.sha256(signing.template.canonical(texts))
        signed = signing.sign(values)
        if place in sample:
            signing.recheck(values, signed)
            form.recheck(credential)
        credential.signed, credential.digest = signed, queries.sha256(signed)
        lines.append({"credential": credential.pk, "digest": credential.digest, "kid": key.kid, "at": at})
    return lines


# What follows


def _tell(awards: Sequence[Award], *, common: Common, at: datetime) -> None:
    """Holders stand, their hours are in the register, they are told, and the journal has a line for each award."""
    level = common.level
    accounts.stand_many([(award.holder, award.awarded_on, award.pk) for award in awards], kind=common.level_key)
    title = {tongue: f"{common.release.pack.title[tongue]} – {level.title[tongue]}" for tongue in ("fr", "en")}
    days = [(award.holder, award.awarded_on, award.pk) for award in awards]
    hours.credit_many(days, minutes=level.minutes, title=title)
    notices.queue_many([award.holder for award in awards], kind="award", at=at)
    facts = {"level": common.level_key, "minutes": level.minutes, "batch": common.about}
    journal.record_many("award.issued", by=common.by, at=at, about=awards, facts=facts)


def holders_without(level_key: str, *, people: Sequence[UUID]) -> set[UUID]:
    """Return those who do not have the level, each held until the end of the transaction, always in the same order."""
    held = Person.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=people).order_by("pk")
    locked = set(held.values_list("pk", flat=True))
    has = Award.objects.standing().filter(holder__in=locked, level_key=level_key).values_list("holder", flat=True)
    return locked.difference(has)
