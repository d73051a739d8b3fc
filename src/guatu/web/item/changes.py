"""From what was typed on the item page to one action, and the sentence that says what came of it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.access.transitions import may_move
from guatu.actions.beside import set_units_beside
from guatu.actions.comments import add_comment
from guatu.actions.evidence import add_evidence
from guatu.actions.items import Edit, edit_items
from guatu.actions.links import link_items, unlink_items
from guatu.actions.workflow import Move, move_items
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.pack.workflow import Workflow
from guatu.queries.items import item_page
from guatu.queries.lookups import items_meant, units_meant
from guatu.queries.pages import ItemPage
from guatu.web.here import Here
from guatu.web.item.forms import MoveForm, Typed, evidence_of, no_version, read_key, seen_version
from guatu.web.item.handed_in import HandedIn, hand_in, paper_of
from guatu.web.item.typed import Files, read_values
from guatu.web.numbers import typed_number


class WrongFields(BadInput):
    """A move that was refused; `form` is what was sent, with its files kept and the errors beside its fields."""

    def __init__(self, form: MoveForm) -> None:
        self.form = form
        super().__init__(form.sentence or _("有内容需要改正，填写的都还在。请改正后再提交。"))


class WrongFiles(BadInput):
    """Evidence that was refused; `handed` are the files that were taken in."""

    def __init__(self, sentence: str, handed: HandedIn) -> None:
        self.handed = handed
        super().__init__(sentence)


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
    change = Edit(
        item=found.pk,
        fields=typed.changes,
        title=typed.title,
        version=typed.version,
        effective=typed.effective,
    )
    edit_items(at.actor, campaign=at.campaign, edits=[change])
    if writes_text(at, found.register):
        return _("{number} 已修改。").format(number=page.number)
    return _("{number} 已更正，统计项和文稿随之更新。").format(number=page.number)


def writes_text(at: Here, register: str) -> bool:
    """Whether items of this register are documents: nothing is counted from their fields."""
    documents = at.pack.loop.documents
    return documents is not None and register == documents.register_key


def move(at: Here, public_id: UUID, form: MoveForm) -> str:
    """Move the item by one transition.

    Raises WrongFields, with the form, where something that was typed or handed in cannot be taken; Conflict for a form
    that does not say on top of which version it was made.
    """
    found = get_item(at.actor, public_id, at.campaign)
    register, flow = at.pack.register(found.register), at.pack.workflow_of(found.register)
    way = flow.transition(form.transition)
    if form.version is None and way is not None and may_move(at.actor, way, found, at.campaign):
        raise no_version()
    fields = [each for each in register.fields if each.key in form.fields]
    read = read_values(at, fields, form.post or QueryDict(), form.files, prefix="field-")
    form = replace(_with_files(at, form, flow), errors=read.errors)
    if read.errors or form.handed.errors:
        raise WrongFields(form)
    step = Move(
        item=found.pk,
        fields={key: value for key, value in read.values.items() if value not in (None, "", [])},
        evidence=evidence_of(form),
        reason=form.reason,
        decision=form.decision,
        version=form.version,
        notice_kind=form.notice_kind,
    )
    try:
        [moved] = move_items(at.actor, campaign=at.campaign, transition=form.transition, moves=[step])
    except BadInput as failure:
        raise WrongFields(replace(form, sentence=str(failure))) from failure
    return _("{number} 现为“{state}”。").format(number=moved.number, state=flow.states[moved.state].label)


def with_files(at: Here, public_id: UUID, form: MoveForm) -> MoveForm:
    """The form with its files taken in, where it is refused before it is tried: they are not asked for again."""
    found = get_item(at.actor, public_id, at.campaign)
    return _with_files(at, form, at.pack.workflow_of(found.register))


def _with_files(at: Here, form: MoveForm, flow: Workflow) -> MoveForm:
    if form.post is None or form.files is None:
        return form
    return replace(form, handed=hand_in(at, form.post, form.files, flow.evidence_kinds))


def comment(at: Here, public_id: UUID, text: str, key: str, anchor: str = "") -> None:
    """Leave a remark under the person's name, on a paragraph where `anchor` names one; one that comes again with its `key`
    stands once.
    """
    found = get_item(at.actor, public_id, at.campaign)
    add_comment(
        at.actor,
        campaign=at.campaign,
        item=found.pk,
        text=text,
        anchor=anchor,
        idempotency_key=key or None,
    )


def hang_evidence(at: Here, public_id: UUID, post: QueryDict, files: Files) -> str:
    """Hang files and papers on the item. Raises WrongFiles where one is refused; the others are kept for the next post."""
    found = get_item(at.actor, public_id, at.campaign)
    handed = hand_in(at, post, files, at.pack.workflow_of(found.register).evidence_kinds)
    if handed.errors:
        raise WrongFiles(handed.error, handed)
    evidence = (*handed.evidence, *paper_of(post.dict()))
    key = read_key(post)
    try:
        add_evidence(
            at.actor, campaign=at.campaign, item=found.pk, evidence=evidence, idempotency_key=key or None
        )
    except BadInput as failure:
        raise WrongFiles(str(failure), handed) from failure
    return _("{number} 已添加 {count} 份佐证材料。").format(number=found.number, count=len(evidence))


def set_beside(at: Here, public_id: UUID, post: QueryDict) -> str:
    """Put a unit beside the lead unit (`unit`, `role`), or take one away (`remove` = role:code)."""
    page = item_page(at.actor, at.campaign, public_id, day=at.as_of)
    found = get_item(at.actor, public_id, at.campaign)
    version = seen_version(post)
    if version is None and page.may_set_beside:
        raise no_version()
    units: dict[str, list[str]] = {"contributing": [], "supervising": [], "lead": []}
    for each in page.beside:
        units[each.role].append(each.unit.code)
    role, _colon, gone = post.get("remove", "").partition(":")
    if role in units:
        units[role] = [code for code in units[role] if code != gone]
    else:
        name = post.get("unit", "").strip()
        if not name:
            raise BadInput(_("没有填写单位。请填写单位名称或代码。"))
        meant = units_meant(at.campaign, [name])
        if name in meant.troubles:
            raise BadInput(meant.troubles[name])
        role = post.get("role", "")
        if role not in units:
            raise BadInput(_("没有选定参与方式。请选“配合”“督办”或“第二牵头”。"))
        units[role] = [meant.units[name]] if role == "lead" else [*units[role], meant.units[name]]
    moved = set_units_beside(
        at.actor,
        campaign=at.campaign,
        item=found.pk,
        contributing=units["contributing"],
        supervising=units["supervising"],
        second_lead=units["lead"][0] if units["lead"] else "",
        reason=post.get("reason", ""),
        version=version,
    )
    return _("{number} 的参与单位已调整。").format(number=moved.number)


def link(at: Here, public_id: UUID, post: QueryDict) -> str:
    """Link the item with another one, named by its number."""
    found = get_item(at.actor, public_id, at.campaign)
    number = post.get("number", "").strip()
    if not number:
        raise BadInput(_("没有填写事项编号。请填写要关联的事项编号。"))
    meant = items_meant(at.actor, at.campaign, {number: ""})
    if number in meant.troubles:
        raise BadInput(meant.troubles[number])
    other = get_item(at.actor, meant.items[number], at.campaign)
    link_items(at.actor, campaign=at.campaign, kind=post.get("kind", ""), source=found.pk, target=other.pk)
    return _("{number} 已与 {other} 关联。").format(number=found.number, other=other.number)


def unlink(at: Here, public_id: UUID, post: QueryDict) -> str:
    """Take one of the item's links back."""
    found = get_item(at.actor, public_id, at.campaign)
    row = typed_number(post.get("link", ""))
    if row is None:
        raise BadInput(_("没有选中关联。请选定后再办理。"))
    ended = unlink_items(at.actor, campaign=at.campaign, links=[row], reason=post.get("reason", "")[:200])
    other = ended[0].target if ended[0].source_id == found.pk else ended[0].source
    return _("{number} 与 {other} 的关联已取消。").format(number=found.number, other=other.number)
