"""Choosing similar units for a self-check and sending it: what was typed, and the page for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.access import get_item, require
from guatu.domain.errors import BadInput
from guatu.domain.words import listed
from guatu.queries.self_checks import CAPABILITY, Picked, SimilarUnits, is_case, similar_units
from guatu.records.models import Item
from guatu.web.hand_down.pages import FEW, codes_in
from guatu.web.here import Here

DAYS = 10
"""So many days an answer has unless another day is typed."""
LONGEST = 40_000


@dataclass(frozen=True, slots=True)
class Typed:
    """What was chosen and typed. `key` marks one sending, made once or twice."""

    picked: Picked
    codes: str = ""
    without: str = ""
    question: str = ""
    due: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class SendPage:
    """The choice of units and what it comes to."""

    case: Item
    typed: Typed
    choice: SimilarUnits
    names: tuple[str, ...]
    more: int
    href: str
    item_href: str
    coverage_href: str
    sentence: str = ""


def read_typed(at: Here, data: Any) -> Typed:
    """What the form holds."""
    codes, without = data.get("codes", "")[:LONGEST], data.get("without", "")[:LONGEST]
    return Typed(
        picked=Picked(
            sectors=tuple(data.getlist("sector")),
            levels=tuple(data.getlist("level")),
            below=tuple(data.getlist("company")),
            codes=tuple(codes_in(codes)),
            without=tuple(codes_in(without)),
        ),
        codes=codes,
        without=without,
        question=data.get("question", "").strip()[:4000],
        due=data.get("due", "")[:20],
        key=data.get("key", "")[:60] or str(uuid4()),
    )


def send_page(at: Here, public_id: UUID, typed: Typed, sentence: str = "") -> SendPage:
    """The page. Raises NotFound for an item out of sight, NotAllowed without the right, BadInput for one that is no case."""
    require(at.actor, CAPABILITY, campaign=at.campaign)
    case = get_item(at.actor, public_id, at.campaign)
    if not is_case(at.pack, case):
        raise BadInput(_("{number} 尚未立项或已撤销，不能发起举一反三。请另选一项。"), number=case.number)
    choice = similar_units(at.actor, at.campaign, case, typed.picked)
    if not typed.due:
        typed = replace(typed, due=(at.today + timedelta(days=DAYS)).isoformat())
    if not typed.question:
        question = _("对照“{title}”，检查本单位有没有同类问题。有的，同时立项整改；没有的，写明检查情况。")
        told = "\n".join([question.format(title=case.title), *_told(at, case)])
        typed = replace(typed, question=told)
    if choice.unknown and not sentence:
        sentence = _("没有代码为“{codes}”的单位，或不在您能下达的范围内。请核对单位代码。").format(
            codes=listed(choice.unknown[:10])
        )
    return SendPage(
        case=case,
        typed=typed,
        choice=choice,
        names=tuple(node.short_name for node in choice.units[:FEW]),
        more=max(0, len(choice.units) - FEW),
        href=at.to("self-check-send", public_id),
        item_href=at.to("item", public_id),
        coverage_href=at.to("self-check", public_id),
        sentence=sentence,
    )


def _told(at: Here, case: Item) -> list[str]:
    """What the case's searched texts say: those who are asked may not be allowed to open it. The sender can cut it."""
    register = at.pack.register(case.register)
    fields = [field for field in register.fields if field.key in register.search and not field.private]
    return [
        _("{label}：{text}").format(label=field.label, text=text)
        for field in fields
        if field.type == "long_text" and (text := str(case.data.get(field.key) or "").strip())
    ]
