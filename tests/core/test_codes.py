import random
import secrets
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jalon.core import codes
from jalon.core.codes import ALPHABET, Code, display, new, parse

CODES = st.integers(0, 2**64).map(lambda seed: new(random.Random(seed).randrange))
PLACES = st.integers(0, 29)
SYMBOLS = st.sampled_from(ALPHABET)
SOME_CODE = new(secrets.randbelow)


class TestTheAlphabet:
    def test_has_27_symbols_and_none_of_the_look_alikes(self):
        assert len(set(ALPHABET)) == 27
        assert not set(ALPHABET) & set("OQILZSBGU")

    def test_never_folds_one_symbol_to_another(self):
        for symbol in ALPHABET:
            assert codes._FOLD[symbol] == codes._FOLD[symbol.lower()] == symbol

    def test_folds_only_to_symbols(self):
        assert set(codes._FOLD.values()) == set(ALPHABET)


class TestANewCode:
    @given(CODES)
    def test_is_thirty_symbols_that_read_as_themselves(self, code):
        assert parse(code) == Code(code, repaired=False)
        assert len(code) == 30

    def test_carries_at_least_128_bits(self):
        source = random.Random(1)
        drawn = [codes._checks([source.randrange(27) for _ in range(27)]) for _ in range(2_000)]
        kept = sum(max(checks) < 27 for checks in drawn) / len(drawn)
        assert kept == pytest.approx((27 / 29) ** 3, abs=0.03)
        assert 27**27 * (27 / 29) ** 3 > 2**128

    def test_is_shown_in_six_groups_of_five(self):
        assert [len(group) for group in display(SOME_CODE).split("-")] == [5] * 6


class TestReadingACode:
    @given(CODES)
    def test_ignores_hyphens_spaces_and_capitals(self, code):
        assert parse(f" {display(code).lower()} \n".replace("-", " — ", 1)) == Code(code, repaired=False)

    @pytest.mark.parametrize(
        ("symbol", "misread"),
        [
            ("0", "OoQ"),
            ("1", "lIiL|!"),
            ("2", "Zz"),
            ("5", "Ss"),
            ("6", "G"),
            ("8", "Bb"),
            ("9", "gq"),
            ("V", "Uu"),
        ],
    )
    def test_takes_a_look_alike_for_what_was_printed(self, symbol, misread):
        for letter in misread:
            code = next(code for code in iter(lambda: new(secrets.randbelow), "") if code.count(symbol) > 1)
            assert parse(code.replace(symbol, letter)) == Code(code, repaired=False)

    @given(CODES, PLACES, SYMBOLS)
    def test_repairs_any_one_wrong_symbol(self, code, at, symbol):
        assume(code[at] != symbol)
        assert parse(code[:at] + symbol + code[at + 1 :]) == Code(code, repaired=True)

    @given(CODES, st.integers(0, 28))
    def test_repairs_any_swap_of_neighbours(self, code, at):
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        assert parse(swapped) == Code(code, repaired=swapped != code)

    @given(CODES, PLACES)
    def test_repairs_a_symbol_that_cannot_be_read(self, code, at):
        assert parse(code[:at] + "#" + code[at + 1 :]) == Code(code, repaired=True)

    @given(CODES, PLACES)
    def test_finds_a_missing_symbol_or_refuses(self, code, at):
        assert parse(code[:at] + code[at + 1 :]) in (Code(code, repaired=True), None)

    @given(CODES, PLACES, SYMBOLS)
    def test_drops_an_extra_symbol_or_refuses(self, code, at, symbol):
        assert parse(code[:at] + symbol + code[at:]) in (Code(code, repaired=True), None)

    @given(CODES, PLACES, PLACES, SYMBOLS, SYMBOLS)
    def test_never_takes_two_wrong_symbols_for_a_code_without_repair(self, code, one, two, first, second):
        written = list(code)
        written[one], written[two] = first, second
        wrong = "".join(written)
        read = parse(wrong)
        assert wrong == code or read is None or read.repaired

    @pytest.mark.parametrize(
        "text", ["", "0", "abc@exemple.test", "A" * 28, "A" * 32, "#" * 30, "é" * 30, "0" * 1_000_000]
    )
    def test_refuses_what_is_no_code(self, text):
        assert parse(text) is None

    @given(st.text(max_size=40))
    def test_never_fails(self, text):
        read = parse(text)
        assert read is None or parse(read.code) == Code(read.code, repaired=False)


class TestARepair:
    def test_of_two_slips_at_different_places_is_never_shared(self):
        """Neighbouring positions have different sums modulo 29: a swap says where it happened."""
        sums = [(left + right) % 29 for left, right in pairwise(range(29))]
        assert len(set(sums)) == len(sums)
