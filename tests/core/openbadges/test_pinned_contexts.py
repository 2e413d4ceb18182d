"""Contexts: only those that a person reviewed, byte for byte, and never from the network."""

import hashlib
import subprocess
import sys

import pytest

from jalon.core.openbadges import jsonld
from jalon.core.openbadges.contexts import CREDENTIALS, DIGESTS, ContextChanged, pinned
from jalon.core.openbadges.problems import Unverifiable
from jalon.credentials.contexts import contexts


class TestThePinnedContexts:
    def test_are_the_ten_that_were_reviewed(self):
        assert contexts().documents.keys() == DIGESTS.keys()

    def test_are_read_without_running_the_packages_that_carry_them(self):
        script = (
            "import sys; from jalon.credentials.contexts import contexts; contexts(); "
            "print('openbadgeslib' in sys.modules, 'pyld.documentloader.frozen' in sys.modules)"
        )
        ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == "False False"

    def test_serve_a_copy_so_that_nobody_can_change_them(self):
        contexts().load(CREDENTIALS)["document"]["@context"].clear()
        assert contexts().load(CREDENTIALS)["document"]["@context"]


class TestAContextThatChanged:
    @pytest.fixture
    def documents(self, monkeypatch):
        data = {address: f'{{"@context": {{}}, "n": {n}}}'.encode() for n, address in enumerate(DIGESTS)}
        for address, content in data.items():
            monkeypatch.setitem(DIGESTS, address, hashlib.sha256(content).hexdigest())
        return data

    def test_is_accepted_only_with_its_digest(self, documents):
        assert pinned(documents).documents.keys() == DIGESTS.keys()
        with pytest.raises(ContextChanged, match="credentials/v2"):
            pinned(documents | {CREDENTIALS: documents[CREDENTIALS] + b" "})

    def test_may_be_neither_missing_nor_added(self, documents):
        with pytest.raises(ContextChanged, match="credentials/v2"):
            pinned({address: data for address, data in documents.items() if address != CREDENTIALS})
        with pytest.raises(ContextChanged, match="elsewhere"):
            pinned(documents | {"https://elsewhere.example/": b"{}"})


class TestAnotherAddress:
    @pytest.mark.parametrize(
        "context",
        [
            [CREDENTIALS, "https://elsewhere.example/context.json"],
            [CREDENTIALS, "https://purl.imsglobal.org/spec/ob/v3p0/context.json"],
            [CREDENTIALS, {"achievement": "https://elsewhere.example/"}],
            [{"@vocab": "https://elsewhere.example/"}],
            [CREDENTIALS, {"@base": "https://elsewhere.example/"}],
            {"@vocab": "https://elsewhere.example/"},
            [CREDENTIALS] * 9,
            None,
        ],
    )
    def test_is_refused_and_never_fetched(self, context, monkeypatch):
        monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was tried"))
        with pytest.raises(Unverifiable, match="unknown-context"):
            jsonld.canonical({"@context": context, "id": "urn:x:1", "name": "a"}, contexts())
