"""The story of the demonstration, and beside it whatever a page may have to show: refused, waiting, taken back."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jalon.accounts import people, uploads
from jalon.accounts.models import PeopleImport, Person, Upload
from jalon.agreements.models import Agreement
from jalon.core import codes
from jalon.core.calibration import is_drawn
from jalon.core.packs import PracticeCase
from jalon.credentials import actions as credentials
from jalon.credentials import batches
from jalon.credentials.models import Award, Batch
from jalon.credentials.sharing import close_page
from jalon.demo.cast import BODY, SCHOOL
from jalon.demo.story import Story
from jalon.places.models import Body, School
from jalon.review import actions as review
from jalon.training import actions as training
from jalon.training import actions_case
from jalon.training.models import CaseRun, Enrolment, Submission
from tests.factories import (
    AffiliationFactory,
    AwardFactory,
    CaseChoiceFactory,
    CaseRunFactory,
    DecisionFactory,
    EnrolmentFactory,
    NameChangeFactory,
    PeopleImportFactory,
    PersonFactory,
    ReleaseFactory,
    SelfCheckFactory,
    SubmissionFactory,
    WithdrawalFactory,
)
from tests.issuing import signed

PEOPLE = """courriel;prénom;nom;école;fonction;depuis;jusqu’au
lea.exemple@ecole.example;Léa;Exemple;991002;teacher;2026-08-24;
luc.exemple;Luc;Exemple;991002;teacher;2026-08-24;
"""
BEGUN = "Courriel\ncamille.exemple@ecole.example\nmembre@ecole.example\n"
MIXED = "Zoé Tr\u0435mblay"  # one letter is Cyrillic
WAITING = "Courriel;Nom complet\nmembre@ecole.example;Membre Exemple\ninconnue@ecole.example;Personne\n"


@dataclass
class World:
    """What the pages show. `prepare` plays it by the verbs; only what takes months in life is written as it stands."""

    story: Story
    folder: Path
    people: dict[str, Person] = field(default_factory=dict)
    keys: dict[str, UUID] = field(default_factory=dict)
    revoked: str = ""
    closed: str = ""
    mixed: str = ""

    def prepare(self) -> "World":
        school = School.objects.get(code=SCHOOL)
        self.people = {
            **self.story.people,
            "second": PersonFactory(reviewer=True),
            "officer": PersonFactory(privacy_officer=True),
            "author": PersonFactory(is_author=True),
            "writer": AffiliationFactory(school=school, person__legal_name=MIXED).person,
            "novice": AffiliationFactory(school=school).person,
            "member": AffiliationFactory(
                school=school, person__email="membre@ecole.example", person__legal_name=MIXED
            ).person,
            "newcomer": PersonFactory(nameless=True),
        }
        NameChangeFactory(person=self.people["learner"])
        EnrolmentFactory(person=self.people["novice"], release=self.story.release)
        self.play_the_cases()
        self.write()
        self.wait_for_a_reviewer()
        self.import_people()
        self.issue_several()
        self.revoke()
        self.close()
        holder = PersonFactory(legal_name=MIXED)
        award = signed(holder=holder, release=self.story.release, level_key="sexto/explorer")
        self.mixed = codes.display(award.code)
        WithdrawalFactory(release=ReleaseFactory(program__slug="retire"))
        SelfCheckFactory()
        return self

    # Practice cases: one in the middle, one to look back on

    @cached_property
    def cases(self) -> list[PracticeCase]:
        pack = self.story.following.release.pack
        return [one for one in pack.activities(pack.level("architect")) if isinstance(one, PracticeCase)]

    def play_the_cases(self) -> None:
        for case, keeps in zip(self.cases, (1, None, 0), strict=True):
            run = self.begin(case)
            self.choose(run, case, self.story.recorded(case)[0][:keeps])

    def begin(self, case: PracticeCase) -> CaseRun:
        level = self.story.level("architect")
        return actions_case.begin_case(
            enrolment=self.story.following, level=level, case=case, number=3, at=timezone.now()
        )

    def choose(self, run: CaseRun, case: PracticeCase, path: tuple[str, ...]) -> None:
        level, scene = self.story.level("architect"), case.case.scenes[case.case.start]
        for position, name in enumerate(path, start=1):
            answered = {"position": position, "scene": scene.id, "choice": name}
            actions_case.choose(run=run, level=level, case=case, **answered, at=timezone.now())
            scene = case.case.scenes[scene.choice(name).to]

    # Reflections: somebody writes again, others wait

    def follow(self, person: Person) -> Enrolment:
        """The person holds the first level and has played every case."""
        enrolment = EnrolmentFactory(person=person, release=self.story.release)
        AwardFactory(holder=person, release=self.story.release, level_key="sexto/explorer")
        for case in self.cases:
            run, scene = (
                CaseRunFactory(enrolment=enrolment, case=case.id, clean=True),
                case.case.scenes[case.case.start],
            )
            for name in self.story.recorded(case)[1]:
                CaseChoiceFactory(run=run, scene=scene.id, choice=name)
                scene = case.case.scenes[scene.choice(name).to]
        return enrolment

    def send(self, enrolment: Enrolment, **said: object) -> Submission:
        sent = self.story.submission
        return SubmissionFactory(
            enrolment=enrolment, level="architect", reflection=sent.reflection, answers=sent.answers, **said
        )

    @cached_property
    def writing(self) -> Enrolment:
        return self.follow(self.people["writer"])

    def write(self) -> None:
        """A first request came back; the first answer has two versions, the others have no text yet."""
        DecisionFactory(submission=self.send(self.writing), by=self.story.people["reviewer"])
        level, sent = self.story.level("architect"), self.story.submission
        reflection = self.story.release.pack.activity(f"reflection/{sent.reflection}")
        for revision, text in enumerate(("Accueillir d’abord.", "Accueillir, puis protéger.")):
            training.save_draft(
                enrolment=self.writing,
                level=level,
                reflection=reflection,
                question=reflection.questions[0].id,
                text=text,
                revision=revision,
                at=timezone.now(),
            )

    def wait_for_a_reviewer(self) -> None:
        free, held, drawn = (self.follow(PersonFactory()) for _ in range(3))
        self.keys["free"] = self.send(free).pk
        claimed = self.send(held)
        review.claim(submission=claimed, by=self.story.people["reviewer"], at=timezone.now())
        self.keys["held"] = claimed.pk
        key = next(one for one in iter(uuid4, None) if is_drawn(one))
        DecisionFactory(submission=self.send(drawn, id=key), by=self.story.people["reviewer"])
        self.keys["drawn"] = key

    # Registrars

    def import_people(self) -> None:
        by, at = self.story.people["registrar"], timezone.now()
        whole = self.folder / "personnes.csv"
        whole.write_text("".join(PEOPLE.splitlines(keepends=True)[:2]))
        people.import_people(files=[whole], by=by, at=at, commit=True)
        uploads.keep(files=[SimpleUploadedFile("personnes.csv", PEOPLE.encode())], by=by, at=at)
        self.keys["upload"] = Upload.objects.get().pk
        self.keys["imported"] = PeopleImport.objects.get().pk
        now = {"at": at, "working_at": at}
        self.keys["importing"] = PeopleImportFactory(by=by, total=1_200, done=500, **now).pk
        self.keys["checking"] = PeopleImportFactory(by=by, **now).pk
        self.keys["still"] = PeopleImportFactory(by=by, total=1_200, at=at, working_at=at - timedelta(hours=1)).pk
        self.keys["undoing"] = PeopleImportFactory(by=by, undone_at=at, undone=40, **now).pk
        self.keys["stopped"] = PeopleImportFactory(by=by, undone_at=at, wrong=2, at=at).pk

    def issue_several(self) -> None:
        self.keys["waiting"] = self.batch("en-attente.csv", WAITING).pk
        begun = self.batch("accordes.csv", BEGUN)
        batches.begin(batch=begun, by=self.story.people["registrar"], at=timezone.now())
        self.keys["begun"] = begun.pk

    def batch(self, name: str, text: str) -> Batch:
        path = self.folder / name
        path.write_text(text)
        asked = batches.Asked("sexto/explorer", "SKIP", "MEMBERS", Body.objects.get(code=BODY))
        by = self.story.people["registrar"]
        return batches.prepare(path=path, name=name, asked=asked, by=by, at=timezone.now())

    def revoke(self) -> None:
        """The member's badge of the batch ends."""
        award = Award.objects.get(holder=self.people["member"])
        credentials.revoke(award=award, reason="Erreur de saisie.", by=self.people["registrar"], at=timezone.now())
        self.revoked = codes.display(award.code)

    def close(self) -> None:
        """The writer keeps their badge to themselves."""
        award, by = Award.objects.get(holder=self.people["writer"]), self.people["writer"]
        close_page(award=award, closes=True, by=by, at=timezone.now())
        self.closed = codes.display(award.code)

    # What addresses name

    def code(self, level: str) -> str:
        return codes.display(self.story.awards[level].code)

    def agreement(self, reference: str) -> Agreement:
        return Agreement.objects.get(reference=reference)
