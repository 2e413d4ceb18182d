"""A release that is withdrawn: nobody begins it, whoever has begun goes on, and it stays readable with the reason."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils.translation import override

from jalon.core.refusals import Refused
from jalon.journal.models import Entry
from jalon.library import actions
from jalon.library.access import why_not_start, why_not_withdraw
from jalon.library.models import LONGEST_REASON, Program, Release, Withdrawal
from jalon.web.wording import sentence
from tests.factories import MONDAY, PersonFactory, ReleaseFactory, WithdrawalFactory
from tests.library.sample import sample_files
from tests.library.test_pages import page
from tests.library.test_publishing import version
from tests.small_pack import played_pack

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)
REASON = "Une source a changé"


def published(*numbers: str) -> list[Release]:
    return [actions.publish(files=version(number), by=None, at=MONDAY) for number in numbers]


def withdraw(release: Release, reason: str = REASON, **more) -> Withdrawal:
    return actions.withdraw(release=release, reason=reason, **{"by": None, "at": LATER} | more)


def current() -> str:
    return Program.objects.get().current.version


class TestWithdrawing:
    def test_is_a_record_with_its_author_its_moment_and_its_reason(self):
        person, (release,) = PersonFactory(), published("1.0.0")
        made = withdraw(release, f" {REASON} ", by=person)
        assert (made.release, made.by, made.at, made.reason) == (release, person, LATER, REASON)
        (line,) = Entry.objects.filter(verb="release.withdrawn")
        assert (line.about_id, line.by, line.facts) == (release.pk, person, {"version": "1.0.0"})

    def test_makes_the_latest_version_that_stands_current(self):
        first, _, third = published("1.0.0", "1.9.0", "1.10.0")
        withdraw(third)
        assert current() == "1.9.0"
        withdraw(first)
        assert current() == "1.9.0"

    def test_of_every_version_leaves_the_latest_to_be_read_and_the_program_closed(self):
        for release in published("1.0.0", "1.1.0"):
            withdraw(release)
        assert current() == "1.1.0"
        assert not Program.objects.open().exists()
        assert Program.objects.published().get().is_withdrawn

    def test_again_for_the_same_reason_changes_nothing(self):
        (release,) = published("1.0.0")
        assert withdraw(release) == withdraw(release, at=LATER + timedelta(days=1))
        assert Withdrawal.objects.get().at == LATER
        assert Entry.objects.filter(verb="release.withdrawn").count() == 1

    @pytest.mark.parametrize(
        ("reason", "code"),
        [
            ("", "withdrawal-needs-reason"),
            (" \n", "withdrawal-needs-reason"),
            ("x" * (LONGEST_REASON + 1), "withdrawal-reason-too-long"),
        ],
    )
    def test_asks_for_a_reason(self, reason, code):
        (release,) = published("1.0.0")
        with pytest.raises(Refused, match=code):
            withdraw(release, reason)
        assert not Withdrawal.objects.exists()

    def test_for_another_reason_is_refused(self):
        (release,) = published("1.0.0")
        withdraw(release)
        with pytest.raises(Refused, match="release-withdrawn-before"):
            withdraw(release, "Autre raison")

    @pytest.mark.parametrize("language", ["fr-ca", "en-ca"])
    def test_is_told_with_one_full_stop_after_its_reason(self, language):
        (release,) = published("1.0.0")
        made = withdraw(release, f"{REASON}.")
        with override(language):
            for refusal in (why_not_start(release), why_not_withdraw(release, "Autre raison")):
                assert f" {REASON}. " in sentence(refusal)
        assert made.reason == f"{REASON}."

    def test_does_not_make_room_for_an_earlier_version(self):
        withdraw(published("1.0.0", "1.10.0")[1])
        with pytest.raises(Refused, match="version-not-newer"):
            actions.publish(files=version("1.9.0"), by=None, at=LATER)
        actions.publish(files=version("1.10.1"), by=None, at=LATER)
        assert current() == "1.10.1"

    def test_is_not_undone_by_publishing_the_same_bytes(self):
        (release,) = published("1.0.0")
        withdraw(release)
        assert actions.publish(files=version("1.0.0"), by=None, at=LATER) == release
        assert why_not_start(release).facts["reason"] == REASON


class TestRestoring:
    def test_lets_anybody_begin_again_and_keeps_what_was(self):
        person, (_, release) = PersonFactory(), published("1.0.0", "1.1.0")
        made = withdraw(release)
        actions.restore(release=release, by=person, at=LATER)
        made.refresh_from_db()
        assert (made.restored_by, made.restored_at, current()) == (person, LATER, "1.1.0")
        assert why_not_start(release) is None
        assert Entry.objects.filter(verb="release.restored", about_id=release.pk, by=person).count() == 1

    def test_again_changes_nothing(self):
        (release,) = published("1.0.0")
        withdraw(release)
        for _ in range(2):
            actions.restore(release=release, by=None, at=LATER)
        assert Entry.objects.filter(verb="release.restored").count() == 1

    def test_may_be_followed_by_another_withdrawal(self):
        (release,) = published("1.0.0")
        withdraw(release)
        actions.restore(release=release, by=None, at=LATER)
        withdraw(release, "Autre raison")
        assert [one.reason for one in Withdrawal.objects.filter(restored_at=None)] == ["Autre raison"]
        assert Withdrawal.objects.count() == 2


class TestTheDatabase:
    def refuses(self, name: str, **traits) -> None:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            WithdrawalFactory(**traits)

    def test_refuses_two_withdrawals_at_a_time(self):
        self.refuses(r"withdrawal_once_at_a_time|library_withdrawal\.release_id", release=WithdrawalFactory().release)

    def test_refuses_one_without_a_reason(self):
        self.refuses("withdrawal_has_a_reason", reason="")

    def test_refuses_who_restored_without_when(self):
        self.refuses("withdrawal_restored_at_a_moment", restored_by=PersonFactory())


class TestTheCommand:
    def said(self, capsys, *words: str) -> str:
        call_command("pack", *words)
        return capsys.readouterr().out

    def test_withdraws_and_restores_and_says_which_version_is_begun(self, capsys):
        published("1.0.0", "1.1.0")
        first = self.said(capsys, "withdraw", "sample", "1.1.0", "--reason", REASON, "--lang", "en")
        assert first == "Version 1.1.0 is withdrawn. Whoever begins now follows version 1.0.0.\n"
        again = self.said(capsys, "withdraw", "sample", "1.1.0", "--reason", REASON, "--lang", "en")
        assert again == first
        last = self.said(capsys, "withdraw", "sample", "1.0.0", "--reason", REASON)
        assert last == "La version 1.0.0 est retirée. Personne ne peut commencer ce programme pour l’instant.\n"
        restored = self.said(capsys, "restore", "sample", "1.1.0", "--lang", "en")
        assert restored == "Version 1.1.0 stands. Whoever begins now follows version 1.1.0.\n"

    @pytest.mark.parametrize("words", [("sample", "9.9.9"), ("inconnu", "1.0.0"), ("sample", "x")])
    def test_says_so_when_there_is_no_such_version(self, words):
        published("1.0.0")
        for verb in (("withdraw", *words, "--reason", REASON), ("restore", *words)):
            with pytest.raises(CommandError, match="n’est pas publiée"):
                call_command("pack", *verb)

    def test_refuses_a_blank_reason_in_words(self):
        published("1.0.0")
        with pytest.raises(CommandError, match="écrivez une raison"):
            call_command("pack", "withdraw", "sample", "1.0.0", "--reason", " ")

    def test_that_publishes_the_same_bytes_says_that_they_are_withdrawn(self, capsys, tmp_path):
        for path, data in sample_files().items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_bytes(data)
        withdraw(actions.publish(files=sample_files(), by=None, at=MONDAY))
        assert REASON in self.said(capsys, "publish", str(tmp_path))


class TestThePages:
    @pytest.fixture
    def releases(self):
        first = ReleaseFactory(typed=played_pack())
        second = ReleaseFactory(program=first.program, version="1.1.0", typed=played_pack())
        return first, second

    @pytest.mark.parametrize(
        ("prefix", "words"), [("", "Version retirée"), ("/en", "Version withdrawn")], ids=["fr", "en"]
    )
    def test_say_that_a_program_was_withdrawn_when_and_why(self, client, releases, prefix, words):
        for release in releases:
            withdraw(release)
        slug = releases[0].program.slug
        for address in (f"/programs/{slug}/", f"/programs/{slug}/protocol/", f"/programs/{slug}/first/"):
            said = page(client, prefix + address)
            assert words in said.get_text()
            assert REASON in said.get_text()
            assert "2026" in said.select_one(".notice-warn").get_text()
            assert not said.select(".buttons a[href$='/first/'], form[action$='/enrolment/']")
        tags = [one.get_text() for one in page(client, f"{prefix}/programs/").select(".card .tag")]
        assert any(one.startswith("Withdrawn:" if prefix else "Retiré\u00a0:") for one in tags)

    def test_of_a_withdrawn_protocol_stay_readable_beside_the_one_that_stands(self, client, releases):
        first, second = releases
        withdraw(second)
        slug = first.program.slug
        now = page(client, f"/programs/{slug}/protocol/")
        assert not now.select(".notice-warn")
        assert f"/programs/{slug}/protocol/1.1.0/" in [link["href"] for link in now.select("main a")]
        assert REASON in page(client, f"/programs/{slug}/protocol/1.1.0/").select_one(".notice-warn").get_text()
        assert client.get(f"/programs/{slug}/protocol/9.9.9/").status_code == 404

    def test_show_a_program_of_which_a_version_stands_as_any_other(self, client, releases):
        withdraw(releases[1])
        slug = releases[0].program.slug
        for address in ("/programs/", f"/programs/{slug}/", f"/programs/{slug}/first/"):
            assert "etiré" not in page(client, address).get_text()

    def test_escape_the_reason(self, client, releases):
        for release in releases:
            withdraw(release, "<script>alert(1)</script>")
        assert "<script>alert" not in client.get(f"/programs/{releases[0].program.slug}/").text

    def test_tell_authors_which_versions_were_withdrawn(self, client, releases):
        withdraw(releases[1])
        client.force_login(PersonFactory(is_author=True))
        assert len([one for one in page(client, "/content/").select("tbody .tag") if one.text == "Retirée"]) == 1
        slug = releases[0].program.slug
        assert REASON in page(client, f"/content/{slug}/1.1.0/").get_text()
