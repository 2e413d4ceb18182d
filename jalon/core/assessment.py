"""Judging answers: the score of a quiz, what a reflection lacks, and hints that a text names somebody."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from jalon.core.packs import Prompt, Question, Quiz, Reflection

Choices = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Judged:
    """One question: what was chosen, and whether it is exactly what is right."""

    question: Question
    chosen: frozenset[str]

    @property
    def is_right(self) -> bool:
        return self.chosen == self.question.right


@dataclass(frozen=True)
class Result:
    """A quiz as judged. `percent` is rounded down, so that 79.9 is never shown as 80."""

    judged: tuple[Judged, ...]

    @property
    def right(self) -> int:
        return sum(one.is_right for one in self.judged)

    @property
    def percent(self) -> int:
        return 100 * self.right // len(self.judged)

    def passes(self, least: int) -> bool:
        """Say whether the share of right answers reaches `least` per cent."""
        return 100 * self.right >= least * len(self.judged)


def judge(quiz: Quiz, choices: Choices) -> Result:
    """Judge every question of a quiz. A question is right when exactly the right options are chosen.

    Args:
        choices: ids of the chosen options by id of question; an id that the quiz does not have is ignored.
    """
    return Result(tuple(Judged(question, _chosen(question, choices)) for question in quiz.questions))


def unanswered(quiz: Quiz, choices: Choices) -> tuple[str, ...]:
    """Return the ids of the questions that no option answers yet, in the order of the quiz."""
    return tuple(question.id for question in quiz.questions if not _chosen(question, choices))


def _chosen(question: Question, choices: Choices) -> frozenset[str]:
    return frozenset(option.id for option in question.options) & frozenset(choices.get(question.id, ()))


def words(text: str) -> int:
    """Count the words as a word processor does: what spaces separate and holds a letter or a figure."""
    return sum(any(sign.isalnum() for sign in run) for run in text.split())


def missing(reflection: Reflection, answers: Mapping[str, str]) -> tuple[Prompt, ...]:
    """Return the questions without a single word of answer; nothing else prevents sending."""
    return tuple(prompt for prompt in reflection.questions if not words(answers.get(prompt.id, "")))


def outside(reflection: Reflection, answers: Mapping[str, str]) -> tuple[Prompt, ...]:
    """Return the questions whose answer is shorter or longer than hoped for: a remark, no wall."""
    lengths = ((prompt, words(answers.get(prompt.id, ""))) for prompt in reflection.questions)
    return tuple(prompt for prompt, count in lengths if count and not prompt.least <= count <= prompt.most)


@dataclass(frozen=True)
class Hint:
    """A passage that may identify somebody: its kind, and the words to show back."""

    kind: str
    excerpt: str


_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|"
    "january|february|march|april|may|june|july|august|september|october|november|december"
)
_TITLES = "M\\.|Mr\\.?|Mme|Mrs\\.?|Ms\\.?|Mlle|Dr\\.?|Dre|monsieur|madame"
_NAME = "[A-ZÀ-Þ](?:[a-zß-ÿ]+|’[A-ZÀ-Þ][a-zß-ÿ]+)(?:-[A-ZÀ-Þ][a-zß-ÿ]+)*"
_HINTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")),
    ("link", re.compile(r"(?:https?://|www\.)\S{1,200}", re.IGNORECASE)),
    ("phone", re.compile(r"(?<!\d)(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}(?!\d)")),
    ("permanent-code", re.compile(r"\b[A-Z]{4}\s?\d{4}\s?\d{4}\b")),
    ("account", re.compile(r"(?<![\w@.])@[A-Za-z0-9_.]{3,30}")),
    ("date", re.compile(rf"\b\d{{1,2}}(?:er)?\s(?:{_MONTHS})\b|\b(?:{_MONTHS})\s\d{{1,2}}\b", re.IGNORECASE)),
    ("date", re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")),
    ("name", re.compile(rf"\b(?:{_TITLES})\s[A-ZÀ-Þ][\w’'-]+")),
    ("name", re.compile(rf"\b{_NAME}\s{_NAME}\b")),
    ("name", re.compile(r"(?i:\b(?:s’appelle|nommée?|prénommée?|surnommée?|named|called)\s)[A-ZÀ-Þ][\w’-]+")),
)
_PUBLIC_WORDS = re.compile(
    "sexto|qu[ée]bec|montr[ée]al|saint|ville|sûreté|crim|code|court|canad|centre|direct|youth|explor|archite",
    re.IGNORECASE,
)


def personal_hints(text: str) -> tuple[Hint, ...]:
    """Return the passages that may name a person or date an event, in the order of the text, each once.

    A hint asks the author to look again; it proves nothing and refuses nothing.
    """
    found = sorted(_found(text), key=lambda hit: hit[0])
    return tuple(dict.fromkeys(hint for _, hint in found))


def _found(text: str) -> Iterator[tuple[int, Hint]]:
    for kind, pattern in _HINTS:
        for match in pattern.finditer(text):
            excerpt = match.group()
            if kind != "name" or not _PUBLIC_WORDS.search(excerpt):
                yield match.start(), Hint(kind, excerpt)
