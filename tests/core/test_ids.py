"""Keys of rows that are made in great number."""

import time
from unittest.mock import patch
from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from jalon.core.ids import RANDOM_BITS, uuid7


@given(drawn=st.integers(0, 2**RANDOM_BITS - 1), moment=st.integers(0, 2**48 - 1))
def test_says_its_millisecond_its_form_and_what_was_drawn(drawn, moment):
    with (
        patch("jalon.core.ids.secrets.randbits", return_value=drawn),
        patch("jalon.core.ids.time.time_ns", return_value=moment * 1_000_000 + 999_999),
    ):
        key = uuid7()
    assert (key.version, key.variant, key.int >> 80) == (7, RFC_4122, moment)
    assert (key.int >> 64 & 0xFFF) << 62 | key.int & (2**62 - 1) == drawn


def test_is_never_the_same_and_sorts_after_an_earlier_millisecond():
    early = [uuid7() for _ in range(1_000)]
    time.sleep(0.002)
    assert len(set(early)) == 1_000
    assert max(early) < uuid7()
