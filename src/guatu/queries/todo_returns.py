"""What the desk says of a return beside its title: until which hour, and what it takes. Part of the desk's own statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models.fields.json import KeyTransform

from guatu.domain.collection import form_of
from guatu.domain.loop_tracks import CUT_OFF, FORM
from guatu.domain.words import gettext as _
from guatu.queries.returns_owed import cost_words


def form_above() -> KeyTransform:
    """For spells: what the request above asks; null for what is no return."""
    return KeyTransform(FORM, "parent__data")


def told_return(row: Mapping[str, Any], day: date) -> str:
    """18:00 前。10 格里已带出 8 格，只填 2 格。 Empty for what is no return, or is no longer being filled."""
    plain, data = row.get("form"), row["data"]
    if not plain or row["phase"] != "open" or not data.get(CUT_OFF):
        return ""
    form, cut_off = form_of(plain), datetime.fromisoformat(data[CUT_OFF])
    said = cost_words(form)
    if form.second_due is not None and form.second_due >= day:
        return _("上级单位要求 {second} 前报；截止 {day} {hour}。{said}").format(
            second=f"{form.second_due:%m-%d}", day=f"{cut_off:%m-%d}", hour=f"{cut_off:%H:%M}", said=said
        )
    return _("{hour} 前。{said}").format(hour=f"{cut_off:%H:%M}", said=said)
