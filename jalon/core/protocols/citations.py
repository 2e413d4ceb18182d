"""A citation for readers: the title of the source, its address, the paragraph, the day it was checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from jalon.core.protocols.model import Protocol

ADDRESS = re.compile(r"\s*(https?://\S+)\s*$")


@dataclass(frozen=True, slots=True)
class Citation:
    """`url` is empty when the words of the source end with none."""

    title: str
    url: str
    paragraph: int
    checked: date | None


def citation(protocol: Protocol, cite: str | None, language: str) -> Citation | None:
    """Return what a `source#k` refers to, in words; nothing when it refers to nothing."""
    found = protocol.source_of(cite)
    if found is None:
        return None
    source, paragraph = found
    words = protocol.wording(f"source/{source.id}", language)
    address = ADDRESS.search(words)
    title = words[: address.start()] if address else words
    return Citation(title.rstrip(" ."), address[1] if address else "", paragraph, source.checked)
