"""The second step of sign-in: who needs it, how it is set up, shown, lost and taken away."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from jalon.accounts import factors
from jalon.accounts.factor_adapter import FactorAdapter
from jalon.journal.models import Entry
from tests.accounts.second_step import app_of, code_of, first_step, sign_in, stop_the_clock, wrong
from tests.factories import CoordinatorFactory, PersonFactory, RegistrarFactory

pytestmark = pytest.mark.django_db
# Every role, and a page that needs it; nothing where no page needs it.
ROLES = {
    "learner": (PersonFactory, None),
    "author": (lambda: PersonFactory(is_author=True), None),
    "reviewer": (lambda: PersonFactory(reviewer=True), "review:queue"),
    "registrar": (lambda: RegistrarFactory().person, "accounts:members"),
    "registrar, several badges": (lambda: RegistrarFactory().person, "credentials:batches"),
    "registrar, who is covered": (lambda: RegistrarFactory().person, "agreements:readiness"),
    "coordinator": (lambda: CoordinatorFactory().person, "agreements:agreements"),
    "privacy officer": (lambda: PersonFactory(privacy_officer=True), "accounts:journal"),
    "operator": (lambda: PersonFactory(operator=True), "accounts:journal"),
}
DECIDES = {role: pair for role, pair in ROLES.items() if pair[1]}
STEP = "/account/second-step/"


@pytest.fixture(autouse=True)
def roles_need_it(settings, monkeypatch):
    stop_the_clock(monkeypatch)
    settings.JALON_SECOND_FACTOR = "roles"
    cache.clear()


def set_up_app(client):
    """The person set up an app as the page says; return the answer and the secret."""
    client.get(f"{STEP}app/")
    secret = client.session["mfa.totp.secret"]
    return client.post(f"{STEP}app/", {"code": code_of(secret)}), secret


@pytest.mark.parametrize("role", DECIDES)
class TestARoleThatDecidesAboutOthers:
    def test_is_led_to_set_up_a_second_step_at_the_first_page_that_needs_it(self, client, role):
        make, name = ROLES[role]
        client.force_login(make())
        answer = client.get(reverse(name))
        assert (answer.status_code, answer.headers["Location"]) == (302, STEP)
        assert "Votre rôle le demande" in client.get(STEP).content.decode()

    def test_is_asked_for_it_when_a_session_has_not_shown_it(self, client, role):
        make, name = ROLES[role]
        person = make()
        app_of(person)
        client.force_login(person)
        assert client.get(reverse(name)).headers["Location"].startswith(f"{STEP}again/?next=")

    def test_opens_its_pages_after_both_steps(self, client, role):
        make, name = ROLES[role]
        person = make()
        answer = sign_in(client, person, app_of(person), back=reverse(name))
        assert answer.headers["Location"] == reverse(name)
        assert client.get(reverse(name)).status_code == 200

    def test_is_not_asked_where_the_site_asks_nobody(self, client, role, settings):
        settings.JALON_SECOND_FACTOR = "off"
        make, name = ROLES[role]
        client.force_login(make())
        assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("role", ROLES)
class TestEveryRole:
    def test_learns_without_a_second_step(self, client, role):
        client.force_login(ROLES[role][0]())
        for name in ("training:path", "credentials:mine", "accounts:account"):
            assert client.get(reverse(name)).status_code == 200

    def test_may_set_one_up(self, client, role):
        client.force_login(ROLES[role][0]())
        assert client.get(f"{STEP}app/").status_code == 200
        assert client.get(f"{STEP}passkeys/new/").status_code == 200


@pytest.mark.django_db(transaction=True)
class TestSettingUpAnApp:
    def test_leads_to_the_recovery_codes_then_where_the_person_wanted_to_go(self, client):
        person = PersonFactory(reviewer=True)
        client.force_login(person)
        client.get("/review/?state=all")
        answer, _ = set_up_app(client)
        assert answer.headers["Location"] == f"{STEP}codes/"
        page = client.get(answer.headers["Location"])
        codes = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()
        assert all(f"{code[:4]}-{code[4:]}" in page.content.decode() for code in codes)
        assert 'href="/review/?state=all"' in page.content.decode()
        assert client.get("/review/?state=all").status_code == 200
        assert "wanted" not in client.session

    def test_shows_the_recovery_codes_once(self, client):
        client.force_login(PersonFactory())
        answer, _ = set_up_app(client)
        assert "<code" in client.get(answer.headers["Location"]).content.decode()
        assert "<code" not in client.get(answer.headers["Location"]).content.decode()

    def test_refuses_a_wrong_code_and_sets_up_nothing(self, client):
        client.force_login(PersonFactory())
        client.get(f"{STEP}app/")
        page = client.post(f"{STEP}app/", {"code": wrong(client.session["mfa.totp.secret"])})
        assert "Ce code n’est pas le bon" in page.content.decode()
        assert not Authenticator.objects.exists()

    def test_uses_up_its_code(self, client):
        person = PersonFactory()
        client.force_login(person)
        _, secret = set_up_app(client)
        client.post("/account/sign-out/")
        first_step(client, person)
        client.post("/account/sign-in/second-step/", {"code": code_of(secret)})
        assert "_auth_user_id" not in client.session

    def test_ends_the_other_sessions_and_changes_the_key_of_this_one(self, client, django_user_model):
        person = PersonFactory()
        elsewhere = type(client)()
        for one in (client, elsewhere):
            one.force_login(person)
        before = client.session.session_key
        set_up_app(client)
        assert client.session.session_key != before
        assert client.get("/account/").status_code == 200
        assert elsewhere.get("/account/").status_code == 302

    def test_is_in_the_journal_and_told_by_a_letter(self, client):
        person = PersonFactory()
        first_step(client, person)
        set_up_app(client)
        kinds = [entry.facts["kind"] for entry in Entry.objects.filter(verb="factor.added", by=person)]
        assert sorted(kinds) == ["RECOVERY_CODES", "TOTP"]
        assert mail.outbox[-1].subject == "La connexion à votre compte a été modifiée"

    def test_keeps_the_text_that_was_being_posted(self, client):
        person = PersonFactory(reviewer=True)
        client.force_login(person)
        client.post(reverse("review:remarks"), {"text": "Un conseil écrit avec soin."})
        answer, _ = set_up_app(client)
        assert 'href="/account/resend/"' in client.get(answer.headers["Location"]).content.decode()
        assert "Un conseil écrit avec soin." in client.get("/account/resend/").content.decode()


class TestSigningInWithAnApp:
    def test_asks_for_its_code_after_the_code_of_the_mail(self, client):
        person = PersonFactory()
        app_of(person)
        answer = first_step(client, person)
        assert answer.headers["Location"] == "/account/sign-in/second-step/"
        assert "_auth_user_id" not in client.session
        assert client.get("/account/").status_code == 302

    def test_refuses_a_wrong_code(self, client):
        person = PersonFactory()
        secret = app_of(person)
        first_step(client, person)
        page = client.post("/account/sign-in/second-step/", {"code": wrong(secret)})
        assert "Ce code n’est pas le bon" in page.content.decode()
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize("later", [-1, 1])
    def test_refuses_a_code_of_another_moment(self, client, later):
        person = PersonFactory()
        secret = app_of(person)
        first_step(client, person)
        client.post("/account/sign-in/second-step/", {"code": code_of(secret, later=later)})
        assert "_auth_user_id" not in client.session

    def test_refuses_a_code_used_already_by_another_browser(self, client):
        person = PersonFactory()
        secret = app_of(person)
        elsewhere = type(client)()
        sign_in(elsewhere, person, secret)
        assert "_auth_user_id" in elsewhere.session
        sign_in(client, person, secret)
        assert "_auth_user_id" not in client.session

    def test_takes_a_recovery_code_once(self, client):
        person = PersonFactory()
        app_of(person)
        code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
        elsewhere = type(client)()
        for one, is_in in ((client, True), (elsewhere, False)):
            first_step(one, person)
            one.post("/account/sign-in/second-step/", {"code": f"{code[:4]}-{code[4:]}"})
            assert ("_auth_user_id" in one.session) is is_in

    def test_never_takes_the_code_of_a_mail(self, client):
        person = PersonFactory()
        app_of(person)
        first_step(client, person)
        again = type(client)()
        again.post("/account/sign-in/", {"login": person.email})
        code = mail.outbox[-1].body.split("\n\n")[2].strip()
        client.post("/account/sign-in/second-step/", {"code": code})
        assert "_auth_user_id" not in client.session

    def test_gives_up_after_five_wrong_codes_in_words_that_fit(self, client):
        person = PersonFactory()
        secret = app_of(person)
        first_step(client, person)
        for _ in range(6):
            page = client.post("/account/sign-in/second-step/", {"code": wrong(secret)})
        assert "Trop d’essais" in page.content.decode()
        client.post("/account/sign-in/second-step/", {"code": code_of(secret)})
        assert "_auth_user_id" not in client.session

    def test_changes_the_key_of_the_session(self, client):
        person = PersonFactory()
        secret = app_of(person)
        first_step(client, person)
        before = client.session.session_key
        client.post("/account/sign-in/second-step/", {"code": code_of(secret)})
        assert client.session.session_key != before


@pytest.mark.django_db(transaction=True)
class TestOneCodeInSixBrowsersAtOnce:
    def test_opens_one_of_them(self):
        person = PersonFactory()
        secret = app_of(person)
        code, ready = code_of(secret), Barrier(6)

        def tried(number: int) -> bool:
            ready.wait()
            try:
                return Authenticator.objects.get(user=person, type="totp").wrap().validate_code(code)
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as browsers:
            assert sorted(browsers.map(tried, range(6))) == [False] * 5 + [True]


class TestShowingItAgain:
    def test_lets_the_session_use_the_role_under_a_new_key(self, client):
        person = PersonFactory(reviewer=True)
        secret = app_of(person)
        client.force_login(person)
        before = client.session.session_key
        answer = client.post(f"{STEP}again/", {"code": code_of(secret), "next": "/review/"})
        assert answer.headers["Location"] == "/review/"
        assert client.session.session_key != before
        assert client.get("/review/").status_code == 200

    def test_is_asked_before_the_last_means_is_removed(self, client):
        person = PersonFactory()
        sign_in(client, person, app_of(person))
        assert client.post(f"{STEP}app/removal/").headers["Location"].startswith(f"{STEP}again/")
        assert factors.has_any(person)

    def test_is_not_possible_without_a_second_step(self, client):
        client.force_login(PersonFactory())
        assert client.get(f"{STEP}again/").headers["Location"] == STEP

    def test_never_leads_to_another_site(self, client):
        person = PersonFactory()
        secret = app_of(person)
        client.force_login(person)
        answer = client.post(f"{STEP}again/", {"code": code_of(secret), "next": "https://ailleurs.example/"})
        assert "ailleurs" not in answer.headers["Location"]


@pytest.mark.django_db(transaction=True)
class TestRemovingTheApp:
    def test_takes_the_role_away_until_another_means_is_set_up(self, client):
        person = PersonFactory(reviewer=True)
        secret = app_of(person)
        client.force_login(person)
        client.post(f"{STEP}again/", {"code": code_of(secret)})
        client.post(f"{STEP}app/removal/")
        assert not Authenticator.objects.filter(user=person).exists()
        assert client.get("/review/").headers["Location"] == STEP
        verbs = Entry.objects.filter(verb="factor.removed", by=person)
        assert {entry.facts["kind"] for entry in verbs} == {"TOTP", "RECOVERY_CODES"}


class TestAScript:
    def test_reads_the_reason_instead_of_a_page(self, client):
        client.force_login(PersonFactory(reviewer=True))
        answer = client.get("/review/", headers={"accept": "application/json"})
        assert answer.status_code == 403
        assert "deuxième étape" in answer.json()["reason"]

    def test_of_htmx_leads_the_entire_page(self, client):
        client.force_login(PersonFactory(reviewer=True))
        assert client.get("/review/", headers={"hx-request": "true"}).headers["HX-Redirect"] == STEP


class TestTheAccount:
    def test_says_whether_a_second_step_is_in_place_in_no_query_more(self, client, settings):
        person = PersonFactory()
        sign_in(client, person, app_of(person))
        assert "En place" in client.get("/account/").content.decode()

    def test_says_nothing_of_it_on_a_demonstration(self, client, settings):
        settings.JALON_SECOND_FACTOR = "off"
        client.force_login(PersonFactory())
        assert "étape" not in client.get("/account/").content.decode()

    def test_shows_the_means_and_what_is_left_in_six_queries(self, client, django_assert_max_num_queries):
        person = PersonFactory()
        sign_in(client, person, app_of(person))
        with django_assert_max_num_queries(6):
            assert "Il reste 10 codes" in client.get(STEP).content.decode()


class TestTheOperator:
    def test_takes_everything_away_from_who_lost_everything(self, client):
        person = PersonFactory(reviewer=True)
        sign_in(client, person, app_of(person))
        call_command("factors", person.email, reset=True)
        assert client.get("/account/").status_code == 302
        first_step(client, person)
        assert "_auth_user_id" in client.session
        assert client.get("/review/").headers["Location"] == STEP
        assert Entry.objects.filter(verb="factor.reset", by=None, about_id=person.pk).count() == 1

    def test_changes_nothing_where_there_is_none(self, client, capsys):
        person = PersonFactory()
        client.force_login(person)
        call_command("factors", person.email, reset=True)
        assert "There was none." in capsys.readouterr().out
        assert client.get("/account/").status_code == 200

    def test_reads_which_there_are(self, capsys):
        person = PersonFactory()
        app_of(person)
        call_command("factors", person.email)
        assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["totp", "recovery_codes"]

    def test_is_told_of_an_unknown_address(self):
        with pytest.raises(CommandError, match="Nobody"):
            call_command("factors", "inconnue@ecole.example")


class TestASecretInTheDatabase:
    def test_is_sealed(self):
        person = PersonFactory()
        secret = app_of(person)
        assert secret not in str(Authenticator.objects.get(user=person, type="totp").data)

    def test_is_of_no_use_under_another_secret_key(self, settings):
        sealed = FactorAdapter().encrypt("ABCDEFGH")
        assert FactorAdapter().decrypt(sealed) == "ABCDEFGH"
        settings.SECRET_KEY = "another"
        assert FactorAdapter().decrypt(sealed) != "ABCDEFGH"

    def test_under_another_secret_key_no_code_is_right_and_nothing_breaks(self, client, settings):
        person = PersonFactory()
        secret = app_of(person)
        settings.SECRET_KEY = "another"
        first_step(client, person)
        assert client.post("/account/sign-in/second-step/", {"code": code_of(secret)}).status_code == 200
        assert "_auth_user_id" not in client.session
