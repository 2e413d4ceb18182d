"""Practice cases as their pages show them: the runs, one moment, the two paths side by side, what to recall."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count

from jalon.core.cases.debrief import Beside, Debrief, Line, debrief
from jalon.core.cases.model import Scene
from jalon.core.cases.player import Moment, label_of, moment, page_of, turning_point
from jalon.core.cases.questions import QUESTIONS
from jalon.core.cases.replay import play
from jalon.core.packs import Level, PracticeCase
from jalon.core.protocols.citations import Citation, citation
from jalon.core.protocols.model import Protocol
from jalon.core.protocols.sentences import Speaker
from jalon.library.models import Program
from jalon.training.models import CaseChoice, CaseRun, Enrolment
from jalon.web.words import short_language


@dataclass(frozen=True)
class Act:
    """One action of the learner in words, with the words of the choice that it came from."""

    line: Line
    label: str
    citation: Citation | None

    @property
    def is_met(self) -> bool:
        return self.line.word == "ok"


@dataclass(frozen=True)
class Pair:
    """A step of the protocol beside what the learner did about it."""

    step: Beside
    acts: tuple[Act, ...]
    citation: Citation | None


@dataclass(frozen=True)
class Turn:
    """One choice of the path: who decided, when, what, and what each action was worth."""

    role: str
    elapsed: str
    label: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that the page of the result shows."""

    found: Debrief
    pairs: tuple[Pair, ...]
    others: tuple[Act, ...]
    turns: tuple[Turn, ...]

    @property
    def to_review(self) -> int:
        """How many steps were left out, early, late or another's."""
        return sum(not pair.step.is_met for pair in self.pairs)

    @property
    def banned(self) -> int:
        return sum(act.line.word == "never" for act in self.others)


@dataclass(frozen=True)
class Recall:
    """What a person chose in a case, to be quoted: at the turning point of the first run, and of the clean one."""

    case: PracticeCase
    runs: int
    first: str
    then: str


def protocol_of(enrolment: Enrolment) -> Protocol:
    """Return the protocol that judges the cases of the release that this person follows.

    Raises:
        LookupError: the release has none, so it has no case either.
    """
    protocol = enrolment.release.pack.protocol
    if protocol is None:
        raise LookupError(str(enrolment.release))
    return protocol


def runs_of(enrolment: Enrolment, case: PracticeCase) -> list[CaseRun]:
    """Return the runs of a case in order, the last one last."""
    return list(enrolment.runs.filter(case=case.id))


def run_of(enrolment: Enrolment, case: PracticeCase, number: int) -> CaseRun | None:
    """Return one run with its choices."""
    return enrolment.runs.filter(case=case.id, number=number).prefetch_related("choices").first()


def moment_of(enrolment: Enrolment, case: PracticeCase, run: CaseRun, *, number: int) -> Moment:
    """Return a step of a run in the language of the page."""
    protocol = protocol_of(enrolment)
    return moment(protocol, case.case, case.pages, run.path, number=number, language=short_language())


def last_answers(runs: Sequence[CaseRun]) -> dict[str, str]:
    """Return what was last answered to the six questions in these runs of a case; nothing the first time."""
    return next((run.answers for run in reversed(runs) if run.debriefed_at), {})


def answers_of(run: CaseRun) -> list[tuple[str, str]]:
    """Return the six questions with the answers of this run."""
    return [(question.ask[short_language()], run.answers.get(question.id, "")) for question in QUESTIONS]


def compare(enrolment: Enrolment, case: PracticeCase, run: CaseRun) -> Comparison:
    """Return the learner's path beside the protocol's, in the language of the page."""
    protocol, language = protocol_of(enrolment), short_language()
    found = debrief(protocol, case.case, run.path, language)
    acts = {line: _act(protocol, case, line) for line in found.path}
    return Comparison(
        found,
        pairs=tuple(
            Pair(step, tuple(acts[line] for line in step.lines), citation(protocol, step.cite, language))
            for step in found.steps
        ),
        others=tuple(acts[line] for line in found.others),
        turns=tuple(_turns(Speaker(protocol, language), case, run.path, [acts[line] for line in found.path])),
    )


def _act(protocol: Protocol, case: PracticeCase, line: Line) -> Act:
    language = short_language()
    return Act(line, label_of(case.pages, line.scene, line.choice, language), citation(protocol, line.cite, language))


def _turns(speaker: Speaker, case: PracticeCase, path: Sequence[str], acts: Iterable[Act]) -> Iterable[Turn]:
    played = play(speaker.protocol, case.case, path)
    following = iter(acts)
    for name, entered, chosen in zip(played.scenes, played.entered, path, strict=False):
        scene = case.case.scenes[name]
        choice = scene.choice(chosen)
        mine = tuple(islice(following, len(choice.does))) if choice else ()
        elapsed = speaker.duration(entered) if entered else ""
        label = label_of(case.pages, name, chosen, speaker.language)
        yield Turn(speaker.text(f"role/{scene.you_are}"), elapsed, label, mine)


FEW = 5


@dataclass(frozen=True)
class Counted:
    """One choice of a moment; `people` is nothing when they are fewer than five, so that nobody is recognised."""

    label: str
    people: int | None


@dataclass(frozen=True)
class MomentMade:
    role: str
    introduction: str
    choices: tuple[Counted, ...]


@dataclass(frozen=True)
class CaseMade:
    case: PracticeCase
    moments: tuple[MomentMade, ...]


def choices_made(program: Program, language: str) -> list[CaseMade]:
    """Return how many people chose what, the first time they played each case of the current release."""
    first = CaseChoice.objects.filter(run__enrolment__program=program, run__number=1).order_by()
    counted = first.values_list("run__case", "scene", "choice").annotate(people=Count("run", distinct=True))
    people = {(case, scene, choice): count for case, scene, choice, count in counted}
    pack = program.current.pack if program.current else None
    if pack is None or pack.protocol is None:
        return []
    speaker = Speaker(pack.protocol, language)
    return [
        CaseMade(
            case, tuple(_made(speaker, case, scene, people) for scene in case.case.scenes.values() if scene.you_are)
        )
        for case in pack.cases.values()
    ]


def _made(speaker: Speaker, case: PracticeCase, scene: Scene, people: Mapping[tuple[str, str, str], int]) -> MomentMade:
    counts = {choice.id: people.get((case.id, scene.id, choice.id), 0) for choice in scene.choices}
    language = speaker.language
    return MomentMade(
        role=speaker.text(f"role/{scene.you_are}"),
        introduction=page_of(case.pages, scene.id, language).introduction,
        choices=tuple(
            Counted(label_of(case.pages, scene.id, choice, language), count if count >= FEW else None)
            for choice, count in counts.items()
        ),
    )


def recalled(enrolment: Enrolment, level: Level) -> list[Recall]:
    """Return what the person chose in each case of a level, in one query: the first run, and the clean one."""
    rows = CaseChoice.objects.filter(run__enrolment=enrolment, run__debriefed_at__isnull=False)
    rows = rows.select_related("run").order_by("run__case", "run__number", "position")
    chosen: dict[str, dict[int, list[CaseChoice]]] = {}
    for row in rows:
        chosen.setdefault(row.run.case, {}).setdefault(row.run.number, []).append(row)
    activities = enrolment.release.pack.activities(level)
    cases = [one for one in activities if isinstance(one, PracticeCase) and one.id in chosen]
    return [_recall(case, list(chosen[case.id].values())) for case in cases]


def _recall(case: PracticeCase, runs: list[list[CaseChoice]]) -> Recall:
    first = runs[0]
    clean = next((run for run in runs if run[0].run.is_clean), first)
    place = turning_point([one.choice for one in first], [one.choice for one in clean])
    language = short_language()
    quoted = [label_of(case.pages, run[place].scene, run[place].choice, language) for run in (first, clean)]
    return Recall(case, len(runs), quoted[0], quoted[1] if quoted[1] != quoted[0] else "")
