"""Templates of credentials, compiled once in a process: what two badges share is canonicalised once.

A template is found by everything that its slots do not hold, so that a badge can only be signed by a template that
says the same; a form finds it again without making the document. The first use of a template in a process is checked
against the full algorithm.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from jalon.core import codes
from jalon.core.dossier import Evaluated
from jalon.core.openbadges import jcs
from jalon.core.openbadges.documents import AwardedCredential, Status, open_badge_credential
from jalon.core.openbadges.template import Batch, Mismatch, Path, Template, badge_slots, badge_values
from jalon.core.openbadges.text import clean
from jalon.credentials import queries
from jalon.credentials.contexts import contexts
from jalon.credentials.models import Credential

MOST = 64
_templates: OrderedDict[bytes, Template] = OrderedDict()
_forms: dict[tuple[object, ...], "Form"] = {}
_checked: set[bytes] = set()
_lock = Lock()


def template_of(document: Mapping[str, Any]) -> Template:
    """Return the template of a document: of its slots only the texts may differ."""
    return _template(document)[1]


def _template(document: Mapping[str, Any]) -> tuple[bytes, Template]:
    slots = badge_slots(document)
    name = jcs.canonical([_blanked(document, slots), sorted(slots)])
    with _lock:
        if name in _templates:
            _templates.move_to_end(name)
            return name, _templates[name]
    made = Template(dict(document), slots=slots, contexts=contexts())
    with _lock:
        _templates[name] = made
        while len(_templates) > MOST:
            _checked.discard(_templates.popitem(last=False)[0])
    return name, made


@dataclass(frozen=True)
class Form:
    """What all credentials of one level, release and language share: their template, and one of them as an example."""

    name: bytes
    template: Template
    example: AwardedCredential
    address: str

    def values(self, credential: Credential) -> dict[str, str]:
        """Return the texts of the slots for a credential, without making its document."""
        award, listed = credential.award, credential.status_list
        evaluated = [Evaluated.from_json(one) for one in award.facts.get("evaluated", ())]
        names = [one.name for one in self.example.evidence]
        code = codes.display(award.code)
        awarded = replace(
            self.example,
            id=self.address.replace("{code}", code),
            subject_id=queries.subject_of(award),
            valid_from=award.awarded_at.replace(microsecond=0),
            awarded_on=award.awarded_on,
            status=Status(queries.status_address(listed.number), credential.status_index),
            holder_name=award.facts["name"],
            code=code,
            evidence=queries.evidence(names, evaluated, queries.LANGUAGES[credential.language]),
        )
        return badge_values(awarded)

    def digest(self, credential: Credential) -> str:
        """Return the digest of what a credential says: that of its document in canonical form."""
        values = self.values(credential)
        return queries.sha256(self.template.canonical([values[name] for name in self.template.names]))

    def recheck(self, credential: Credential) -> None:
        """Return if a credential that was reserved says what its whole document says.

        Raises:
            Mismatch: it does not.
        """
        if queries.sha256(jcs.canonical(queries.document_of(credential))) != credential.payload:
            raise Mismatch("a form says something else than the document")

    def sign(
        self, credential: Credential, *, key: Ed25519PrivateKey, verification_method: str, created: datetime
    ) -> bytes:
        """Return the signed credential as canonical JSON, byte for byte what the full algorithm gives.

        Raises:
            NotValid: a part of the document would not be covered by the signature.
            Mismatch: the fast and the slow path disagree; nothing may be published.
        """
        batch = Batch(self.template, key=key, verification_method=verification_method, created=created)
        values = self.values(credential)
        signed = batch.sign(values)
        if self.name not in _checked:
            batch.recheck(values, signed)
            _checked.add(self.name)
        return signed


def form_of(credential: Credential) -> Form:
    """Return the form of a credential: found by everything that makes two forms differ, for a release never changes.

    That nothing was forgotten in this list is seen each time: what is signed must have the digest that was reserved
    with the award, and this one is of the whole document.
    """
    facts = credential.award.facts
    has_name = bool(clean(facts["name"]))
    evaluated = tuple(one["activity"] for one in facts.get("evaluated", ()))
    shared = (facts["content"]["program"], facts["level"], facts["issuer"], has_name, evaluated)
    name = (settings.JALON_ORIGIN, credential.award.release_id, credential.language, *shared)
    if name not in _forms:
        example = queries.awarded(credential)
        form = Form(*_template(open_badge_credential(example)), example, example.id.replace(example.code, "{code}"))
        while len(_forms) >= MOST:
            _forms.pop(next(iter(_forms)), None)
        _forms[name] = form
    return _forms[name]


def _blanked(document: Mapping[str, Any], slots: Mapping[str, Path]) -> dict[str, Any]:
    """Return the document without the texts of its slots; what holds none of them is shared, not copied."""
    blank = dict(document)
    for path in slots.values():
        holder: Any = blank
        for step in path[:-1]:
            inner = holder[step]
            holder[step] = dict(inner) if isinstance(inner, dict) else list(inner)
            holder = holder[step]
        holder[path[-1]] = ""
    return blank
