"""`./dev manage verify`: one line each, exit 0 when all is valid, 1 when not, 2 for wrong usage."""

import io
import json
from datetime import timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from jalon.attestations.management.commands import verify
from jalon.core import codes
from jalon.credentials import actions as credentials
from tests.attestations.test_checking import forms, zipped
from tests.issuing import MONDAY, make_keys, signed

pytestmark = pytest.mark.django_db
KEYS = ["source", "verdict", "reason", "code", "holder", "achievement", "awarded_on", "issuer"]
KEYS += ["issuer_name", "is_repaired"]


def run(*words: str) -> tuple[int, str]:
    said = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("verify", *words, stdout=said)
    return left.value.code, said.getvalue()


def refused(*words: str) -> CommandError:
    with pytest.raises(CommandError) as error:
        call_command("verify", *words, stdout=io.StringIO())
    return error.value


@pytest.fixture
def award():
    make_keys()
    return signed()


@pytest.fixture
def folder(award, tmp_path):
    for form, content in forms(award).items():
        (tmp_path / f"badge.{form}").write_bytes(content)
    (tmp_path / "did.json").write_text('{"id": "did:web:x"}')
    (tmp_path / "read me.txt").write_text("Bonjour")
    (tmp_path / "status-list.json").write_bytes(credentials.publish_status(number=1, at=MONDAY + timedelta(days=999)))
    return tmp_path


class TestAFolder:
    def test_of_valid_files_is_valid_and_passes_over_what_claims_nothing(self, folder):
        code, said = run(str(folder), "--json")
        lines = [json.loads(line) for line in said.splitlines()]
        assert [list(line) for line in lines] == [KEYS] * 6
        badges = [line for line in lines if "status" not in line["source"]]
        assert {line["verdict"] for line in badges} == {"valid"}
        assert (code, len(badges)) == (1, 5)  # the list of a day to come is not valid yet

    def test_is_told_line_by_line(self, folder, award):
        (folder / "status-list.json").unlink()
        code, said = run(str(folder))
        assert (code, len(said.splitlines())) == (0, 5)
        assert all(line.startswith("Valid ") and award.holder.legal_name in line for line in said.splitlines())

    def test_says_of_a_status_list_that_it_is_no_badge(self, award, tmp_path):
        (tmp_path / "list.json").write_bytes(credentials.publish_status(number=1, at=timezone.now()))
        code, said = run(str(tmp_path / "list.json"))
        assert (code, said[:12]) == (0, "Status list ")
        assert "This is not a badge." in said
        assert "We signed it." in said

    def test_says_what_it_found_in_words_and_never_by_a_slug(self, folder):
        code, said = run(str(folder / "read me.txt"))
        assert (code, said.split("·")[1].strip()) == (1, "This file holds no credential that can be read.")
        assert said.startswith("Not readable ")
        assert "not-a-token" not in said

    def test_with_one_changed_file_is_not_valid(self, folder):
        (folder / "status-list.json").unlink()
        content = bytearray((folder / "badge.json").read_bytes())
        content[100] ^= 1
        (folder / "badge.json").write_bytes(content)
        code, said = run(str(folder), "--json")
        verdicts = {
            json.loads(line)["source"].rpartition(".")[2]: json.loads(line)["verdict"] for line in said.splitlines()
        }
        assert code == 1
        assert verdicts.pop("json") != "valid"
        assert set(verdicts.values()) == {"valid"}

    def test_names_what_it_did_not_check(self, folder):
        (folder / "scan.JPG").write_bytes(b"\xff\xd8\xff")
        said = io.StringIO()
        with pytest.raises(SystemExit):
            call_command("verify", str(folder), stdout=io.StringIO(), stderr=said)
        assert "Not checked, of a kind that holds no credential (2): read me.txt, scan.JPG." in said.getvalue()

    def test_says_that_a_slip_was_put_right(self, award):
        slip = ("0" if award.code[0] != "0" else "1") + award.code[1:]
        _, told = run(slip)
        assert f"symbol by symbol: {codes.display(award.code)}" in told

    def test_without_a_credential_is_wrong_usage(self, tmp_path):
        assert refused(str(tmp_path)).returncode == 2


class TestOtherThings:
    def test_a_code_is_checked(self, award):
        code, said = run(codes.display(award.code).lower(), "--json")
        assert (code, json.loads(said)["holder"]) == (0, award.holder.legal_name)

    def test_an_unknown_code_is_not_valid(self):
        code, said = run(codes.display(codes.new(Random(2).randrange)), "--json")
        assert (code, json.loads(said)["reason"]) == (1, "code-unknown")

    def test_an_archive_is_opened(self, award, tmp_path):
        (tmp_path / "all.zip").write_bytes(zipped(forms(award)))
        code, said = run(str(tmp_path / "all.zip"), "--json")
        assert (code, len(said.splitlines())) == (0, 5)

    def test_several_are_checked_together(self, award, folder):
        code, said = run(award.code, str(folder / "badge.json"), str(folder / "badge.pdf"))
        assert (code, len(said.splitlines())) == (0, 3)

    def test_a_file_named_by_itself_is_checked_even_when_it_claims_nothing(self, folder):
        code, said = run(str(folder / "did.json"), "--json")
        assert (code, json.loads(said)["verdict"]) == (1, "unreadable")

    def test_a_revoked_award_is_not_valid(self, award, folder):
        (folder / "status-list.json").unlink()
        credentials.revoke(award=award, reason="Erreur", by=None, at=MONDAY)
        code, said = run(str(folder), "--json")
        assert code == 1
        assert {json.loads(line)["verdict"] for line in said.splitlines()} == {"revoked"}

    @pytest.mark.parametrize("word", ["nowhere.json", "/nowhere/at/all", "x"])
    def test_a_word_that_is_nothing_is_wrong_usage(self, word):
        error = refused(word)
        assert error.returncode == 2
        assert word in str(error)

    def test_a_database_that_is_not_there_is_told_in_a_sentence(self, award, monkeypatch):
        monkeypatch.setattr(verify.connection.introspection, "table_names", lambda: [])
        error = refused(award.code)
        assert error.returncode == 2
        assert "./dev manage migrate" in str(error)


def test_refuses_a_text_that_is_no_name_of_a_file():
    error = refused("eyJhbGciOiJFUzI1NiJ9." + "x" * 5_000)
    assert (error.returncode, len(str(error)) < 200) == (2, True)


def test_says_which_file_cannot_be_read(tmp_path, monkeypatch):
    path = tmp_path / "closed.json"
    path.write_text("{}")

    def closed(file):
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(verify, "read", closed)
    error = refused(str(path))
    assert (error.returncode, str(error)) == (2, f"{path} cannot be read: Permission denied.")
