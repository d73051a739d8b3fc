"""Two hands in one return: what the other has put into a cell, said beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guatu.domain.fields import show
from guatu.domain.pack.register import Field
from guatu.queries.moments import zone_of
from guatu.records.models import FillDraft
from guatu.web.here import Here
from guatu.web.returns.typed import RowTyped, Typed


def theirs_said(
    at: Here,
    each: Field,
    raw: str,
    stored: str,
    other: Mapping[str, str],
    theirs: FillDraft | None,
    *,
    changed: bool,
) -> str:
    """What another hand has in this cell, where it is something else."""
    if theirs is not None and other.get(each.key, raw) != raw:
        who = theirs.person.name if theirs.person is not None else _("他人")
        when = theirs.saved_at.astimezone(zone_of(at.campaign)).strftime("%H:%M")
        return _("{who} {when} 填的是：{value}").format(
            who=who, when=when, value=_said(each, other[each.key])
        )
    if changed and stored != raw:
        return _("记录中现为：{value}").format(value=_said(each, stored))
    return ""


def _said(each: Field, raw: str) -> str:
    labels = {option.key: option.label for option in each.choices} | {"yes": _("是"), "no": _("否")}
    if not raw:
        return _("（空）")
    if each.type == "file":
        return show(each, raw)
    return labels.get(raw, raw) if each.type in ("choice", "yes_no") else raw


def other_row(theirs: FillDraft, row: RowTyped, typed: Typed) -> Mapping[str, str]:
    """The same row in another hand's draft: by its record, else by its place."""
    rows: Sequence[Mapping[str, Any]] = theirs.cells.get("rows", ())
    for other in rows:
        if row.item and other.get("item") == row.item:
            return other.get("raw", {})  # type: ignore[no-any-return]
    place = typed.rows.index(row) if row in typed.rows else -1
    fits = 0 <= place < len(rows) and not row.item and not rows[place].get("item")
    return rows[place].get("raw", {}) if fits else {}
