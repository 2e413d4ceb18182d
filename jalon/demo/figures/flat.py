"""A hundred thousand credentials from one list: the last as fast as the first, in the same memory; by name only.

./dev bench flat
./dev bench flat --database postgresql
"""

from collections.abc import Iterator

from jalon.demo.figures import Figure
from jalon.demo.figures.credentials import bulk
from jalon.demo.story import Story

SIZE = 100_000


def figures(story: Story) -> Iterator[Figure]:
    yield from bulk(story.awards["explorer"].level_key, SIZE)
