"""From what was typed on the item page to one action, and the sentence that says what came of it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.actions.comments import add_comment
from guatu.actions.items import Edit, edit_items
from guatu.actions.workflow import Move, move_items
from guatu.domain.errors import GuatuError, NotAllowed
from guatu.queries.items import item_page
from guatu.queries.pages import ItemPage
from guatu.web.here import Here
from guatu.web.item.forms import MoveForm, Typed, evidence_of


def to_edit(at: Here, public_id: UUID) -> ItemPage:
    """The item, if this person may change its fields now; NotAllowed with the reason if not."""
    page = item_page(at.actor, at.campaign, public_id, day=at.as_of)
    if not page.editable:
        raise NotAllowed(page.why_not_edit or _("这个事项的字段现在不能修改。请查看“下一步”。"))
    return page


def edit(at: Here, page: ItemPage, typed: Typed) -> str:
    """Write the changed values as one batch."""
    if not typed.changes and typed.title is None:
        return _("内容没有变化，未作修改。")
    found = get_item(at.actor, page.public_id, at.campaign)
    change = Edit(item=found.pk, fields=typed.changes, title=typed.title, version=typed.version)
    edit_items(at.actor, campaign=at.campaign, edits=[change])
    return _("{number} 已更正，统计项和文稿随之更新。").format(number=page.number)


def move(at: Here, public_id: UUID, form: MoveForm) -> str:
    """Move the item by one transition."""
    found = get_item(at.actor, public_id, at.campaign)
    fields = {key: value for key, value in form.fields.items() if value.strip()}
    step = Move(
        item=found.pk,
        fields=fields,
        evidence=evidence_of(form),
        reason=form.reason,
        decision=form.decision,
        version=form.version,
    )
    [moved] = move_items(at.actor, campaign=at.campaign, transition=form.transition, moves=[step])
    flow = at.pack.workflow_of(moved.register)
    return _("{number} 现为“{state}”。").format(number=moved.number, state=flow.states[moved.state].label)


def refused(form: MoveForm, failure: GuatuError) -> MoveForm:
    """The form as it was sent, with the sentence why it was refused."""
    return replace(form, sentence=str(failure))


def comment(at: Here, public_id: UUID, text: str, key: str) -> None:
    """Leave a remark under the person's name; one that comes again with its `key` stands once."""
    found = get_item(at.actor, public_id, at.campaign)
    add_comment(at.actor, campaign=at.campaign, item=found.pk, text=text, idempotency_key=key or None)
