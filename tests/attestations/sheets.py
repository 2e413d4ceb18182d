"""A fictional attestation, in both languages, and what it is drawn with."""

import dataclasses
from datetime import UTC, datetime

from jalon.attestations.paper import HEADING, Answer, Sheet

MONDAY = datetime(2026, 3, 2, 15, 19, tzinfo=UTC)
CODE = "0123456789ACDEFHJKMNPRTVWXY012"
ADDRESS = "https://jalon.example/v/01234-56789-ACDEF-HJKMN-PRTVW-XY012"
CREDENTIAL = b'{"@context":["https://www.w3.org/ns/credentials/v2"],"name":"\xc3\x89milie"}'
BADGE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 240"><title>Badge</title>'
    b'<circle cx="120" cy="120" r="110" fill="#3D3F8F"/>'
    b'<path d="M120 60v120" stroke="#FFFFFF" stroke-width="12"/></svg>'
)
ANSWERS = (
    Answer("Comment puis-je résumer les étapes de la méthode?", "J’accueille sans juger.\nJ’ouvre la trousse.", "fr"),
    Answer("Quelle étape est la plus délicate?", "Rassurer, puis transmettre à 15 h 19.", "fr"),
)
FRENCH = Sheet(
    language="fr",
    heading=HEADING["fr"],
    program="Sexto – programme de démonstration",
    level="Architecte (niveau 2)",
    description="Ce badge atteste une démarche complète.\nIl est réservé au personnel scolaire.",
    badge_alt="Badge indigo : niveau Architecte",
    recipient="Émilie Bélanger-Désaulniers",
    school="École secondaire des Jalons",
    organisation="Centre de services scolaire des Exemples",
    awarded_on="2 mars 2026",
    hours="4,5 h",
    reviewer="Marc-André Fictif",
    decided_on="1er mars 2026",
    eligibility="Membre du personnel scolaire, statut confirmé par l’établissement le 3 février 2026",
    release="sexto 1.0.0",
    digest="9f86d081884c",
    issuer="Organisme fictif de démonstration",
    issuer_address="1, rue de l’Exemple\nVille-Fictive (Québec) G0A 0A0",
    code=CODE,
    verification_url=ADDRESS,
    time_zone="America/Toronto",
    answers=ANSWERS,
    cases=("Lundi matin : une rumeur", "Vendredi soir : un message"),
    partners=("Service de police de Ville-Fictive – accompagnement", "Académie des Jalons"),
    demonstration="Contenu de démonstration; personnes et lieux fictifs.",
)
ENGLISH = dataclasses.replace(
    FRENCH,
    language="en",
    heading=HEADING["en"],
    level="Architect (level 2)",
    description="This badge attests a complete piece of work.",
    badge_alt="Indigo badge: Architect level",
    awarded_on="March 2, 2026",
    hours="4.5 h",
    decided_on="March 1, 2026",
    eligibility="School staff, confirmed by the school on February 3, 2026",
    answers=(Answer("Which step is the most delicate?", "To reassure, then to hand over at 3:19 p.m.", "en"),),
    cases=("Monday morning: a rumour",),
    partners=("Académie des Jalons",),
    demonstration="Demonstration content; fictional people and places.",
)
