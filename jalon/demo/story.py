"""The whole story, played by the verbs that the pages call. Every step looks first: twice changes nothing."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from jalon.accounts.models import Person
from jalon.attestations import actions as attestations
from jalon.attestations import checking
from jalon.attestations.raster import badge_png
from jalon.core import codes
from jalon.core.cases.replay import play
from jalon.core.openbadges import baking
from jalon.core.packs import Lesson, Level, PracticeCase, Quiz, Reflection
from jalon.credentials import actions as credentials
from jalon.credentials import queries, recovery
from jalon.credentials.models import KEY_KINDS, Award, Credential, Key
from jalon.demo import words
from jalon.demo.cast import assemble
from jalon.library import actions as library
from jalon.library.folder import read_folder
from jalon.library.models import Program, Release
from jalon.review import actions as review
from jalon.training import actions as training
from jalon.training import actions_case
from jalon.training.models import Enrolment, Submission

PACK = settings.ROOT / "packs" / "sexto"
ENDINGS = {"fr": "fr-ca", "en": "en-ca"}


@dataclass
class Story:
    """What has happened so far; each step adds to it."""

    STEPS: ClassVar = 12
    out: Path
    now: Callable[[], datetime] = timezone.now
    people: dict[str, Person] = field(default_factory=dict)
    release: Release | None = None
    enrolment: Enrolment | None = None
    submission: Submission | None = None
    awards: dict[str, Award] = field(default_factory=dict)
    milliseconds: dict[str, float] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def play(self) -> Iterator[str]:
        """Play step after step; yield the words of the step that begins."""
        steps: list[tuple[str, Callable[[], None]]] = [
            ("Keys", self.make_keys),
            ("People and places", self.gather),
            ("Published pack", self.publish),
            ("Enrolment", self.enrol),
            ("Lessons", self.read_lessons),
            ("Quiz", self.pass_quiz),
            ("Practice cases", self.play_cases),
            ("Reflections", self.write_and_send),
            ("Review", self.review),
            ("Attestations", self.draw_up),
            ("Files", self.write_files),
            ("What is left to do", self.leave_to_do),
        ]
        for name, step in steps:
            yield name
            began = time.perf_counter()
            step()
            self.milliseconds[name] = round((time.perf_counter() - began) * 1000, 1)

    def make_keys(self) -> None:
        in_use = set(Key.objects.filter(retired_at=None).values_list("kind", flat=True))
        for kind in KEY_KINDS:
            if kind not in in_use:
                credentials.create_key(kind=kind, at=self.now())

    def gather(self) -> None:
        self.people = assemble(at=self.now())

    def publish(self) -> None:
        self.release = library.publish(files=read_folder(PACK), by=None, at=self.now())

    def enrol(self) -> None:
        program = Program.objects.select_related("current").get(slug="sexto")
        self.enrolment = training.enrol(person=self.people["learner"], program=program, at=self.now())

    # The two levels

    def level(self, level_id: str) -> Level:
        level = self.following.release.pack.level(level_id)
        assert level is not None
        return level

    @property
    def following(self) -> Enrolment:
        assert self.enrolment is not None
        return self.enrolment

    def read_lessons(self) -> None:
        level = self.level("explorer")
        finished = set(self.following.readings.exclude(finished_at=None).values_list("lesson", flat=True))
        for activity in self.following.release.pack.activities(level):
            if isinstance(activity, Lesson) and activity.id not in finished:
                for part in activity.parts:
                    training.finish_part(
                        enrolment=self.following, level=level, lesson=activity, part=part.id, at=self.now()
                    )

    def pass_quiz(self) -> None:
        """A first try misses too much; the second is right."""
        level = self.level("explorer")
        for quiz in self.following.release.pack.activities(level):
            if isinstance(quiz, Quiz) and not self.following.tries.filter(quiz=quiz.id, passed=True).exists():
                for answers in (guesses(quiz), right_answers(quiz)):
                    training.answer_quiz(
                        enrolment=self.following, level=level, quiz=quiz, answers=answers, form=uuid4(), at=self.now()
                    )
        self.awards["explorer"] = self.award_of(level)

    def play_cases(self) -> None:
        """Each case is played a first time with a slip, then without a fault."""
        level = self.level("architect")
        for case in self.following.release.pack.activities(level):
            if isinstance(case, PracticeCase) and not self.following.runs.filter(case=case.id, is_clean=True).exists():
                slip, clean = self.recorded(case)
                for number, path in enumerate((slip, clean), start=1):
                    self.play_case(level, case, path, number=number)

    def recorded(self, case: PracticeCase) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return two replays that the case keeps as tests: the first that is not clean, and the first that is."""
        protocol = self.following.release.pack.protocol
        assert protocol is not None
        judged = [(play(protocol, case.case, replay.path).is_clean, replay.path) for replay in case.case.replays]
        return next(path for is_clean, path in judged if not is_clean), next(path for clean, path in judged if clean)

    def play_case(self, level: Level, case: PracticeCase, path: tuple[str, ...], *, number: int) -> None:
        run = actions_case.begin_case(enrolment=self.following, level=level, case=case, number=number, at=self.now())
        scene = case.case.scenes[case.case.start]
        for position, name in enumerate(path, start=1):
            choice = scene.choice(name)
            assert choice is not None
            at = self.now()
            actions_case.choose(run=run, level=level, case=case, position=position, scene=scene.id, choice=name, at=at)
            scene = case.case.scenes[choice.to]
        actions_case.look_back(run=run, level=level, answers=words.LOOK_BACK["fr"], at=self.now())

    def write_and_send(self) -> None:
        """The answers go out; the first request comes back with advice, the second is complete."""
        level = self.level("architect")
        for reflection in self.following.release.pack.activities(level):
            if isinstance(reflection, Reflection) and not self.following.submissions.exists():
                first = self.send(level, reflection, words.FIRST_ANSWERS["fr"], number=1)
                review.claim(submission=first, by=self.people["reviewer"], at=self.now())
                review.return_(submission=first, by=self.people["reviewer"], advice=words.ADVICE["fr"], at=self.now())
                self.send(level, reflection, words.ANSWERS["fr"], number=2)
        self.submission = self.following.submissions.order_by("-round").first()

    def send(self, level: Level, reflection: Reflection, texts: tuple[str, ...], *, number: int) -> Submission:
        revisions = {}
        for prompt, text in zip(reflection.questions, texts, strict=True):
            before = self.following.drafts.filter(reflection=reflection.id, question=prompt.id).first()
            draft = training.save_draft(
                enrolment=self.following,
                level=level,
                reflection=reflection,
                question=prompt.id,
                text=text,
                revision=before.revision if before else 0,
                at=self.now(),
            )
            revisions[prompt.id] = draft.revision
        return training.submit(
            enrolment=self.following,
            level=level,
            reflection=reflection,
            round=number,
            revisions=revisions,
            language="fr-ca",
            at=self.now(),
        )

    def review(self) -> None:
        assert self.submission is not None
        for fr, en in words.SAVED_ADVICE:
            review.add_remark(text_fr=fr, text_en=en, by=self.people["reviewer"], at=self.now())
        if not hasattr(self.submission, "decision"):
            review.claim(submission=self.submission, by=self.people["reviewer"], at=self.now())
            review.accept(submission=self.submission, by=self.people["reviewer"], at=self.now())
        recovery.recover(at=self.now())
        self.awards["architect"] = self.award_of(self.level("architect"))

    def award_of(self, level: Level) -> Award:
        key = self.following.release.pack.level_key(level)
        return Award.objects.select_related("release").get(
            holder=self.people["learner"], level_key=key, is_current=True
        )

    # What is left behind

    def draw_up(self) -> None:
        for short, language in ENDINGS.items():
            drawn = attestations.draw_up(
                award=self.awards["architect"], language=language, with_answers=True, at=self.now()
            )
            self.keep(f"attestation-{short}.pdf", bytes(drawn.pdf))

    def keep(self, name: str, content: bytes) -> None:
        self.files[name] = content
        (self.out / name).write_bytes(content)

    def write_files(self) -> None:
        award = self.awards["architect"]
        credential = Credential.objects.select_related("status_list").get(award=award, language=award.language)
        signed = credential.content
        svg = queries.badge_of(award.release, award.facts["level"]).svg.encode()
        self.keep("credential.json", signed)
        self.keep("credential.jwt", credentials.state_as_jwt(credential=credential).encode())
        self.keep("badge.svg", baking.bake_svg(svg, signed.decode()))
        self.keep("badge.png", baking.bake_png(badge_png(svg), signed.decode()))
        self.keep("did.json", as_json(queries.did_document()))
        status = credentials.publish_status(number=credential.status_list.number, at=self.now())
        self.keep("status-list.json", status)

    def leave_to_do(self) -> None:
        """A second learner went as far as the first, and sent a request that nobody has read."""
        theirs = Story(self.out, self.now, {**self.people, "learner": self.people["peer"]}, self.release)
        for step in (theirs.enrol, theirs.read_lessons, theirs.pass_quiz, theirs.play_cases):
            step()
        level = theirs.level("architect")
        for reflection in theirs.following.release.pack.activities(level):
            if isinstance(reflection, Reflection) and not theirs.following.submissions.exists():
                theirs.send(level, reflection, words.PEER_ANSWERS["fr"], number=1)

    def report(self) -> dict[str, object]:
        """Return what happened, with ids, and write it beside the files."""
        assert self.release is not None
        found = [
            finding
            for name, content in sorted(self.files.items())
            if not checking.is_no_credential(content)
            for finding in checking.check_file(name, content, now=self.now())
        ]
        told = {
            "pack": {"id": "sexto", "version": self.release.version, "sha256": self.release.sha256},
            "issuer": queries.issuer_did(),
            "awards": {
                level: {
                    "code": codes.display(award.code),
                    "awarded_on": str(award.awarded_on),
                    "page": queries.link(award),
                }
                for level, award in self.awards.items()
            },
            "submission": str(self.submission.pk) if self.submission else "",
            "rounds": self.following.submissions.count(),
            "quiz_tries": self.following.tries.count(),
            "files": sorted(self.files),
            "verdicts": {one.source: one.verdict for one in found},
            "milliseconds": self.milliseconds,
        }
        self.keep("report.json", as_json(told))
        return told


def right_answers(quiz: Quiz) -> dict[str, list[str]]:
    return {question.id: sorted(question.right) for question in quiz.questions}


def guesses(quiz: Quiz) -> dict[str, list[str]]:
    """Answer as somebody who has not read: the last option everywhere."""
    return {question.id: [question.options[-1].id] for question in quiz.questions}


def as_json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
