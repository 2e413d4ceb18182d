from datetime import datetime
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from jalon.accounts.models import LANGUAGES, Person
from jalon.core.ids import uuid7
from jalon.core.privacy import Privacy
from jalon.library.models import Release
from jalon.places.models import Body

LONGEST_REASON = 300
KEY_KINDS = {
    "ED25519": "Ed25519: credentials",
    "P256": "P-256: VC-JWT",
    "SEAL": "P-256: seal of the paper",
    "LOG": "Ed25519: checkpoints of the issuance log",
}


class Key(models.Model):
    """The public half of a signing key. The private half is a file outside the database."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kid = models.CharField(max_length=40, unique=True, help_text="The fragment of the verification method.")
    kind = models.CharField(max_length=10, choices=KEY_KINDS)
    public = models.CharField(max_length=200, help_text="Multibase (publicKeyMultibase).")
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    compromised_from = models.DateTimeField(
        null=True, blank=True, help_text="From then on somebody else may have signed with it."
    )

    privacy = Privacy(keep="for ever: what it signed must stay verifiable; no personal data")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(retired_at=None), name="key_one_in_use_per_kind"),
            models.CheckConstraint(
                condition=Q(compromised_from=None) | Q(retired_at__isnull=False), name="key_compromised_is_not_in_use"
            ),
        ]

    def __str__(self) -> str:
        return self.kid


class StatusList(models.Model):
    """A Bitstring Status List: 131 072 entries; a set bit says revoked."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    bits = models.BinaryField()
    signed = models.BinaryField(null=True, help_text="The signed list as it is served.")
    is_stale = models.BooleanField(default=False, help_text="An entry changed since it was signed.")
    token = models.TextField(blank=True, help_text="The same list as a VC-JWT, made when it is asked for.")
    signed_at = models.DateTimeField(null=True, blank=True)

    privacy = Privacy(keep="for ever; no personal data")

    def __str__(self) -> str:
        return str(self.number)

    @property
    def content(self) -> bytes:
        """The signed list, byte for byte; empty when it must be signed again."""
        return bytes(self.signed or b"")


class AwardQuerySet(models.QuerySet["Award"]):
    def standing(self) -> Self:
        """Those that nobody has revoked or replaced."""
        return self.filter(is_current=True)

    def held_by(self, person: Person) -> Self:
        return self.filter(holder=person)


class Award(models.Model):
    """A level was obtained. Everything that is printed is frozen here at the award and never edited."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=30, help_text="core.codes: the public address; says nothing of the person.")
    holder = models.ForeignKey(Person, models.PROTECT, related_name="awards", db_index=False)
    level_key = models.CharField(max_length=80, help_text="program/level, for example sexto/explorer")
    release = models.ForeignKey(Release, models.PROTECT, related_name="awards")
    minutes = models.PositiveIntegerField()
    awarded_on = models.DateField()
    awarded_at = models.DateTimeField()
    language = models.CharField(max_length=5, choices=LANGUAGES)
    facts = models.JSONField(help_text="core.dossier.Dossier as plain data.")
    is_current = models.BooleanField(default=True, null=True, help_text="True, or nothing once revoked or replaced.")
    shares_answers = models.BooleanField(default=False)
    is_closed = models.BooleanField(default=False, help_text="Its holder alone opens its page and its files.")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replacement", help_text="The version it corrects."
    )

    objects = AwardQuerySet.as_manager()
    privacy = Privacy(personal={"holder", "facts"}, keep="as long as the holder wants the proof to be checked")

    class Meta:
        ordering = ["-awarded_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="award_code_once"),
            models.UniqueConstraint(
                fields=["holder", "level_key", "is_current"], name="award_once_per_holder_and_level"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="award_recognises_minutes"),
            models.CheckConstraint(
                condition=Q(replaces=None) | ~Q(replaces=F("id")), name="award_never_replaces_itself"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("credentials:badge", kwargs={"code": self.code})


class CredentialQuerySet(models.QuerySet["Credential"]):
    def in_preparation(self) -> Self:
        """Those that wait for their signature; one whose award has ended waits for nothing."""
        return self.filter(signed_at=None, award__is_current=True)

    def signed_by_compromised(self) -> Self:
        """Those whose present signature is by a key that others may have used: no stranger can verify them."""
        compromised = Key.objects.filter(kind="ED25519").exclude(compromised_from=None).values("kid")
        theirs = Issuance.objects.filter(kid__in=compromised, credential=OuterRef("pk"), digest=OuterRef("digest"))
        return self.filter(Exists(theirs))


class Credential(models.Model):
    """One signed statement of an award, in one language. Reserved with the award, signed after the commit."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    award = models.ForeignKey(Award, models.PROTECT, related_name="credentials", db_index=False)
    language = models.CharField(max_length=5, choices=LANGUAGES)
    status_list = models.ForeignKey(StatusList, models.PROTECT, related_name="credentials", db_index=False)
    status_index = models.PositiveIntegerField()
    reserved_at = models.DateTimeField()
    payload = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what is to be signed, once reserved.")
    signed = models.BinaryField(null=True, help_text="The secured document, in canonical form (RFC 8785).")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of `signed`.")
    jwt = models.TextField(blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = CredentialQuerySet.as_manager()
    privacy = Privacy(personal={"signed", "jwt"}, keep="as long as the award")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["award", "language"], name="credential_once_per_language"),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="credential_status_index_never_shared"
            ),
            models.CheckConstraint(
                condition=Q(signed=None, signed_at=None, digest="")
                | (Q(signed__isnull=False, signed_at__isnull=False) & ~Q(digest="")),
                name="credential_signed_whole_or_not",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def content(self) -> bytes:
        """The signed document, byte for byte; empty while it is in preparation."""
        return bytes(self.signed or b"")


class Revocation(models.Model):
    """An award was taken back, with a reason. It is never undone: a new award replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    award = models.OneToOneField(Award, models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    privacy = Privacy(personal={"by"}, keep="as long as the award")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="revocation_has_a_reason")]

    def __str__(self) -> str:
        return str(self.pk)


class Request(models.Model):
    """Something was asked for under a key: asked again, the answer is the same, and nothing is done twice."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=100, unique=True)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the verb and everything that was asked.")
    outcome = models.UUIDField(null=True, help_text="The key of the row that was made.")
    at = models.DateTimeField()

    privacy = Privacy(keep="one year; no personal data")

    def __str__(self) -> str:
        return str(self.pk)


# The issuance log


class Issuance(models.Model):
    """One line of the issuance log: this was signed, with this key. Never changed; numbered by a checkpoint."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(null=True, unique=True, help_text="From 0; nothing until the next checkpoint.")
    credential = models.UUIDField(help_text="A key without a link: the line stays when the row does not.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the signed bytes.")
    kid = models.CharField(max_length=40)
    at = models.DateTimeField()

    privacy = Privacy(keep="for ever: proves what was issued; no personal data")

    class Meta:
        ordering = ["number"]
        indexes = [
            models.Index(fields=["digest"], name="issuance_by_digest"),
            models.Index(fields=["at", "id"], condition=Q(number=None), name="issuance_to_number"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Checkpoint(models.Model):
    """The log was this long and had this root. Kept outside too, it shows any later change of the lines before it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    size = models.BigIntegerField(unique=True)
    root = models.CharField(max_length=64)
    frontier = models.TextField(
        help_text="The roots of the complete subtrees, so that the next one need not start over."
    )
    kid = models.CharField(max_length=40)
    signature = models.CharField(max_length=128)
    at = models.DateTimeField()

    privacy = Privacy(keep="for ever; no personal data")

    class Meta:
        ordering = ["-size"]

    def __str__(self) -> str:
        return str(self.size)


# Batches

DUPLICATES = {"SKIP": "leave them as they are", "REFUSE": "refuse them"}
PEOPLE = {"MEMBERS": "members of a school body", "KNOWN": "people with an account", "ANY": "anybody"}
ROW_STATES = {"READY": "ready", "PROBLEM": "problem", "ISSUED": "issued here", "KNOWN": "already awarded"}


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, person: Person) -> Self:
        """Those of the school bodies for which this person is a registrar."""
        return self.filter(body__registrars__person=person)

    def unfinished(self) -> Self:
        """Those that were begun, or taken back, and then interrupted."""
        return self.filter(finished_at=None).exclude(committed_at=None, withdrawn_at=None)


class Batch(models.Model):
    """One level for many people, from one table. It is read, checked, issued, and can be taken back as a whole."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    level_key = models.CharField(max_length=80)
    release = models.ForeignKey(Release, models.PROTECT, related_name="batches")
    name = models.CharField(max_length=200, help_text="Of the file.")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the file and of what was asked.")
    headings = models.JSONField(help_text="Of the file, in its order.")
    columns = models.JSONField(help_text="column → heading of the file")
    duplicates = models.CharField(max_length=10, choices=DUPLICATES, default="SKIP")
    people = models.CharField(max_length=10, choices=PEOPLE, default="KNOWN")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="batches")
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True, help_text="When the work last went on.")

    objects = BatchQuerySet.as_manager()
    privacy = Privacy(personal={"by", "withdrawn_by"}, keep="as long as its awards")

    class Meta:
        ordering = ["-at", "id"]
        verbose_name_plural = "batches"
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(withdrawn_at=None), name="batch_once_per_file_and_level"
            ),
            models.CheckConstraint(condition=Q(withdrawn_at=None) | ~Q(reason=""), name="batch_withdrawn_for_a_reason"),
            models.CheckConstraint(
                condition=Q(people="MEMBERS", body__isnull=False) | ~Q(people="MEMBERS"),
                name="batch_of_members_has_a_body",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("credentials:batch", kwargs={"pk": self.pk})

    @property
    def working_at(self) -> datetime | None:
        """When its work last went on, as long as there is some left: to issue, or to take back."""
        return None if self.finished_at else self.moved_at or self.withdrawn_at or self.committed_at


class BatchRow(models.Model):
    """One line of the table of a batch, with the key that its award has or will have."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField(help_text="As a spreadsheet numbers it; the heading is line 1.")
    cells = models.JSONField(help_text="heading → text, as in the file")
    refusals = models.JSONField(default=list, help_text="What the reader of the file refused: heading, code.")
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=120, blank=True)
    awarded_on = models.DateField(null=True, blank=True)
    problems = models.JSONField(default=list, help_text="column, value, code, facts of each refusal or mixed name")
    state = models.CharField(max_length=10, choices=ROW_STATES, default="READY")
    award = models.UUIDField(default=uuid7, unique=True)

    privacy = Privacy(personal={"cells", "email", "name", "problems"}, keep="as long as the batch")

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="batch_row_once_per_line")]
        indexes = [models.Index(fields=["batch", "state", "line"], name="batch_row_by_state")]

    def __str__(self) -> str:
        return str(self.line)


class SelfCheck(models.Model):
    """Stored credentials were checked again by a library that is not ours."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    at = models.DateTimeField()
    library = models.CharField(max_length=60, help_text="Its name and version.")
    checked = models.PositiveIntegerField()
    failed = models.PositiveIntegerField(default=0)
    failures = models.JSONField(default=list, help_text="credential, reason; the first hundred")

    privacy = Privacy(keep="one year; no personal data")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.pk)
