"""Which return carries a row, as an expression that both databases keep in an index."""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, Func


class CarriedBy(Func):
    """The return (`@return` in `data`) that carries an item; null for most. The key is written out: an index knows no parameters."""

    arity = 1
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """JSON_EXTRACT gives a number for a number."""
        return self.as_sql(
            compiler, connection, template="JSON_EXTRACT(%(expressions)s, '$.\"@return\"')", **more
        )

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """A null in JSON is a null as text."""
        return self.as_sql(compiler, connection, template="(%(expressions)s ->> '@return')::bigint", **more)
