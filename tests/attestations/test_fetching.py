"""Nothing inside our network is ever asked, whatever an address says and whatever a name resolves to."""

import datetime as dates
import ipaddress
import socket
import ssl
import time
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from jalon.attestations import cost, fetching

HOST = "badges.example"
ADDRESS = f"https://{HOST}/.well-known/did.json"


class Listener:
    """A server on this machine that counts who comes; with an answer it is a site, without one a canary."""

    def __init__(self, family, host, answer=None, certificate=None):
        self.socket = socket.create_server((host, 0), family=family)
        self.port = self.socket.getsockname()[1]
        self.visits = 0
        self._answer, self._certificate = answer, certificate
        Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                visitor, _ = self.socket.accept()
            except OSError:
                return
            self.visits += 1
            with visitor:
                if self._answer is not None:
                    self._speak(visitor)

    def _speak(self, visitor):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate)
        try:
            with context.wrap_socket(visitor, server_side=True) as secured:
                self.asked = secured.recv(4096)
                for part in self._answer:
                    secured.sendall(part)
                    time.sleep(0.02 if len(self._answer) > 1 else 0)
        except OSError:
            return

    def close(self):
        # Shut down first: a thread that waits in accept() keeps the port open otherwise.
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


@pytest.fixture
def canaries(monkeypatch):
    """Listeners on this machine, at the port that a fetch goes to."""
    first = Listener(socket.AF_INET, "127.0.0.1")
    listeners = [first]
    if socket.has_ipv6:
        with suppress(OSError):
            listeners.append(Listener(socket.AF_INET6, "::1"))
    monkeypatch.setattr(fetching, "PORT", first.port)
    yield listeners
    for one in listeners:
        one.close()


@pytest.fixture(autouse=True)
def anybody_may_be_asked(settings):
    settings.JALON_FETCH = "any"


def resolving(monkeypatch, *answers):
    """Names resolve to these, one list after another; the last one stays."""
    left, asked = list(answers), []

    def resolve(host):
        asked.append(host)
        return left.pop(0) if len(left) > 1 else left[0]

    monkeypatch.setattr(fetching, "resolve", resolve)
    return asked


PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::",
]  # fmt: skip


class TestAnAddressThatIsNotPublic:
    @pytest.mark.parametrize("answer", PRIVATE)
    def test_is_never_connected_to(self, answer, monkeypatch, canaries):
        resolving(monkeypatch, [answer])
        monkeypatch.setattr(fetching, "connect", pytest.fail)
        with pytest.raises(fetching.NotFetched, match="not a public address"):
            fetching.fetch(ADDRESS)
        assert [one.visits for one in canaries] == [0] * len(canaries)

    def test_spoils_the_public_ones_beside_it(self, monkeypatch, canaries):
        for answers in (["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], []):
            resolving(monkeypatch, answers)
            with pytest.raises(fetching.NotFetched):
                fetching.fetch(ADDRESS)
        assert canaries[0].visits == 0

    def test_is_not_reached_by_answering_otherwise_the_second_time(self, monkeypatch, canaries):
        """The name is resolved once, and the connection goes to what was checked."""
        asked = resolving(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
        connected = []

        def refuse(address):
            connected.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(fetching, "connect", refuse)
        with pytest.raises(fetching.NotFetched):
            fetching.fetch(ADDRESS)
        assert (asked, connected, canaries[0].visits) == ([HOST], ["8.8.8.8"], 0)

    @pytest.mark.parametrize("answer", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])
    def test_is_not_confused_with_a_public_one(self, answer):
        assert fetching.is_public(answer)


class TestAnAddressThatIsNotPlain:
    @pytest.mark.parametrize(
        "address",
        [
            "http://badges.example/",
            "ftp://badges.example/",
            "file:///etc/passwd",
            "https://badges.example:8443/",
            "https://badges.example:80/",
            "https://user:word@badges.example/",
            "https://badges.example@127.0.0.1/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://localhost/",
            "https://intranet/",
            "https://badges.example\\@127.0.0.1/",
            "https://badges.example/a b",
            "https://badges.example/\r\nHost: other",
            "https://bädges.example/",
            "https:///",
            "https://badges.example:x/",
            "https://[/",
            "",
        ],
    )
    def test_is_refused_before_its_name_is_resolved(self, address, monkeypatch, canaries):
        monkeypatch.setattr(fetching, "resolve", pytest.fail)
        with pytest.raises(fetching.NotFetched):
            fetching.fetch(address)
        assert canaries[0].visits == 0


class TestTheSetting:
    @pytest.mark.parametrize(
        ("allowed", "host", "is_allowed"),
        [
            ("off", HOST, False),
            ("", HOST, False),
            ("any", HOST, True),
            (HOST, HOST, True),
            (f"other.example, {HOST}", HOST, True),
            (HOST, "other.example", False),
            (HOST, f"sub.{HOST}", False),
            (HOST, "example", False),
            ("off", "off", False),
        ],
    )
    def test_says_who_may_be_asked(self, allowed, host, is_allowed, settings):
        settings.JALON_FETCH = allowed
        assert fetching.is_allowed(host) is is_allowed

    def test_is_off_unless_somebody_chose(self):
        from jalon import settings as site

        assert site.JALON_FETCH == "off"
        assert site.JALON_TRUSTED_ISSUERS == ""


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A certificate for the fictional host, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    today = dates.datetime.now(dates.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - dates.timedelta(days=1))
        .not_valid_after(today + dates.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "site.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path


@pytest.fixture
def site(monkeypatch, certificate):
    """A site on this machine that takes the place of the fictional host."""
    opened = []

    @contextmanager
    def answering(*answer):
        one = Listener(socket.AF_INET, "127.0.0.1", answer, certificate)
        opened.append(one)
        monkeypatch.setattr(fetching, "PORT", one.port)
        yield one
        one.close()

    resolving(monkeypatch, ["127.0.0.1"])
    monkeypatch.setattr(fetching, "SECONDS", 120)  # a busy machine is slow, not wrong
    monkeypatch.setattr(fetching, "is_public", lambda answer: ipaddress.ip_address(answer).is_loopback)
    monkeypatch.setattr(fetching, "tls", lambda: ssl.create_default_context(cafile=str(certificate)))
    return answering


def ok(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", b"Connection: close", *headers, b"", body])


class TestASite:
    def test_is_read_under_its_own_name(self, site):
        with site(ok(b"{}")) as one:
            assert fetching.fetch(ADDRESS + "?a=b") == b"{}"
        assert one.asked.startswith(b"GET /.well-known/did.json?a=b HTTP/1.1\r\nHost: badges.example\r\n")
        assert b"Cookie" not in one.asked

    @pytest.mark.parametrize("status", [b"301", b"302", b"303", b"307", b"308"])
    def test_that_sends_elsewhere_is_not_followed(self, status, site, canaries):
        moved = b"HTTP/1.1 " + status + b" Moved\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"
        with site(moved) as one, pytest.raises(fetching.NotFetched, match=f"status {status.decode()}"):
            fetching.fetch(ADDRESS)
        assert (one.visits, canaries[0].visits) == (1, 0)

    @pytest.mark.parametrize(
        "answer",
        [
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
            b"HTTP/1.1 500 Error\r\nContent-Length: 2\r\n\r\n{}",
            ok(b"\x1f\x8b", b"Content-Encoding: gzip"),
            b"not http at all",
            b"",
        ],
    )
    def test_that_answers_otherwise_gives_nothing(self, answer, site):
        with site(answer), pytest.raises(fetching.NotFetched):
            fetching.fetch(ADDRESS)

    def test_gives_one_megabyte_and_not_one_byte_more(self, site):
        with site(ok(b"a" * fetching.MOST_BYTES)):
            assert len(fetching.fetch(ADDRESS)) == fetching.MOST_BYTES
        with site(ok(b"a" * (fetching.MOST_BYTES + 1))), pytest.raises(fetching.NotFetched, match="too large"):
            fetching.fetch(ADDRESS)

    def test_that_drips_is_given_up(self, site, monkeypatch):
        monkeypatch.setattr(fetching, "SECONDS", 0.5)
        with site(ok(b""), *[b" "] * 200), pytest.raises(fetching.NotFetched):
            fetching.fetch(ADDRESS)

    def test_is_waited_for_no_longer_than_the_check_may_wait(self, site):
        with site(ok(b""), *[b" "] * 200), cost.at_most(2, waiting=0.5), pytest.raises(fetching.NotFetched):
            fetching.fetch(ADDRESS)

    def test_with_a_certificate_of_another_name_gives_nothing(self, site):
        with site(ok(b"{}")), pytest.raises(fetching.NotFetched):
            fetching.fetch("https://other.example/")

    def test_that_nobody_vouches_for_gives_nothing(self, site, monkeypatch):
        monkeypatch.setattr(fetching, "tls", ssl.create_default_context)
        with site(ok(b"{}")), pytest.raises(fetching.NotFetched):
            fetching.fetch(ADDRESS)
