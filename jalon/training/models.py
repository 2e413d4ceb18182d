from datetime import date
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse

from jalon.accounts.models import LANGUAGES, Affiliation, Person
from jalon.core.privacy import Privacy
from jalon.library.models import Program, Release


class Enrolment(models.Model):
    """A person follows a program, in the release that was current when they began."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    program = models.ForeignKey(Program, models.PROTECT, related_name="enrolments")
    release = models.ForeignKey(Release, models.PROTECT, related_name="enrolments")
    started_at = models.DateTimeField()

    privacy = Privacy(personal={"person"}, keep="until the account is closed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "program"], name="enrolment_once_per_program")]

    def __str__(self) -> str:
        return str(self.pk)


class Reading(models.Model):
    """How far a person is in one lesson: the last part opened, and when the lesson was finished."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="readings")
    lesson = models.CharField(max_length=64)
    part = models.CharField(max_length=64)
    opened_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    privacy = Privacy(keep="until the account is closed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="reading_once_per_lesson")]

    def __str__(self) -> str:
        return str(self.pk)


class QuizTry(models.Model):
    """One try at a quiz, with every answer. Tries are kept; none is edited."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="tries")
    quiz = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    form = models.UUIDField(help_text="Names the sheet that was sent: the same sheet sent twice is one try.")
    answers = models.JSONField(help_text="{question id: [option ids]}")
    score = models.PositiveSmallIntegerField(help_text="Per cent, rounded down.")
    passed = models.BooleanField()
    at = models.DateTimeField()

    privacy = Privacy(personal={"answers"}, keep="until the account is closed")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "quiz", "number"], name="quiz_try_numbered_once"),
            models.UniqueConstraint(fields=["enrolment", "form"], name="quiz_try_once_per_sheet"),
            models.CheckConstraint(condition=Q(score__lte=100), name="quiz_try_score_is_per_cent"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CaseRun(models.Model):
    """One time through a practice case. Runs are kept; the result is that of the release the person follows."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="runs")
    case = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True, help_text="When an ending was reached.")
    is_clean = models.BooleanField(default=False, help_text="Nothing banned, every required step in order and in time.")
    answers = models.JSONField(default=dict, help_text="{question id: text}: the six questions after the ending.")
    debriefed_at = models.DateTimeField(null=True, blank=True, help_text="When they were answered: the result is open.")

    privacy = Privacy(personal={"answers"}, keep="until the account is closed")

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "case", "number"], name="case_run_numbered_once"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=False) | Q(is_clean=False, debriefed_at=None),
                name="case_run_is_judged_at_its_end",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def path(self) -> tuple[str, ...]:
        """The choices made so far, in order."""
        return tuple(one.choice for one in self.choices.all())


class CaseChoice(models.Model):
    """What was chosen at one step of a run. It never changes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    run = models.ForeignKey(CaseRun, models.CASCADE, related_name="choices")
    position = models.PositiveIntegerField(help_text="From 1.")
    scene = models.CharField(max_length=64)
    choice = models.CharField(max_length=64)
    at = models.DateTimeField()

    privacy = Privacy(keep="until the account is closed")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="case_choice_once_per_step")]

    def __str__(self) -> str:
        return str(self.pk)


class Draft(models.Model):
    """The present text of one answer. A save names the revision that it changes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="drafts")
    reflection = models.CharField(max_length=64)
    question = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    privacy = Privacy(personal={"text"}, keep="until the account is closed")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "reflection", "question"], name="draft_once_per_question")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DraftVersionQuerySet(models.QuerySet["DraftVersion"]):
    def of(self, enrolment: Enrolment, reflection: str, question: str) -> Self:
        return self.filter(draft__enrolment=enrolment, draft__reflection=reflection, draft__question=question)


class DraftVersion(models.Model):
    """An earlier text of a draft; the last ten are kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    objects = DraftVersionQuerySet.as_manager()
    privacy = Privacy(personal={"text"}, keep="the last ten of each answer, until the account is closed")

    class Meta:
        ordering = ["-revision"]
        constraints = [models.UniqueConstraint(fields=["draft", "revision"], name="draft_version_once_per_revision")]

    def __str__(self) -> str:
        return str(self.pk)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def awaiting_review(self) -> Self:
        return self.filter(decision=None, withdrawn_at=None)

    def sent(self) -> Self:
        """Those that stand: what was withdrawn is kept, and counts for nothing."""
        return self.filter(withdrawn_at=None)

    def sent_by(self, person: Person) -> Self:
        return self.filter(enrolment__person=person)

    def reviewable_by(self, person: Person, on: date) -> Self:
        """A reviewer reads everybody's but their own and those of the people of their own schools."""
        if not person.is_reviewer:
            return self.none()
        schools = person.affiliations.current(on).values("school")
        colleagues = Affiliation.objects.current(on).filter(school__in=schools).values("person")
        return self.exclude(enrolment__person=person).exclude(enrolment__person__in=colleagues)


class Submission(models.Model):
    """What was sent for review: immutable answers, one round after another."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="submissions")
    level = models.CharField(max_length=64)
    reflection = models.CharField(max_length=64)
    round = models.PositiveIntegerField()
    answers = models.JSONField(help_text="{question id: text}, as it was sent")
    language = models.CharField(max_length=5, choices=LANGUAGES)
    submitted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = SubmissionQuerySet.as_manager()
    privacy = Privacy(personal={"answers"}, keep="as long as the award; two years where none was made")

    class Meta:
        ordering = ["submitted_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "level", "round"], name="submission_numbered_once"),
            models.CheckConstraint(condition=Q(round__gte=1), name="submission_rounds_start_at_one"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("training:request", kwargs={"pk": self.pk})
