"""A whole campaign as one file (整包): what it holds, and how its records name one another outside the database.

Inside, revisions name units and items by primary key; outside, units go by their code and items by their public id. The
history of an item travels revision by revision, with the day it holds from and who wrote it down; the batches do not:
where it is loaded, everything is known from the day of loading on (docs/decisions/0180).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from guatu.domain.errors import BadInput
from guatu.domain.loop_tracks import ASKED, CELLS, FILLED_BY, FLAWS, FORM, RETURN, SECTIONS, WRITERS, track
from guatu.domain.spells import UNIT
from guatu.domain.words import gettext as _
from guatu.domain.writing.assigning import notes_of, shares_of

FORMAT: Final = 1
UNIT_TRACKS: Final = (UNIT, track(ASKED))
ITEM_TRACKS: Final = (track(RETURN),)
KEPT: Final = ("transition", "reason", "decision", "sheet", "due_change")
"""What a revision says beside its values that means the same elsewhere."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The parts of a campaign in the order in which they are loaded; rows are plain JSON objects.

    `items` is one object per item: public_id, number, revisions [{on, dated, plain, withdraws, evidence, units,
    units_gone, origin, …}], oldest first. `files` are the SHA-256 of what evidence, file fields and issued documents refer to.
    `issued` are the issued documents in their order, `packs` the earlier versions of the pack by which they were counted,
    `phrases` what has been decided about phrases. Archives of before had none of these three.
    """

    head: Mapping[str, Any]
    pack: str
    units: tuple[Mapping[str, Any], ...]
    people: tuple[Mapping[str, Any], ...]
    teams: tuple[Mapping[str, Any], ...]
    posts: tuple[Mapping[str, Any], ...]
    items: tuple[Mapping[str, Any], ...]
    links: tuple[Mapping[str, Any], ...]
    comments: tuple[Mapping[str, Any], ...]
    readers: tuple[Mapping[str, Any], ...]
    outside: tuple[Mapping[str, Any], ...] = ()
    packs: tuple[Mapping[str, Any], ...] = ()
    issued: tuple[Mapping[str, Any], ...] = ()
    phrases: tuple[Mapping[str, Any], ...] = ()
    files: tuple[str, ...] = field(default=())


Rename = Callable[[Any], Any]


def renamed(body: Mapping[str, Any], unit: Rename, item: Rename, person: Rename) -> dict[str, Any]:
    """A revision's body with every unit, item and person in it named another way; what only the database knows is left
    out."""
    said: dict[str, Any] = {
        "dated": {
            key: _named(key, value, unit, item, person)
            for key, value in body["dated"].items()
            if key != track(WRITERS)  # told by the sections
        }
    }
    plain = body.get("plain")
    if plain is not None:
        said["plain"] = {
            key: item(value) if key in ("parent", "task") and value is not None else value
            for key, value in plain.items()
            if key != "campaign"
        }
    for key in ("units", "units_gone"):
        if body.get(key):
            said[key] = [[unit(one), role] for one, role in body[key]]
    for key in ("withdraws", "evidence", *KEPT):
        if body.get(key) not in (None, "", []):
            said[key] = body[key]
    return said


def with_writers(dated: Mapping[str, Any]) -> dict[str, Any]:
    """The tracks of a revision with those that are told by others: whose sections of a document are not done."""
    if track(SECTIONS) not in dated:
        return dict(dated)
    noted = notes_of(shares_of(dated[track(SECTIONS)]))
    return {**dated, track(WRITERS): noted[WRITERS]}


def _named(key: str, value: Any, unit: Rename, item: Rename, person: Rename) -> Any:
    if value is None:
        return None
    if key in UNIT_TRACKS:
        return unit(value)
    if key in ITEM_TRACKS:
        return item(value)
    if key == track(FLAWS):
        return _each_item(value, item)
    if key == track(CELLS) and "differs" in value:
        return {**value, "differs": _each_item(value["differs"], item)}
    if key == track(FILLED_BY):
        return {**value, "person": person(value.get("person"))}
    if key == track(SECTIONS):
        return [{**one, "person": person(one["person"])} for one in value]
    drawn = value["more"].get("sample") if key == track(FORM) and value.get("more") else None
    if drawn:
        sample = {**drawn, "returns": [item(one) for one in drawn["returns"]]}
        return {**value, "more": {**value["more"], "sample": sample}}
    return value


def _each_item(rows: Iterable[Mapping[str, Any]], item: Rename) -> list[dict[str, Any]]:
    """Rows that say under `item` which item they are about, or None."""
    return [{**row, "item": item(row["item"]) if row.get("item") is not None else None} for row in rows]


def lookup(names: Mapping[Any, Any], what: str) -> Rename:
    """A renaming by a table. Raises BadInput for what is not in it: the file contradicts itself."""

    def find(value: Any) -> Any:
        if value not in names:
            raise BadInput(
                _("包内数据不完整：{what}“{value}”没有对应的记录。请重新导出后再装入。"),
                what=what,
                value=value,
            )
        return names[value]

    return find
