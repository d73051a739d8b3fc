"""签字版: an item on one sheet for the unit head's signature and seal, with its version code in words and as a square."""

from __future__ import annotations

from collections.abc import Collection

import qrcode
from django.utils.translation import get_language
from qrcode.image.svg import SvgPathImage

from guatu.access import Actor
from guatu.domain.version_codes import VersionCode
from guatu.domain.words import gettext as _
from guatu.exchange.pdf_tables import stamp
from guatu.exchange.typesetting import typeset
from guatu.queries.pages import ItemPage


def render(
    page: ItemPage, code: VersionCode, actor: Actor, campaign: str, head: str, without: Collection[str] = ()
) -> bytes:
    """The PDF. `head`: what the campaign calls the unit's head; `without`: fields that others fill in later. Raises BadInput when the fonts are not there."""
    rows = [
        [_("编号"), page.number],
        [_("事项"), page.title],
        [_("牵头单位"), page.unit.name],
        [_("时限"), page.due.isoformat() if page.due else _("（空）")],
        *([field.label, field.text or _("（空）")] for field in page.fields if field.key not in without),
        [_("佐证材料"), _("；").join(_evidence(page)) or _("（空）")],
    ]
    return typeset(
        "signsheet.typ",
        {
            "title": _("{register}审签表").format(register=page.register_label),
            "under": _("{campaign} · 第 {round} 轮").format(campaign=campaign, round=page.round),
            "code_head": _("版本码"),
            "code": str(code),
            "version": _("第 {version} 版").format(version=code.version),
            "square": _square(str(code)),
            "rows": [list(row) for row in rows],
            "statement": _("以上内容属实，整改已完成，同意申请销号。"),
            "signer": _("{head}（签字）：").format(head=head),
            "seal": _("单位（盖章）："),
            "date": _("日期：＿＿＿＿年＿＿月＿＿日"),
            "note": _(
                "签字盖章后，请拍照或扫描，在“上传签章件”页面上传并填写版本码。打印后内容又有改动的，须重新打印签字。"
            ),
            "stamp": stamp(actor),
            "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        },
    )


def _evidence(page: ItemPage) -> list[str]:
    found = []
    for each in page.evidence:
        name = _("{kind}：{title}").format(kind=each.kind, title=each.title) if each.kind else each.title
        if each.offline:
            name = _("{title}（线下备查：{place}，{keeper}保管）").format(
                title=name, place=each.place, keeper=each.keeper
            )
        found.append(name)
    return found


def _square(text: str) -> str:
    """The code for a scanner, as SVG."""
    return str(qrcode.make(text, image_factory=SvgPathImage, border=0).to_string(encoding="unicode"))
