"""A badge as a picture: our own SVG in, a square PNG with a transparent ground out."""

from __future__ import annotations

from typing import Final

from jalon.attestations import press

PIXELS: Final = 512
_TEMPLATE: Final = b"""#set page(width: 72pt, height: 72pt, margin: 0pt, fill: none)
#image("badge.svg", width: 72pt, height: 72pt, fit: "contain")
"""


def badge_png(svg: bytes, *, pixels: int = PIXELS) -> bytes:
    """Return the drawing as a PNG of `pixels` × `pixels`; the same drawing gives the same bytes.

    Raises:
        typst.TypstError: the bytes are no SVG.
    """
    return press.png({"main.typ": _TEMPLATE, "badge.svg": svg}, pixels_per_inch=pixels)
