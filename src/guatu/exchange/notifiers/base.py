"""What every notifier is, and how a service on the web is asked: one POST of JSON, its answer read and judged.

The standard library asks: three kinds of POST want no library. Proxies of the environment are left alone, redirections
are not followed (they would carry the token to another host), and no address appears in what is said of a failure.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Collection, Mapping, Sequence
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from guatu.domain.reminding.letters import Letter
from guatu.domain.reminding.outcomes import SENT, Outcome, Verdict
from guatu.domain.reminding.rates import Limit
from guatu.domain.words import gettext as _

SECONDS = 10.0
"""How long a service may take to answer."""
MOST_ANSWER = 64 * 1024
RATE_REST = 60


class Notifier(Protocol):
    """One channel, open for some letters. `to` is a mail address, empty for a group; `ident` names the letter."""

    limits: Sequence[Limit]

    def send(self, letter: Letter, *, to: str, ident: str) -> Outcome:
        """Send one letter. Never raises: what went wrong is in the outcome."""

    def close(self) -> None:
        """Let go of the connection, if there is one."""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


def post_json(address: str, body: Mapping[str, Any]) -> Mapping[str, Any] | Outcome:
    """The answer of the service as JSON; an Outcome where it gave none that can be judged.

    A connection that could not be made has sent nothing; one that broke off later may have sent everything.
    """
    opener = build_opener(ProxyHandler({}), _Stay(), HTTPSHandler(context=ssl.create_default_context()))
    request = Request(  # noqa: S310  the file of the channels takes http and https only
        address,
        data=json.dumps(body, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": "guatu"},
        method="POST",
    )
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            read = answer.read(MOST_ANSWER)
    except HTTPError as failure:
        return _by_status(failure.code)
    except URLError as failure:
        return not_reached(failure.reason)
    except (TimeoutError, HTTPException, OSError):
        return Outcome(
            Verdict.UNKNOWN, _("发送后没有收到答复，可能已经送达。请向群里核实，没有收到的再点“重发”。")
        )
    try:
        found = json.loads(read)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return Outcome(Verdict.UNKNOWN, _("对方的答复无法识别，可能已经送达。请向群里核实。"))
    return found


def not_reached(reason: object) -> Outcome:
    """The service could not be reached at all."""
    why = type(reason).__name__ if isinstance(reason, BaseException) else _("网络不通")
    return Outcome(
        Verdict.LATER,
        _("连接不上服务器（{why}）。请检查网络和地址，系统会再试。").format(why=why),
        whole=True,
    )


def _by_status(status: int) -> Outcome:
    if status == 429:
        return Outcome(Verdict.LATER, too_often(), after=RATE_REST, whole=True)
    said = _("服务器答复 HTTP {status}。").format(status=status)
    if status >= 500:
        return Outcome(Verdict.LATER, said, whole=True)
    return Outcome(Verdict.REFUSED, said)


def too_often() -> str:
    """The sentence for a service that has had too much."""
    return _("对方限制了发送频率，稍后再发。")


def judged(
    code: object,
    message: object,
    *,
    resting: Mapping[int, int],
    refused: Collection[int],
    why: Mapping[int, str],
) -> Outcome:
    """The outcome of a service's own code: 0 is sent; `resting` maps codes to seconds of rest; `refused` are final.

    A code that is not known is tried again, since most are of the moment; after some attempts it counts as failed.
    `why` gives codes a sentence of their own; what the service says is cut short and shown as it is.
    """
    if code == 0:
        return SENT
    number = code if isinstance(code, int) else -1
    if number in resting:
        return Outcome(Verdict.LATER, too_often(), after=resting[number], whole=True)
    said = why.get(number) or _("对方拒收：{message}（{code}）。").format(
        message=str(message)[:120], code=number
    )
    return Outcome(Verdict.REFUSED if number in refused else Verdict.LATER, said)


def link_to(address: str) -> str:
    """The link at the end of a markdown message; empty without an address."""
    words = _("打开查看")
    return f"[{words}]({address})" if address else ""


def token_wrong() -> str:
    """The sentence for a bot that is not known there."""
    return _("机器人不存在或令牌不对。请核对配置文件中的 token，改正后点“重发”。")


def sign_wrong() -> str:
    """The sentence for a signature that was refused."""
    return _("签名或安全设置不符。请核对配置文件中的 secret、服务器时间和机器人的安全设置，改正后点“重发”。")
