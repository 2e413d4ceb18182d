from datetime import date
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from jalon.core.ids import uuid7
from jalon.core.privacy import Privacy
from jalon.core.typography import folded
from jalon.places.models import Body, School

LANGUAGES = {"fr-ca": "Français", "en-ca": "English"}
THEMES = {"auto": "auto", "light": "light", "dark": "dark"}
ROLES = {"TEACHER": "teacher", "PROFESSIONAL": "professional", "SUPPORT": "support staff", "MANAGEMENT": "management"}


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Person":
        person = self.model(email=email.lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """A person with an account. The legal name is as the person wrote it: an É stays an É."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    legal_name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, choices=LANGUAGES, default="fr-ca")
    theme = models.CharField(max_length=5, choices=THEMES, default="auto")
    is_reviewer = models.BooleanField(default=False)
    is_author = models.BooleanField(default=False)
    is_privacy_officer = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    search = models.TextField(editable=False, blank=True, help_text="Folded words of the name and the address.")

    objects = PersonManager()
    privacy = Privacy(
        personal={"email", "legal_name", "password", "last_login", "search"},
        keep="until the account is closed; what is printed stays frozen in the awards",
    )
    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name_plural = "people"
        constraints = [models.CheckConstraint(condition=~Q(email=""), name="person_has_an_address")]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search = self.search_words()
        if (fields := kwargs.get("update_fields")) and {"legal_name", "email"} & set(fields):
            kwargs["update_fields"] = {*fields, "search"}
        super().save(*args, **kwargs)

    def search_words(self) -> str:
        """Return what a search compares with; `bulk_create` does not call `save`, so it must set `search` itself."""
        return folded(f"{self.legal_name} {self.email}")


class NameChange(models.Model):
    """A person changed the name of their account; withdrawn, the former one is no longer shown on public pages."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="name_changes")
    before = models.CharField(max_length=120)
    after = models.CharField(max_length=120)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    privacy = Privacy(
        personal={"person", "before", "after"}, keep="until the account is closed; only the person reads it"
    )

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.pk)


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def current(self, on: date) -> Self:
        """Those whose period holds the day, confirmed or not."""
        return self.filter(starts_on__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))

    def confirmed(self) -> Self:
        return self.exclude(confirmed_at=None)

    def lasting(self, on: date) -> Self:
        """Those that have not ended on the day, begun or to come."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=on) & Q(ends_on__gt=F("starts_on")))

    def waiting(self, on: date) -> Self:
        """Those that nobody has confirmed, and that have not ended on the day."""
        return self.filter(confirmed_at=None).lasting(on)

    def visible_to(self, registrar: "Person") -> Self:
        """Those of the school bodies for which this person confirms; another body's do not exist for them."""
        return self.filter(school__body__registrars__person=registrar)

    def found_by(self, words: str) -> Self:
        """Those whose person or school holds every word, whatever the accents and the case."""
        found = self
        for word in folded(words).split():
            found = found.filter(Q(person__search__contains=word) | Q(school__search__contains=word))
        return found


class Affiliation(models.Model):
    """A person works at a school, in a role, during a period; somebody confirmed it, or nobody has yet."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="affiliations")
    school = models.ForeignKey(School, models.PROTECT, related_name="affiliations")
    role = models.CharField(max_length=20, choices=ROLES)
    starts_on = models.DateField()
    ends_on = models.DateField(
        null=True, blank=True, help_text="The last day is excluded; the first day: no day at all."
    )
    declared_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_domain = models.CharField(max_length=100, blank=True, help_text="The mail domain that confirmed it.")
    was_ended_by_body = models.BooleanField(
        default=False, help_text="Somebody else than the person wrote the leave date."
    )

    objects = AffiliationQuerySet.as_manager()
    privacy = Privacy(personal={"person", "role", "confirmed_by"}, keep="3 years after the end of the affiliation")

    class Meta:
        ordering = ["-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="affiliation_ends_not_before_start"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None, confirmed_domain="")
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, confirmed_domain="")
                | Q(confirmed_at__isnull=False, confirmed_by=None) & ~Q(confirmed_domain=""),
                name="affiliation_confirmed_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["person", "school"], condition=Q(ends_on=None), name="affiliation_open_once_per_school"
            ),
        ]
        indexes = [  # the page of members finds its order here, and reads the rows of one page alone
            models.Index(fields=["school", "person", "ends_on", "confirmed_at", "id"], name="affiliation_of_a_school")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Registrar(models.Model):
    """A person who may confirm, for one school body, who works in its schools."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="registrars")
    body = models.ForeignKey(Body, models.PROTECT, related_name="registrars")

    privacy = Privacy(personal={"person"}, keep="until the role is taken away; the journal keeps the act")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "body"], name="registrar_once_per_body")]

    def __str__(self) -> str:
        return str(self.pk)


class Domain(models.Model):
    """The part after the @ of the addresses that a school body gives to its staff, and to its staff only."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    body = models.ForeignKey(Body, models.PROTECT, related_name="domains")
    name = models.CharField(max_length=100, unique=True)
    added_at = models.DateTimeField()

    privacy = Privacy(keep="as long as the body gives these addresses; no personal data")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(name__contains="@"), name="domain_is_after_the_at")
        ]

    def __str__(self) -> str:
        return self.name


class Upload(models.Model):
    """The files of people that a registrar has shown and not yet confirmed; gone once imported, or a day later."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by = models.ForeignKey(Person, models.CASCADE, related_name="uploads")
    content = models.BinaryField(help_text="A ZIP of the files.")
    at = models.DateTimeField()

    privacy = Privacy(personal={"by", "content"}, keep="until it is imported; one day at most until that is asked")

    def __str__(self) -> str:
        return str(self.pk)


class PeopleImportQuerySet(models.QuerySet["PeopleImport"]):
    def unfinished(self) -> Self:
        """Those with work left: to be written, or to be undone."""
        return self.exclude(working_at=None)

    def begun(self) -> Self:
        """Those that are being written, or wait for it."""
        return self.unfinished().filter(undone_at=None)


class PeopleImport(models.Model):
    """An import of people: what it made, and whether it was undone. The file is kept until it is done, under its key.

    There is work left as long as `working_at` says when something was last done: to write it, or to undo it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="people_imports")
    digest = models.CharField(max_length=64)
    people = models.PositiveIntegerField(help_text="Accounts that it made.")
    works = models.PositiveIntegerField(help_text="Affiliations that it made or changed.")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    working_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0, db_default=0, help_text="Lines; 0 until they are checked.")
    done = models.PositiveIntegerField(default=0, db_default=0, help_text="Lines that are written.")
    wrong = models.PositiveIntegerField(default=0, db_default=0, help_text="Problems that stopped it.")
    undone = models.PositiveIntegerField(default=0, db_default=0, help_text="Lines put back.")
    kept = models.PositiveIntegerField(default=0, db_default=0, help_text="Lines that changed since, and stay.")
    gone = models.PositiveIntegerField(default=0, db_default=0, help_text="Accounts that went with the undoing.")

    objects = PeopleImportQuerySet.as_manager()
    privacy = Privacy(personal={"by", "undone_by"}, keep="as long as the register")

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "people imports"
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False) | Q(undone_by=None),
                name="people_import_undone_by_somebody_at_a_moment",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def state(self) -> str:
        """What becomes of it: WRITING, DONE, UNDOING, UNDONE, or STOPPED by problems: nothing of it is left then."""
        if self.undone_at:
            return "UNDOING" if self.working_at else "STOPPED" if self.wrong else "UNDONE"
        return "WRITING" if self.working_at else "DONE"


class ImportLine(models.Model):
    """What an import made of one affiliation: what it was (nothing when new) and what it became, for the undoing."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    batch = models.ForeignKey(PeopleImport, models.CASCADE, related_name="lines")
    affiliation = models.ForeignKey(Affiliation, models.CASCADE, related_name="+")
    made_person = models.BooleanField(default=False)
    before = models.JSONField(null=True)
    after = models.JSONField()

    privacy = Privacy(personal={"affiliation"}, keep="until the import is undone, or one day later")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "affiliation"], name="import_line_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Standing(models.Model):
    """What an award makes of a person, in plain dates: the kit reads this and never a learning record."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="standings")
    kind = models.CharField(max_length=80, help_text="program/level, for example sexto/explorer")
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="The last day is excluded.")
    source = models.UUIDField(unique=True, help_text="The key of the award that gave it.")

    privacy = Privacy(personal={"person"}, keep="as long as the award")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")), name="standing_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
