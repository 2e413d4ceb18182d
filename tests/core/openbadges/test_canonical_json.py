"""Canonical JSON: one value, one sequence of bytes (RFC 8785)."""

import json
import math

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.openbadges import jcs

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(SCALARS | NUMBERS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)


class TestTheStandardsVectors:
    @pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
    def test_come_out_byte_for_byte(self, vectors, name):
        read = json.loads((vectors / "jcs" / "input" / f"{name}.json").read_bytes())
        assert jcs.canonical(read) == (vectors / "jcs" / "output" / f"{name}.json").read_bytes()


class TestAnyValue:
    @given(VALUES)
    def test_is_written_as_an_independent_library_writes_it(self, value):
        assert jcs.canonical(value) == rfc8785.dumps(value)

    @given(VALUES)
    def test_is_read_back_unchanged(self, value):
        assert json.loads(jcs.canonical(value), parse_int=float) == value


class TestWhatJsonCannotHold:
    @pytest.mark.parametrize("value", [math.nan, math.inf, 2**53 + 1, "\ud800", {1: "a"}, b"bytes", {"a": {1, 2}}])
    def test_is_refused(self, value):
        with pytest.raises(jcs.NotJson):
            jcs.canonical(value)
