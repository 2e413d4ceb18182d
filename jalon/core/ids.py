"""Keys of rows that are made in great number: a later one sorts after, so that what is written together lies together.

A key drawn wholly at random lands anywhere in an index: once the index is larger than what memory keeps, each new row
reads a page from the disk. The moment in such a key is no secret where the row tells its day anyway.
"""

import secrets
import time
from typing import Final
from uuid import UUID

RANDOM_BITS: Final = 74
_VERSION: Final = 7 << 76
_VARIANT: Final = 2 << 62


def uuid7() -> UUID:
    """Return a new key: the millisecond, then 74 bits at random (RFC 9562, 5.7)."""
    drawn = secrets.randbits(RANDOM_BITS)
    high, low = drawn >> 62, drawn & ((1 << 62) - 1)
    return UUID(int=time.time_ns() // 1_000_000 << 80 | _VERSION | high << 64 | _VARIANT | low)
