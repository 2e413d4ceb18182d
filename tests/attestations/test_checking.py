"""What a file or a code is worth: each verdict, by each way in. What could not be checked is never valid."""

import io
import json
import re
import zipfile
from base64 import urlsafe_b64encode
from datetime import timedelta
from random import Random
from threading import BoundedSemaphore
from typing import get_args

import pikepdf
import pytest
from django.conf import settings

from jalon.attestations import actions as attestations
from jalon.attestations import checking, verdicts
from jalon.attestations.raster import badge_png
from jalon.core import codes
from jalon.core.openbadges import baking, dataintegrity, jcs, jwt, problems
from jalon.core.openbadges.keys import did_key, multikey
from jalon.core.openbadges.verification import Outcome
from jalon.credentials import actions as credentials
from jalon.credentials import keys, queries
from jalon.credentials.contexts import contexts
from tests.core.openbadges import cast
from tests.issuing import MONDAY, credential_of, issued, make_keys, signed

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(hours=1)
BEFORE = MONDAY - timedelta(hours=1)


def check(content: bytes, name: str = "it", now=LATER) -> checking.Finding:
    (found,) = checking.check_file(name, content, now=now)
    return found


def drawing(award) -> bytes:
    return queries.badge_of(award.release, award.facts["level"]).svg.encode()


def forms(award) -> dict[str, bytes]:
    """Every form in which a valid award is handed out."""
    credential = credential_of(award)
    text = credential.content.decode()
    paper = attestations.draw_up(award=award, language="fr-ca", with_answers=False, at=MONDAY)
    return {
        "json": credential.content,
        "jwt": credentials.state_as_jwt(credential=credential).encode(),
        "png": baking.bake_png(badge_png(drawing(award)), text),
        "svg": baking.bake_svg(drawing(award), text),
        "pdf": bytes(paper.pdf),
    }


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def with_attachment(content: bytes, name: str = "credential.json") -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments[name] = pikepdf.AttachedFileSpec(document, content, filename=name)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


@pytest.fixture
def award():
    make_keys()
    return signed()


class TestAValidAward:
    def test_is_valid_in_each_form_and_says_the_same(self, award):
        found = {form: check(content) for form, content in forms(award).items()}
        assert {form: one.verdict for form, one in found.items()} == dict.fromkeys(found, "valid")
        one = found["json"]
        assert (one.code, one.holder) == (codes.display(award.code), award.holder.legal_name)
        assert (one.achievement, one.awarded_on) == ("Insigne", "2026-03-02")
        assert (one.issuer, one.reason) == (queries.issuer_did(), "")
        assert len({(each.code, each.holder, each.awarded_on) for each in found.values()}) == 1

    def test_is_valid_by_its_code_however_it_is_written(self, award):
        for text in (award.code, codes.display(award.code), award.code.lower(), f" {codes.display(award.code)} "):
            found = checking.check_code(text, now=LATER)
            assert (found.verdict, found.holder) == ("valid", award.holder.legal_name)

    def test_stands_behind_no_queue_of_files(self, award, monkeypatch):
        """Those who are busy with files are busy; whoever types a code is answered, and no further file waits."""
        monkeypatch.setattr(checking, "_DESKS", BoundedSemaphore(1))
        with checking._DESKS:
            (found,) = checking.check_file("badge.json", forms(award)["json"], now=LATER)
            assert (found.verdict, found.reason, found.holder) == ("unverifiable", "checking-is-busy", "")
            assert checking.check_code(award.code, now=LATER).verdict == "valid"
        (found,) = checking.check_file("badge.json", forms(award)["json"], now=LATER)
        assert found.verdict == "valid"
        with pytest.raises(TypeError):
            checking.check_file("badge.json", None, now=LATER)
        assert checking._DESKS.acquire(blocking=False)

    def test_is_valid_with_one_slip_in_its_code(self, award):
        slip = ("0" if award.code[0] != "0" else "1") + award.code[1:]
        found = checking.check_code(slip, now=LATER)
        assert (found.verdict, found.code, found.is_repaired) == ("valid", codes.display(award.code), True)
        assert not checking.check_code(award.code, now=LATER).is_repaired

    def test_is_valid_in_an_archive_file_by_file(self, award):
        found = checking.check_file("all.zip", zipped(forms(award)), now=LATER)
        assert [one.verdict for one in found] == ["valid"] * 5
        assert {one.source for one in found} == {f"all.zip/{form}" for form in forms(award)}

    def test_is_valid_with_white_space_around_it(self, award):
        assert check(b"\n " + credential_of(award).content + b"\n").verdict == "valid"

    def test_is_valid_with_what_an_editor_or_a_mail_program_adds(self, award):
        content = forms(award)
        wrapped = b"\r\n".join(content["jwt"][at : at + 76] for at in range(0, len(content["jwt"]), 76))
        for text in (content["json"], content["svg"], content["jwt"], wrapped, wrapped + b"\n"):
            assert check(b"\xef\xbb\xbf" + text).verdict == "valid"

    def test_costs_few_queries(self, award, django_assert_num_queries):
        content = credential_of(award).content
        with django_assert_num_queries(3):
            check(content)
        with django_assert_num_queries(2):
            checking.check_code(award.code, now=LATER)


class TestARevokedAward:
    def test_is_revoked_in_each_form_and_by_its_code(self, award):
        given = forms(award)
        credentials.revoke(award=award, reason="Erreur", by=None, at=LATER)
        assert {form: check(content).verdict for form, content in given.items()} == dict.fromkeys(given, "revoked")
        assert checking.check_code(award.code, now=LATER).verdict == "revoked"

    def test_shows_no_dossier(self, award):
        credentials.revoke(award=award, reason="Erreur", by=None, at=LATER)
        assert checking.dossiers_of([checking.check_code(award.code, now=LATER)]) == {}


class TestTheOtherVerdicts:
    def test_not_yet_valid_before_its_first_day(self, award):
        assert check(credential_of(award).content, now=BEFORE).verdict == "not_yet_valid"

    def test_expired_after_its_last_day(self, award):
        document = queries.document_of(credential_of(award)) | {"validUntil": "2026-03-02T15:30:00Z"}
        found = check(by_our_key(document))
        assert (found.verdict, found.holder) == ("expired", award.holder.legal_name)

    def test_unverifiable_when_its_status_list_is_not_there(self, award):
        document = queries.document_of(credential_of(award))
        document["credentialStatus"]["statusListCredential"] = queries.status_address(9)
        found = check(by_our_key(document))
        assert (found.verdict, found.reason) == ("unverifiable", "status-not-available")

    def test_unverifiable_when_its_code_is_unknown(self):
        code = codes.new(Random(3).randrange)
        found = checking.check_code(code, now=LATER)
        assert (found.verdict, found.reason, found.code) == ("unverifiable", "code-unknown", codes.display(code))

    def test_unverifiable_while_it_is_in_preparation(self):
        found = checking.check_code(issued().code, now=LATER)
        assert (found.verdict, found.reason, found.holder) == ("unverifiable", "in-preparation", "")

    @pytest.mark.parametrize("text", ["", "x", "0" * 20, "é" * 30, "https://jalon.example/"])
    def test_unreadable_when_its_code_cannot_be_read(self, text):
        found = checking.check_code(text, now=LATER)
        assert (found.verdict, found.reason) == ("unreadable", "code-not-readable")

    def test_altered_when_a_word_was_changed(self, award):
        content = credential_of(award).content.replace(b'"creditsEarned":3', b'"creditsEarned":30')
        found = check(content)
        assert (found.verdict, found.reason) == ("altered", "signature-does-not-match")

    def test_altered_when_the_drawing_was_changed(self, award):
        found = check(forms(award)["svg"].replace(b"Insigne</title>", b"Insignes</title>"))
        assert (found.verdict, found.reason) == ("altered", "picture-does-not-match")


def by_our_key(document: dict) -> bytes:
    key = queries.key_in_use("ED25519")
    return jcs.canonical(
        dataintegrity.sign_eddsa(
            document,
            key=keys.ed25519(key.kid),
            verification_method=queries.method_of(key),
            created=MONDAY,
            contexts=contexts(),
        )
    )


class TestSomebodyElsesKey:
    """It signs our issuer, our name, our award. It is never valid, and nothing that it says is repeated."""

    def test_under_a_method_of_ours(self, award):
        document = queries.document_of(credential_of(award))
        ours = queries.method_of(queries.key_in_use("ED25519"))
        assert check(jcs.canonical(cast.sign(document, key=cast.OTHER_KEY, method=ours))).verdict == "altered"

    def test_under_another_method_of_our_issuer(self, award):
        document = queries.document_of(credential_of(award))
        method = f"{queries.issuer_did()}#key-9"
        found = check(jcs.canonical(cast.sign(document, key=cast.OTHER_KEY, method=method)))
        assert (found.verdict, found.holder, found.issuer) == ("unknown_issuer", "", "")

    def test_under_a_did_of_its_own(self, award):
        document = queries.document_of(credential_of(award))
        public = cast.OTHER_KEY.public_key()
        method = f"{did_key(public)}#{multikey(public)}"
        found = check(jcs.canonical(cast.sign(document, key=cast.OTHER_KEY, method=method)))
        assert (found.verdict, found.holder, found.issuer) == ("unknown_issuer", "", "")

    def test_as_an_issuer_of_its_own_with_our_name(self, award):
        document = queries.document_of(credential_of(award))
        document["issuer"]["id"] = cast.DID
        found = check(jcs.canonical(cast.sign(document, key=cast.OTHER_KEY, method=cast.METHOD)))
        assert (found.verdict, found.holder, found.issuer) == ("unknown_issuer", "", "")

    @pytest.mark.parametrize("alg", ["ES256"])
    def test_in_a_token(self, award, alg):
        document = queries.document_of(credential_of(award))
        token = jwt.sign(document, key=cast.TOKEN_KEY, alg=alg, kid=f"{queries.issuer_did()}#key-9")
        assert check(token.encode()).verdict == "unknown_issuer"

    def test_in_a_picture_and_in_a_paper(self, award):
        document = queries.document_of(credential_of(award))
        method = f"{queries.issuer_did()}#key-9"
        text = jcs.canonical(cast.sign(document, key=cast.OTHER_KEY, method=method))
        assert check(baking.bake_svg(drawing(award), text.decode())).verdict == "unknown_issuer"
        assert check(with_attachment(text)).verdict == "altered"

    def test_cannot_be_read_from_the_token_itself(self, award):
        token = credentials.state_as_jwt(credential=credential_of(award))
        payload = token.split(".")[1]
        header = {"alg": "ES256", "typ": "JWT", "jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}
        forged = f"{jwt_part(header)}.{payload}.{'A' * 86}"
        assert check(forged.encode()).verdict != "valid"

    @pytest.mark.parametrize("alg", ["none", "HS256", "None", "EdDSA"])
    def test_with_an_algorithm_of_its_choice(self, award, alg):
        payload = credentials.state_as_jwt(credential=credential_of(award)).split(".")[1]
        kid = queries.method_of(queries.key_in_use("P256"))
        for signature in ("", "A" * 86):
            forged = f"{jwt_part({'alg': alg, 'typ': 'JWT', 'kid': kid})}.{payload}.{signature}"
            assert check(forged.encode()).verdict != "valid"


def jwt_part(header: dict) -> str:
    return urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()


class TestAPaper:
    def test_saved_again_is_altered_whatever_it_carries(self, award):
        with pikepdf.open(io.BytesIO(forms(award)["pdf"])) as document:
            saved = io.BytesIO()
            document.save(saved)
        found = check(saved.getvalue())
        assert (found.verdict, found.reason, found.holder) == ("altered", "pdf-not-as-issued", "")

    def test_of_a_stranger_that_carries_our_credential_is_altered(self, award):
        assert check(with_attachment(credential_of(award).content)).verdict == "altered"

    def test_of_a_stranger_with_a_revoked_credential_is_altered(self, award):
        content = with_attachment(credential_of(award).content)
        credentials.revoke(award=award, reason="Erreur", by=None, at=LATER)
        assert check(content).verdict == "altered"

    def test_without_a_credential_is_unreadable(self):
        found = check(with_attachment(b"Bonjour", "lettre.txt"))
        assert (found.verdict, found.reason) == ("unreadable", "no-credential")

    def test_with_another_issuers_credential_is_of_an_unknown_issuer(self):
        make_keys()
        assert check(with_attachment(cast.credential())).verdict == "unknown_issuer"


class TestAStatusList:
    def test_of_ours_is_valid(self, award):
        content = credentials.publish_status(number=1, at=MONDAY)
        found = check(content)
        assert (found.verdict, found.reason, found.issuer) == ("valid", "status-list", queries.issuer_did())

    def test_of_ours_is_valid_as_a_token_too(self, award):
        found = check(credentials.publish_status_as_jwt(number=1, at=MONDAY).encode())
        assert (found.verdict, found.reason, found.issuer) == ("valid", "status-list", queries.issuer_did())

    def test_past_its_date_is_expired(self, award):
        content = credentials.publish_status(number=1, at=MONDAY)
        found = check(content, now=MONDAY + timedelta(days=8))
        assert (found.verdict, found.reason, found.issuer_name) == ("expired", "status-list", "")

    def test_changed_is_altered(self, award):
        content = credentials.publish_status(number=1, at=MONDAY)
        found = check(content.replace(b"2026-03-09", b"2027-03-09"))
        assert (found.verdict, found.reason) == ("altered", "status-list")

    def test_of_somebody_else_is_of_an_unknown_issuer(self, award):
        found = check(cast.status_list())
        assert (found.verdict, found.reason) == ("unknown_issuer", "status-list")

    @pytest.mark.parametrize("types", ["BitstringStatusListCredential", ["StatusList2021Credential"]], ids=str)
    def test_is_known_for_one_however_it_says_so(self, types):
        found = check(json.dumps({"type": types, "credentialSubject": {}, "proof": {}}).encode())
        assert (found.verdict == "valid", found.reason) == (False, "status-list")

    @pytest.mark.parametrize("verdict", [one for one in get_args(Outcome) if one not in ("revoked", "replaced")])
    @pytest.mark.parametrize("is_anothers", [False, True])
    def test_has_words_of_its_own_and_none_of_a_badge(self, verdict, is_anothers):
        words = verdicts.words_of(verdict, "status-list", is_anothers=is_anothers)
        assert str(words.meaning).startswith("Ceci n’est pas un badge. C’est une liste d’état")
        signed = "Un émetteur de confiance l’a signée." if is_anothers else "Nous l’avons signée."
        assert (signed in str(words.meaning)) == (verdict in ("valid", "expired", "not_yet_valid"))
        assert (words.kind == "ok", str(words.title) == "Valide") == (False, False)


class TestEveryReason:
    def test_of_a_credential_has_a_sentence(self):
        said_by_the_verdict = {"expired", "not-yet-valid", "replaced", "revocation", "suspension"}
        never_of_a_file_of_somebody = {"already-baked", "not-a-png"}
        assert problems.REASONS - said_by_the_verdict - never_of_a_file_of_somebody - set(verdicts.REASONS) == set()

    def test_of_a_file_has_a_sentence(self):
        folder = settings.ROOT / "jalon" / "attestations"
        raised = re.compile(r"(?:NotReadable\(|\"(?:unreadable|unverifiable|altered)\",)\s*\"([a-z0-9-]+)\"")
        found = {
            code for name in ("checking", "reading") for code in raised.findall((folder / f"{name}.py").read_text())
        }
        assert len(found) > 12
        assert found - set(verdicts.REASONS) - set(verdicts.OF_A_CODE) == set()

    def test_is_of_a_verdict_that_has_its_words(self):
        assert set(verdicts.VERDICTS) == set(get_args(Outcome))
