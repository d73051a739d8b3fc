"""What is typed into a step made in place: each value parsed by its own type, so that an error stands at its field."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.domain.fields import BadValue, parse
from guatu.web.here import Here
from guatu.web.item.forms import NOT_TYPED, MoveForm


def wrong_fields(at: Here, public_id: UUID, typed: MoveForm) -> Mapping[str, str]:
    """Field → what is wrong with what was typed there. Raises NotFound outside the person's reach."""
    register = at.pack.register(get_item(at.actor, public_id, at.campaign).register)
    found: dict[str, str] = {}
    for key, text in typed.fields.items():
        field = register.field(key)
        if field is None or field.type in NOT_TYPED:
            continue
        if not text.strip():
            found[key] = _("“{field}”没有填写。请填写后再提交。").format(field=field.label)
            continue
        try:
            parse(field, text)
        except BadValue as failure:
            found[key] = str(failure)
    return found
