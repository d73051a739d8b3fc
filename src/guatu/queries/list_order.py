"""How a list is sorted: what the address may ask for, and the complete order in SQL."""

from __future__ import annotations

from django.db.models import Case, F, OrderBy, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Length, StrIndex

from guatu.domain.errors import BadInput
from guatu.domain.lights import Light
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.domain.words import listed


def sorts_of(spec: Register) -> dict[str, str]:
    """The sorts that the list offers, with their words; the first is the usual one."""
    kept = {
        "light": _("灯，再按时限"),
        "due": _("时限"),
        "-due": _("时限（晚的在前）"),
        "number": _("编号"),
        "-number": _("编号（新的在前）"),
        "unit": _("单位"),
        "state": _("状态"),
    }
    if spec.light == "none":
        kept.pop("light")
    if spec.due == "none":
        kept.pop("due")
        kept.pop("-due")
    if spec.flow_day and (field := spec.field(spec.flow_day)):
        kept = {
            f"-{spec.flow_day}": _("{field}（新的在前）").format(field=field.label),
            spec.flow_day: field.label,
            **kept,
        }
    return kept


def chosen_sort(spec: Register, sort: str) -> str:
    """The sort that the address names, the usual one without; BadInput for another. Heads sort by any day field."""
    offered = sorts_of(spec)
    known = {*offered, "title", "-title", "-unit", "-state", "start", "-start", "task", "-task"}
    known |= {f"{sign}{field.key}" for field in spec.fields if field.type == "date" for sign in ("", "-")}
    if not sort:
        return next(iter(offered))
    if sort not in known:
        raise BadInput(_("没有“{sort}”这种排序。请改用其中之一：{known}。"), sort=sort, known=listed(offered))
    return sort


def order_of(pack: Pack, spec: Register, sort: str) -> list[OrderBy]:
    """The order in SQL, always complete: the number decides at last.

    Numbers of a register are given in the order of its items' ids, so the id, which stands on the spell, decides as the
    number would without reading a hundred thousand items.
    """
    key, down = sort.removeprefix("-"), sort.startswith("-")
    last = [OrderBy(F("item_id"))]
    if key == "number":
        return [OrderBy(Length("item__number"), descending=down), OrderBy(F("item__number"), descending=down)]
    if key == "light":
        rank = StrIndex(Value(" ".join(Light)), F("light"))  # the light is worked out once, not once a colour
        return [OrderBy(rank), OrderBy(F("due"), nulls_last=True), *last]
    if key == "state":
        states = list(pack.workflow_of(spec.key).states)
        place = Case(
            *(When(state=state, then=Value(at)) for at, state in enumerate(states)), default=Value(99)
        )
        return [OrderBy(place, descending=down), *last]
    if (field := spec.field(key)) is not None and field.type == "date":
        text = Cast(KeyTextTransform(key, "data"), TextField())
        return [OrderBy(text, descending=down, nulls_last=True), *last]
    column = {"title": "item__title", "unit": "unit__order", "task": "task__number"}.get(key, key)
    more = [OrderBy(F("unit__code"), descending=down)] if key == "unit" else []
    return [OrderBy(F(column), descending=down, nulls_last=True), *more, *last]
