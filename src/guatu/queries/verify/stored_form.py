"""Whether every value is stored as the product writes it, to the byte.

SQLite keeps any type in any column and readers forgive much: a day without dashes, a moment with a T, a truth that is
2, a key told twice in JSON text. What reads the same to Python may count differently in SQL. PostgreSQL's columns have
one form for each value; there is nothing to look for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db import connection, models

from guatu.domain.words import gettext as _
from guatu.records.models import (
    Batch,
    BurdenReport,
    Campaign,
    Comment,
    Delegation,
    Deployment,
    Evidence,
    HeadCount,
    IssuedDocument,
    IssuedRecord,
    Item,
    ItemReader,
    ItemUnit,
    LedgerHead,
    Link,
    Objection,
    PackVersion,
    Person,
    PersonalValue,
    PhraseDecision,
    Placement,
    Post,
    Proposal,
    Revision,
    Sample,
    SampleItem,
    Seal,
    SectorRow,
    Spell,
    Team,
    TeamUnit,
    Tree,
    Unit,
    WorkingYear,
)

Tables = tuple[tuple[type[models.Model], str], ...]
DIGIT = "[0-9]"
DAY = "-".join((DIGIT * 4, DIGIT * 2, DIGIT * 2))
MOMENT = f"{DAY} {DIGIT * 2}:{DIGIT * 2}:{DIGIT * 2}"


def ledger_tables() -> Tables:
    """The append-only tables and their head, with their names in words."""
    return (
        (Revision, _("修订")),
        (Batch, _("批次")),
        (Seal, _("封签")),
        (LedgerHead, _("台账首行")),
    )


def derived_tables() -> Tables:
    """What is derived from revisions."""
    return (
        (Item, _("事项")),
        (Spell, _("时段")),
        (Placement, _("隶属")),
        (Unit, _("单位")),
        (SectorRow, _("板块")),
        (HeadCount, _("人数")),
        (ItemUnit, _("配合单位")),
        (Evidence, _("佐证材料")),
        (Comment, _("评论")),
        (Tree, _("树")),
        (Campaign, _("专项工作")),
        (PackVersion, _("专项模板")),
        (Deployment, _("安装")),
        (Person, _("人员")),
        (PersonalValue, _("人员的不公开内容")),
        (Post, _("身份")),
        (Team, _("督导组")),
        (TeamUnit, _("督导组联系单位")),
        (Proposal, _("申请")),
        (Delegation, _("委托代办")),
        (Link, _("关联")),
        (Objection, _("公示异议")),
        (ItemReader, _("知悉人")),
        (Sample, _("回头看抽查")),
        (SampleItem, _("回头看抽查")),
        (WorkingYear, _("工作日历")),
        (BurdenReport, _("减负反馈")),
        (IssuedDocument, _("定稿文稿")),
        (IssuedRecord, _("定稿文稿的记录")),
        (PhraseDecision, _("措辞认定")),
    )


def check_form(tables: Tables) -> str:
    """The first record with a value in another form than the product's, in words; empty if there is none."""
    if connection.vendor != "sqlite":
        return ""
    for model, name in tables:
        pk = _odd(model)
        if pk is not None:
            return _("{name}（内部号 {pk}）：存储的内容读不出来，或不是本系统写入的形式。").format(
                name=name, pk=pk
            )
    return ""


def _odd(model: type[models.Model]) -> object | None:
    meta = model._meta
    tests = [(str(field.column), _rule(field)) for field in meta.concrete_fields]
    odd = " OR ".join(
        f"NOT ({column} IS NULL OR ({rule}))" if meta.get_field(field.name).null else f"({rule}) IS NOT 1"
        for (column, rule), field in zip(_quoted(tests), meta.concrete_fields, strict=True)
    )
    key = _key(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT CAST({key} AS TEXT) FROM {meta.db_table} WHERE {odd} ORDER BY {key} LIMIT 1")
        found = cursor.fetchone()
    return found[0] if found else next(_unreadable(model), None)


def _key(model: type[models.Model]) -> str:
    return connection.ops.quote_name(str(model._meta.pk.column))


def _quoted(tests: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, rule.format(c=name)) for name, rule in ((f'"{column}"', rule) for column, rule in tests)]


def _rule(field: models.Field) -> str:  # type: ignore[type-arg]
    """The form of the field's column as an SQL condition on {c}."""
    plain = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(plain, models.BooleanField):
        return "typeof({c}) = 'integer' AND {c} IN (0, 1)"
    if isinstance(plain, models.IntegerField):
        return "typeof({c}) = 'integer'"
    if isinstance(plain, models.DateTimeField):
        whole, part = f"{{c}} GLOB '{MOMENT}'", f"{{c}} GLOB '{MOMENT}.{DIGIT * 6}'"
        return f"typeof({{c}}) = 'text' AND ({whole} OR ({part} AND substr({{c}}, 20) <> '.000000'))"
    if isinstance(plain, models.DateField):
        return f"typeof({{c}}) = 'text' AND {{c}} GLOB '{DAY}' AND date({{c}}, '+0 days') = {{c}}"
    if isinstance(plain, models.UUIDField):
        return "typeof({c}) = 'text' AND length({c}) = 32 AND {c} NOT GLOB '*[^0-9a-f]*'"
    return "typeof({c}) = 'text'"


def _unreadable(model: type[models.Model]) -> Iterator[object]:
    """Keys of rows with text that is no UTF-8, or JSON text that says something twice or in another spelling."""
    meta = model._meta
    texts = [f for f in meta.concrete_fields if _rule(f) == "typeof({c}) = 'text'"]
    if not texts:
        return
    key = _key(model)
    columns = ", ".join(f'CAST("{field.column}" AS BLOB)' for field in texts)
    written_as_json = [isinstance(field, models.JSONField) for field in texts]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, {columns} FROM {meta.db_table} ORDER BY {key}")
        while rows := cursor.fetchmany(5000):
            for pk, *values in rows:
                if not all(map(_reads, values, written_as_json)):
                    yield pk


def _reads(stored: bytes | None, as_json: bool) -> bool:
    if stored is None:
        return True
    try:
        text = stored.decode()
        return not as_json or json.dumps(json.loads(text)) == text
    except ValueError:
        return False
