"""钉钉 group bot: markdown, signed in the address; 20 a minute, then shut for ten minutes."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from guatu.domain.clock import real_now
from guatu.domain.reminding.channels import Channels, Group
from guatu.domain.reminding.letters import Letter, cut, fit, without_marks
from guatu.domain.reminding.outcomes import Outcome
from guatu.domain.reminding.rates import Limit
from guatu.domain.words import gettext as _
from guatu.exchange.notifiers.base import judged, link_to, post_json, sign_wrong, token_wrong

MOST, TITLE_MOST = 15_000, 120
"""Bytes of the text; the whole body may have 20,000."""
SHUT = 600
RESTING = dict.fromkeys((130101, 130102, 410100, 90018, 90030), SHUT)
REFUSED = frozenset(
    {310000, 300001, 300005, 40035, 43004, 400013, 400101, 400102, 400105, 400106, 430101, 430102, 460101}
)
WRONG_TOKEN = (300001, 300005, 400013, 400101, 400102, 400106)


class DingTalk:
    """One group."""

    limits: Sequence[Limit] = (Limit(20, 60, 5),)

    def __init__(self, channels: Channels, group: Group) -> None:
        self._host = channels.host("dingtalk")
        self._token = group.token.get_secret_value()
        self._secret = group.secret.get_secret_value()

    def send(self, letter: Letter, *, to: str = "", ident: str = "") -> Outcome:
        """Markdown with its title."""
        answer = post_json(self._signed(), _body(letter), _("钉钉"))
        if isinstance(answer, Outcome):
            return answer
        return judged(
            answer.get("errcode"),
            answer.get("errmsg", ""),
            resting=RESTING,
            refused=REFUSED,
            why={310000: sign_wrong(), **dict.fromkeys(WRONG_TOKEN, token_wrong())},
        )

    def close(self) -> None:
        """Nothing is kept open."""

    def _signed(self) -> str:
        query = {"access_token": self._token}
        if self._secret:
            moment = str(int(real_now().timestamp() * 1000))  # the service compares it with its own clock
            query |= {"timestamp": moment, "sign": sign(self._secret, moment)}
        return f"{self._host}/robot/send?{urlencode(query)}"


def sign(secret: str, moment: str) -> str:
    """Base64 of HMAC-SHA256 with the secret as key over “moment, new line, secret”; `moment` in milliseconds."""
    digest = hmac.new(secret.encode(), f"{moment}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _body(letter: Letter) -> dict[str, Any]:
    called = " ".join(
        f"@{mobile}" for mobile in letter.mobiles
    )  # a telephone rings only if the text names it
    link = link_to(letter.href)
    text = fit(
        f"#### {without_marks(letter.title)}\n",
        [f"- {without_marks(entry.text)}" for entry in letter.entries],
        MOST,
        lambda left: "- " + _("另有 {n} 条，请打开查看。").format(n=left),
        "\n".join(part for part in ("\n" + link if link else "", called) if part),
    )
    return {
        "msgtype": "markdown",
        "markdown": {"title": cut(without_marks(letter.title), TITLE_MOST), "text": text},
        "at": {"atMobiles": list(letter.mobiles), "isAtAll": False},
    }
