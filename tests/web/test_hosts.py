"""Another host is refused, and what a proxy forwards of one reaches nothing: page, document, paper, mail."""

import pytest
from django.core import mail

from jalon.core import codes
from jalon.credentials import queries
from tests.factories import PersonFactory
from tests.issuing import credential_of, make_keys, signed

pytestmark = pytest.mark.django_db
EVIL = "evil.example"
FORWARDED = {
    "x-forwarded-host": EVIL,
    "x-forwarded-server": EVIL,
    "x-host": EVIL,
    "x-original-url": f"https://{EVIL}/",
    "forwarded": f"host={EVIL};proto=https",
}


@pytest.fixture
def addresses():
    make_keys()
    award = signed()
    code = codes.display(award.code)
    list_of = queries.status_address(credential_of(award).status_list.number)
    return [
        "/",
        "/en/programs/",
        f"/v/{code}/",
        f"/attestations/{code}/",
        f"/v/{code}/attestation-fr.pdf",
        "/.well-known/did.json",
        "/.well-known/security.txt",
        "/robots.txt",
        queries.credential_address(award.code, "fr").removeprefix(queries.address("web:home").rstrip("/")),
        list_of[list_of.index("/", 8) :],
    ]


@pytest.mark.parametrize("host", [EVIL, f"testserver.{EVIL}", "testserver@evil.example", f"{EVIL}:80", "", "a b"])
def test_another_host_is_refused_everywhere(client, addresses, host):
    answers = {path: client.get(path, headers={"host": host}).status_code for path in addresses}
    assert set(answers.values()) == {400}, answers


def test_what_is_forwarded_changes_no_byte(client, addresses):
    for path in addresses:
        plain, forwarded = client.get(path), client.get(path, headers=FORWARDED)
        assert (path, plain.status_code) == (path, 200)
        assert EVIL.encode() not in forwarded.content + str(forwarded.headers).encode()
        if b"csp-nonce" not in plain.content and b"csrf" not in plain.content:
            assert plain.content == forwarded.content


def test_no_mail_names_it(client):
    answer = client.post("/account/sign-in/", {"login": PersonFactory().email}, headers=FORWARDED)
    assert EVIL not in answer.headers["Location"]
    (letter,) = mail.outbox
    assert EVIL not in letter.subject + letter.body
