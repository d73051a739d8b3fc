"""What keeps documents whole, whatever door they are moved or edited through.

A document's text is written in the states that the pack names and stands in every other. Who drafted it neither passes its
checking nor countersigns or signs it, and each of these steps is another person's. What was written twice has to be settled before it is handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from guatu.access import Actor, covers
from guatu.access.system import is_system
from guatu.actions.item_drafts import Edit
from guatu.actions.reach import require_reach
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.loop_tracks import SECTIONS
from guatu.domain.pack import Pack
from guatu.domain.pack.documents import Documents
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _
from guatu.domain.writing.assigning import not_ones_own, shares_of, still_there
from guatu.domain.writing.body import Body, sections_of
from guatu.queries.document_drafters import hands, lead_of
from guatu.queries.document_judges import is_judged, left_out, why_barred
from guatu.queries.document_numbers import issued_as
from guatu.queries.documents import body_in, documents_of
from guatu.queries.four_eyes import Sides
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


def require_document_rules(
    actor: Actor, pack: Pack, items: Mapping[int, Item], ways: Mapping[int, Transition]
) -> None:
    """Refuse a step of a document that its rules forbid; other items pass. No statement without documents."""
    spec = pack.loop.documents
    if spec is None:
        return
    documents = {pk: item for pk, item in items.items() if item.register == spec.register_key}
    if not documents:
        return
    for pk, item in documents.items():
        if ways[pk].key not in (spec.hand_in, *spec.check):
            continue
        body = body_in(item)
        if body.unsettled:  # two may write while it is being checked, too
            raise BadInput(
                _("{number} 有 {n} 处同时有两种写法。请在正文中选定一种，再办理“{label}”。"),
                number=item.number,
                n=len(body.unsettled),
                label=ways[pk].label,
            )
        if not body.blocks:
            raise BadInput(
                _("{number} 还没有正文。请写好后再办理“{label}”。"), number=item.number, label=ways[pk].label
            )
        if ways[pk].key != spec.hand_in:
            continue
        undone = [share for share in still_there(shares_of(item.data.get(SECTIONS)), body) if not share.done]
        if undone:
            titles = titles_in(body)
            raise BadInput(
                _("{number} 还有 {n} 部分没有写完：{sections}。请写的人点“写完了”，或由起草人收回分工。"),
                number=item.number,
                n=len(undone),
                sections="、".join(titles[share.heading] for share in undone),
            )
    if is_system(actor):
        return
    persons = frozenset(Sides.of(actor).persons)
    for pk, item in documents.items():
        if not is_judged(pack, item.register, ways[pk]):
            continue
        done = hands(pack, item)
        if left_out(pack, ways[pk], done) & persons:
            raise NotAllowed(why_barred(actor, item.campaign, pack, item, ways[pk], done))


def writing_as(
    actor: Actor, campaign: Campaign, item: Item, changed: Collection[str], titles: Mapping[str, str]
) -> Actor:
    """The actor under the post under which they may change these sections (`domain.writing.assigning`).

    While a document is being drafted, a section that is given to somebody is theirs to write, and of who began the
    document; somebody who does not write documents writes what is given to them, and nothing else. Raises NotAllowed with
    the section's title.
    """
    pack = pack_of(campaign)
    spec = documents_of(pack)
    fills = frozenset(pack.register(item.register).fills)
    shares = still_there(shares_of(item.data.get(SECTIONS)), body_in(item))
    way = pack.workflow_of(item.register).transition(spec.hand_in)
    drafting = way is not None and item.state in way.origins
    own = any(share.person == actor.person for share in shares)
    anywhere = covers(actor, fills, item.line, campaign)
    if not drafting or not shares or not (own or anywhere):
        return require_reach(actor, fills, item, campaign)
    leads = anywhere and actor.person is not None and lead_of(item) == actor.person
    refused = not_ones_own(changed, shares, actor.person, anywhere=anywhere, leads=leads)
    if refused and refused[0] in titles:
        raise NotAllowed(
            _("“{section}”这一部分不由您写。请写分给您的部分，或在评论中提出。"), section=titles[refused[0]]
        )
    if refused:
        raise NotAllowed(
            _("您只写分给您的部分；称谓、署名、版头、附件和各部分的次序由起草人改。请在评论中提出。")
        )
    return require_reach(actor, fills if anywhere else roles_with("comment"), item, campaign)


def _only_numbers(spec: Documents, item: Item, edit: Edit) -> bool:
    changed = {key for key, value in edit.fields.items() if item.data.get(key) != value}
    renamed = edit.title is not None and edit.title.strip() != item.title
    return bool(changed) and not renamed and changed <= set(spec.numbered)


def titles_in(*bodies: Body) -> dict[str, str]:
    """Heading id → title of the sections of these bodies."""
    return {
        section.heading: section.title for body in bodies for section in sections_of(body) if section.heading
    }


def require_writable(pack: Pack, item: Item, edit: Edit | None = None) -> None:
    """Refuse to change a document that is out of its writers' hands; other items pass.

    Number and date are given when it is signed, or after: an `edit` of nothing else passes until the document is issued.
    """
    spec = pack.loop.documents
    if spec is None or item.register != spec.register_key or item.state in spec.written_in:
        return
    if edit is not None and item.state in spec.stages and _only_numbers(spec, item, edit):
        title = issued_as(item)
        if not title:
            return
        raise BadInput(
            _("{number} 已经定稿，文号、期数和成文日期不能再改。有误的，请先撤回“{title}”。"),
            number=item.number,
            title=title,
        )
    raise BadInput(
        _("{number} 现为“{state}”，不能再改。要改的，请先撤回修改，或由办理人退回。"),
        number=item.number,
        state=pack.workflow_of(item.register).states[item.state].label,
    )
