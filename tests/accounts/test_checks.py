"""What `manage check --deploy` says of a site that people could be hurt by."""

import os
import subprocess
import sys

import pytest

from jalon.accounts.checks import deployment

GOOD = {
    "SECURE": True,
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "JALON_SMTP": "smtps://jalon:x@mail.example",
    "JALON_SECOND_FACTOR": "roles",
}
BAD = [
    ("jalon.W001", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}),
    ("jalon.W001", {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}}),
    ("jalon.W002", {"ALLAUTH_TRUSTED_PROXY_COUNT": 0}),
    ("jalon.W003", {"JALON_SMTP": ""}),
    ("jalon.W004", {"JALON_SMTP": "smtp://mail.example?tls=no"}),
    ("jalon.W005", {"JALON_SECOND_FACTOR": "off"}),
]


@pytest.fixture(autouse=True)
def a_good_site(settings):
    for name, value in GOOD.items():
        setattr(settings, name, value)


def test_nothing_is_said_of_a_good_site():
    assert deployment(None) == []


@pytest.mark.parametrize(("name", "wrong"), BAD)
def test_what_is_missing_is_said_alone(settings, name, wrong):
    for setting, value in wrong.items():
        setattr(settings, setting, value)
    assert [one.id for one in deployment(None)] == [name]


@pytest.mark.parametrize(
    ("environment", "policy"),
    [
        ({}, "roles"),
        ({"JALON_DEMO": "no"}, "roles"),
        ({"JALON_DEMO": "yes"}, "off"),
        ({"JALON_DEMO": "yes", "JALON_SECOND_FACTOR": "roles"}, "roles"),
        ({"JALON_SECOND_FACTOR": "off"}, "off"),
        ({"JALON_SECOND_FACTOR": "sometimes"}, "JALON_SECOND_FACTOR is roles or off."),
    ],
)
def test_a_site_asks_the_roles_for_a_second_step_unless_it_is_a_demonstration(environment, policy):
    plain = {name: value for name, value in os.environ.items() if not name.startswith("JALON_")}
    words = "from jalon import settings; print(settings.JALON_SECOND_FACTOR)"
    run = [sys.executable, "-c", words]
    done = subprocess.run(run, env={**plain, "DEBUG": "yes", **environment}, capture_output=True, text=True)
    assert policy in (done.stdout or done.stderr)


@pytest.mark.parametrize(
    ("name", "said"),
    [("JALON_SIGNER", "JALON_SIGNER is inline or process."), ("JALON_JOBS", "JALON_JOBS is inline or worker.")],
)
def test_a_word_that_a_setting_does_not_know_stops_the_site(name, said):
    run = [sys.executable, "-c", "from jalon import settings"]
    done = subprocess.run(run, env={**os.environ, "DEBUG": "yes", name: "proces"}, capture_output=True, text=True)
    assert (done.returncode, said in done.stderr) == (1, True)


def test_the_folder_of_a_new_site_need_not_be_there(tmp_path):
    run = [sys.executable, "-m", "jalon.web.commands", "./dev manage", "migrate", "--verbosity", "0"]
    there = tmp_path / "not" / "yet"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    settings = {"DJANGO_SETTINGS_MODULE": "jalon.settings", "DEBUG": "yes", "JALON_VAR": str(there)}
    done = subprocess.run(run, env={**environment, **settings}, capture_output=True, text=True)
    assert (done.returncode, done.stderr, (there / "jalon.sqlite3").is_file()) == (0, "", True)
