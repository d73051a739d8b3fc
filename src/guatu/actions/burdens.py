"""减负反馈: a complaint about a burden, for the campaign's office alone. docs/decisions/0116-burden-reports.md.

Who does not sign is named nowhere in the ledger: batch and revision are written by “未署名”. Only the row itself knows
whom the answer is for.
"""

from __future__ import annotations

import re

from django.db import transaction

from guatu.access import Actor, require
from guatu.access.house_language import house_language
from guatu.actions.history import Change, body_text, heads, record
from guatu.actions.messages import tell
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.words import gettext as _
from guatu.queries.addressees import people_of
from guatu.queries.verify.burdens import burden_said
from guatu.records.models import BurdenReport, Campaign

LONGEST = 1000
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f]{0,299}")
"""A path of this very house: an address that leads elsewhere is not kept."""
SHORTENED = 40
"""Characters of a text that an inbox shows."""


def report_burden(
    actor: Actor, *, campaign: Campaign, text: str, page: str = "", named: bool = False
) -> BurdenReport:
    """Tell the office what is too heavy, too hasty or asked twice; `page` is the path of the page it is about.

    The report bears the reporter's unit (that of the post, else the home), and the name only if `named`. Raises
    BadInput for an empty or too long text.
    """
    require(actor, "report_burden", campaign=campaign)
    text = text.strip()
    if not text:
        raise BadInput(_("没有写反馈内容。请写明是哪件事、难在哪里。"))
    if len(text) > LONGEST:
        raise BadInput(_("反馈内容 {n} 字，最多 {most} 字。请缩短。"), n=len(text), most=LONGEST)
    post = actor.post
    unit = post.unit if post is not None and post.unit is not None else (actor.home_line or (None,))[-1]
    row = BurdenReport(
        campaign=campaign,
        unit_id=unit,
        person_id=actor.person,
        named=named,
        page=page if _PATH.fullmatch(page) else "",
        text=text,
        made_on=today(),
        batch_seq=0,
    )
    with transaction.atomic():
        row.save(force_insert=True)
        change = Change("burden", row.pk, 0, "", row.made_on, body_text({}, burden_said(row)))
        batch = record(
            actor if named else _unsigned(), action="burden.report", campaign=campaign, changes=[change]
        )
        row.batch_seq = batch.seq
        row.save(update_fields=["batch_seq"])
        office = people_of(campaign, campaign.root.line, ("office",))
        tell(office, kind="burden", campaign=campaign, params={"text": text[:SHORTENED]}, batch=batch.seq)
    return row


def answer_burden(actor: Actor, *, campaign: Campaign, report: int, answer: str) -> BurdenReport:
    """Answer a report, for whoever made it; an answer given before is replaced, the history keeps both.

    Raises NotFound for a report of another campaign, BadInput for an empty answer.
    """
    require(actor, "answer_burdens", campaign=campaign)
    require(
        actor, "answer_burdens", campaign.root, campaign
    )  # an office below the root is a parent like any other
    answer = answer.strip()
    if not answer:
        raise BadInput(_("没有写答复。请写明已采取的措施或不能调整的理由。"))
    if len(answer) > LONGEST:
        raise BadInput(_("答复 {n} 字，最多 {most} 字。请缩短。"), n=len(answer), most=LONGEST)
    with transaction.atomic():
        row = BurdenReport.objects.select_for_update().filter(pk=report, campaign=campaign).first()
        if row is None:
            raise NotFound(_("没有这条减负反馈。请刷新后查看。"))
        head = heads("burden", [row.pk])[row.pk]
        row.answer, row.answered_by, row.answered_on = answer, actor.name, today()
        change = Change("burden", row.pk, head.version, head.hash, today(), body_text({}, burden_said(row)))
        batch = record(actor, action="burden.answer", campaign=campaign, changes=[change])
        row.version, row.batch_seq = head.version + 1, batch.seq
        row.save()
        if row.person_id is not None:
            params = {"text": answer[:SHORTENED]}
            tell(
                {row.person_id},
                kind="burden_answered",
                campaign=campaign,
                params=params,
                by=actor,
                batch=batch.seq,
            )
    return row


def _unsigned() -> Actor:
    """Somebody who has not signed: no person, no post."""
    with house_language():
        return Actor(None, _("未署名"), "", (), (), today())
