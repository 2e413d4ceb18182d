"""What anybody may know of who issues here and how: what is recognised, keys, the log, the last check by others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from jalon.core.packs import Badge, Level, Pack
from jalon.credentials import queries
from jalon.credentials.models import Checkpoint, Key, SelfCheck
from jalon.library.models import Program, Release

MOST_AGE = timedelta(hours=36)


@dataclass(frozen=True)
class State:
    """What the page of the state shows.

    Args:
        checks: by a foreign verifier, the latest first.
        at: this moment; a check from long before it proves nothing of today.
    """

    checks: Sequence[SelfCheck]
    checkpoint: Checkpoint | None
    keys: Sequence[Key]
    at: datetime

    @property
    def is_late(self) -> bool:
        """Whether the check of last night did not take place."""
        return self.last is not None and self.at - self.last.at > MOST_AGE

    @property
    def was_stopped(self) -> bool:
        """Whether the last check came to no end: its first failure is of no credential."""
        return self.last is not None and any(not one["credential"] for one in self.last.failures)

    @property
    def is_sound(self) -> bool:
        return self.last is not None and not self.last.failures and not self.is_late

    @property
    def last(self) -> SelfCheck | None:
        return self.checks[0] if self.checks else None


def state_of_issuing(*, at: datetime) -> State:
    """Return what the page of the state shows (three queries)."""
    return State(list(SelfCheck.objects.all()[:10]), Checkpoint.objects.first(), list(Key.objects.all()), at)


@dataclass(frozen=True)
class Recognised:
    """What one level of one release recognises, for people."""

    program: Program
    release: Release
    level: Level

    @property
    def pack(self) -> Pack:
        return self.release.pack

    @property
    def badge(self) -> Badge:
        return self.pack.badge_of(self.level)

    @property
    def is_current(self) -> bool:
        """Whether newcomers follow this release."""
        return self.program.current_id == self.release.pk

    @property
    def page(self) -> str:
        return reverse("credentials:achievement", kwargs=self.parts)

    @property
    def image(self) -> str:
        return reverse("documents:achievement_image", kwargs=self.parts)

    @property
    def files(self) -> list[tuple[str, str, str]]:
        """The same for programs: name of the language, its code, the address."""
        parts = self.parts
        return [
            (queries.NAMES[short], short, reverse("documents:achievement", kwargs={**parts, "language": short}))
            for short in queries.FULL
        ]

    @property
    def parts(self) -> dict[str, str]:
        return {"slug": self.program.slug, "version": self.release.version, "level": self.level.id}


def recognised_today() -> list[Recognised]:
    """Return what newcomers may obtain here (one query)."""
    published = [(program, program.current) for program in Program.objects.open() if program.current]
    return [Recognised(program, release, level) for program, release in published for level in release.pack.levels]
