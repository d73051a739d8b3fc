"""Values inside the JSON column `data` as text, which compare alike on SQLite and PostgreSQL.

Never compare such a value by a lookup (`data__key__lt=…`): PostgreSQL then compares JSON with JSON, and there a null
comes before every text, so that “no day” lies before every day; on SQLite it does not.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Func, Q, TextField, Value
from django.db.models.lookups import IsNull, LessThan

from guatu.domain.loop_tracks import NOTICE_UNTIL


class FieldText(Func):
    """A field's value as text, null where there is none or it is empty. yes_no: true/false, on SQLite 1/0."""

    output_field = TextField()

    def __init__(self, field: str) -> None:
        super().__init__(F("data"), Value(field))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        path = self.copy()
        column, key = path.get_source_expressions()
        path.set_source_expressions([column, Value(f'$."{key.value}"')])
        template = "NULLIF(CAST(JSON_EXTRACT(%(expressions)s) AS TEXT), '')"
        return path.as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="NULLIF((%(expressions)s), '')", arg_joiner=" ->> ", **more
        )


def text_of(field: str) -> Func:
    """A field's value as text; null where there is none."""
    return FieldText(field)


def noted_before(key: str, day: date) -> Q:
    """A day is noted under `key` and lies before `day`; may be negated. Days are ISO texts, which sort like days."""
    earlier = Q(LessThan(text_of(key), Value(day.isoformat(), output_field=TextField())))
    return Q(IsNull(text_of(key), False)) & earlier


def notice_over(day: date) -> Q:
    """The last day of public notice lies before `day`."""
    return noted_before(NOTICE_UNTIL, day)
