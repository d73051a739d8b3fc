"""企业微信 group bot: markdown of at most 4,096 bytes, text of at most 2,048; 20 a minute; the key stands in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from guatu.domain.reminding.channels import Channels, Group
from guatu.domain.reminding.letters import Letter, fit, without_marks
from guatu.domain.reminding.outcomes import Outcome
from guatu.domain.reminding.rates import Limit
from guatu.domain.words import gettext as _
from guatu.exchange.notifiers.base import judged, link_to, post_json, token_wrong

MARKDOWN_MOST, TEXT_MOST = 4096, 2048
RESTING = {45009: 60, 45033: 60}
REFUSED = frozenset({93000, 93004, 93008, 93017, 40001, 40008, 40014, 40033, 40058, 40070, 44004, 45002})


class WeCom:
    """One group."""

    limits: Sequence[Limit] = (Limit(20, 60, 5),)

    def __init__(self, channels: Channels, group: Group) -> None:
        key = quote(group.token.get_secret_value(), safe="")
        self._address = f"{channels.host('wecom')}/cgi-bin/webhook/send?key={key}"

    def send(self, letter: Letter, *, to: str = "", ident: str = "") -> Outcome:
        """Markdown; where people are to be called upon, text, because only that can."""
        body = _with_mobiles(letter) if letter.mobiles else _markdown(letter)
        answer = post_json(self._address, body, _("企业微信"))
        if isinstance(answer, Outcome):
            return answer
        return judged(
            answer.get("errcode"),
            answer.get("errmsg", ""),
            resting=RESTING,
            refused=REFUSED,
            why={93000: token_wrong(), 93008: token_wrong()},
        )

    def close(self) -> None:
        """Nothing is kept open."""


def _markdown(letter: Letter) -> dict[str, Any]:
    link = link_to(letter.href)
    text = fit(
        f"**{without_marks(letter.title)}**",
        [f"> {without_marks(entry.text)}" for entry in letter.entries],
        MARKDOWN_MOST,
        lambda left: "> " + _("另有 {n} 条，请打开查看。").format(n=left),
        link,
    )
    return {"msgtype": "markdown", "markdown": {"content": text}}


def _with_mobiles(letter: Letter) -> dict[str, Any]:
    text = fit(
        without_marks(letter.title),
        [without_marks(entry.text) for entry in letter.entries],
        TEXT_MOST,
        lambda left: _("另有 {n} 条，请打开查看。").format(n=left),
        letter.href,
    )
    return {"msgtype": "text", "text": {"content": text, "mentioned_mobile_list": list(letter.mobiles)}}
