from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core import chain
from jalon.core.chain import START, Fault, Kind, Line, Mark

MONDAY = datetime(2026, 3, 2, 15, 19, tzinfo=UTC)


def chained(count: int) -> list[Line]:
    lines, digest = [], START
    for number in range(1, count + 1):
        said = {"verb": "award.issued", "about": number}
        digest = chain.link(digest, number, said)
        lines.append(Line(number, MONDAY, said, digest))
    return lines


def mark(line: Line, at: datetime = MONDAY) -> Mark:
    return Mark(line.number, line.digest, at)


def kinds(lines: list[Line], *marks: Mark) -> list[tuple[Kind, int]]:
    return [(fault.kind, fault.number) for fault in chain.faults(lines, marks)]


def again(lines: list[Line]) -> list[Line]:
    """Return the same lines, chained again from the beginning, as somebody who owns the database could."""
    made, digest = [], START
    for number, line in enumerate(lines, start=1):
        digest = chain.link(digest, number, line.said)
        made.append(Line(number, line.at, line.said, digest))
    return made


class TestAWholeChain:
    @given(st.integers(0, 12), st.data())
    def test_has_no_fault_whatever_mark_it_is_read_against(self, count, data):
        lines = chained(count)
        kept = data.draw(st.sets(st.integers(1, count)) if count else st.just(set()))
        marks = [mark(line) for line in lines if line.number in kept]
        assert kinds(lines, *marks, Mark(0, START, MONDAY)) == []


def edited(lines):
    one = lines[2]
    return [*lines[:2], Line(one.number, one.at, {**one.said, "verb": "award.revoked"}, one.digest), *lines[3:]]


def inserted(lines):
    return [*lines[:2], Line(3, MONDAY, {"verb": "award.issued"}, "f" * 64), *lines[2:]]


def swapped(lines):
    one, two = lines[1], lines[2]
    return [
        lines[0], Line(2, two.at, two.said, two.digest), Line(3, one.at, one.said, one.digest), *lines[3:],
    ]  # fmt: skip


class TestAChainThatWasTouched:
    @pytest.mark.parametrize(
        ("touched", "expected"),
        [
            (edited, [(Kind.CHANGED, 3)]),
            (lambda lines: [*lines[:2], *lines[3:]], [(Kind.MISSING, 3)]),
            (inserted, [(Kind.CHANGED, 3), (Kind.MISSING, 4)]),
            (swapped, [(Kind.CHANGED, 2), (Kind.CHANGED, 3), (Kind.CHANGED, 4)]),
            (lambda lines: lines[1:], [(Kind.MISSING, 1)]),
        ],
    )
    def test_says_what_was_done_without_any_mark(self, touched, expected):
        assert kinds(touched(chained(5))) == expected

    @pytest.mark.parametrize("left", [0, 1, 4])
    def test_shows_that_its_end_was_cut_beside_a_mark(self, left):
        lines = chained(5)
        assert kinds(lines[:left]) == []
        assert kinds(lines[:left], mark(lines[-1])) == [(Kind.CUT, left + 1)]

    def test_shows_that_it_was_computed_again_beside_a_mark(self):
        lines = chained(5)
        forged = again(edited(lines))
        assert kinds(forged) == []
        assert kinds(forged, mark(lines[3])) == [(Kind.REWRITTEN, 4)]

    def test_shows_a_line_added_later_with_an_old_date(self):
        lines = chained(3)
        assert kinds(lines, mark(lines[1], at=MONDAY + timedelta(hours=2))) == [(Kind.BACKDATED, 3)]
        assert kinds(lines, mark(lines[1], at=MONDAY + timedelta(minutes=50))) == []

    @given(st.integers(1, 8), st.data())
    def test_never_hides_an_edit(self, count, data):
        lines = chained(count)
        at = data.draw(st.integers(0, count - 1))
        one = lines[at]
        lines[at] = Line(one.number, one.at, {**one.said, "about": data.draw(st.text())}, one.digest)
        assert Fault(Kind.CHANGED, at + 1) in chain.faults(lines)


class TestAMark:
    def test_is_read_as_it_was_written(self):
        kept = mark(chained(2)[-1])
        assert chain.marks_of(kept.as_text("https://jalon.example") + "\n\n") == [kept]

    @pytest.mark.parametrize("text", ["{", "[1]", "{}", '{"form": "other"}', '{"form": "jalon-journal-1"}'])
    def test_refuses_what_is_none(self, text):
        with pytest.raises(ValueError, match=r"no mark|another form|Expecting"):
            chain.marks_of(text)
