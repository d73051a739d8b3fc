"""A unit's answer to a self-check: 无 with a reason, or 有 with the item that it opens. One small page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.access.transitions import may_move
from guatu.actions.self_checks import Opened, answer_self_check
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.pack.register import Field, Register
from guatu.queries.self_checks import case_of, self_check_of
from guatu.records.models import Item
from guatu.web.days import typed_day
from guatu.web.here import Here
from guatu.web.item.inputs import Input, input_of
from guatu.web.item.typed import Values, read_values
from guatu.web.numbers import typed_number

YES, NO = "yes", "no"
DAYS = 30
"""So many days the item has that an answer opens, unless another day is typed."""


@dataclass(slots=True)
class Typed:
    """What was typed; `errors` by the name of the input."""

    answer: str = ""
    explanation: str = ""
    title: str = ""
    due: str = ""
    key: str = ""
    version: int | None = None
    values: Values = field(default_factory=Values)
    errors: dict[str, str] = field(default_factory=dict)
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """The question with its form; `why_not` says why this reader may not answer now."""

    item: Item
    question: str
    case_number: str
    case_title: str
    case_href: str
    typed: Typed
    inputs: tuple[Input, ...]
    opens: Register
    href: str
    item_href: str
    why_not: str
    due_over: bool


def read_answer(at: Here, post: QueryDict) -> Typed:
    """Read the form; what the opened item needs is read for 有 only."""
    spec = self_check_of(at.pack)
    typed = Typed(
        answer=post.get("answer", ""),
        explanation=post.get("explanation", "").strip()[:4000],
        title=post.get("title", "").strip()[:300],
        due=post.get("due", "").strip()[:20],
        key=post.get("key", "")[:60] or str(uuid4()),
        version=typed_number(post.get("version", ""), 9),
    )
    if typed.answer not in (YES, NO):
        typed.errors["answer"] = _("请选“有”或“无”。")
    if not typed.explanation:
        typed.errors["explanation"] = _("没有填写情况说明。请写明怎样检查、情况如何。")
    if typed.answer == YES:
        register = at.pack.register(spec.opens)
        typed.values = read_values(at, asked_fields(at, register), post, prefix="field-")
        typed.errors.update(typed.values.errors)
        if not typed.title:
            typed.errors["title"] = _("没有填写。请填写后再提交。")
        for each in asked_fields(at, register):
            if typed.values.values.get(each.key) in (None, "", []):
                typed.errors.setdefault(each.key, _("没有填写。请填写后再提交。"))
    return typed


def asked_fields(at: Here, register: Register) -> tuple[Field, ...]:
    """The fields that an opened item cannot do without and that the pack does not fill itself."""
    flow, sets = at.pack.workflow_of(register.key), self_check_of(at.pack).sets
    state = next((key for key in flow.initial if flow.phase_of(key) == "open"), flow.initial[0])
    return tuple(
        each
        for each in register.fields
        if state in each.required_in and not each.required_when and each.key not in sets
    )


def send_answer(at: Here, public_id: UUID, typed: Typed) -> str:
    """Answer in one act; what came of it in a sentence. Raises BadInput with nothing written."""
    if typed.errors:
        raise BadInput(_("有内容需要改正，填写的都还在。请改正后再提交。"))
    item = get_item(at.actor, public_id, at.campaign)
    opens = None
    if typed.answer == YES:
        values = {key: value for key, value in typed.values.values.items() if value not in (None, "", [])}
        opens = Opened(typed.title, _due(typed), values)
    _item, made = answer_self_check(
        at.actor,
        campaign=at.campaign,
        item=item.pk,
        exists=typed.answer == YES,
        explanation=typed.explanation,
        opens=opens,
        version=typed.version,
        idempotency_key=typed.key or None,
    )
    if made is None:
        return _("{number} 已答复“无”，待审核。").format(number=item.number)
    return _("{number} 已答复“有”，同时立项 {made}。").format(number=item.number, made=made.number)


def _due(typed: Typed) -> date | None:
    try:
        return typed_day(typed.due)
    except BadInput as failure:
        typed.errors["due"] = str(failure)
        raise


def answer_page(at: Here, public_id: UUID, typed: Typed | None = None) -> AnswerPage:
    """The page. Raises NotFound for what is out of sight or no self-check."""
    spec = self_check_of(at.pack)
    item = get_item(at.actor, public_id, at.campaign)
    if item.register != spec.register_key:
        raise NotFound()
    case = case_of(at.actor, at.campaign, item)
    register, way = at.pack.register(spec.opens), at.pack.workflow_of(item.register).transition(spec.answers)
    why_not = ""
    if item.phase != "open":
        state = at.pack.workflow_of(item.register).states[item.state].label
        why_not = _("{number} 现为“{state}”，不能再答。").format(number=item.number, state=state)
    elif at.past:
        why_not = _("当前显示 {day} 的数据，只能查看。请返回今天后再办理。").format(day=at.as_of)
    elif way is None or not may_move(at.actor, way, item, at.campaign):
        why_not = _("由{unit}的填报员或负责人答复。").format(unit=item.unit.short_name)
    if typed is None:
        typed = Typed(
            explanation=str(item.data.get(spec.explanation) or ""),
            title=case.title if case is not None else "",
            due=(at.today + timedelta(days=DAYS)).isoformat(),
            key=str(uuid4()),
            version=item.version,
        )
        typed.values.raw = dict(_proposed(at, register, case))
    return AnswerPage(
        item=item,
        question=str(item.data.get(spec.question) or item.title),
        case_number=case.number if case is not None else "",
        case_title=case.title if case is not None else "",
        case_href=at.to("item", case.public_id) if case is not None else "",
        typed=typed,
        inputs=tuple(
            input_of(
                each,
                typed.values.raw.get(each.key, ""),
                required=True,
                error=typed.errors.get(each.key, ""),
            )
            for each in asked_fields(at, register)
        ),
        opens=register,
        href=at.to("self-check-answer", public_id),
        item_href=at.to("item", public_id),
        why_not=why_not,
        due_over=item.due is not None and item.due < at.today,
    )


def _proposed(at: Here, register: Register, case: Item | None) -> Mapping[str, str]:
    """What the opened item may take over from the case: choices of the same name; a day is today's."""
    found = {}
    for each in asked_fields(at, register):
        given = case.data.get(each.key) if case is not None and case.register == register.key else None
        if each.type == "date":
            found[each.key] = at.today.isoformat()
        elif each.type == "choice" and isinstance(given, str):
            found[each.key] = given
    return found
