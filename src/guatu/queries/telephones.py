"""Telephones beside people: read in the statement that reads the people, or by themselves."""

from __future__ import annotations

import json
from collections.abc import Collection

from django.db.models import OuterRef, Subquery

from guatu.domain.telephones import TELEPHONE
from guatu.records.bulk import in_chunks
from guatu.records.models import PersonalValue


def beside(person: str = "person") -> Subquery:
    """The telephone of the person that the column names, as it is kept; `read` makes a number of it."""
    kept = PersonalValue.objects.filter(person=OuterRef(person), field=TELEPHONE).order_by("-version")
    return Subquery(kept.values("value")[:1])


def read(kept: str | None) -> str:
    """The number, empty for none."""
    return str(json.loads(kept)) if kept else ""


def telephones(people: Collection[int] | None) -> dict[int, str]:
    """Person → telephone as last noted (None: of everybody); the caller has made sure that the reader may see them."""
    kept = PersonalValue.objects.filter(field=TELEPHONE).order_by("version")
    columns = ("person_id", "value")
    if people is None:
        rows = list(kept.values_list(*columns))
    else:
        rows = [
            row
            for chunk in in_chunks(sorted(people))
            for row in kept.filter(person__in=chunk).values_list(*columns)
        ]
    return {person: read(value) for person, value in rows}
