"""Bitstring Status List 1.0."""

import base64
import gzip
import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3.status import decode_encoded_list, set_indices

from jalon.core.openbadges import status
from jalon.core.openbadges.problems import Unverifiable
from jalon.core.openbadges.status import ENTRIES, StatusList
from tests.core.openbadges import cast

INDEXES = st.integers(0, ENTRIES - 1)


def packed(bits: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).rstrip(b"=").decode()


class TestAnEntry:
    def test_of_index_0_is_the_left_most_bit_of_the_first_byte(self):
        assert status.with_status(status.empty(), index=0, is_set=True)[0] == 0x80
        assert status.with_status(status.empty(), index=15, is_set=True)[:2] == b"\x00\x01"

    @settings(max_examples=25)
    @given(st.sets(INDEXES, max_size=5), INDEXES)
    def test_is_set_and_cleared_without_touching_another(self, before, index):
        bits = status.with_statuses(status.empty(), indexes=before, is_set=True)
        once = status.with_status(bits, index=index, is_set=True)
        assert set_indices(once) == frozenset(before | {index})
        assert set_indices(status.with_status(once, index=index, is_set=False)) == frozenset(before - {index})

    @pytest.mark.parametrize("index", [-1, ENTRIES])
    def test_outside_the_list_is_refused(self, index):
        with pytest.raises(ValueError, match="no such entry"):
            status.with_status(status.empty(), index=index, is_set=True)
        with pytest.raises(Unverifiable, match="out-of-range"):
            StatusList("a", "b", "revocation", status.empty()).is_set(index)


class TestAnEncodedList:
    @settings(max_examples=25)
    @given(st.sets(INDEXES, max_size=20))
    def test_is_read_back_here_and_by_an_independent_library(self, indexes):
        bits = status.with_statuses(status.empty(), indexes=indexes, is_set=True)
        assert status.decode(status.encode(bits)) == bits == decode_encoded_list(status.encode(bits))

    def test_of_the_same_bits_is_the_same_text(self):
        assert status.encode(status.empty()) == status.encode(bytes(ENTRIES // 8))

    @pytest.mark.parametrize("size", [0, 1, ENTRIES // 8 - 1])
    def test_shorter_than_the_standard_asks_is_neither_written_nor_read(self, size):
        with pytest.raises(ValueError, match="131072"):
            status.encode(bytes(size))
        with pytest.raises(Unverifiable, match="too-short"):
            status.decode(packed(bytes(size)))

    def test_that_is_a_bomb_is_refused(self):
        with pytest.raises(Unverifiable, match="not-readable"):
            status.decode(packed(bytes(200_000_000)))

    @pytest.mark.parametrize(
        "encoded",
        [
            "",
            "u",
            "uAA",
            "z" + status.encode(status.empty())[1:],
            status.encode(status.empty())[:-8],
            "u" + "A" * 3 * 2**20,
            packed(status.empty()) + "=",
            "u" + "é" * 9,
            packed(b"")[:-4],
        ],
    )
    def test_in_another_form_is_refused(self, encoded):
        with pytest.raises(Unverifiable, match="status-list"):
            status.decode(encoded)

    def test_followed_by_more_is_refused(self):
        twice = gzip.compress(status.empty(), mtime=0) * 2
        with pytest.raises(Unverifiable, match="not-readable"):
            status.decode("u" + base64.urlsafe_b64encode(twice).rstrip(b"=").decode())


class TestTheListAsACredential:
    def test_has_a_purpose_a_period_and_at_least_131072_entries(self):
        listed = json.loads(cast.status_list())
        assert listed["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
        assert listed["credentialSubject"]["statusPurpose"] == "revocation"
        assert (listed["validFrom"], listed["validUntil"]) == ("2026-03-02T15:19:00Z", "2026-03-09T15:19:00Z")
        assert len(status.decode(listed["credentialSubject"]["encodedList"])) == 16_384
        assert listed["credentialSubject"]["ttl"] == 60_000  # milliseconds

    def test_is_refused_for_a_short_list(self):
        with pytest.raises(ValueError, match="131072"):
            status.status_list_credential(
                address="a", issuer="b", bits=b"", valid_from=cast.MONDAY, valid_for=timedelta(1)
            )


class TestACopyOfAList:
    @pytest.mark.parametrize(
        ("ttl", "seconds"),
        [
            (1_000, 1), (0, 0), (-5, 0), (0.5, 0.0005), (59_999, 59.999), (60_000, 60), (2**53 - 1, 60), (10**400, 60),
            ("1000", 60), (True, 60), (None, 60), ([0], 60),
        ],
        ids=str,
    )  # fmt: skip
    def test_serves_as_long_as_it_asks_for_and_never_longer(self, ttl, seconds):
        kept = status.kept_for({"credentialSubject": {"ttl": ttl}}, timedelta(minutes=1))
        assert kept.total_seconds() == pytest.approx(seconds)

    @pytest.mark.parametrize("document", [{}, {"credentialSubject": "a"}, {"credentialSubject": {}}], ids=str)
    def test_that_asks_for_nothing_is_fetched_again_in_its_time(self, document):
        assert status.kept_for(document, timedelta(minutes=1)) == timedelta(minutes=1)
