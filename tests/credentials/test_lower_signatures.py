"""Tokens that were signed before the lower of their two signatures was chosen are valid after the migration."""

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from jalon.attestations import checking
from jalon.credentials import actions
from jalon.credentials.models import Credential, StatusList
from tests.core.openbadges.test_badge_tokens import other_signature
from tests.issuing import credential_of, make_keys, signed

pytestmark = pytest.mark.django_db
lower = import_module("jalon.credentials.migrations.0009_lower_signatures").lower


def verdict(token: str) -> str:
    (found,) = checking.check_text(token, now=timezone.now())
    return found.verdict


def test_the_migration_lowers_what_was_signed_before():
    make_keys()
    credential = credential_of(signed())
    token = actions.state_as_jwt(credential=credential)
    listed = actions.publish_status_as_jwt(number=credential.status_list.number, at=timezone.now())
    Credential.objects.update(jwt=other_signature(token))
    StatusList.objects.update(token=other_signature(listed))
    assert verdict(other_signature(token)) == "altered"
    lower(apps, None)
    assert Credential.objects.get().jwt == token
    assert StatusList.objects.get().token == listed
    assert verdict(token) == "valid"


def test_the_migration_leaves_what_cannot_be_read():
    make_keys()
    signed()
    Credential.objects.update(jwt="not a token")
    lower(apps, None)
    assert Credential.objects.get().jwt == "not a token"
