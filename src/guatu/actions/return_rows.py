"""From the rows of a return as they are handed in to what is written: new items, edits, rows that come in or leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.actions.items import Edit, NewItem
from guatu.actions.reach import load_items
from guatu.domain.clock import today
from guatu.domain.collection import UNREPORTED
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.fields import parse
from guatu.domain.filling import EMPTY, MOST_DIFFERENCES, Filled, differences
from guatu.domain.loop_tracks import BASIS, FORM, RETURN
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.queries.returns import rows_of
from guatu.records.models import Campaign, Item


@dataclass(frozen=True, slots=True)
class Rows:
    """What handing in writes of rows: `notes` are tracks of rows that come into the return or leave it.

    `differs`: what is said otherwise than when it was handed in before (`filling.differences`).
    """

    creates: tuple[NewItem, ...]
    edits: tuple[Edit, ...]
    notes: Mapping[int, Mapping[str, Any]]
    differs: tuple[dict[str, Any], ...]


def gather_rows(
    campaign: Campaign,
    item: Item,
    register: Register,
    rows: Sequence[Filled],
    *,
    reader: Actor,
    on_behalf: bool,
) -> Rows:
    """Sort the rows of the return `item` into what is new, what changes, what leaves.

    Raises NotFound for a row of another unit or register, BadInput for one that stands twice, or that another return carries.
    """
    named = [row.item for row in rows if row.item is not None]
    if len(set(named)) != len(named):
        raise BadInput(_("同一条记录在一次报送中出现了两次。请去掉重复后再报送。"))
    known = load_items(campaign, named) if named else {}
    for each in known.values():
        if each.unit_id != item.unit_id or each.register != register.key:
            raise NotFound()
    before = rows_of(campaign, [item], reader)  # what is kept from whoever hands in stays as it is
    reported = {each.pk for each in before}
    creates, edits, differs = [], [], []
    notes: dict[int, dict[str, Any]] = {}
    for place, row in enumerate(rows):
        if row.item is None:
            creates.append(_new(item, register, row, place, on_behalf))
            continue
        stored = known[row.item]
        changed = _changed(register, stored, row)
        retitled = bool(row.title.strip()) and row.title.strip() != stored.title
        if changed or retitled:
            title = row.title.strip() if retitled else None
            edits.append(Edit(stored.pk, changed, title=title, version=row.version))
        if stored.pk in reported:
            differs += differences(register.fields, stored.pk, stored.data, changed)
        elif stored.data.get(RETURN) is not None:
            raise BadInput(
                _("{number} 已列入另一份报送，不能再报一次。请从这里去掉这一行后再报送。"),
                number=stored.number,
            )
        else:
            notes[stored.pk] = {RETURN: item.pk, BASIS: "reported"}
    leaving = reported - set(named)
    notes.update({pk: {RETURN: None, BASIS: UNREPORTED} for pk in sorted(leaving)})
    differs += [{"item": pk, "field": "", "was": True, "now": None} for pk in sorted(leaving)]
    if reported:
        differs += [{"item": None, "field": "", "was": None, "now": row.title} for row in creates]
    return Rows(tuple(creates), tuple(edits), notes, tuple(differs[:MOST_DIFFERENCES]))


def _new(item: Item, register: Register, row: Filled, place: int, on_behalf: bool) -> NewItem:
    period = item.parent.data[FORM].get("period") if item.parent is not None else None
    fields = {key: value for key, value in row.fields.items() if value not in EMPTY}
    if register.flow_day and register.flow_day not in fields and period:
        fields[register.flow_day] = period
    happens = fields.get(register.flow_day) if register.flow_day else None
    day = today(ZoneInfo(item.campaign.zone))
    return NewItem(
        register=register.key,
        unit=item.unit.code,
        title=row.title.strip() or default_title(item, register, place),
        fields=fields,
        effective=day if happens and str(happens) > day.isoformat() else None,  # a period that still runs
        due=item.due if register.due == "required" else None,
        on_behalf=on_behalf,
        tracks={RETURN: item.pk, BASIS: "reported"},
    )


def default_title(item: Item, register: Register, place: int) -> str:
    """What a row is called where nobody named it."""
    if register.rows == "one" or place == 0:
        return item.title[:300]
    return _("{title}（{n}）").format(title=item.title[:280], n=place + 1)


def _changed(register: Register, stored: Item, row: Filled) -> dict[str, Any]:
    """The fields that say something else than what is stored."""
    found = {}
    for key, value in row.fields.items():
        field = register.field(key)
        if field is None:
            continue
        new = parse(field, value) if value not in EMPTY else None
        old = stored.data.get(key)
        if new != old and not (new in EMPTY and old in EMPTY):
            found[key] = new
    return found
