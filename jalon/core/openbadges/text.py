"""Text as it may be signed: what foreign verifiers read differently is taken out first."""

import unicodedata

_DROPPED = {code: None for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF) if code not in (0x09, 0x0A)}


def clean(text: str) -> str:
    """Return the text in NFC, its only control characters tab and line feed; CR and CRLF become line feeds.

    Verifiers disagree on the other C0 characters and on DEL; U+FFFE and U+FFFF cannot stand in an SVG.
    Raises:
        ValueError: the text holds half of a surrogate pair, which has no UTF-8 form.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = unicodedata.normalize("NFC", lines.translate(_DROPPED))
    try:
        cleaned.encode()
    except UnicodeEncodeError as error:
        raise ValueError("lone-surrogate") from error
    return cleaned
