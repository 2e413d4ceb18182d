"""The outbox against a mail server of our own, in the same process."""

import socket
import socketserver
import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from jalon.notices import outbox
from jalon.notices.models import Message
from tests.factories import MONDAY, MessageFactory

LATER = MONDAY + timedelta(days=1)


class Conversation(socketserver.StreamRequestHandler):
    """One conversation of SMTP (RFC 5321), as short as it can be; addresses that begin with « bad » are refused."""

    def handle(self) -> None:
        self.say("220 here")
        recipient = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                self.server.received.append((recipient, self.text()))
                self.say("250 kept")
            elif verb == "RCPT TO":
                recipient = line.partition(":")[2].strip("<> ")
                self.say("550 nobody" if recipient.startswith("bad") else "250 known")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def text(self) -> str:
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(lines).decode()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.received: list[tuple[str, str]] = []


@pytest.fixture
def post(settings):
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.JALON_SMTP = f"smtp://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.django_db
class TestSending:
    def test_hands_over_what_is_due_once(self, post):
        MessageFactory(address="a@ecole.example", subject="Une tâche vous attend")
        MessageFactory(sent=True)
        MessageFactory(next_try_at=LATER)
        assert outbox.empty(at=MONDAY) == outbox.Sent(sent=1, failed=0)
        assert outbox.empty(at=MONDAY) == outbox.Sent()
        assert [recipient for recipient, _ in post.received] == ["a@ecole.example"]
        assert Message.objects.get(address="a@ecole.example").sent_at == MONDAY

    def test_names_the_message_so_that_a_second_copy_can_be_known(self, post):
        message = MessageFactory()
        outbox.empty(at=MONDAY)
        assert f"Message-ID: <{message.pk}@localhost>" in post.received[0][1]
        assert "Auto-Submitted: auto-generated" in post.received[0][1]

    def test_lets_no_bad_address_hold_up_the_others(self, post):
        for address in ("a@ecole.example", "bad@ecole.example", "b@ecole.example"):
            MessageFactory(address=address)
        assert outbox.empty(at=MONDAY) == outbox.Sent(sent=2, failed=1)
        bad = Message.objects.get(sent_at=None)
        assert (bad.address, bad.attempts, bad.last_error) == ("bad@ecole.example", 1, "SMTPRecipientsRefused")

    def test_waits_longer_after_each_failure_and_gives_up_in_the_end(self, post):
        MessageFactory(address="bad@ecole.example")
        waits, at = [], MONDAY
        while outbox.empty(at=at).failed:
            next_try_at = Message.objects.get().next_try_at
            waits.append(next_try_at - at)
            at = next_try_at
        assert waits == sorted(waits)
        assert (waits[0], waits[-1]) == (timedelta(minutes=1), timedelta(hours=6))
        assert (len(waits), Message.objects.get().sent_at) == (outbox.MOST_TRIES, None)

    def test_refuses_a_line_break_in_a_subject_and_goes_on(self, post):
        MessageFactory(subject="Bonjour\nBcc: tous@ecole.example")
        MessageFactory(address="a@ecole.example")
        assert outbox.empty(at=MONDAY) == outbox.Sent(sent=1, failed=1)
        assert Message.objects.get(sent_at=None).last_error == "BadHeaderError"

    def test_forgets_after_thirty_days_what_is_done_and_keeps_what_waits(self, post):
        MessageFactory(sent=True)
        MessageFactory(attempts=outbox.MOST_TRIES)
        waiting = MessageFactory(next_try_at=MONDAY + timedelta(days=90))
        outbox.empty(at=MONDAY + timedelta(days=31))
        assert list(Message.objects.all()) == [waiting]


@pytest.mark.django_db
class TestAMessageThatAnotherWorkerHas:
    def test_is_claimed_by_one_only(self):
        message = MessageFactory()
        assert [outbox.claim(message, at=MONDAY), outbox.claim(message, at=MONDAY)] == [True, False]

    def test_is_not_sent_twice(self, post, monkeypatch):
        MessageFactory()
        monkeypatch.setattr(outbox, "claim", lambda message, *, at: False)
        assert (outbox.empty(at=MONDAY), post.received) == (outbox.Sent(), [])

    def test_is_taken_up_again_ten_minutes_after_a_crash(self, post):
        outbox.claim(MessageFactory(), at=MONDAY)
        assert outbox.empty(at=MONDAY + timedelta(minutes=9)) == outbox.Sent()
        assert outbox.empty(at=MONDAY + timedelta(minutes=10)) == outbox.Sent(sent=1)

    def test_is_not_lost_when_the_worker_dies_in_mid_sending(self, post, monkeypatch):
        def killed(*args, **kwargs):
            raise KeyboardInterrupt

        MessageFactory()
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "hand_over", killed)
            with pytest.raises(KeyboardInterrupt):
                outbox.empty(at=MONDAY)
        assert outbox.empty(at=LATER) == outbox.Sent(sent=1)


@pytest.mark.django_db
class TestTheCommand:
    def test_says_what_it_did(self, post):
        MessageFactory()
        MessageFactory(address="bad@ecole.example")
        said = StringIO()
        call_command("notices", "send", stdout=said)
        assert said.getvalue() == "1 sent, 1 to try again.\n"

    def test_says_so_without_a_server_and_keeps_the_messages(self, settings):
        settings.JALON_SMTP = ""
        MessageFactory()
        with pytest.raises(CommandError, match="JALON_SMTP is not set"):
            call_command("notices", "send")
        assert Message.objects.get().attempts == 0

    def test_says_so_when_the_server_does_not_answer_and_counts_no_try(self, settings):
        MessageFactory()
        with socket.socket() as closed:  # its port is taken, so that nobody begins to answer there meanwhile
            closed.bind(("127.0.0.1", 0))
            settings.JALON_SMTP = f"smtp://127.0.0.1:{closed.getsockname()[1]}"
            with pytest.raises(CommandError, match="ConnectionRefusedError"):
                call_command("notices", "send")
        assert Message.objects.get().attempts == 0


class TestTheServer:
    @pytest.mark.parametrize(
        ("address", "port", "ssl", "tls"),
        [
            ("smtp://user:p%40ss@mail.example", 587, False, True),
            ("smtps://user:p%40ss@mail.example", 465, True, False),
            ("smtp://user:p%40ss@mail.example:2525?tls=no", 2525, False, False),
            ("smtp://user:p%40ss@localhost:1025", 1025, False, False),
        ],
    )
    def test_is_spoken_to_in_secret_except_on_this_machine(self, settings, address, port, ssl, tls):
        settings.JALON_SMTP = address
        server = outbox.server()
        assert (server.port, server.use_ssl, server.use_tls) == (port, ssl, tls)
        assert (server.username, server.password) == ("user", "p@ss")
