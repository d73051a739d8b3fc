"""A return as it was handed in, to be read: its rows, what differs from before, its way and what happened on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from guatu.domain.filling import EMPTY
from guatu.domain.loop_tracks import FILLED_BY, track
from guatu.domain.pack.register import Field
from guatu.domain.private import is_stand_in
from guatu.queries.held_values import Standing
from guatu.queries.item_history import Stored
from guatu.queries.moments import zone_of
from guatu.queries.return_form import ReturnForm
from guatu.web.here import Here
from guatu.web.item.inputs import read_text
from guatu.web.returns.page import names_of


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A value as people read it; `flaw`: why it came back; `href`: where a file is read."""

    label: str
    text: str
    flaw: str
    numeric: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One record with its address."""

    number: str
    title: str
    href: str
    flaw: str
    cells: tuple[ReadCell, ...]


@dataclass(frozen=True, slots=True)
class Differs:
    """What was handed in otherwise than before: where, what it was, what it is."""

    where: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of the way."""

    at: datetime
    who: str
    post: str
    what: str
    reason: str
    tone: str


@dataclass(frozen=True, slots=True)
class ReadPage:
    """The page. `why_not` says why this reader does not fill it in, empty where there is nothing to fill."""

    found: ReturnForm
    answer: str
    rows: tuple[ReadRow, ...]
    columns: tuple[Field, ...]
    differs: tuple[Differs, ...]
    events: tuple[Happened, ...]
    why_not: str
    may_amend: bool
    may_sign: bool
    sign_label: str
    amend_href: str
    sign_href: str
    item_href: str
    key: str
    whole_flaw: str
    explanation: str
    minutes: int | None
    sentence: str = ""
    reason: str = ""


def read_page(at: Here, found: ReturnForm, sentence: str = "", reason: str = "") -> ReadPage:
    """The page as of the day shown."""
    names = names_of(at, found)
    waiting = found.phase == "open" and not at.past
    unit = found.item.unit.short_name
    return ReadPage(
        found=found,
        answer=answer_words(found),
        rows=_rows(at, found, names) if found.data.get(found.spec.answer) == "data" else (),
        columns=found.fields,
        differs=_differs(found, names),
        events=_events(at, found),
        why_not=_("由{unit}的填报员填报，上级联络员可以代填。").format(unit=unit) if waiting else "",
        may_amend=found.way.amend is not None,
        may_sign=found.way.sign is not None,
        sign_label=found.way.sign.label if found.way.sign is not None else "",
        amend_href=at.to("return-amend", found.item.public_id),
        sign_href=at.to("return-sign", found.item.public_id),
        item_href=at.to("item", found.item.public_id),
        key=str(uuid4()),
        whole_flaw=found.flaw(None, ""),
        explanation=str(found.data.get(found.spec.explanation) or ""),
        minutes=found.data.get(found.spec.minutes),
        sentence=sentence,
        reason=reason,
    )


def answer_words(found: ReturnForm) -> str:
    """Which of the five answers it is, as it is said."""
    return {
        "data": _("已报送"),
        "nil": _("零报告"),
        "not_applicable": _("不涉及"),
        "not_due": _("未到期"),
        "missing": _("应报未报"),
    }[found.answer]


def _rows(at: Here, found: ReturnForm, names: Mapping[str, str]) -> tuple[ReadRow, ...]:
    return tuple(
        ReadRow(
            number=one.number,
            title=one.title,
            href=at.to("item", one.public_id),
            flaw=found.flaw(one.pk, ""),
            cells=tuple(
                ReadCell(
                    each.label,
                    _text(each, one.data.get(each.key), names),
                    found.flaw(one.pk, each.key),
                    each.type in ("integer", "decimal", "money", "percent"),
                    _file_href(at, each, one),
                )
                for each in found.fields
            ),
        )
        for one in found.held.rows
    )


def _file_href(at: Here, each: Field, one: Standing) -> str:
    """Where the file of a cell is read; it is handed out as it stands now, so on a past day there is no link."""
    held = each.type == "file" and not each.private and one.data.get(each.key) not in EMPTY
    return at.to("field_file", one.public_id, each.key) if held and not at.past else ""


def _text(each: Field, value: Any, names: Mapping[str, str]) -> str:
    if is_stand_in(value):
        return _("（不公开）")
    return "—" if value in EMPTY else read_text(each, value, names)


def _differs(found: ReturnForm, names: Mapping[str, str]) -> tuple[Differs, ...]:
    told = []
    numbers = {one.pk: one.number for one in found.held.rows}
    for one in found.told.get("differs", ()):
        each = found.register.field(one["field"])
        number = numbers.get(one["item"], "")
        if each is None:
            label = str(one["now"]) if one["now"] is not None and one["now"] is not True else number
            added = one["was"] is None
            where = _("新增一行“{title}”") if added else _("去掉一行{title}")
            told.append(Differs(where.format(title=label), "", ""))
            continue
        if one["item"] not in numbers:
            continue  # of a row that is kept from the reader, or stands no more
        where = each.label if found.form.rows == "one" else f"{number} {each.label}"
        if each.private:
            told.append(Differs(where, _("（不公开）"), _("（不公开）")))
        else:
            told.append(Differs(where, _text(each, one["was"], names), _text(each, one["now"], names)))
    return tuple(told)


def _events(at: Here, found: ReturnForm) -> tuple[Happened, ...]:
    """The steps of the return with who made them, the latest first; on a past day those recorded by then."""
    flow = at.pack.workflow_of(found.item.register)
    zone = zone_of(at.campaign)
    events = []
    for each in found.past.revisions if found.past is not None else ():
        if at.past and each.recorded.astimezone(zone).date() > at.as_of:
            continue
        way = flow.transition(each.body.get("transition", ""))
        what = way.label if way is not None else _what(each)
        if way is not None and way.key in found.spec.hand_in:
            what = _("报送")  # the step: in other languages not the word for what is handed in
        if not what:
            continue
        if each.body["dated"].get(track(FILLED_BY)):
            what = _("代填并{step}").format(step=what)
        tone = "back" if way is not None and way.reason else "go"
        reason = each.reason or each.body.get("reason", "")
        events.append(Happened(each.recorded.astimezone(zone), each.who, each.post, what, reason, tone))
    return tuple(reversed(events))


def _what(each: Stored) -> str:
    """The events of a return that are no steps of its own."""
    if each.version == 1:
        return _("发出报送任务")
    return {"requests.cut_off": _("调整截止时间"), "items.evidence": _("补充佐证材料")}.get(each.action, "")
