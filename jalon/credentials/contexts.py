"""The pinned JSON-LD contexts, read from the installed packages that carry them."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from jalon.core.openbadges.contexts import ContextChanged, Contexts, pinned

_BADGES = "openbadgeslib/ob3/contexts"
_JSON_LD = "pyld/documentloader/frozen/bundled"
_FILES = {
    "https://www.w3.org/ns/credentials/v2": f"{_BADGES}/credentials-v2.json",
    "https://w3id.org/security/data-integrity/v2": f"{_BADGES}/security-data-integrity-v2.json",
    "https://w3id.org/security/multikey/v1": f"{_BADGES}/security-multikey-v1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": f"{_BADGES}/ob-v3p0-context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": f"{_BADGES}/ob-v3p0-context-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": f"{_BADGES}/ob-v3p0-context-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": f"{_BADGES}/ob-v3p0-extensions.json",
    "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json": f"{_BADGES}/clr_context_2.0.1.json",
    "https://www.w3.org/2018/credentials/v1": f"{_JSON_LD}/credentials-v1.jsonld",
    "https://w3id.org/security/suites/ed25519-2020/v1": f"{_JSON_LD}/security-ed25519-2020-v1.jsonld",
}


@cache
def contexts() -> Contexts:
    """Return the pinned contexts, read once per process.

    The packages are located but not imported: none of their code runs.
    Raises:
        ContextChanged: a package is absent, or a context in it is not the one that was reviewed.
    """
    try:
        return pinned({address: _place(name).read_bytes() for address, name in _FILES.items()})
    except OSError as error:
        raise ContextChanged(f"a context is missing from the package that carries it: {error.filename}") from error


def _place(name: str) -> Path:
    package, _, rest = name.partition("/")
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ContextChanged(f"the package {package}, which carries contexts, is not installed")
    return Path(spec.submodule_search_locations[0]) / rest
