"""A document dressed for sending: head, number, signature and imprint from its fields and from the pack's letterhead.

What the writer has said stands; the letterhead fills in the rest. Without a mark anywhere a document keeps no red head.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from guatu.domain.document.model import (
    BriefingFoot,
    BriefingHead,
    Head,
    Imprint,
    Kind,
    Official,
    Signatory,
    Signature,
)
from guatu.domain.pack.letterhead import NamedLetterhead
from guatu.domain.report import chinese_day

_BARE = re.compile(r"\d{1,5}")
_NO_LETTERHEAD = NamedLetterhead()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a document beside its text: how it is laid out, the day under it, its number, its recipients.

    `number`: whole (华岳办〔2026〕1号), bare (1), or none yet. `issue` and `total` number a briefing, `series` names it. `copies`
    get one (抄送); `signers` sign a document upward (签发人); `seal`: room is left for one. `letterhead`: the pack's, named.
    """

    kind: Kind
    day: date
    number: str = ""
    series: str = ""
    issue: int | None = None
    total: int | None = None
    recipients: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    seal: bool = False
    letterhead: NamedLetterhead = _NO_LETTERHEAD


def dressed(official: Official, facts: Facts) -> Official:
    """The document with its head, signature and foot."""
    if facts.kind == "briefing":
        return _briefing(official, facts)
    if facts.kind == "minutes":
        return _minutes(official, facts)
    given = official.head if isinstance(official.head, Head) else Head("", "")
    named = facts.letterhead
    mark = given.mark or {"letter": named.letter, "order": named.order}.get(facts.kind, named.mark)
    official = replace(official, salutation="" if facts.kind == "order" else _salutation(official, facts))
    if facts.kind == "plain" or not mark:
        return replace(official, kind="plain", head=None, foot=None, signature=_signed(official, facts))
    upward = facts.kind == "upward"
    signature = _stamped(official, facts) if facts.kind == "order" else _signed(official, facts)
    head = Head(
        mark,
        given.number if _is_whole(given.number) else numbered(facts),
        given.urgency,
        (given.signers or facts.signers) if upward else (),
    )
    return replace(
        official,
        kind=facts.kind,
        head=head,
        signature=signature,
        foot=_imprint(official, facts),
    )


def numbered(facts: Facts) -> str:
    """The document number as printed: 代字〔2026〕1号; room is left for one that is still to come."""
    if _is_whole(facts.number):
        return facts.number
    if facts.kind == "order":
        bare = facts.number.strip()
        return f"第{bare.lstrip('0')}号" if _BARE.fullmatch(bare) else bare
    letter = facts.kind == "letter"
    code = (facts.letterhead.letter_code if letter else "") or facts.letterhead.code
    bare = facts.number.strip()
    if bare and not _BARE.fullmatch(bare):
        return bare
    return f"{code}〔{facts.day.year}〕{bare.lstrip('0') or '　'}号"


def _is_whole(number: str) -> bool:
    return "〔" in number


def _salutation(official: Official, facts: Facts) -> str:
    if official.salutation or not facts.recipients:
        return official.salutation
    return "，".join(facts.recipients) + "："


def _signed(official: Official, facts: Facts) -> Signature | None:
    if official.signature is not None or not facts.letterhead.body:
        return official.signature
    return Signature((facts.letterhead.body,), chinese_day(facts.day), "seal" if facts.seal else "none")


def _stamped(official: Official, facts: Facts) -> Signature | None:
    """Who signs an order, each with the whole title of the post and a stamp of the name (董事长 林晓岚)."""
    signed = _signed(official, facts)
    if signed is None or not facts.signers:
        return signed
    told = (signer.split(maxsplit=1) for signer in facts.signers)
    stamps = tuple(Signatory(*one) if len(one) > 1 else Signatory("", *one) for one in told if one)
    return replace(signed, seal="name_seal", signatories=stamps)


def _minutes(official: Official, facts: Facts) -> Official:
    """Minutes have a name and a number like a briefing, no addressees and no signature (10.3)."""
    given = official.head if isinstance(official.head, BriefingHead) else BriefingHead("", 0, "", "")
    own = facts.letterhead
    name = given.name or facts.series or own.minutes
    if not name:
        return replace(official, kind="plain", head=None, foot=None)
    head = BriefingHead(
        name,
        given.issue or facts.issue or 0,
        own.editor or given.editor,
        given.day or chinese_day(facts.day),
        given.total or facts.total,
    )
    return replace(
        official, kind="minutes", salutation="", head=head, signature=None, foot=_imprint(official, facts)
    )


def _imprint(official: Official, facts: Facts) -> Imprint | None:
    given = official.foot if isinstance(official.foot, Imprint) else Imprint()
    made = Imprint(
        given.copies_to or facts.copies or facts.letterhead.copies_to,
        given.printer or facts.letterhead.printer,
        given.day or chinese_day(facts.day),
    )
    return made if made.copies_to or made.printer else None


def _briefing(official: Official, facts: Facts) -> Official:
    given = official.head if isinstance(official.head, BriefingHead) else BriefingHead("", 0, "", "")
    own = facts.letterhead
    head = BriefingHead(
        given.name or facts.series or own.briefing,
        given.issue or facts.issue or 0,
        own.editor or given.editor,
        given.day or chinese_day(facts.day),
        given.total or facts.total,
    )
    foot = official.foot if isinstance(official.foot, BriefingFoot) else BriefingFoot()
    made = BriefingFoot(
        foot.reported or own.reported, foot.sent or own.sent, foot.issued or own.issued, foot.copies
    )
    some = made.reported or made.sent or made.issued or made.copies is not None
    return replace(official, kind="briefing", head=head, foot=made if some else None)
