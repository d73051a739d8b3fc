"""Days noted in JSON are compared alike on both databases, also where none is noted."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from guatu.queries.field_text import noted_before
from guatu.records.models import Item
from tests.people import small_world

DAY = date(2023, 11, 6)
LOOKUP = re.compile(r"""(?:["'{ (,]|\b)(?:data|payload|params|settings)__[^"'=\s]+__(?:lt|lte|range)\b""")


@pytest.mark.django_db
def test_a_day_that_was_cleared_or_never_noted_lies_before_no_day() -> None:
    world = small_world()
    notes = ({"@act_by": None}, {}, {"@act_by": ""}, {"@act_by": "2023-11-05"}, {"@act_by": "2023-11-06"})
    items = [world.problem("F1", DAY) for _note in notes]
    for item, note in zip(items, notes, strict=True):
        data = {key: value for key, value in item.data.items() if key != "@act_by"}
        Item.objects.filter(pk=item.pk).update(data={**data, **note})
    earlier = noted_before("@act_by", DAY)
    assert list(Item.objects.filter(earlier)) == [items[3]]
    assert set(Item.objects.filter(~earlier)) == {items[0], items[1], items[2], items[4]}


def test_nothing_inside_json_is_sought_below_a_bound_by_a_lookup(repository: Path) -> None:
    """PostgreSQL puts a JSON null before every text; SQLite does not. `queries/field_text.py` reads both alike."""
    found = [
        f"{file.relative_to(repository)}:{number}"
        for file in sorted((repository / "src" / "guatu").rglob("*.py"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if LOOKUP.search(line) and "data__key__lt=…" not in line
    ]
    assert found == []


@pytest.mark.parametrize("line", ['Q(**{f"data__{KEY}__lt": day})', "filter(a=1, data__held_on__lte='x')"])
def test_the_test_sees_such_a_lookup(line: str) -> None:
    assert LOOKUP.search(line)
