"""Workbooks for the tests: as the reader gives them, or as real files."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import openpyxl

from guatu.access import Actor, operator
from guatu.domain.imports.grid import Grid, Merged, Workbook
from guatu.domain.imports.unit_plan import ImportPlan, Vocabulary
from guatu.domain.pack.schema import Pack
from guatu.queries.unit_import import plan_import
from guatu.records.models import Tree
from tests.people import theme_pack

HEAD = ("代码", "名称", "上级代码", "层级")


def book(*rows: Sequence[Any], merged: Sequence[Merged] = (), name: str = "单位.xlsx") -> Workbook:
    """One sheet with these rows from row 1 on."""
    filled = tuple(tuple("" if cell is None else cell for cell in row) for row in rows)
    digest = hashlib.sha256(repr(filled).encode()).hexdigest()
    return Workbook(name, digest, (Grid("单位", filled, tuple(merged)),))


def xlsx(*rows: Sequence[Any], merge: Sequence[str] = ()) -> bytes:
    """The bytes of a real .xlsx with these rows; `merge` names ranges (A3:A7)."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for place in merge:
        sheet.merge_cells(place)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


@lru_cache(maxsize=1)
def _theme_words() -> Vocabulary:
    return Vocabulary.of(theme_pack())


def words(pack: Pack | None = None) -> Vocabulary:
    """The words of a pack."""
    return Vocabulary.of(pack) if pack is not None else _theme_words()


def planned(tree: Tree | None, *rows: Sequence[Any], actor: Actor | None = None, **more: Any) -> ImportPlan:
    """The dry run of a sheet with these rows."""
    return plan_import(actor or operator(), tree=tree, book=book(*rows, **more), words=words())
