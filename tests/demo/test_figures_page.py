"""The page of the figures says what was measured, beside its aim, and where."""

from datetime import date

import pytest

from jalon.demo.figures import page
from jalon.demo.figures.page import Machine

MACHINE = Machine("2 cores, Fictional, Linux", "CPython 3.11.7", "0123456789", date(2026, 11, 22))


def figure(**given):
    known = {"group": "pages", "database": "sqlite", "version": "3.50.4", "name": "badge page, p50", "value": 3.456}
    return {**known, "unit": "ms", "aim": "≤ 4 ms", "queries": 4, "note": "", **given}


class TestThePageOfFigures:
    def test_says_which_machine_which_day_and_which_commit(self):
        text = page.page([figure(), figure(database="postgresql", version="16.4")], MACHINE)
        for row in (
            "| Machine | 2 cores, Fictional, Linux |",
            "| Python | CPython 3.11.7 |",
            "| SQLite | 3.50.4 |",
            "| PostgreSQL | 16.4 |",
            "| Day | 2026-11-22 |",
            "| Commit | 0123456789 |",
        ):
            assert row in text

    def test_puts_both_databases_side_by_side(self):
        text = page.page([figure(), figure(database="postgresql", version="16.4", value=1234.5, queries=1)], MACHINE)
        assert "| what | SQLite | PostgreSQL | aim | note |" in text
        assert "| badge page, p50 | 3.46 ms, 4 queries | 1,234 ms, 1 query | ≤ 4 ms |  |" in text

    def test_leaves_a_dash_where_one_database_was_not_measured(self):
        text = page.page([figure(), figure(database="postgresql", version="16.4", name="other")], MACHINE)
        assert "| badge page, p50 | 3.46 ms, 4 queries | – |" in text

    def test_has_a_table_for_each_group(self):
        text = page.page(
            [figure(), figure(group="issuing", database="postgresql", version="16.4", name="one|two", queries=None)],
            MACHINE,
        )
        assert text.index("## Pages") < text.index("## Issuing")
        assert "| one\\|two | 3.46 ms | ≤ 4 ms |  |" in text

    def test_measured_on_one_database_has_one_column(self):
        assert "| what | SQLite | aim | note |" in page.page([figure()], MACHINE)

    def test_keeps_a_note_that_only_one_database_has(self):
        text = page.page([figure(), figure(database="postgresql", version="16.4", note="COPY")], MACHINE)
        assert "| ≤ 4 ms | COPY |" in text


class TestThisMachine:
    def test_is_told_without_its_name_or_its_folders(self):
        told = page.this_machine(date(2026, 11, 22))
        assert "core" in told.processor
        assert told.python.startswith("CPython 3.")
        assert "/" not in told.commit

    def test_without_git_names_no_commit(self, monkeypatch):
        monkeypatch.setattr(page, "git", lambda *words: "")
        assert page.commit() == "unknown"

    @pytest.mark.parametrize(("changed", "told"), [("", "abc"), (" M dev", "abc, with changes")])
    def test_says_when_files_differ_from_the_commit(self, monkeypatch, changed, told):
        monkeypatch.setattr(page, "git", lambda verb, *words: changed if verb == "status" else "abc")
        assert page.commit() == told
