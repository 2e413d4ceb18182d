"""Who is signed in, read with the roles that have a table of their own: the menu knows them without another query."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Exists, OuterRef

from jalon.accounts.models import Person

ROLES = {"is_registrar": "registrars", "is_coordinator": "coordinators"}


class Backend(AuthenticationBackend):  # type: ignore[misc]
    def get_user(self, user_id: UUID) -> Person | None:
        """Return this person, with `is_registrar` and `is_coordinator`: for the menu, never to decide who may."""
        tables: dict[str, Any] = {name: Person._meta.get_field(rows).related_model for name, rows in ROLES.items()}
        roles = {name: Exists(table.objects.filter(person=OuterRef("pk"))) for name, table in tables.items()}
        person = Person.objects.annotate(**roles).filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
