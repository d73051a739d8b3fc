"""The hand-down page as its template sees it, and what was typed on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.domain.words import listed
from guatu.queries.hand_down import HandDownPage, hand_down_page
from guatu.web.days import typed_day
from guatu.web.here import Here

_CODES = re.compile(r"[\s,，、;；]+")
FEW = 120
"""How many of the chosen units are named before the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was chosen and typed; days as text, as they stood in the form. `key` marks one hand-down, sent once or twice."""

    levels: tuple[str, ...]
    companies: tuple[str, ...]
    codes: str
    without: str
    title: str
    start: str
    due: str
    key: str
    due_given: bool = True

    @property
    def asked(self) -> bool:
        """Whether any units were chosen yet."""
        return bool(self.levels or self.codes.strip())


@dataclass(frozen=True, slots=True)
class Shown:
    """The page: the choice of units, what it comes to, and the sentence of a refusal."""

    choice: HandDownPage
    typed: Typed
    names: tuple[str, ...]
    more: int
    href: str
    item_href: str
    sentence: str = ""


def read_typed(at: Here, data: Any) -> Typed:
    """What the form holds; a fresh one begins today, or with the campaign, and has its due day from `shown`."""
    begin = max(at.today, at.campaign.starts_on).isoformat()
    return Typed(
        levels=tuple(data.getlist("level")),
        companies=tuple(data.getlist("company")),
        codes=data.get("codes", "")[:40_000],
        without=data.get("without", "")[:40_000],
        title=data.get("title", "")[:300],
        start=data.get("start", begin),
        due=data.get("due", ""),
        key=data.get("key", "")[:60] or str(uuid4()),
        due_given="due" in data,
    )


def shown(at: Here, public_id: UUID, typed: Typed, *, sentence: str = "") -> Shown:
    """The page for what was chosen. A due day that nobody typed is that of the key task, else the campaign's last."""
    choice = hand_down_page(
        at.actor,
        at.campaign,
        public_id,
        levels=typed.levels,
        companies=typed.companies,
        codes=codes_in(typed.codes),
        without=codes_in(typed.without),
    )
    if not typed.due_given:
        due = choice.item.due or at.campaign.ends_on
        typed = replace(typed, due=due.isoformat() if due else "")
    if choice.unknown and not sentence:
        sentence = _("没有代码为“{codes}”的单位，或不在您能下达的范围内。请核对单位代码。").format(
            codes=listed(choice.unknown[:10])
        )
    return Shown(
        choice,
        typed,
        tuple(node.short_name for node in choice.units[:FEW]),
        max(0, len(choice.units) - FEW),
        at.to("hand-down", public_id),
        at.to("item", public_id),
        sentence,
    )


def codes_in(text: str) -> Sequence[str]:
    """The codes of a free text: divided by commas, blanks or lines, each once."""
    return tuple(dict.fromkeys(filter(None, _CODES.split(text))))


def day_in(text: str, label: str) -> date | None:
    """The day that was typed, None for none."""
    try:
        return typed_day(text)
    except BadInput as failure:
        raise BadInput(_("{label}：{said}"), label=label, said=str(failure)) from None
