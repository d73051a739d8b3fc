"""How much may be asked of one unit (限度): requests waiting for it at a time, cells in a month. Settings say how many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.conf import settings
from django.db.models import QuerySet

from guatu.domain.collection import Form, cells_asked, form_of
from guatu.domain.errors import BadInput
from guatu.domain.loop_tracks import FORM
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.returns import collection_of
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

FEW = 5
"""So many units are named in a sentence."""


@dataclass(frozen=True, slots=True)
class Over:
    """A unit that another request would take over the limit: of what, how many it would come to, how many are allowed."""

    unit: str
    kind: Literal["open", "cells"]
    count: int
    limit: int


def refuses() -> bool:
    """Whether going over a limit keeps a request from being sent, or is only said."""
    return bool(settings.GUATU_REQUEST_LIMIT == "refuse")


def over_limit(campaign: Campaign, codes: Iterable[str], form: Form, day: date) -> tuple[Over, ...]:
    """The units (by code) that `form` would take over a limit on `day`. At most three statements.

    Waiting are returns that the unit has not handed in; of a month are those of the requests sent in it.
    """
    wanted = frozenset(codes)
    found: list[Over] = []
    if settings.GUATU_REQUESTS_OPEN:
        waiting: dict[tuple[str, str], int] = {}
        for unit in _returns(campaign).filter(phase="open").values_list("unit__code", "unit__short_name"):
            waiting[unit] = waiting.get(unit, 0) + 1
        found += [
            Over(name, "open", count + 1, settings.GUATU_REQUESTS_OPEN)
            for (code, name), count in waiting.items()
            if code in wanted and count + 1 > settings.GUATU_REQUESTS_OPEN
        ]
    if settings.GUATU_REQUEST_CELLS:
        sent = _returns(campaign).exclude(phase="void").filter(start__gte=day.replace(day=1), start__lte=day)
        rows = [row for row in sent.values_list("unit__code", "unit__short_name", "parent") if row[2]]
        asked = {
            pk: cells_asked(form_of(data[FORM]))
            for pk, data in Item.objects.filter(pk__in={parent for _code, _name, parent in rows}).values_list(
                "pk", "data"
            )
            if data.get(FORM)
        }
        cells: dict[tuple[str, str], int] = {}
        for code, name, parent in rows:
            cells[code, name] = cells.get((code, name), 0) + (asked.get(parent, 0) if parent else 0)
        more = cells_asked(form)
        found += [
            Over(name, "cells", count + more, settings.GUATU_REQUEST_CELLS)
            for (code, name), count in cells.items()
            if code in wanted and count + more > settings.GUATU_REQUEST_CELLS
        ]
    return tuple(found)


def sentences_of(over: Iterable[Over]) -> tuple[str, ...]:
    """What the limits say, a sentence for each kind."""
    kinds: dict[str, list[Over]] = {}
    for one in over:
        kinds.setdefault(one.kind, []).append(one)
    said = []
    for kind, ones in kinds.items():
        names = listed(one.unit for one in ones[:FEW])
        most = max(one.count for one in ones)
        if kind == "open":
            sentence = _("{count} 家单位（{names} 等）的待报任务将达 {most} 项，限度是 {limit} 项。")
        else:
            sentence = _("{count} 家单位（{names} 等）本月要填的将达 {most} 格，限度是 {limit} 格。")
        said.append(
            sentence.format(count=f"{len(ones):,}", names=names, most=f"{most:,}", limit=f"{ones[0].limit:,}")
        )
    return tuple(said)


def refuse_over_limit(campaign: Campaign, codes: Iterable[str], form: Form, day: date) -> None:
    """Raise BadInput where the installation refuses what goes over a limit."""
    if not refuses():
        return
    over = over_limit(campaign, codes, form, day)
    if over:
        raise BadInput(_("{said}请减少字段、去掉这些单位，或等已发的报完再发。"), said=sentences_of(over)[0])


def _returns(campaign: Campaign) -> QuerySet[Item]:
    return Item.objects.filter(campaign=campaign, register=collection_of(pack_of(campaign)).returns)
