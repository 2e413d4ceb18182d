"""The prose of a scene: an introduction, then one block per choice headed `## Any words {#choice-id}`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """The words of one choice: its label, and what follows from it, in Markdown."""

    id: str
    label: str
    consequence: str


@dataclass(frozen=True, slots=True)
class ScenePage:
    introduction: str
    blocks: tuple[Block, ...]

    def block(self, choice: str) -> Block | None:
        return next((block for block in self.blocks if block.id == choice), None)


def read_page(text: str) -> ScenePage:
    """Split the Markdown of a scene into its introduction and the blocks of its choices."""
    introduction: list[str] = []
    blocks: list[tuple[str, str, list[str]]] = []
    for line in text.splitlines():
        if head := _heading(line):
            blocks.append((*head, []))
        else:
            (blocks[-1][2] if blocks else introduction).append(line)
    found = tuple(Block(name, label, "\n".join(lines).strip()) for name, label, lines in blocks)
    return ScenePage("\n".join(introduction).strip(), found)


def blocks_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the choice and the label of each block heading, in order."""
    for line in text.splitlines():
        if head := _heading(line):
            yield head


def _heading(line: str) -> tuple[str, str] | None:
    line = line.rstrip()
    if not line.startswith("## ") or not line.endswith("}"):
        return None
    label, mark, name = line.removeprefix("## ").removesuffix("}").rpartition("{#")
    return (name, label.strip()) if mark and name else None
