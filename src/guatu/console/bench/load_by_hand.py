"""The load of a workbook's rows as plain SQL, written by hand: what the import of a workbook is measured against.

What somebody would write who knows the tables, trusts every cell and wants the rows in: items, a revision of each with
its hash, a spell of each, one batch; prepared statements on SQLite, COPY on PostgreSQL. No model, no policy, no check
of a value, no time line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

OPEN = 2**62  # rec_to of a row that is still known
FAR = date(9999, 12, 31)
_ITEM = (
    "id public_id campaign_id register number title unit_id a1 a2 a3 a4 a5 a6 a7 a8 state phase round state_since "
    "phase_since due base_due data due_kind late_entry on_behalf restricted version"
).split()
_SPELL = (
    "item_id campaign_id register unit_id a1 a2 a3 a4 a5 a6 a7 a8 state phase round state_since phase_since due "
    "base_due data enters valid_from valid_to rec_from rec_to"
).split()
_REVISION = "id batch_id subject_kind subject_id version effective_on body prev_hash hash".split()


@dataclass(frozen=True, slots=True)
class Target:
    """Where the rows go: campaign, register with its prefix, the state of new items; `lines`: unit code → its line."""

    campaign: int
    register: str
    prefix: str
    state: str
    phase: str
    lines: dict[str, tuple[int, ...]]


def load(
    to: Target, rows: Iterable[tuple[str, str, date | None, dict[str, Any]]], day: date, at: datetime
) -> None:
    """Load rows of (unit code, title, due day, field values) in one transaction."""
    postgres = connection.vendor == "postgresql"
    items, revisions, spells = [], [], []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT batch_seq, revision_id FROM records_ledgerhead WHERE id = 1{' FOR UPDATE' if postgres else ''}"
        )
        seq, revision = cursor.fetchone()
        cursor.execute("SELECT coalesce(max(id), 0) FROM records_item")
        (pk,) = cursor.fetchone()
        on = day if postgres else day.isoformat()
        seq += 1
        for place, (code, title, due, fields) in enumerate(rows, start=1):
            line = to.lines[code]
            ancestors = (*line, *(None,) * (8 - len(line)))
            data = json.dumps(fields, ensure_ascii=False)
            when = due if postgres or due is None else due.isoformat()
            number, public = f"{to.prefix}-{pk + place:06d}", uuid4()
            body = json.dumps(
                {
                    "dated": {"state": to.state, "unit": line[-1]},
                    "plain": {"number": number, "title": title, "data": fields},
                },
                ensure_ascii=False,
            )
            own = hashlib.sha256(f"{revision + place}{seq}{pk + place}{day}{body}".encode()).hexdigest()
            standing = (to.state, to.phase, 1, on, on, when, when, data)
            items.append(
                (
                    pk + place,
                    public if postgres else public.hex,
                    to.campaign,
                    to.register,
                    number,
                    title,
                    line[-1],
                    *ancestors,
                    *standing,
                    "date",
                    False,
                    False,
                    False,
                    1,
                )
            )
            revisions.append((revision + place, seq, "item", pk + place, 1, on, body, "", own))
            spells.append(
                (
                    pk + place,
                    to.campaign,
                    to.register,
                    line[-1],
                    *ancestors,
                    *standing,
                    True,
                    on,
                    FAR if postgres else FAR.isoformat(),
                    seq,
                    OPEN,
                )
            )
        moment = at if postgres else at.replace(tzinfo=None).isoformat(" ")
        cursor.execute(
            "INSERT INTO records_batch (seq, campaign_key, recorded_on, written_at, actor_name, post_name, action, reason, "
            "request_sha256, revisions, root) VALUES (%s, '', %s, %s, '', '', 'by hand', '', '', %s, %s)",
            [seq, moment, moment, len(revisions), revisions[-1][-1] if revisions else ""],
        )
        _put(cursor, "records_item", _ITEM, items)
        if postgres and items:  # the keys were given by hand: the sequence goes on after them
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('records_item', 'id'), %s)", [pk + len(items)]
            )
        _put(cursor, "records_revision", _REVISION, revisions)
        _put(cursor, "records_spell", _SPELL, spells)
        cursor.execute(
            "UPDATE records_ledgerhead SET batch_seq = %s, revision_id = %s WHERE id = 1",
            [seq, revision + len(revisions)],
        )


def _put(cursor: Any, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    names = ", ".join(columns)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(columns))})", rows)
