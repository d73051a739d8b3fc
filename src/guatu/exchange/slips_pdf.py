"""Activation slips (启用单) to print and cut: eight on a sheet of A4, each for one person. Handed out once, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence

import qrcode
from django.utils.translation import get_language
from qrcode.image.svg import SvgPathImage

from guatu.actions.access_codes import Slip
from guatu.domain.words import gettext as _
from guatu.exchange.typesetting import typeset


def slips_pdf(slips: Sequence[Slip], *, address: str, made_on: str) -> bytes:
    """The PDF. `address` is that of the page where an account is taken up; it stands on each slip, as a picture too."""
    return typeset(
        "slips.typ",
        {
            "title": _("启用单（{day}）").format(day=made_on),
            "heads": [_("单位"), _("姓名"), _("账号"), _("启用码")],
            "slips": [
                {
                    "values": [one.unit or "—", one.name, one.username],
                    "code": one.code,
                    "until": _("{day} 前有效，只能用一次").format(day=one.expires.date().isoformat()),
                }
                for one in slips
            ],
            "steps": [
                _("1. 用手机或电脑打开：{address}").format(address=address),
                _("2. 填账号和启用码，自己设一个密码。"),
                _("3. 今后用账号和密码登录；本单用后请销毁。"),
            ],
            "picture": _picture(address),
            "lang": "zh" if (get_language() or "zh").startswith("zh") else "en",
        },
    )


def _picture(address: str) -> str:
    return str(qrcode.make(address, image_factory=SvgPathImage, border=0).to_string(encoding="unicode"))
