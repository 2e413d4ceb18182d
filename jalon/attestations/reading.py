"""Read the credentials attached to a PDF of a stranger. Nothing in the file is run, drawn or fetched."""

from __future__ import annotations

import io
import re
import zlib
from typing import Final

import pikepdf

from jalon.attestations import sandbox

LARGEST_FILE: Final = 5 * 1024 * 1024
LARGEST_ATTACHMENT: Final = 256 * 1024
MOST_ATTACHMENTS: Final = 5
_JSON = re.compile(rb"\s*\{")
_JWT = re.compile(rb"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class NotReadable(ValueError):
    """A file that is not read, and why.

    `reason` is `too-large`, `not-a-pdf`, `too-many-attachments`, `attachment-too-large`,
    `attachment-unreadable` or `too-much-work` (a limit of time or memory was reached).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def attached_credentials(pdf: bytes) -> list[bytes]:
    """Return the JSON documents and the JWTs attached to a PDF, as they are; judging them comes after.

    At most five attachments of 256 KiB in a file of 5 MB; whatever else is attached is left aside. The file
    is opened in a child process with one second of processor time (sandbox.py).

    Raises:
        NotReadable: with its reason.
    """
    if len(pdf) > LARGEST_FILE:
        raise NotReadable("too-large")
    if b"%PDF-" not in pdf[:1024]:
        raise NotReadable("not-a-pdf")
    try:
        found = sandbox.limited(f"{__name__}:attachments", pdf)
    except sandbox.Rejected as refusal:
        raise NotReadable(str(refusal)) from refusal
    except sandbox.Stopped as stopped:
        raise NotReadable("too-much-work") from stopped
    return [each for each in found if _JSON.match(each) or _JWT.fullmatch(each.strip())]


def attachments(pdf: bytes) -> list[bytes]:
    """Return every attachment. Only for the child process: a hostile file would cost us its work.

    Raises:
        ValueError: its text is a reason of `NotReadable`.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            found: list[bytes] = []
            for name in opened.attachments:
                if len(found) == MOST_ATTACHMENTS:
                    raise NotReadable("too-many-attachments")
                found.append(_unpacked(opened.attachments[name].get_file().obj))
            return found
    except (pikepdf.PdfError, pikepdf.PasswordError) as problem:
        raise NotReadable("not-a-pdf") from problem


def _unpacked(stream: object) -> bytes:
    """Return the bytes of a stream stored plainly or deflated once: nothing else is worth the risk."""
    if not isinstance(stream, pikepdf.Stream):
        raise NotReadable("attachment-unreadable")
    raw = stream.read_raw_bytes()
    packing = stream.get("/Filter")
    if isinstance(packing, pikepdf.Array) and len(packing) == 1:
        packing = packing[0]
    if "/DecodeParms" in stream or packing not in (None, pikepdf.Name.FlateDecode):
        raise NotReadable("attachment-unreadable")
    if packing is not None:
        raw = _inflated(raw)
    if len(raw) > LARGEST_ATTACHMENT:
        raise NotReadable("attachment-too-large")
    return raw


def _inflated(raw: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(raw, LARGEST_ATTACHMENT + 1)
    except zlib.error as problem:
        raise NotReadable("attachment-unreadable") from problem
