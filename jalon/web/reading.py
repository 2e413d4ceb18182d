"""Many rows read piece by piece: no reading stays open, since on SQLite whoever writes would wait for its end."""

from collections.abc import Iterator
from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


def in_pieces(rows: "models.QuerySet[Row]", *, by: str, size: int) -> Iterator[Row]:
    """Yield the rows in the order of a column, `size` of them in memory at a time.

    Args:
        by: a column without a value twice, and with one in each of these rows.
    """
    rows = rows.order_by(by)
    piece = list(rows[:size])
    while piece:
        yield from piece
        piece = list(rows.filter(**{f"{by}__gt": getattr(piece[-1], by)})[:size])
