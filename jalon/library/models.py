import json
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.urls import reverse

from jalon.core.packs import Pack
from jalon.core.privacy import Privacy
from jalon.core.typography import folded
from jalon.library.reading import read_pack

LONGEST_REASON = 300
_packs: dict[str, Pack] = {}


def remember(sha256: str, pack: Pack) -> None:
    """The typed pack of these bytes is known to this process; bytes that have this digest never change."""
    _packs[sha256] = pack


class ProgramQuerySet(models.QuerySet["Program"]):
    def published(self) -> Self:
        """Those that can be followed, each with its current release, whose bytes are read only when needed."""
        published = self.filter(current__isnull=False).select_related("current").defer("current__content")
        return published.annotate(is_withdrawn=_is_withdrawn("current"))

    def open(self) -> Self:
        """Those that somebody may begin: their current release was not withdrawn."""
        return self.published().filter(is_withdrawn=False)

    def found_by(self, words: str) -> Self:
        """Those whose texts hold every word, in French or in English, whatever the accents and the case."""
        found = self
        for word in folded(words).split():
            found = found.filter(models.Q(search_fr__contains=word) | models.Q(search_en__contains=word))
        return found


class ReleaseQuerySet(models.QuerySet["Release"]):
    def standing(self) -> Self:
        """Those that were not withdrawn, or were restored since."""
        return self.exclude(_is_withdrawn("pk"))


def _is_withdrawn(release: str) -> models.Exists:
    return models.Exists(Withdrawal.objects.filter(release=models.OuterRef(release), restored_at=None))


class Program(models.Model):
    """A program of the catalogue. Its words come from its current release; two columns serve the search."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    slug = models.SlugField(unique=True, max_length=64)
    title_fr = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    search_fr = models.TextField(help_text="Folded words: no accents, lower case.")
    search_en = models.TextField(help_text="Folded words: no accents, lower case.")
    current = models.ForeignKey(
        "library.Release",
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="The latest version that stands; once all are withdrawn, the latest.",
    )

    objects = ProgramQuerySet.as_manager()
    privacy = Privacy(keep="as long as a release exists; no personal data")

    class Meta:
        ordering = ["title_fr"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(title_fr="") & ~models.Q(title_en=""), name="program_titled_in_both_languages"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("library:program", kwargs={"slug": self.slug})


class Release(models.Model):
    """A published version of a pack. Its bytes never change; join a release with its `content` deferred."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    program = models.ForeignKey(Program, models.PROTECT, related_name="releases")
    version = models.CharField(max_length=40)
    content = models.BinaryField(help_text="The canonical bytes of the pack.")
    sha256 = models.CharField(max_length=64, unique=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ReleaseQuerySet.as_manager()
    privacy = Privacy(personal={"published_by"}, keep="for ever: awards name it")

    class Meta:
        ordering = ["-published_at"]
        constraints = [models.UniqueConstraint(fields=["program", "version"], name="release_once_per_version")]

    def __str__(self) -> str:
        return f"{self.version} {self.sha256[:12]}"

    @property
    def withdrawal(self) -> "Withdrawal | None":
        """Why nobody begins it any more; nothing while it stands (one query)."""
        return self.withdrawals.filter(restored_at=None).first()

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the pack by their path, as they were published."""
        return {path: text.encode() for path, text in json.loads(bytes(self.content)).items()}

    @property
    def pack(self) -> Pack:
        """The typed pack: read once in the life of a process, because a release never changes.

        Raises:
            ValueError: this version of Jalon does not read these bytes any more.
        """
        if self.sha256 not in _packs:
            pack, problems = read_pack(self.files)
            if pack is None:
                raise ValueError(f"release {self}: {len(problems)} problems, first {problems[0].message['en']}")
            remember(self.sha256, pack)
        return _packs[self.sha256]


class Withdrawal(models.Model):
    """A release was withdrawn: nobody begins it, and whoever has begun goes on. Kept once the release is restored."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="withdrawals")
    reason = models.CharField(max_length=LONGEST_REASON, help_text="Anybody reads it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    restored_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    restored_at = models.DateTimeField(null=True, blank=True)

    privacy = Privacy(personal={"by", "restored_by"}, keep="for ever: the release can still be read")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["release"], condition=models.Q(restored_at=None), name="withdrawal_once_at_a_time"
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="withdrawal_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(restored_by=None) | models.Q(restored_at__isnull=False),
                name="withdrawal_restored_at_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
