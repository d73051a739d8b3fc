"""Decisions about phrases (认定): this phrase means that figure, for everybody here, until it is taken back."""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction
from uuid6 import uuid7

from guatu.access import Actor, require
from guatu.actions.history import Change, body_text, heads, record
from guatu.domain.checker.binding import measures_alike
from guatu.domain.checker.decided import LONGEST, OWN
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.queries.phrases import DECIDE, may_end_of
from guatu.queries.verify.phrases import phrase_said
from guatu.records.models import Campaign, PhraseDecision, PhraseUse
from guatu.records.packs import pack_of, written_pack

LONGEST_REASON = 300
LONGEST_NAME = 200


def decide_phrase(
    actor: Actor, *, campaign: Campaign, phrase: str, measure: str, figure: str
) -> PhraseDecision:
    """Decide that `phrase` (made by `phrase_of`) with `measure` means the figure; without one, a number of one's own.

    The same decision made again is the one that stands. Raises BadInput for a phrase that names nothing, a figure that
    there is none of, or one that is counted in another measure; Conflict where the phrase means something else already.
    """
    require(actor, DECIDE, campaign=campaign)
    if actor.person is None:
        raise NotAllowed(_("措辞的认定由本人作出。请登录后在校核页上办理。"))
    pack = pack_of(campaign)
    _require_sound(phrase, measure)
    if figure:
        declared = pack.figures.get(figure)
        if declared is None:
            raise BadInput(_("没有标识为“{key}”的统计项。请重新选择。"), key=figure[:40])
        measures = written_pack(campaign).figures[figure].say.measures
        if not measures_alike(measure, measures):
            raise BadInput(
                _("“{phrase}”以“{measure}”计，统计项“{label}”以“{ours}”计，不是同一种数。请另选统计项。"),
                phrase=phrase,
                measure=measure,
                label=declared.label,
                ours=measures[0],
            )
    try:
        with transaction.atomic():
            stands = _standing(pack.head.key, phrase, measure)
            if stands is not None:
                if stands.figure == figure:
                    return stands
                label = pack.figures[stands.figure].label if stands.figure in pack.figures else _("人工数")
                raise Conflict(
                    _("“{phrase}”已由{person}于 {day} 认定为“{label}”。请先在“措辞认定”中撤销，再重新认定。"),
                    phrase=phrase,
                    person=stands.person.name,
                    day=stands.decided_on,
                    label=label,
                )
            row = PhraseDecision(
                public_id=UUID(int=uuid7().int),
                pack=pack.head.key,
                campaign=campaign,
                phrase=phrase,
                measure=measure,
                figure=figure,
                person_id=actor.person,
                decided_on=today(),
                batch_seq=0,
            )
            row.save(force_insert=True)
            change = Change("phrase", row.pk, 0, "", row.decided_on, body_text({}, phrase_said(row)))
            batch = record(actor, action="phrase.decide", campaign=campaign, changes=[change])
            row.batch_seq = batch.seq
            row.save(update_fields=["batch_seq"])
    except IntegrityError as error:
        raise Conflict(_("“{phrase}”刚由他人认定。请刷新后查看。"), phrase=phrase) from error
    return row


def end_phrase(actor: Actor, *, campaign: Campaign, phrase: UUID, reason: str) -> PhraseDecision:
    """Take a decision back (撤销), saying why; it keeps its row. By whoever decided, or whoever decides for all.

    Raises NotFound for one that there is none of in the campaign's pack, BadInput without a reason or for one that has
    ended, NotAllowed for somebody else's.
    """
    require(actor, DECIDE, campaign=campaign)
    reason = reason.strip()
    if not reason:
        raise BadInput(_("没有写明撤销的原因。请填写，例如“口径已改”。"))
    if len(reason) > LONGEST_REASON:
        raise BadInput(_("撤销的原因 {n} 字，最多 {most} 字。请缩短。"), n=len(reason), most=LONGEST_REASON)
    with transaction.atomic():
        row = (
            PhraseDecision.objects.select_for_update(of=("self",))
            .filter(public_id=phrase, pack=pack_of(campaign).head.key)
            .first()
        )
        if row is None:
            raise NotFound(_("没有这条措辞认定。请刷新后查看。"))
        if row.ended_on is not None:
            raise BadInput(_("这条认定已于 {day} 撤销。请刷新后查看。"), day=row.ended_on)
        if not may_end_of(actor, campaign, row):
            raise NotAllowed(_("这条认定由他人作出，只有本人和办公室可以撤销。"))
        head = heads("phrase", [row.pk])[row.pk]
        row.ended_on, row.ended_by, row.reason = today(), actor.name, reason
        change = Change("phrase", row.pk, head.version, head.hash, today(), body_text({}, phrase_said(row)))
        batch = record(actor, action="phrase.end", campaign=campaign, changes=[change], reason=reason)
        row.version, row.batch_seq = head.version + 1, batch.seq
        row.save()
    return row


def note_phrase_use(actor: Actor, *, marks: Collection[str], name: str) -> None:
    """Note beside the decisions (by their `Decided.mark`) that they were used in the text called `name`. Desk matter."""
    if actor.person is None or not marks:
        return
    found = PhraseDecision.objects.filter(public_id__in=list(marks)).values_list("pk", flat=True)
    rows = [
        PhraseUse(decision_id=pk, person_id=actor.person, name=name[:LONGEST_NAME], used_on=today())
        for pk in found
    ]
    PhraseUse.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["decision", "person", "name"],
        update_fields=["used_on"],
    )


def _standing(pack: str, phrase: str, measure: str) -> PhraseDecision | None:
    rows = PhraseDecision.objects.select_related("person")
    return rows.filter(pack=pack, phrase=phrase, measure=measure, ended_on=None).first()


def _require_sound(phrase: str, measure: str) -> None:
    """Refuse what `phrase_of` never makes."""
    if phrase.count(OWN) != 1 or len(phrase) > LONGEST or len(measure) > 20 or re.search(r"[\d\s]", phrase):
        raise BadInput(_("这处文字说不清指的是什么，无法记下认定。请先在文中写明名词，再校核一次。"))
