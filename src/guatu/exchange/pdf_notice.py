"""公示单 as a PDF: one A4 sheet to be put up, without a watermark, since it is for everybody's eyes."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language

from guatu.domain.words import gettext as _
from guatu.exchange.typesetting import typeset
from guatu.queries.notice_sheet import NoticeSheet


def render(sheet: NoticeSheet) -> bytes:
    """The PDF. Raises BadInput when the fonts are not there."""
    lead = (
        _("下列{noun}已完成整改并通过核验，现在一定范围内通报。")
        if sheet.within
        else _("下列{noun}已完成整改并通过核验，现予公示。")
    )
    days = _("通报时间：{first} 至 {last}。") if sheet.within else _("公示时间：{first} 至 {last}。")
    facts = [
        [_("编号"), sheet.number],
        [sheet.noun, sheet.title],
        [_("牵头单位"), sheet.unit],
        *([label, text] for label, text in sheet.fields),
    ]
    return typeset(
        "notice.typ",
        {
            "title": _("整改情况通报") if sheet.within else _("整改情况公示"),
            "lead": lead.format(noun=sheet.noun),
            "facts": facts,
            "days": days.format(first=_said(sheet.since), last=_said(sheet.until)),
            "how": _("对整改情况有不同意见的，请在此期间向{office}反映。").format(office=sheet.office),
            "signed": sheet.office,
            "organisation": sheet.organisation,
            "day": _said(sheet.since),
            "lang": "en" if (get_language() or "zh").startswith("en") else "zh",
        },
    )


def _said(day: date) -> str:
    return _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)
