"""飞书 group bot: text, signed in the body; 100 a minute and 5 a second, a body of at most 20 KB."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from guatu.domain.clock import real_now
from guatu.domain.reminding.channels import Channels, Group
from guatu.domain.reminding.letters import Letter, fit, without_marks
from guatu.domain.reminding.outcomes import Outcome
from guatu.domain.reminding.rates import Limit
from guatu.domain.words import gettext as _
from guatu.exchange.notifiers.base import judged, post_json, sign_wrong, token_wrong

MOST = 15_000
"""Bytes of the text: escaped line breaks and the frame stay below 20 KB together with it."""
RESTING = {11232: 60, 11233: 60, 11247: 60, 9499: 60}
REFUSED = frozenset({19001, 19002, 19021, 19022, 19024, 10236})


class Feishu:
    """One group. People cannot be called upon by telephone there."""

    limits: Sequence[Limit] = (Limit(100, 60, 5), Limit(5, 1, 1))

    def __init__(self, channels: Channels, group: Group) -> None:
        hook = quote(group.token.get_secret_value(), safe="")
        self._address = f"{channels.host('feishu')}/open-apis/bot/v2/hook/{hook}"
        self._secret = group.secret.get_secret_value()

    def send(self, letter: Letter, *, to: str = "", ident: str = "") -> Outcome:
        """Plain text."""
        answer = post_json(self._address, self._body(letter), _("飞书"))
        if isinstance(answer, Outcome):
            return answer
        return judged(
            answer.get("code", answer.get("StatusCode")),
            answer.get("msg", answer.get("StatusMessage", "")),
            resting=RESTING,
            refused=REFUSED,
            why={19001: token_wrong(), 19021: sign_wrong(), 19022: sign_wrong(), 19024: sign_wrong()},
        )

    def close(self) -> None:
        """Nothing is kept open."""

    def _body(self, letter: Letter) -> dict[str, Any]:
        text = fit(
            without_marks(letter.title),
            [without_marks(entry.text) for entry in letter.entries],
            MOST,
            lambda left: _("另有 {n} 条，请打开查看。").format(n=left),
            letter.href,
        )
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if self._secret:
            moment = str(int(real_now().timestamp()))
            body = {"timestamp": moment, "sign": sign(self._secret, moment), **body}
        return body


def sign(secret: str, moment: str) -> str:
    """Base64 of HMAC-SHA256 with “moment, new line, secret” as key over nothing; `moment` in seconds."""
    return base64.b64encode(hmac.new(f"{moment}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()
