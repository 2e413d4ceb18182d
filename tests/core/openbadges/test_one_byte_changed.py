"""Changing one byte of a credential, wherever it lies, is never valid."""

import random
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.openbadges import baking, verification
from jalon.core.openbadges.verification import Known
from tests.core.openbadges import cast
from tests.core.openbadges.test_baked_pictures import PNG

CARRIERS = {
    "json": cast.credential(),
    "token": cast.token().encode(),
    "png": baking.bake_png(PNG, cast.credential().decode()),
    "svg": baking.bake_svg(cast.SVG, cast.credential().decode()),
    "svg-token": baking.bake_svg(cast.SVG, cast.token()),
}


@cache
def knowing() -> Known:
    """The status list is read once: what is checked here is the credential."""
    read = verification.read_status_list(cast.status_list(), known=cast.known(), now=cast.MONDAY)
    return cast.known(status_lists={cast.LIST: read})


def verdict(payload: bytes) -> str:
    return verification.verify(payload, known=knowing(), now=cast.MONDAY).verdict


def flipped(payload: bytes, at: int, pattern: int) -> bytes:
    return payload[:at] + bytes([payload[at] ^ pattern]) + payload[at + 1 :]


class TestEveryByteOfACredential:
    @pytest.mark.parametrize("carrier", CARRIERS)
    def test_is_covered(self, carrier):
        """Each byte with its case changed, and with one bit changed that differs from byte to byte."""
        payload = CARRIERS[carrier]
        assert verdict(payload) == "valid"
        believed = [
            (at, pattern)
            for at in range(len(payload))
            for pattern in (0x20, 1 << (at * 7 + at // 8) % 8)
            if verdict(flipped(payload, at, pattern)) == "valid"
        ]
        assert believed == []

    @given(st.data())
    def test_may_be_replaced_by_no_other(self, draw):
        payload = CARRIERS[draw.draw(st.sampled_from(sorted(CARRIERS)))]
        at = draw.draw(st.integers(0, len(payload) - 1))
        assert verdict(flipped(payload, at, draw.draw(st.integers(1, 255)))) != "valid"

    @given(st.sampled_from(["json", "token", "png"]), st.data())
    def test_may_not_be_missing(self, carrier, draw):
        payload = CARRIERS[carrier]
        at = draw.draw(st.integers(0, len(payload) - 1))
        assert verdict(payload[:at] + payload[at + 1 :]) != "valid"


def test_five_hundred_random_mutations_are_never_valid():
    """Several bytes at once: replaced, repeated, exchanged, cut."""
    source = random.Random(20260302)
    for _ in range(500):
        payload = bytearray(CARRIERS[source.choice(["json", "token"])])
        for _ in range(source.randint(1, 4)):
            at, other = source.randrange(len(payload)), source.randrange(len(payload))
            match source.randrange(3):
                case 0:
                    payload[at] = source.randrange(256)
                case 1:
                    payload[at:at] = payload[other : other + source.randint(1, 9)]
                case _:
                    payload[at], payload[other] = payload[other], payload[at]
        if bytes(payload) not in CARRIERS.values():
            assert verdict(bytes(payload)) != "valid"
