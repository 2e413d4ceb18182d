"""What the answers of the commands `protocol` and `case` are called, for a person who reads lines and not JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jalon.core.flaws import Text, said

_LABELS: Mapping[str, Text] = {
    "error": said("erreur", "error"),
    "warning": said("avertissement", "warning"),
    "check": said("contrôle", "check"),
    "errors": said("erreurs", "errors"),
    "warnings": said("avertissements", "warnings"),
    "combinations": said("combinaisons", "combinations"),
    "pathways": said("parcours", "pathways"),
    "changed_total": said(
        "changements en tout, dont seuls les premiers suivent", "changed in all, of which only the first follow"
    ),
    "changed": said("changements", "changed"),
    "combination": said("combinaison", "combination"),
    "was": said("avant", "was"),
    "now": said("maintenant", "now"),
    "pathway": said("parcours", "pathway"),
    "provisional": said("provisoire", "provisional"),
    "candidates": said("parcours possibles", "candidates"),
    "next_question": said("prochaine question", "next question"),
    "due": said("à faire", "due"),
    "overdue": said("en retard", "overdue"),
    "forbidden": said("interdit", "forbidden"),
    "step": said("étape", "step"),
    "action": said("geste", "action"),
    "by": said("par", "by"),
    "due_at": said("au plus tard", "due at"),
    "cite": said("source", "source"),
    "path": said("chemin", "path"),
    "scene": said("scène", "scene"),
    "choice": said("choix", "choice"),
    "role": said("rôle", "role"),
    "after_seconds": said("après (secondes)", "after (seconds)"),
    "verdict": said("verdict", "verdict"),
    "verdicts": said("verdicts", "verdicts"),
    "rule": said("règle", "rule"),
    "ended": said("terminé", "ended"),
    "clean": said("sans faute", "clean"),
    "trace": said("trace", "trace"),
    "nothing": said("rien", "nothing"),
    "True": said("oui", "yes"),
    "False": said("non", "no"),
}
_COLON: Text = {"fr": "\u00a0: ", "en": ": "}


def label(name: str, language: str) -> str:
    """Return what a key is called; an id of the file stands as it is."""
    return _LABELS[name][language] if name in _LABELS else name


def listed(data: Mapping[str, object], language: str) -> Iterator[str]:
    """Yield one line for each entry that is known; a list of groups has a line for each."""
    for name, value in data.items():
        head = f"{label(name, language)}{_COLON[language]}"
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield head.rstrip()
            yield from (f"  {_plainly(part, language)}" for part in value)
        else:
            yield head + _plainly(value, language)


def _plainly(value: object, language: str) -> str:
    if isinstance(value, Mapping):
        parts = (f"{label(name, language)} {_plainly(part, language)}" for name, part in value.items())
        return ", ".join(parts) or label("nothing", language)
    if isinstance(value, (list, tuple)):
        return "; ".join(_plainly(part, language) for part in value) or label("nothing", language)
    if isinstance(value, bool):
        return label(str(value), language)
    return "–" if value is None else str(value)
