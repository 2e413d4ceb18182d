"""The loop of events that a browser leaves running in the thread of the tests."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_loop() -> Iterator[None]:
    """Inside, the thread runs no loop of events, so that what runs one of its own (sealing a PDF) can.

    Playwright keeps its loop running from a worker's first story to its end, and tests come in any order.
    """
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)
