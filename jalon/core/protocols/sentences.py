"""A protocol in sentences, French or English: its parts, and what changed since the release before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from jalon.core.protocols.model import Ban, Cells, Protocol, Step
from jalon.core.protocols.releases import Comparison

HARD = "\u00a0"

WORDS = {
    "fr": {
        "colon": f"{HARD}: ",
        "or": " ou ",
        "and": "; ",
        "quoted": f"«{HARD}{{}}{HARD}»",
        "any": "Dans tous les cas",
        "when": "Lorsque {cells}",
        "moved": "{when}, le parcours était {was} et devient {now}.",
        "appeared": "{when}, cette situation, qui n’était pas prévue, mène à {now}.",
        "vanished": "{when}, le parcours était {was}; cette situation n’est plus prévue.",
        "step_came": "Nouvelle étape{colon}{step}.",
        "step_went": "Étape retirée{colon}{step}.",
        "step_moved": "Étape modifiée{colon}{step}. {changes}.",
        "ban_came": "Nouvelle interdiction{colon}{ban}.",
        "ban_went": "Interdiction retirée{colon}{ban}.",
        "ban_moved": "Interdiction modifiée{colon}{ban}. {changes}.",
        "changed": "{part}{colon}{was} devient {now}",
        "do": "Geste",
        "by": "Par",
        "in": "Dans",
        "if": "Si",
        "needs": "Après",
        "gives": "Permet",
        "within": "Au plus tard",
        "except": "Sauf",
        "from": "À partir de",
        "until": "Jusqu’à",
        "nothing": "rien",
        "days": ("{} jour", "{} jours"),
        "hours": ("{} h", "{} h"),
        "minutes": ("{} min", "{} min"),
        "seconds": ("{} s", "{} s"),
    },
    "en": {
        "colon": ": ",
        "or": " or ",
        "and": "; ",
        "quoted": "“{}”",
        "any": "In every case",
        "when": "When {cells}",
        "moved": "{when}, the pathway was {was} and becomes {now}.",
        "appeared": "{when}, this situation, which was not provided for, leads to {now}.",
        "vanished": "{when}, the pathway was {was}; this situation is no longer provided for.",
        "step_came": "New step{colon}{step}.",
        "step_went": "Step withdrawn{colon}{step}.",
        "step_moved": "Step changed{colon}{step}. {changes}.",
        "ban_came": "New ban{colon}{ban}.",
        "ban_went": "Ban withdrawn{colon}{ban}.",
        "ban_moved": "Ban changed{colon}{ban}. {changes}.",
        "changed": "{part}{colon}{was} becomes {now}",
        "do": "Action",
        "by": "By",
        "in": "In",
        "if": "If",
        "needs": "After",
        "gives": "Allows",
        "within": "At the latest after",
        "except": "Except",
        "from": "From",
        "until": "Until",
        "nothing": "nothing",
        "days": ("{} day", "{} days"),
        "hours": ("{} h", "{} h"),
        "minutes": ("{} min", "{} min"),
        "seconds": ("{} s", "{} s"),
    },
}


class Speaker:
    """Puts parts of a protocol into words of one language."""

    def __init__(self, protocol: Protocol, language: str) -> None:
        self.protocol = protocol
        self.language = language

    def say(self, key: str, **parts: str) -> str:
        return str(WORDS[self.language][key]).format(colon=WORDS[self.language]["colon"], **parts)

    def text(self, key: str) -> str:
        return self.protocol.wording(key, self.language)

    def quoted(self, key: str) -> str:
        return str(WORDS[self.language]["quoted"]).format(self.text(key))

    def names(self, kind: str, ids: Iterable[str]) -> str:
        return ", ".join(self.text(f"{kind}/{name}") for name in ids) or self.say("nothing")

    def cells(self, cells: Cells) -> str:
        """Return conditions on facts as `fact: value or value; …`."""
        said = [
            f"{self.text(f'fact/{fact}')}{self.say('colon')}"
            + self.say("or").join(self.text(f"fact/{fact}/{value}") for value in cell)
            for fact, cell in cells.items()
        ]
        return self.say("and").join(said)

    def duration(self, duration: timedelta | None) -> str:
        """Return a duration in days, hours and minutes."""
        if duration is None:
            return self.say("nothing")
        rest = int(duration.total_seconds())
        said = []
        for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1)):
            count, rest = divmod(rest, size)
            if count:
                forms = WORDS[self.language][unit]
                said.append(forms[count > 1].format(count).replace(" ", HARD))
        return " ".join(said) or self.say("nothing")

    def step_parts(self, step: Step) -> dict[str, str]:
        """Return what a step says, part by part."""
        return {
            "do": self.text(f"action/{step.do}"),
            "by": self.names("role", step.by),
            "in": self.names("pathway", step.pathways),
            "if": self.cells(step.when) or self.say("nothing"),
            "needs": self.names("milestone", step.needs),
            "gives": self.names("milestone", [step.gives] if step.gives else []),
            "within": self.duration(step.within),
        }

    def ban_parts(self, ban: Ban) -> dict[str, str]:
        return {
            "do": self.text(f"action/{ban.do}"),
            "except": self.names("role", ban.spares),
            "from": self.names("milestone", [ban.starts] if ban.starts else []),
            "until": self.names("milestone", [ban.ends] if ban.ends else []),
        }


def differences(previous: Protocol, protocol: Protocol, language: str) -> tuple[str, ...]:
    """Say what changed in meaning: pathways first, then steps and bans that came, went or moved."""
    before, now = Speaker(previous, language), Speaker(protocol, language)
    return (*_of_pathways(before, now), *_of_steps(before, now), *_of_bans(before, now))


def _of_pathways(before: Speaker, now: Speaker) -> Iterator[str]:
    for box in Comparison(before.protocol, now.protocol).boxes():
        cells = "; ".join(_cell(before, now, fact, values) for fact, values in box.cells.items())
        when = now.say("when", cells=cells) if cells else now.say("any")
        was = before.quoted(f"pathway/{box.was}")
        is_now = now.quoted(f"pathway/{box.now}")
        if box.was is None:
            yield now.say("appeared", when=when, now=is_now)
        elif box.now is None:
            yield now.say("vanished", when=when, was=was)
        else:
            yield now.say("moved", when=when, was=was, now=is_now)


def _cell(before: Speaker, now: Speaker, fact: str, values: tuple[str, ...]) -> str:
    """Name a fact and its values, some of which only the release before may know."""
    known = now.protocol.facts.get(fact)
    said = [(now if known and value in known.values else before).text(f"fact/{fact}/{value}") for value in values]
    name = (now if known else before).text(f"fact/{fact}")
    return f"{name}{now.say('colon')}{now.say('or').join(said)}"


def _of_steps(before: Speaker, now: Speaker) -> Iterator[str]:
    was, is_now = before.protocol.steps, now.protocol.steps
    for step in is_now.values():
        said = now.quoted(f"action/{step.do}")
        if step.id not in was:
            yield now.say("step_came", step=said)
        elif changes := _changes(now, before.step_parts(was[step.id]), now.step_parts(step)):
            yield now.say("step_moved", step=said, changes=changes)
    for step in was.values():
        if step.id not in is_now:
            yield now.say("step_went", step=before.quoted(f"action/{step.do}"))


def _of_bans(before: Speaker, now: Speaker) -> Iterator[str]:
    was = {ban.id: ban for ban in before.protocol.never}
    is_now = {ban.id: ban for ban in now.protocol.never}
    for ban in is_now.values():
        said = now.quoted(f"never/{ban.id}")
        if ban.id not in was:
            yield now.say("ban_came", ban=said)
        elif changes := _changes(now, before.ban_parts(was[ban.id]), now.ban_parts(ban)):
            yield now.say("ban_moved", ban=said, changes=changes)
    for ban in was.values():
        if ban.id not in is_now:
            yield now.say("ban_went", ban=before.quoted(f"never/{ban.id}"))


def _changes(now: Speaker, was: dict[str, str], is_now: dict[str, str]) -> str:
    said = [
        now.say("changed", part=now.say(part), was=was[part], now=is_now[part])
        for part in is_now
        if was[part] != is_now[part]
    ]
    return "; ".join(said)
