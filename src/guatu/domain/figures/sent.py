"""报送台账: by which channel a figure was reported, and why a record counts otherwise than it did then. Pure rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

from guatu.domain.figures.phrasing import UNITS
from guatu.domain.spells import STATE, UNIT
from guatu.domain.statements import Number
from guatu.domain.words import gettext as _

CHANNELS: Final = ("document", "system", "mail", "telephone", "meeting")
TELEPHONE: Final = "telephone"

SIX_PLACES: Final = Decimal("0.000001")

Why = Literal["late_entry", "correction", "transfer", "void", "placement", "step", "edit"]

_LEADING = re.compile(r"\s*(\d+(?:\.\d+)?)(" + "|".join(UNITS) + ")?")


def as_kept(number: Number) -> Decimal:
    """The number as the log keeps it: to six places, half up. What is compared with it has to be rounded alike."""
    return Decimal(number).quantize(SIX_PLACES, ROUND_HALF_UP)


def channel_labels() -> Mapping[str, str]:
    """What each channel is called."""
    return {
        "document": _("书面文件"),
        "system": _("上级系统"),
        "mail": _("邮件"),
        "telephone": _("电话"),
        "meeting": _("会议汇报"),
    }


@dataclass(frozen=True, slots=True)
class LaterRevision:
    """What a record's history says after the moment at which a figure was sent."""

    batch: int
    first: bool
    withdraws: bool
    dated: Mapping[str, object]


def why_moved(later: Sequence[LaterRevision], *, line_changed: bool) -> tuple[Why, int | None]:
    """Why a record counts otherwise now, with the batch that did it (None: no revision of its own, its unit was moved).

    What weighs most stands first: entered later at all; a correction; given to another unit; taken out; moved on by a
    step that is dated back; any other edit.
    """
    for one in later:
        if one.first:
            return "late_entry", one.batch
    for one in later:
        if one.withdraws:
            return "correction", one.batch
    for one in later:
        if UNIT in one.dated:
            return "transfer", one.batch
    for one in reversed(later):
        state = one.dated.get(STATE)
        if isinstance(state, Mapping):
            return ("void" if state.get("phase") == "void" else "step"), one.batch
    if later:
        return "edit", later[-1].batch
    return ("placement" if line_changed else "edit"), None


def why_labels() -> Mapping[str, str]:
    """Each cause in words."""
    return {
        "late_entry": _("补录"),
        "correction": _("录入更正"),
        "transfer": _("移交其他单位"),
        "void": _("撤销或并案"),
        "placement": _("单位隶属调整"),
        "step": _("补办流转"),
        "edit": _("内容修改"),
    }


def number_said(text: str) -> Decimal | None:
    """The number at the beginning of what was said (1742个, 2.5万名), None where there is none."""
    found = _LEADING.match(text.replace(",", "").replace("，", ""))
    if found is None:
        return None
    return Decimal(found[1]) * UNITS.get(found[2] or "", 1)
