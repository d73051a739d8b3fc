"""Who is at the door: the person of a session, by password or, in the demo, by a click."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from guatu.records.models import Person


class PersonBackend(BaseBackend):
    """Django's way to a person, in one statement; rights come from posts, never from here."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_other: object
    ) -> Person | None:
        """The person with this name and password, else None; an unknown name takes as long as a wrong password."""
        person = Person.objects.filter(username=username, is_active=True).first()
        if person is None:
            make_password(password)
            return None
        return person if check_password(password, person.password) else None

    def get_user(self, user_id: int) -> Person | None:
        """The active person of a session."""
        return Person.objects.select_related("home_unit").filter(pk=user_id, is_active=True).first()


def person_called(username: str) -> Person | None:
    """The active person with this name."""
    return Person.objects.filter(username=username, is_active=True).first()


def is_anybody_here() -> bool:
    """Whether anybody could log in at all."""
    return Person.objects.filter(is_active=True).exists()
