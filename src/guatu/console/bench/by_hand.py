"""The same answers as plain SQL, written by hand for both databases: what the operations are measured against.

Nothing of the product is used here: no model, no policy, no cache. Each function is what somebody would write who
knows the tables and wants this one answer for somebody who may see everything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

OPEN = 2**62  # rec_to of a row that is still known
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the statements are about: a register of a campaign below the unit `root`, with its states by meaning.

    `level` and `depth`: the units whose cells are counted, and how deep they stand (the root: 1).
    """

    campaign: int
    root: int
    register: str
    running: tuple[str, ...]
    returned: tuple[str, ...]
    waiting: tuple[str, ...]
    soon_days: int
    unanswered_days: int
    yellow_behind: int
    red_behind: int
    level: str = ""
    depth: int = 1


def _ask(sql: str, params: Sequence[object]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _in(keys: Sequence[str]) -> str:
    return "(" + ", ".join(["%s"] * len(keys)) + ")" if keys else "(NULL)"


def _days(later: str, earlier: str) -> str:
    """The days between two days as an expression."""
    if connection.vendor == "postgresql":
        return f"({later} - {earlier})"
    return f"(julianday({later}) - julianday({earlier}))"


def _day(day: date) -> object:
    return day if connection.vendor == "postgresql" else day.isoformat()


def _given() -> str:
    """A day given as a parameter: PostgreSQL must be told that it is one."""
    return "%s::date" if connection.vendor == "postgresql" else "%s"


def wall(of: Subject, day: date) -> Rows:
    """(unit code, task, items, closed ones, light) of every cell that counts something."""
    today, running = _given(), f"s.state IN {_in(of.running)}"
    share = f"{_days(today, 's.start')} * 1.0 / {_days('s.due', 's.start')}"
    inner = f"""
        SELECT u.code, s.task_id, count(*) AS n,
          sum(CASE WHEN s.phase = 'closed' THEN 1 ELSE 0 END) AS closed,
          sum(CASE WHEN {running} AND s.due < {today} THEN 1
                   WHEN s.phase = 'review' AND s.phase_since > s.due AND NOT {running} THEN 1 ELSE 0 END) AS overdue,
          sum(CASE WHEN {running} AND s.due >= {today} AND s.due <= {today} THEN 1 ELSE 0 END) AS soon,
          sum(CASE WHEN s.state IN {_in(of.returned)} THEN 1 ELSE 0 END) AS returned,
          sum(CASE WHEN s.state IN {_in(of.waiting)} AND s.state_since <= {today} THEN 1 ELSE 0 END) AS unanswered,
          sum(CASE WHEN s.start IS NULL OR s.start <= {today} THEN 1 ELSE 0 END) AS started,
          sum(CASE WHEN s.due IS NULL THEN 0.0 WHEN s.due <= {today} THEN 1.0
                   WHEN s.start IS NULL OR s.start >= {today} THEN 0.0 ELSE {share} END) AS expected
        FROM records_spell s JOIN records_unit u ON u.id = s.a{of.depth} AND u.level = %s
        WHERE s.campaign_id = %s AND s.register = %s AND s.rec_to = %s AND s.valid_from <= {today}
          AND s.valid_to > {today} AND s.phase IN ('open', 'review', 'closed') AND s.a1 = %s
        GROUP BY u.code, s.task_id"""
    behind = "(expected - closed) * 100.0 / n"
    sql = f"""
        SELECT code, task_id, n, closed, CASE
          WHEN closed = n THEN 'blue'
          WHEN overdue > 0 OR (n > 1 AND {behind} > %s + 0.000001) THEN 'red'
          WHEN soon > 0 OR returned > 0 OR (n > 1 AND {behind} >= %s - 0.000001) THEN 'yellow'
          WHEN unanswered > 0 THEN 'white' WHEN started = 0 THEN 'grey' ELSE 'green' END
        FROM ({inner}) AS cells"""
    on, waits = _day(day), _day(day - timedelta(days=of.unanswered_days + 1))
    return _ask(
        sql,
        [
            *(of.red_behind, of.yellow_behind),
            *(*of.running, on, *of.running),
            *(*of.running, on, _day(day + timedelta(days=of.soon_days))),
            *of.returned,
            *(*of.waiting, waits),
            on,
            *(on, on, on),
            *(of.level, of.campaign, of.register, OPEN, on, on, of.root),
        ],
    )


def _light(of: Subject, day: date) -> tuple[str, list[object]]:
    """The light of one item as an expression over spell s, with its parameters."""
    today, running = _given(), f"s.state IN {_in(of.running)}"
    on = _day(day)
    sql = f"""CASE WHEN s.phase = 'closed' THEN 'blue'
        WHEN {running} AND s.due < {today} THEN 'red'
        WHEN s.phase = 'review' AND s.phase_since > s.due AND NOT {running} THEN 'red'
        WHEN s.state IN {_in(of.returned)} OR ({running} AND s.due >= {today} AND s.due <= {today}) THEN 'yellow'
        WHEN s.state IN {_in(of.waiting)} AND s.state_since <= {today} THEN 'white'
        WHEN s.start > {today} THEN 'grey' ELSE 'green' END"""
    params: list[object] = [*of.running, on, *of.running, *of.returned]
    params += [*of.running, on, _day(day + timedelta(days=of.soon_days))]
    return sql, [*params, *of.waiting, _day(day - timedelta(days=of.unanswered_days + 1)), on]


def _listed(of: Subject, day: date) -> tuple[str, list[object]]:
    today = _given()
    sql = f"""s.campaign_id = %s AND s.register = %s AND s.rec_to = %s AND s.valid_from <= {today}
        AND s.valid_to > {today} AND s.phase IN ('open', 'review', 'closed') AND s.a1 = %s"""
    return sql, [of.campaign, of.register, OPEN, _day(day), _day(day), of.root]


def counts(of: Subject, day: date) -> Rows:
    """(light, items) of a list."""
    light, first = _light(of, day)
    where, then = _listed(of, day)
    return _ask(f"SELECT {light}, count(*) FROM records_spell s WHERE {where} GROUP BY 1", [*first, *then])


def rows(of: Subject, day: date, limit: int | None = 50) -> Rows:
    """The first rows of a list, worst light first; `limit` None: all of them."""
    light, first = _light(of, day)
    where, then = _listed(of, day)
    rank = "CASE light WHEN 'red' THEN 0 WHEN 'yellow' THEN 1 WHEN 'white' THEN 2 WHEN 'green' THEN 3 WHEN 'blue' THEN 4 ELSE 5 END"
    sql = f"""SELECT * FROM (
          SELECT i.number, i.title, u.short_name, s.state, s.due, {light} AS light, s.phase_since, s.data, i.public_id
          FROM records_spell s JOIN records_item i ON i.id = s.item_id JOIN records_unit u ON u.id = s.unit_id
          WHERE {where}) AS listed
        ORDER BY {rank}, due NULLS LAST, length(number), number"""
    params = [*first, *then]
    return _ask(f"{sql} LIMIT %s", [*params, limit]) if limit else _ask(sql, params)


def item(pk: int, day: date) -> tuple[Rows, ...]:
    """Everything that stands on an item's page: its standing, revisions, evidence, units, children, comments, links."""
    today, on = _given(), _day(day)
    standing = f"""
        SELECT i.number, i.title, s.state, s.due, s.data, u.name, p.number, t.number
        FROM records_item i JOIN records_spell s ON s.item_id = i.id JOIN records_unit u ON u.id = s.unit_id
        LEFT JOIN records_item p ON p.id = i.parent_id LEFT JOIN records_item t ON t.id = i.task_id
        WHERE i.id = %s AND s.rec_to = %s AND s.valid_from <= {today} AND s.valid_to > {today}"""
    revisions = """
        SELECT r.version, r.effective_on, r.body, r.hash, b.recorded_on, b.actor_name, b.post_name, b.action, b.reason
        FROM records_revision r JOIN records_batch b ON b.seq = r.batch_id
        WHERE r.subject_kind = 'item' AND r.subject_id = %s ORDER BY r.version"""
    links = """
        SELECT l.kind, i.number, i.title FROM records_link l
        JOIN records_item i ON i.id = CASE WHEN l.source_id = %s THEN l.target_id ELSE l.source_id END
        WHERE l.source_id = %s OR l.target_id = %s"""
    return (
        _ask(standing, [pk, OPEN, on, on]),
        _ask(revisions, [pk]),
        _ask("SELECT title, place, keeper, number FROM records_evidence WHERE item_id = %s", [pk]),
        _ask("SELECT unit_id, role FROM records_itemunit WHERE item_id = %s", [pk]),
        _ask("SELECT number, title, state, due FROM records_item WHERE parent_id = %s ORDER BY id", [pk]),
        _ask("SELECT * FROM records_comment WHERE item_id = %s", [pk]),
        _ask(links, [pk, pk, pk]),
    )


def update(pk: int, field: str, value: str, day: date, moment: datetime) -> None:
    """Give an item's field another value: batch, revision, item, spells and head, in one transaction."""
    postgres = connection.vendor == "postgresql"
    place = "jsonb_set(data, ARRAY[%s], to_jsonb(%s::text))" if postgres else "json_set(data, '$.' || %s, %s)"
    columns = (
        "item_id, campaign_id, register, unit_id, parent_id, task_id, state, phase, round, state_since, phase_since, "
        "start, due, base_due, a1, a2, a3, a4, a5, a6, a7, a8, enters, valid_from, valid_to"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT batch_seq, revision_id FROM records_ledgerhead WHERE id = 1{' FOR UPDATE' if postgres else ''}"
        )
        seq, revision = (number + 1 for number in cursor.fetchone())
        cursor.execute(
            "SELECT version, body, hash FROM records_revision WHERE subject_kind = 'item' AND subject_id = %s "
            "ORDER BY version DESC LIMIT 1",
            [pk],
        )
        version, body, last = cursor.fetchone()
        content = json.loads(body)
        content["dated"] = {}
        content.setdefault("plain", {}).setdefault("data", {})[field] = value
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        own = hashlib.sha256(f"{revision}{seq}{pk}{version}{day}{text}{last}".encode()).hexdigest()
        written = moment if postgres else moment.replace(tzinfo=None).isoformat(" ")
        cursor.execute(
            "INSERT INTO records_batch (seq, campaign_key, recorded_on, written_at, actor_name, post_name, action, reason, "
            "request_sha256, revisions, root) VALUES (%s, '', %s, %s, '', '', 'by hand', '', '', 1, %s)",
            [seq, written, written, own],
        )
        cursor.execute(
            "INSERT INTO records_revision (id, batch_id, subject_kind, subject_id, version, effective_on, body, prev_hash, "
            "hash) VALUES (%s, %s, 'item', %s, %s, %s, %s, %s, %s)",
            [revision, seq, pk, version + 1, _day(day), text, last, own],
        )
        cursor.execute(
            f"UPDATE records_item SET data = {place}, version = %s WHERE id = %s",
            [field, value, version + 1, pk],
        )
        cursor.execute(
            f"INSERT INTO records_spell ({columns}, data, rec_from, rec_to) SELECT {columns}, {place}, %s, %s "
            "FROM records_spell WHERE item_id = %s AND rec_to = %s ORDER BY id",
            [field, value, seq, OPEN + 1, pk, OPEN],
        )
        cursor.execute(
            "UPDATE records_spell SET rec_to = CASE WHEN rec_to = %s THEN %s ELSE %s END WHERE item_id = %s AND rec_to >= %s",
            [OPEN, seq, OPEN, pk, OPEN],
        )
        cursor.execute(
            "UPDATE records_ledgerhead SET batch_seq = %s, revision_id = %s WHERE id = 1", [seq, revision]
        )
