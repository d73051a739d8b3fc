"""A person's home unit (原单位): where they belong, whatever posts they hold. Four eyes look at it."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from guatu.access import Actor, require
from guatu.access.kept_people import kept_person
from guatu.actions.history import Change, body_text, record
from guatu.actions.reach import units_by_code
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Batch, Campaign, Revision


def set_home_unit(actor: Actor, *, campaign: Campaign, username: str, unit: str, reason: str = "") -> Batch:
    """Move a person's home to the unit with this code, in reach like the person. BadInput when it is there already."""
    require(actor, "manage_people", campaign=campaign)
    [home] = units_by_code({unit.strip()}).values()
    require(actor, "manage_people", home, campaign)
    with transaction.atomic():
        person = kept_person(actor, campaign, username)
        if person.home_unit_id == home.pk:
            raise BadInput(_("“{name}”的原单位已经是{unit}。"), name=person.name, unit=home.short_name)
        row = (
            Revision.objects.filter(subject_kind="person", subject_id=person.pk).order_by("-version").first()
        )
        if row is None:
            raise NotFound()
        plain: dict[str, Any] = {**json.loads(row.body)["plain"], "home_unit": home.pk}
        change = Change("person", person.pk, row.version, row.hash, today(), body_text({}, plain))
        batch = record(actor, action="people.home", changes=[change], reason=reason.strip())
        person.home_unit, person.version = home, row.version + 1
        person.save(update_fields=["home_unit", "version"])
    return batch
