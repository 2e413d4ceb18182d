"""Everything happens on Monday unless a test says otherwise."""

from datetime import UTC, datetime

MONDAY = datetime(2026, 3, 2, 15, 19, tzinfo=UTC)
