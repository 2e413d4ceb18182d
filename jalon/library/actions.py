"""Publishing: a pack becomes a release that never changes. Withdrawn, nobody begins it; restored, anybody may."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from jalon.accounts.models import Person
from jalon.core.packs import Pack
from jalon.core.refusals import Refusal, Refused, insist
from jalon.core.typography import folded
from jalon.journal import actions as journal
from jalon.library.access import numbers, why_not_publish, why_not_withdraw
from jalon.library.folder import canonical_bytes
from jalon.library.models import Program, Release, Withdrawal, remember
from jalon.library.reading import read_pack


@transaction.atomic
def publish(*, files: Mapping[str, bytes], by: Person | None, at: datetime) -> Release:
    """The pack is published, and is what new learners follow; publishing the same bytes twice changes nothing.

    Args:
        files: the bytes of each file by its path inside the pack.
        by: who publishes; nothing when a command does.
    Raises:
        Refused: the pack has problems, this version was published with other bytes, or a later one was.
    """
    pack = _sound(files)
    data = canonical_bytes(files)
    sha256 = hashlib.sha256(data).hexdigest()
    program = _program_locked(pack)
    if published := Release.objects.filter(program=program, sha256=sha256).first():
        return published
    insist(why_not_publish(program, pack.version))
    release = Release.objects.create(
        program=program, version=pack.version, content=data, sha256=sha256, published_at=at, published_by=by
    )
    _set_current(program, release, pack)
    remember(sha256, pack)
    journal.record("release.published", by=by, at=at, about=release, facts={"version": pack.version, "sha256": sha256})
    return release


@transaction.atomic
def withdraw(*, release: Release, reason: str, by: Person | None, at: datetime) -> Withdrawal:
    """Nobody begins this release; whoever has begun goes on. The latest version that stands is current, if one does.

    Asked again for the same reason, nothing changes.

    Args:
        reason: read by anybody; names nobody.
        by: who withdraws; nothing when a command does.
    Raises:
        Refused: there is no reason, or it was withdrawn for another one.
    """
    program = locked(release.program)
    found = release.withdrawal
    if found and found.reason == reason.strip():
        return found
    insist(why_not_withdraw(release, reason))
    made = Withdrawal.objects.create(release=release, reason=reason.strip(), by=by, at=at)
    _choose_current(program)
    journal.record("release.withdrawn", by=by, at=at, about=release, facts={"version": release.version})
    return made


@transaction.atomic
def restore(*, release: Release, by: Person | None, at: datetime) -> Release:
    """Anybody may begin this release again when it is current, the latest that stands. Asked again, nothing changes."""
    program = locked(release.program)
    if release.withdrawals.filter(restored_at=None).update(restored_at=at, restored_by=by):
        _choose_current(program)
        journal.record("release.restored", by=by, at=at, about=release, facts={"version": release.version})
    return release


def locked(program: Program) -> Program:
    """Return the program as it is now, held to the end of the transaction: whether it can be begun does not change."""
    return Program.objects.select_for_update(of=("self",)).select_related("current").get(pk=program.pk)


def _choose_current(program: Program) -> None:
    every = program.releases.defer("content")
    chosen = max(every.standing() or every, key=lambda release: numbers(release.version))
    if chosen.pk != program.current_id:
        _set_current(program, chosen, chosen.pack)


def _sound(files: Mapping[str, bytes]) -> Pack:
    pack, problems = read_pack(files)
    if pack is None:
        first = problems[0]
        facts = {"count": len(problems), "file": first.file, "line": first.line, "problem": first.message}
        raise Refused(Refusal("pack-has-problems", facts))
    return pack


def _program_locked(pack: Pack) -> Program:
    titles = {"title_fr": pack.title["fr"], "title_en": pack.title["en"]}
    Program.objects.get_or_create(slug=pack.id, defaults=titles)
    return locked(Program.objects.get(slug=pack.id))


def _set_current(program: Program, release: Release, pack: Pack) -> None:
    program.current = release
    program.title_fr, program.title_en = pack.title["fr"], pack.title["en"]
    program.search_fr, program.search_en = (_search_words(pack, language) for language in ("fr", "en"))
    program.save()


def _search_words(pack: Pack, language: str) -> str:
    texts = [pack.title, pack.summary, pack.audience, *pack.themes, *(level.title for level in pack.levels)]
    return folded(" ".join(text[language] for text in texts))
