"""What a table knows about people, and for how long: declared on every model."""

from collections.abc import Set
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Privacy:
    """The privacy line of one table.

    Args:
        keep: how long a row is kept, in words ("10 years after the period").
        personal: names of the fields that identify or describe a person.
        sensitive: names of the fields whose disclosure could hurt somebody.
    Raises:
        ValueError: `keep` says nothing.
    """

    keep: str
    personal: Set[str] = field(default_factory=frozenset)
    sensitive: Set[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not self.keep.strip():
            raise ValueError("Say how long a row is kept.")
