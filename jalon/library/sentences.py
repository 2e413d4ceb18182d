"""What a fault of form is called in both languages, for an author who is no programmer."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from jalon.core.flaws import said
from jalon.library.yamlfile import Unreadable

Text = Mapping[str, str]


def form_sentence(error: ErrorDetails) -> Text:
    """Return the sentence for one fault that the form of a file shows."""
    key = str(error["loc"][-1]) if error["loc"] else ""
    context: dict[str, Any] = dict(error.get("ctx", {}))
    sentence = _FORM.get(error["type"], _other)
    return sentence(key, context, _shown(error["input"]))


def unreadable_sentence(error: Unreadable) -> Text:
    """Return the sentence for a file that cannot be read at all."""
    for pattern, french in _UNREADABLE:
        if match := pattern.search(error.reason):
            return said(french.format(*match.groups()), error.reason)
    return said(f"le fichier ne se lit pas comme du YAML ({error.reason})", error.reason)


def _shown(value: object) -> str:
    shown = str(value) if not isinstance(value, bool) else str(value).lower()
    return shown if len(shown) <= 40 else shown[:39] + "…"


def _other(key: str, _: Mapping[str, Any], shown: str) -> Text:
    return said(f"« {key} » n’a pas une valeur permise : {shown}", f"“{key}” does not have an allowed value: {shown}")


def _fixed(fr: str, en: str) -> Callable[[str, Mapping[str, Any], str], Text]:
    """Return a sentence in which {key}, {shown} and what the fault says of itself are filled in."""

    def sentence(key: str, context: Mapping[str, Any], shown: str) -> Text:
        expected = str(context.get("expected", "")).replace("'", "")
        facts = {**context, "key": key, "shown": shown, "expected": expected}
        french = {**facts, "expected": expected.replace(" or ", " ou ")}
        return said(fr.format(**french), en.format(**facts))

    return sentence


_WORD = _fixed(
    "« {key} » doit être du texte; mettez {shown} entre guillemets si c’en est",
    "“{key}” must be a text; put {shown} between quotes if it is one",
)
_NUMBER = _fixed("« {key} » doit être un nombre entier, pas {shown}", "“{key}” must be a whole number, not {shown}")
_GROUP = _fixed("« {key} » doit contenir des clés", "“{key}” must hold keys")
_SMALL = _fixed("« {key} » doit être au moins {ge}, pas {shown}", "“{key}” must be at least {ge}, not {shown}")
_LARGE = _fixed("« {key} » doit être au plus {le}, pas {shown}", "“{key}” must be at most {le}, not {shown}")

_FORM: Mapping[str, Callable[[str, Mapping[str, Any], str], Text]] = {
    "missing": _fixed("il manque la clé « {key} »", "the key “{key}” is missing"),
    "extra_forbidden": _fixed("la clé « {key} » n’existe pas ici", "the key “{key}” does not exist here"),
    "invalid_key": _fixed("la clé « {key} » doit être un mot", "the key “{key}” must be a word"),
    "string_type": _WORD,
    "int_type": _NUMBER,
    "int_from_float": _NUMBER,
    "bool_type": _fixed("« {key} » doit être true ou false", "“{key}” must be true or false"),
    "list_type": _fixed("« {key} » doit être une liste", "“{key}” must be a list"),
    "dict_type": _GROUP,
    "model_type": _GROUP,
    "model_attributes_type": _GROUP,
    "too_short": _fixed("« {key} » est vide", "“{key}” is empty"),
    "greater_than_equal": _SMALL,
    "less_than_equal": _LARGE,
    "literal_error": _fixed(
        "« {key} » ne peut pas être {shown}; permis : {expected}", "“{key}” cannot be {shown}; allowed: {expected}"
    ),
    "blank": _fixed("« {key} » n’a pas de mots", "“{key}” has no words"),
    "languages": _fixed("les langues requises sont fr et en", "the required languages are fr and en"),
    "id": _fixed(
        "« {shown} » n’est pas un identifiant : a-z, puis a-z, 0-9, _ ou -, et pas un mot réservé (yes, no, all…)",
        "“{shown}” is not an id: a-z, then a-z, 0-9, _ or -, and not a reserved word (yes, no, all…)",
    ),
    "version": _fixed("« {shown} » n’est pas une version comme 1.0.0", "“{shown}” is not a version such as 1.0.0"),
    "day": _fixed("« {shown} » n’est pas un jour comme 2026-11-22", "“{shown}” is not a day such as 2026-11-22"),
    "url": _fixed("« {shown} » n’est pas une adresse https://…", "“{shown}” is not an address https://…"),
}

_UNREADABLE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english), french)
    for english, french in (
        ("does not start with a line", "le fichier ne commence pas par une ligne « --- »"),
        ("no closing line", "l’en-tête n’est pas fermé par une ligne « --- »"),
        ("holds no document", "le fichier est vide"),
        ("a tab is refused", "une tabulation n’est pas permise; employez des espaces"),
        ("is not UTF-8", "le fichier n’est pas en UTF-8 à partir d’ici"),
        (r"the key (.+) is there twice", "la clé {0} y est deux fois"),
        (r"the file has (\d+) bytes; at most (\d+)", "le fichier a {0} octets; le maximum est de {1}"),
        (r"nested more than (\d+) deep", "le fichier a plus de {0} niveaux d’imbrication"),
        (r"(?:anchor|alias|tag) (\S+) is refused", "{0} n’est pas permis; écrivez la valeur au long"),
        ("a second document", "un deuxième document n’est pas permis; un fichier n’en contient qu’un"),
        ("a directive is refused", "une directive (%) n’est pas permise"),
        (r"the merge key (\S+) is refused", "la clé de fusion {0} n’est pas permise; écrivez les valeurs au long"),
        ("a list or a mapping as a key", "une clé ne peut pas être une liste ni un groupe"),
        ("half of a character", "la moitié d’un caractère n’est pas permise"),
        (r"a number of more than (\d+) digits", "un nombre de plus de {0} chiffres n’est pas permis"),
        ("this character is not allowed", "ce caractère n’est pas permis dans un fichier YAML"),
        (r"the file is not readable YAML \((.*)\)", "le fichier n’est pas du YAML lisible (en anglais : {0})"),
    )
)
