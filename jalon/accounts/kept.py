"""What somebody posted after their session had ended waits in the next one, until they have signed in and sent it.

Where the session that ended is known to have been somebody's, nobody else who signs in there is shown it.
"""

from dataclasses import asdict, dataclass

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

KEY, WHOSE = "kept", "kept_of"
MOST = 200_000
NEVER_KEPT = {"csrfmiddlewaretoken"}


@dataclass(frozen=True)
class Kept:
    """A form as it was posted.

    Args:
        path: where it goes, with its query.
        fields: names and values, in the order in which they came.
        whose: the key of who was signed in; empty when nobody knows.
    """

    path: str
    fields: list[tuple[str, str]]
    whose: str = ""

    @property
    def texts(self) -> list[str]:
        """What was written by a person: values with a space in them."""
        return [value for _, value in self.fields if " " in value.strip()]


def keep(request: HttpRequest) -> None:
    """The posted form waits in the session; one larger than any person types is not kept."""
    fields = [(name, value) for name, values in request.POST.lists() if name not in NEVER_KEPT for value in values]
    if sum(len(value) for _, value in fields) <= MOST:
        whose = request.session.get(SESSION_KEY) or request.session.get(WHOSE, "")
        request.session[KEY] = asdict(Kept(request.get_full_path(), fields, whose))


def kept(request: HttpRequest) -> Kept | None:
    """Return the form that waits for whoever is here, or nothing."""
    found, here = request.session.get(KEY), request.session.get(SESSION_KEY)
    if not found or (here and found.get("whose") and found["whose"] != here):
        return None
    return Kept(found["path"], [(name, value) for name, value in found["fields"]], found.get("whose", ""))


def put_back(request: HttpRequest, form: Kept | None, *, whose: str = "") -> None:
    """The form waits in the session that has just begun; so does one that is posted now, for the same person."""
    if whose:
        request.session[WHOSE] = whose
    if form:
        request.session[KEY] = asdict(form)


def forget_once_sent(request: HttpRequest) -> None:
    """A form that is being sent waits no longer."""
    if request.session.get(KEY, {}).get("path") == request.get_full_path():
        del request.session[KEY]
