import re
import string
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from jalon.attestations.checking import MAX_BYTES

MOST_PASTED = 2**17
MOST_TYPED = 300
BLANK = string.whitespace + "\N{ZERO WIDTH NO-BREAK SPACE}\N{NO-BREAK SPACE}"  # the first of them: a byte order mark
DRAWING = re.compile(r"<(?:[?!]|(?:\w+:)?svg\b)")  # and no link between the angle brackets of a mail
ADDRESS = re.compile(r"[a-z]+://[^\s<>]*", re.IGNORECASE)
LINK = re.compile(r"/(?:v|attestations)/(?P<code>[^/?#\s]+)")


def is_document(text: str) -> bool:
    """Tell whether a credential was pasted: then nothing that it says is looked up in its place."""
    return text.startswith("{") or (text.startswith("eyJ") and "." in text) or bool(DRAWING.match(text))


def other_site(link: str) -> str:
    """Return the host that a link names when it is not ours: a forged paper may lead to a page that looks like ours."""
    address = ADDRESS.search(link)
    try:
        host = urlsplit(address[0]).hostname or "?" if address else ""
    except ValueError:
        return "?"
    return "" if host in ("", *settings.ALLOWED_HOSTS) else host


class Typed(forms.CharField):
    """What is typed or pasted: a null character in it is one that no code has, and has no sentence of its own."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\0", "\N{REPLACEMENT CHARACTER}")


class VerifyForm(forms.Form):
    """A code, a link, the text of a credential, or a file; one of them is enough."""

    code = Typed(
        label=_("Code or link"),
        help_text=_(
            "The thirty symbols printed under the QR code, the address that it opens, "
            "or the text of a JSON, JWT or SVG file."
        ),
        required=False,
        max_length=MOST_PASTED,
    )
    file = forms.FileField(
        label=_("Or a file"),
        help_text=_(
            "PDF, JSON, JWT, PNG or SVG badge, or a .zip of them. 5 MB at most. The file is checked, then forgotten."
        ),
        required=False,
        allow_empty_file=True,
        max_length=300,
    )

    def __init__(self, *args: Any, announced: int = 0, **kwargs: Any) -> None:
        """`announced` is the size of the request in bytes: a file that is far too large is not even received."""
        super().__init__(*args, **kwargs)
        self.announced = announced

    def clean_code(self) -> str:
        """Return what names the award (the code itself, or the part of a link after its badge page), or a document."""
        text: str = self.cleaned_data["code"].strip(BLANK)
        if is_document(text):
            return text
        link = LINK.search(text[:MOST_TYPED])
        if link and (site := other_site(text[:MOST_TYPED])):
            raise forms.ValidationError(
                _(
                    "This link leads to another site, %(site)s, not to ours. Nothing was looked up. Do not open it; "
                    "type the code printed on the attestation."
                ),
                params={"site": site},
            )
        return link["code"] if link else text[:MOST_TYPED]

    def clean_file(self) -> "File[bytes] | None":
        file: File[bytes] | None = self.cleaned_data["file"]
        if (file.size if file else self.announced) > MAX_BYTES:
            raise forms.ValidationError(
                _("This file is larger than 5 MB. Nothing was read. Choose a smaller file, or type the code.")
            )
        return file

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data.get("code") and not self.cleaned_data.get("file"):
            raise forms.ValidationError(_("Type a code, paste a link, or choose a file: one of them is enough."))
