"""Read a folder from the disk as the files of a pack, and write the canonical bytes of a release."""

from collections.abc import Mapping
from pathlib import Path

from jalon.core.openbadges.jcs import canonical
from jalon.core.refusals import Refusal, Refused
from jalon.library.reading import text_of

Files = Mapping[str, bytes]
MOST_FILES = 2_000
MOST_BYTES = 20 * 1024 * 1024
_ASIDE = ("readme", "license", "licence")


def read_folder(folder: Path) -> Files:
    """Return the files of a folder by their path inside it, with `/`, in a fixed order.

    Hidden files, README and LICENSE are no content; links are not followed.

    Raises:
        Refused: it is no folder (`pack-no-folder`), or it is too large to be a pack (`pack-too-large`).
    """
    if not folder.is_dir():
        raise Refused(Refusal("pack-no-folder", {"folder": str(folder)}))
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    kept = {path.relative_to(folder).as_posix(): path for path in paths if _is_content(path.relative_to(folder))}
    if len(kept) > MOST_FILES or sum(path.stat().st_size for path in kept.values()) > MOST_BYTES:
        raise Refused(Refusal("pack-too-large", {"files": MOST_FILES, "megabytes": MOST_BYTES // 1024**2}))
    return {name: path.read_bytes() for name, path in sorted(kept.items())}


def _is_content(path: Path) -> bool:
    if any(part.startswith(".") for part in path.parts):
        return False
    return len(path.parts) > 1 or path.stem.lower() not in _ASIDE


def canonical_bytes(files: Files) -> bytes:
    """Return the one sequence of bytes of these files: canonical JSON of path and text, lines ended by LF."""
    return canonical({path: text_of(data) for path, data in files.items()})
