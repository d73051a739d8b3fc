"""A home with very many items: copies of those there are, written in bulk, for measuring only.

A copy is an item of its own: number, public id, revisions with their own hash chain, batches with their own roots,
spells worked out by the same rule that verify rebuilds them with. So the home verifies. What copies leave out, because
nothing measured reads it: evidence, units beside the lead unit, links, comments, and seals over the new batches. The
items that make the columns of the wall are not copied; their cells count the copies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from uuid6 import uuid7

from guatu.domain import clock
from guatu.domain.chain import merkle_root
from guatu.domain.history import Entry
from guatu.domain.spells import Rectangle, canonical, rebuild
from guatu.queries.places import histories_now
from guatu.queries.subjects import entry_of
from guatu.records.bulk import insert
from guatu.records.hashes import batch_hash, revision_hash
from guatu.records.models import ANCESTORS, Batch, Campaign, Item, LedgerHead, Revision, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

OWN_ID, OWN_NUMBER, ITS_PARENT = "@id@", "@number@", '"@parent@"'
ITEM = ("id", "public_id", "number", "parent_id")
SPELL = ("item_id", "parent_id", "rec_from", "rec_to")
BESIDE = ("evidence", "units")
Said = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Revised:
    """One revision of a pattern: `body` with places for the copy's own id, number and parent."""

    version: int
    effective: date
    body: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    """An item to be copied: `prefix` of its number, the place of its parent among the patterns (None = it has none
    there, then `parent` is kept), its other columns, its revisions and spells (known from one version to another)."""

    prefix: str
    above: int | None
    parent: int | None
    columns: tuple[Any, ...]
    revisions: tuple[_Revised, ...]
    spells: tuple[tuple[int, int | None, tuple[Any, ...]], ...]


def multiply(campaign: Campaign, upto: int, said: Said = lambda done, total: None) -> int:
    """Copy the campaign's items as a whole until there are about `upto`; returns how many were added."""
    patterns = _patterns(campaign)
    rounds = max(0, round((upto - Item.objects.count()) / len(patterns))) if patterns else 0
    numbers: dict[str, int] = {}
    for number in Item.objects.filter(campaign=campaign).values_list("number", flat=True):
        prefix, _dash, count = number.rpartition("-")
        numbers[prefix] = max(numbers.get(prefix, 0), int(count))
    with _without_indexes((Item, Revision, Spell)):
        for done in range(rounds):
            with transaction.atomic():
                _copy(campaign, patterns, numbers)
            said(done + 1, rounds)
    _set_sequences()
    return rounds * len(patterns)


def _patterns(campaign: Campaign) -> list[_Pattern]:
    wall = pack_of(campaign).wall
    items = Item.objects.filter(campaign=campaign).order_by("id")
    if wall is not None:
        items = items.exclude(register=wall.columns)
    rest = [f.column for f in Item._meta.concrete_fields if f.column not in ITEM]
    rows = _raw(Item, ("id", "number", "parent_id", "register", "task_id", *rest), items)
    place = {row[0]: at for at, row in enumerate(rows)}
    entries: dict[int, list[Entry]] = {}
    bodies: dict[int, list[_Revised]] = {}
    revisions = Revision.objects.filter(subject_kind="item").order_by("subject_id", "version")
    columns = ("subject_id", "version", "effective_on", "body")
    for item, version, effective, body in revisions.values_list(*columns).iterator(chunk_size=5000):
        if item in place:
            entries.setdefault(item, []).append(entry_of(version, version, effective, body))
            revised = _Revised(version, effective, _with_places(body, place))
            bodies.setdefault(item, []).append(revised)
    histories = histories_now(campaign.tree_id)
    found = []
    for item, number, parent, register, task, *columns_kept in rows:
        rectangles = rebuild(entries[item], (), lambda _batch: histories)
        found.append(
            _Pattern(
                prefix=number.rpartition("-")[0],
                above=place.get(parent),
                parent=parent,
                columns=tuple(columns_kept),
                revisions=tuple(bodies[item]),
                spells=tuple(_spell(campaign.pk, register, task, one) for one in rectangles),
            )
        )
    return found


def _with_places(body: str, place: dict[int, int]) -> str:
    content = {key: value for key, value in json.loads(body).items() if key not in BESIDE}
    if plain := content.get("plain"):
        plain |= {"number": OWN_NUMBER, "public_id": OWN_ID}
        if plain["parent"] in place:
            plain["parent"] = ITS_PARENT.strip('"')
    return canonical(content)


def _spell(
    campaign: int, register: str, task: int | None, one: Rectangle
) -> tuple[int, int | None, tuple[Any, ...]]:
    segment = one.segment
    values = {
        "campaign_id": campaign,
        "register": register,
        "task_id": task,
        "unit_id": segment.unit,
        "data": json.dumps(json.loads(segment.data)),
        **dict.fromkeys(ANCESTORS),
        **dict(zip(ANCESTORS, segment.line, strict=False)),
        **{f.column: getattr(segment, f.column, None) for f in _of_segment()},
    }
    until = None if one.rec_to == STILL_KNOWN else one.rec_to
    return one.rec_from, until, tuple(_stored(values[name]) for name in _spell_columns())


def _of_segment() -> list[models.Field[Any, Any]]:
    given = {"campaign_id", "register", "task_id", "unit_id", "data", *ANCESTORS, *SPELL, "id"}
    return [f for f in Spell._meta.concrete_fields if f.column not in given]


def _spell_columns() -> list[str]:
    return [f.column for f in Spell._meta.concrete_fields if f.column not in (*SPELL, "id")]


def _stored(value: Any) -> Any:
    """A day as SQLite's driver takes it without a converter of its own."""
    return value.isoformat() if isinstance(value, date) and connection.vendor == "sqlite" else value


def _copy(campaign: Campaign, patterns: Sequence[_Pattern], numbers: dict[str, int]) -> None:
    """One more of everything: a batch for all first revisions, one for all second revisions, and so on."""
    head = LedgerHead.objects.select_for_update().get(pk=1)
    first = (Item.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    native = connection.features.has_native_uuid_field
    bodies: list[tuple[str, str, str]] = []
    rows, spells = [], []
    for at, pattern in enumerate(patterns):
        own = UUID(int=uuid7().int)
        numbers[pattern.prefix] += 1
        number = f"{pattern.prefix}-{numbers[pattern.prefix]:04d}"
        parent = pattern.parent if pattern.above is None else first + pattern.above
        bodies.append((str(own), number, str(parent)))
        rows.append((first + at, own if native else own.hex, number, parent, *pattern.columns))
        for since, until, columns in pattern.spells:
            known_to = STILL_KNOWN if until is None else head.batch_seq + until
            spells.append((first + at, parent, head.batch_seq + since, known_to, *columns))
    rest = [f.column for f in Item._meta.concrete_fields if f.column not in ITEM]
    _load(Item, (*ITEM, *rest), rows)
    _load(Spell, (*SPELL, *_spell_columns()), spells)
    _write_batches(campaign, patterns, bodies, first, head)


def _write_batches(
    campaign: Campaign,
    patterns: Sequence[_Pattern],
    bodies: Sequence[tuple[str, str, str]],
    first: int,
    head: LedgerHead,
) -> None:
    last = [""] * len(patterns)
    revision, levels = head.revision_id, max(len(pattern.revisions) for pattern in patterns)
    rows, batches = [], []
    for level in range(levels):
        seq = head.batch_seq + level + 1
        hashes = []
        for at, pattern in enumerate(patterns):
            if level < len(pattern.revisions):
                revised = pattern.revisions[level]
                own, number, parent = bodies[at]
                body = (
                    revised.body.replace(OWN_ID, own).replace(OWN_NUMBER, number).replace(ITS_PARENT, parent)
                )
                revision += 1
                own_hash = revision_hash(
                    revision, seq, "item", first + at, revised.version, revised.effective, body, last[at]
                )
                effective = _stored(revised.effective)
                rows.append(
                    (revision, seq, "item", first + at, revised.version, effective, body, last[at], own_hash)
                )
                last[at] = own_hash
                hashes.append(own_hash)
        batch = Batch(
            seq=seq,
            campaign_key=campaign.key,
            recorded_on=clock.now(),
            written_at=clock.real_now(),
            actor_name="",
            post_name="",
            action="bench.multiply",
            revisions=len(hashes),
        )
        batch.root = merkle_root([batch_hash(batch), *hashes])
        batches.append(batch)
    insert(batches)
    columns = (
        "id",
        "batch_id",
        "subject_kind",
        "subject_id",
        "version",
        "effective_on",
        "body",
        "prev_hash",
        "hash",
    )
    _load(Revision, columns, rows)
    LedgerHead.objects.filter(pk=1).update(batch_seq=head.batch_seq + levels, revision_id=revision)


def _raw(
    model: type[models.Model], columns: Sequence[str], rows: models.QuerySet[Any]
) -> list[tuple[Any, ...]]:
    """The columns as the database has them: texts of JSON stay texts."""
    wanted = ", ".join(f"{model._meta.db_table}.{name}" for name in columns)
    inner, params = rows.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {wanted} FROM {model._meta.db_table} JOIN ({inner}) AS these (pk) ON these.pk = id ORDER BY id"
            if connection.vendor == "postgresql"
            else f"SELECT {wanted} FROM {model._meta.db_table} WHERE id IN ({inner}) ORDER BY id",
            params,
        )
        return [tuple(map(_stored, row)) for row in cursor.fetchall()]


def _load(model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    table = model._meta.db_table
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)


@contextmanager
def _without_indexes(of: Sequence[type[models.Model]]) -> Iterator[None]:
    """Take the plain indexes of the tables away and make them again at the end, which is faster than row by row."""
    tables = tuple(model._meta.db_table for model in of)
    places = ", ".join(["%s"] * len(tables))
    if connection.vendor == "postgresql":
        query = (
            f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({places}) AND schemaname = current_schema() "
            "AND indexname NOT IN (SELECT conindid::regclass::text FROM pg_constraint WHERE conindid <> 0)"
        )
    else:
        query = f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({places}) AND sql IS NOT NULL"
    _settle()
    with connection.cursor() as cursor:
        cursor.execute(query, tables)
        standing = [(name, made) for name, made in cursor.fetchall() if "UNIQUE" not in made.upper()]
        for name, _made in standing:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    try:
        yield
    finally:
        _settle()
        with connection.cursor() as cursor:
            for _name, made in standing:
                cursor.execute(made)


def _settle() -> None:
    """Inside a transaction PostgreSQL makes no index while foreign keys are still to be checked."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        connection.check_constraints()


def _set_sequences() -> None:
    """The next item that is created gets the next id: SQLite sees that by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('records_item', 'id'), (SELECT max(id) FROM records_item))"
            )
