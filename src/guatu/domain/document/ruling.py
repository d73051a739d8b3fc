"""What an official document lacks or has too much of, said before it is laid out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from guatu.domain.document.model import BriefingFoot, BriefingHead, Head, Imprint, Official
from guatu.domain.style import lint
from guatu.domain.words import gettext as _

_TO_COME = re.compile(r"〕\s*号")
"""A document number with room for what is still to come: 华岳办〔2026〕　号."""


def faults(document: Official) -> tuple[str, ...]:
    """One sentence for each; none for a document that may be laid out."""
    return tuple(_faults(document))


def _faults(document: Official) -> Iterator[str]:
    if not document.title.strip():
        yield _("公文没有标题。请填写标题。")
    head = document.head
    if document.kind == "briefing":
        if not isinstance(head, BriefingHead) or not head.name.strip():
            yield _("简报没有报头。请填写简报名称、期数、编发单位和日期。")
        elif head.issue < 1:
            yield _("简报没有期数。请填写从 1 起的期数。")
        if isinstance(document.foot, Imprint):
            yield _("简报用报、送、发的报尾，不用版记。请改填报、送、发单位。")
        return
    if isinstance(document.foot, BriefingFoot):
        yield _("只有简报用报、送、发的报尾。请改填抄送机关和印发机关。")
    if document.kind == "plain" or (document.kind == "minutes" and isinstance(head, BriefingHead)):
        return
    if not isinstance(head, Head) or not head.mark.strip():
        yield _("公文没有发文机关标志。请填写发文机关。")
        return
    if document.kind == "order":
        if not head.number.strip():
            yield _("令没有令号。请填写，例如“第1号”。")
        return
    if not head.number.strip() or _TO_COME.search(head.number):
        yield _("公文没有发文字号。请填写，例如“华岳办〔2026〕1号”。")
        head = replace(head, number="")
    for finding in lint(head.number):
        if finding.rule == "document_number":
            yield finding.message
    if document.kind == "upward" and not head.signers:
        yield _("上行文应当标注签发人。请填写签发人姓名。")
    if document.kind != "upward" and head.signers:
        yield _("只有上行文标注签发人。请删去签发人，或改为上行文。")
    if document.kind != "minutes" and not document.salutation.strip():
        yield _("公文没有主送机关。请填写。")
