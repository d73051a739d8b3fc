"""Editing what a unit is called and what it is: its plain values and its sector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from guatu.access import Actor, require
from guatu.actions.history import NO_HEAD, Change, body_text, heads, record
from guatu.actions.reach import require_units, units_by_code
from guatu.actions.unit_values import PLAIN, plain_values, set_plain
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.records.bulk import insert, upsert
from guatu.records.models import Batch, SectorRow, Tree


@dataclass(frozen=True, slots=True)
class UnitEdit:
    """New values of a unit; None leaves a value as it is. An old name is kept among the former names."""

    code: str
    name: str | None = None
    short_name: str | None = None
    level: str | None = None
    sector: str | None = None
    aliases: tuple[str, ...] | None = None
    former_names: tuple[str, ...] | None = None
    order: int | None = None
    from_day: date | None = None


def rename_units(actor: Actor, *, tree: Tree, edits: Sequence[UnitEdit], reason: str = "") -> Batch:
    """Edit units in one batch. A name has one value for all days; a sector holds from `from_day` (default today)."""
    require(actor, "manage_units")
    if not edits:
        raise BadInput(_("没有要修改的内容。请填写后再提交。"))
    if len({edit.code for edit in edits}) != len(edits):
        raise BadInput(_("同一单位在一次提交中出现了两次。请去掉重复后再提交。"))
    units = units_by_code({edit.code for edit in edits})
    require_units(actor, "manage_units", tree.pk, [unit.pk for unit in units.values()])
    with transaction.atomic():
        known = heads("unit", [unit.pk for unit in units.values()])
        changes, sectors = [], []
        for edit in edits:
            unit, day = units[edit.code], edit.from_day or today()
            head = known.get(unit.pk, NO_HEAD)
            plain = plain_values(unit)
            for name in PLAIN:
                value = getattr(edit, name)
                if value is not None:
                    plain[name] = list(value) if isinstance(value, tuple) else value
            if not plain["name"] or not plain["short_name"]:
                raise BadInput(_("单位 {code} 的名称和简称不能为空。请补填。"), code=edit.code)
            if plain["name"] != unit.name and unit.name not in plain["former_names"]:
                plain["former_names"] = [*plain["former_names"], unit.name]
            dated = {} if edit.sector is None else {"sector": edit.sector}
            if edit.sector is not None:
                unit.sector = edit.sector
                sectors.append(
                    SectorRow(unit=unit, sector=edit.sector, from_day=day, version=head.version + 1)
                )
            body = body_text(dated, plain, reason=reason)
            changes.append(Change("unit", unit.pk, head.version, head.hash, day, body))
            set_plain(unit, plain, head.version + 1)
        batch = record(actor, action="units.rename", changes=changes, reason=reason)
        for row in sectors:
            row.rec_from = batch.seq
        insert(sectors)
        upsert(list(units.values()), (*PLAIN, "sector", "version"))
    return batch
