"""A small sound pack, one file at a time; a test changes what it is about."""

from collections.abc import Mapping

Files = dict[str, bytes]
LESSON = """---
id: first-words
title: "{title}"
minutes: 10
source: fr
objective: "{objective}"
---
## {one} {{#p1}}

{fact} [@guide].

## {two} {{#p2}}

- {item}
"""
TEXTS = {
    "pack.yaml": """\
id: sample
version: 1.0.0
demonstration: true
languages: {required: [fr, en]}
title: {fr: "Les premiers mots", en: "The first words"}
summary: {fr: "Accueillir un élève.", en: "Welcome a student."}
themes: [{fr: "Climat scolaire", en: "School climate"}]
audience: {fr: "Le personnel scolaire", en: "School staff"}
updated_on: 2026-11-22
restricted: true
partners:
  - {name: {fr: "École fictive", en: "Fictional school"}, role: {fr: "Exemple", en: "Example"}}
sources:
  guide: {title: {fr: "Guide fictif", en: "Fictional guide"}, url: https://exemple.test/guide, checked: 2026-11-22}
levels:
  - id: explorer
    number: 1
    title: {fr: "Explorateur", en: "Explorer"}
    minutes: 60
    unlock: start
    do: [lesson/first-words, quiz/explorer]
    pass: {quiz: 80}
    badge: explorer
  - id: architect
    number: 2
    title: {fr: "Architecte", en: "Architect"}
    minutes: 90
    unlock: explorer
    do: [reflection/architect]
    pass: {review: accepted}
    badge: architect
""",
    "program.fr.md": '---\nid: sample\ntitle: "Les premiers mots"\nsource: fr\n---\nUn programme fictif [@guide].\n',
    "program.en.md": '---\nid: sample\ntitle: "The first words"\nsource: fr\n---\nA fictional program [@guide].\n',
    "lessons/first-words.fr.md": LESSON.format(
        title="Les premiers mots",
        objective="Accueillir sans juger.",
        one="Écouter",
        two="Passer le relais",
        fact="On écoute d’abord",
        item="« Je te crois. »",
    ),
    "lessons/first-words.en.md": LESSON.format(
        title="The first words",
        objective="Welcome without judging.",
        one="Listen",
        two="Pass it on",
        fact="We listen first",
        item="“I believe you.”",
    ),
    "quizzes/explorer.yaml": """\
id: explorer
title: {fr: "Questionnaire", en: "Quiz"}
minutes: 5
questions:
  - id: look
    type: single
    ask: {fr: "Regarde-t-on l’image?", en: "Do we look at the image?"}
    options:
      - {id: never, right: true, text: {fr: "Jamais", en: "Never"}, why: {fr: "C’est la règle.", en: "It is the rule."}}
      - {id: once, right: false, text: {fr: "Une fois", en: "Once"}, why: {fr: "Non plus.", en: "Neither."}}
    sources: [guide]
""",
    "reflections/architect.yaml": """\
id: architect
title: {fr: "Réflexion", en: "Reflection"}
minutes: 30
intro: {fr: "Une question.", en: "One question."}
questions:
  - id: step
    ask: {fr: "Quelle étape est délicate?", en: "Which step is delicate?"}
    hint: {fr: "Dites pourquoi.", en: "Say why."}
    words: {least: 10, most: 100}
criteria:
  - {id: clear, text: {fr: "L’étape est nommée.", en: "The step is named."}}
""",
}
BADGE = """\
id: {name}
name: {{fr: "Fictif – {name}", en: "Fictional – {name}"}}
description: {{fr: "Sait accueillir.", en: "Can welcome."}}
criteria: {{fr: "Le niveau est réussi.", en: "The level is passed."}}
alt: {{fr: "Un disque.", en: "A disc."}}
achievement_type: CertificateOfCompletion
"""
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240">
<title>Badge fictif</title>
<circle cx="120" cy="120" r="100" fill="#0A595F"/>
</svg>
"""
for name in ("explorer", "architect"):
    TEXTS[f"badges/{name}.yaml"] = BADGE.format(name=name)
    TEXTS[f"badges/{name}.svg"] = SVG


def sample_files(changes: Mapping[str, str | None] | None = None, **replaced: tuple[str, str, str]) -> Files:
    """Return the files of a sound pack.

    Args:
        changes: whole texts by path; None removes the file.
        replaced: (path, what is there, what comes instead); what is there must be there.
    """
    texts = {**TEXTS, **(changes or {})}
    for path, old, new in replaced.values():
        assert old in texts[path], f"{old!r} is not in {path}"
        texts[path] = texts[path].replace(old, new)
    return {path: text.encode() for path, text in texts.items() if text is not None}


def line_of(path: str, words: str) -> int:
    """Return the first line of a sound file that holds these words."""
    return next(number for number, line in enumerate(TEXTS[path].split("\n"), start=1) if words in line)
