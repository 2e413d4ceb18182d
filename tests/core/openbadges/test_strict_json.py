"""JSON that two readers could read in two ways is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.openbadges import jcs, strictjson
from jalon.core.openbadges.strictjson import NotStrictJson

MANY = 2**16


def reason(data: bytes, *, max_bytes: int = MANY) -> str:
    with pytest.raises(NotStrictJson) as refused:
        strictjson.parse(data, max_bytes=max_bytes)
    return refused.value.reason


class TestHostileJson:
    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (b'{"a":1,"a":1}', "repeated-key"),
            (b'{"a":1,"\\u0061":2}', "repeated-key"),
            (b'[{"b":{"a":1,"a":2}}]', "repeated-key"),
            (b"[NaN]", "not-a-number"),
            (b"[Infinity]", "not-a-number"),
            (b"[-Infinity]", "not-a-number"),
            (b"[9007199254740993]", "number-too-precise"),
            (b"[" + b"9" * 5000 + b"]", "number-too-precise"),
            (b"[0.30000000000000004]", "number-too-precise"),
            (b"[1e3]", "number-not-plain"),
            (b"[1E3]", "number-not-plain"),
            (b"[1e400]", "number-not-plain"),
            (b"[-0]", "number-not-plain"),
            (b"[" * 33 + b"]" * 33, "too-deep"),
            (b"[" * 30_000, "too-deep"),
            (b'{"a":' * 10_000, "too-deep"),
            (b'["\\ud800"]', "lone-surrogate"),
            (b'{"\\udfff":1}', "lone-surrogate"),
            (b'["\xff"]', "not-utf-8"),
            (b'["\xed\xa0\x80"]', "not-utf-8"),
            (b"\xef\xbb\xbf[]", "not-json"),
            ("[]".encode("utf-16"), "not-utf-8"),
            (b"[1,]", "not-json"),
            (b"[01]", "not-json"),
            (b"['a']", "not-json"),
            (b'["\n"]', "not-json"),
            (b"[] []", "not-json"),
            (b"[]//", "not-json"),
            (b"", "not-json"),
        ],
    )
    def test_is_refused_with_its_reason(self, data, why):
        assert reason(data) == why

    def test_is_refused_before_it_is_read_when_it_is_long(self):
        assert reason(b"[" + b" " * 100, max_bytes=100) == "too-large"

    def test_is_not_an_object(self):
        with pytest.raises(NotStrictJson, match="not-an-object"):
            strictjson.parse_object(b"[]", max_bytes=MANY)


class TestOrdinaryJson:
    @pytest.mark.parametrize(
        ("data", "value"),
        [
            (b' {"a" : [1, 2.5, -3, true, null, "\\u00e9\\ud83d\\ude00"]}\n', {"a": [1, 2.5, -3, True, None, "é😀"]}),
            (b"[" * 32 + b"]" * 32, json.loads("[" * 32 + "]" * 32)),
            (b'["[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\""]', ["[" * 34 + '"']),
            (b"[3.0]", [3]),
        ],
    )
    def test_is_read(self, data, value):
        assert strictjson.parse(data, max_bytes=MANY) == value

    @given(st.recursive(st.text(st.characters(exclude_categories=["Cs"])) | st.booleans(), st.lists, max_leaves=8))
    def test_in_canonical_form_is_read_back(self, value):
        assert strictjson.parse(jcs.canonical(value), max_bytes=MANY) == value

    @given(st.integers(0, 10**15 - 1), st.integers(0, 2))
    def test_gives_two_different_numbers_for_two_texts_of_one_length(self, digits, decimals):
        text = f"{digits / 10**decimals:.{decimals}f}"
        if len(text.replace(".", "")) > 15:
            return
        other = text[:-1] + str((int(text[-1]) + 1) % 10)
        read = [strictjson.parse(number.encode(), max_bytes=MANY) for number in (text, other)]
        assert read[0] != read[1]
