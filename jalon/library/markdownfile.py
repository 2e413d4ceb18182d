"""Read one text file of a pack: front matter between two lines `---`, then Markdown, each with its lines."""

from dataclasses import dataclass

from jalon.library.yamlfile import Document, Unreadable, read_yaml

FENCE = "---"


@dataclass(frozen=True)
class TextFile:
    """`first_line` is the line of the file where `markdown` starts."""

    front: Document
    markdown: str
    first_line: int

    def line_of(self, path: str) -> int:
        """Return the line of the file where a key of the front matter is written."""
        return self.front.line_of(path) + 1


def read_markdown(text: str) -> TextFile:
    """Split a file into its front matter and its text.

    Raises:
        Unreadable: there is no front matter, or it is no plain YAML; the line is that of the file.
    """
    rows = text.split("\n")
    if rows[0].rstrip() != FENCE:
        raise Unreadable("the file does not start with a line “---”", line=1, column=1)
    end = next((number for number, row in enumerate(rows[1:], start=1) if row.rstrip() == FENCE), None)
    if end is None:
        raise Unreadable("the front matter has no closing line “---”", line=1, column=1)
    try:
        front = read_yaml("\n".join(rows[1:end]).encode())
    except Unreadable as error:
        raise Unreadable(error.reason, line=(error.line or 0) + 1, column=error.column or 1) from error
    return TextFile(front, "\n".join(rows[end + 1 :]), end + 2)
