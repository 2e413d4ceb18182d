"""The scenes beside a `case.yaml`, read from its folder."""

from __future__ import annotations

from pathlib import Path

from jalon.core.cases.model import Pages
from jalon.core.protocols.reading import LANGUAGES
from jalon.library.yamlfile import MAX_BYTES


def read_pages(folder: Path) -> Pages:
    """Return scene → language → Markdown; a file that is too large, or not UTF-8, is left out."""
    pages: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        for path in sorted((folder / "scenes").glob(f"*.{language}.md")):
            scene = path.name.removesuffix(f".{language}.md")
            if (text := _text(path)) is not None:
                pages.setdefault(scene, {})[language] = text
    return pages


def _text(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        return data.decode("utf-8-sig") if len(data) <= MAX_BYTES else None
    except (OSError, UnicodeDecodeError):
        return None
