"""The tracks that the closed loop itself keeps on an item, beside the register's fields.

They stand in `data` under a key with @, so they hold from a day on, are seen as of any day, and nobody can edit them as
fields. `clocks` says what each step writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from guatu.domain.history import Timeline
from guatu.domain.spells import FIELD, STATE

APPLIED_ON = "@applied_on"
"""ISO day on which the unit applied in this round; kept when the item is closed, taken back when it is returned."""

ACT_BY = "@act_by"
"""ISO day by which whoever the item waits for has to act: the reviewer's clock, the clock of a referral."""

NOTICE_UNTIL = "@notice_until"
"""ISO day: the last day of the public notice."""

NOTICE_KIND = "@notice_kind"
"""How the close-out is made known: public, within or none."""

STOPPED_ON = "@stopped_on"
"""ISO day since which the unit's clock stands while the item is open (referred upward)."""

SENT_BACK = "@sent_back"
"""True from a return until the next submission."""

ASKED = "@asked"
"""The unit (its primary key) that has been asked to solve the matter and has not answered yet."""

DECLINED = "@declined"
"""How often units above have declined what is asked now."""

LISTED_ON = "@listed_on"
"""ISO day since which the item stands on the office's coordination list (协调清单)."""

RETURNS = "@returns"
"""How often the item has been sent back, in all its rounds."""

DECIDED_BY = "@decided_by"
"""Who recognised the close-out of an item of the root unit: meeting (会议认定) or superior (上级认定)."""

FORM = "@form"
"""What a request asks: `domain.collection.Form` as JSON, on the request."""

CHAIN = "@chain"
"""Who looks at a return, in order (head, second, office), on the return."""

CUT_OFF = "@cut_off"
"""ISO day and minute in the campaign's zone until which a return is in time, on the return."""

HANDED_AT = "@handed_at"
"""ISO day and minute of the last submission, on the return; taken back when it is sent back or amended."""

FLAWS = "@flaws"
"""The cells that were sent back: a list of {item, field, reason}, on the return; empty once it is handed in again."""

CELLS = "@cells"
"""What handing in cost: {asked, prefilled, changed} counts of cells, on the return."""

FILLED_BY = "@filled_by"
"""Who handed the return in for the unit (代填): {person, name}, on the return; None where the unit did so itself."""

RETURN = "@return"
"""The return (its primary key) by which a row was reported, on the row."""

BASIS = "@basis"
"""How far a reported row has been recognised: reported, signed, second_tier, office; a row without it is the office's."""

BODY = "@body"
"""The text of a document: `domain.writing.body.Body` as JSON, on the document."""

SECTIONS = "@sections"
"""Who writes which section of a document: a list of {heading, person, done}, on the document."""

WRITERS = "@writers"
"""Whose sections of a document are not done: ",12,15," (keys of persons), on the document; a desk finds its own by it."""

TRACKS = (
    APPLIED_ON,
    ACT_BY,
    NOTICE_UNTIL,
    NOTICE_KIND,
    STOPPED_ON,
    SENT_BACK,
    ASKED,
    DECLINED,
    LISTED_ON,
    RETURNS,
    DECIDED_BY,
    FORM,
    CHAIN,
    CUT_OFF,
    HANDED_AT,
    FLAWS,
    CELLS,
    FILLED_BY,
    RETURN,
    BASIS,
    BODY,
    SECTIONS,
    WRITERS,
)


def track(key: str) -> str:
    """The dated track on which the value of `key` is kept."""
    return FIELD + key


def noted_as_tracks(values: Mapping[str, Any]) -> dict[str, Any]:
    """Track → value of what an action notes under these keys. A key that is no track is a mistake of the code: KeyError."""
    for key in values:
        if key not in TRACKS:
            raise KeyError(key)
    return {track(key): value for key, value in values.items()}


def corrected(before: Timeline, withdraws: int, state: str, day: date) -> dict[str, Any]:
    """Track → value of what the loop noted, when a correction withdraws the states from a version on.

    `state` holds from `day` instead, one of those withdrawn or the one before them: what was noted with it holds again,
    and where it was the application itself, `day` is the day of application.
    """
    steps = before.tracks.get(STATE, ())
    chosen = next(
        (
            mark.version
            for mark in reversed(steps)
            if mark.version >= withdraws and mark.value["key"] == state
        ),
        withdraws - 1,
    )
    found: dict[str, Any] = {}
    for key in TRACKS:
        marks = before.tracks.get(track(key), ())
        if any(mark.version >= withdraws for mark in marks):
            standing = [mark for mark in marks if mark.version <= chosen][-1:]
            value = standing[0].value if standing else None
            if key == APPLIED_ON and value is not None and standing[0].version >= withdraws:
                value = day.isoformat()
            found[track(key)] = value
    return found
