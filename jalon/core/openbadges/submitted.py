"""What was submitted, taken out of whatever it came in, and not yet checked."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from jalon.core.openbadges import baking, jcs, jwt, multibase, strictjson
from jalon.core.openbadges.documents import digest_sri
from jalon.core.openbadges.members import object_of, text_of
from jalon.core.openbadges.problems import Altered, Unreadable

MAX_DOCUMENT = 2**16


@dataclass(frozen=True)
class Submitted:
    """A credential taken out of whatever it came in, and not yet checked.

    Args:
        picture: media type and SHA-256 of the picture that carried it.
    """

    document: dict[str, Any]
    token: jwt.Token | None
    picture: tuple[str, bytes] | None = None


def take_out(payload: bytes) -> Submitted:
    """Return the credential of a payload; see `verify`.

    Raises:
        NotValid: there is not exactly one, or it can be read in two ways.
    """
    if baking.is_png(payload):
        inside, picture = baking.unbake_png(payload), baking.picture_of_png(payload)
        return replace(read(inside.encode()), picture=("image/png", sha256(picture).digest()))
    if baking.is_svg(payload):
        submitted = read(baking.unbake_svg(payload).encode())
        if _declared_pictures(submitted.document, "image/svg+xml"):
            drawing = sha256(baking.picture_of_svg(payload)).digest()
            return replace(submitted, picture=("image/svg+xml", drawing))
        return submitted
    return read(payload)


def read(data: bytes, *, max_bytes: int = MAX_DOCUMENT) -> Submitted:
    """Return the document of JSON bytes or of a compact token.

    Raises:
        NotValid: it is neither, or can be read in two ways.
    """
    if data[:1] == b"{" or data.lstrip(b" \t\r\n")[:1] == b"{":
        return Submitted(strictjson.parse_object(data, max_bytes=max_bytes), None)
    try:
        token = jwt.read(data.decode("ascii"), max_bytes=max_bytes)
    except UnicodeDecodeError as error:
        raise Unreadable("not-a-credential") from error
    return Submitted(jwt.credential(token), token)


def digest(submitted: Submitted) -> str:
    """Return the SHA-256 of the secured form: the canonical document with its proof, or the token."""
    token = submitted.token
    if token is None:
        return sha256(jcs.canonical(submitted.document)).hexdigest()
    return sha256(token.signed + b"." + multibase.to_base64url(token.signature).encode()).hexdigest()


def check_picture(submitted: Submitted) -> None:
    """Return if the picture is the one that the credential names, where it names one of that kind, or of no kind.

    Raises:
        Altered: it is another.
    """
    if submitted.picture is None:
        return
    media, digest = submitted.picture
    declared = _declared_pictures(submitted.document, media)
    if declared and digest_sri(digest) not in declared:
        raise Altered("picture-does-not-match")


def _declared_pictures(document: dict[str, Any], media: str) -> list[str]:
    """Return the digests of the pictures of this kind, and of those whose kind is not written as a text there.

    The signature does not tell a text from a list of one, nor from which of two descriptions of an address it comes.
    """
    resources = document.get("relatedResource", [])
    found = [object_of(item) for item in (resources if isinstance(resources, list) else [resources])]
    return [text_of(item.get("digestSRI")) for item in found if text_of(item.get("mediaType")) in (media, "")]
