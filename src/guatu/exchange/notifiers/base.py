"""What every notifier is, and how a service on the web is asked: one POST of JSON, its answer read and judged.

The standard library asks: three kinds of POST want no library. Proxies of the environment are left alone, redirections
are not followed (they would carry the token to another host), and no address appears in what is said of a failure.
"""

from __future__ import annotations

import json
import smtplib
import socket
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


def post_json(address: str, body: Mapping[str, Any], who: str) -> Mapping[str, Any] | Outcome:
    """The answer of the service as JSON; an Outcome where it gave none that can be judged. `who`: how the service is called.

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
        return _by_status(failure.code, who)
    except URLError as failure:
        return not_reached(failure.reason, who)
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


def not_reached(reason: object, who: str) -> Outcome:
    """The service could not be reached at all: which one, why, what to do."""
    return Outcome(Verdict.LATER, _why(reason).format(who=who, n=int(SECONDS)), whole=True)


def _why(reason: object) -> str:
    """The sentence for what stood in the way, with places for the service ({who}) and the seconds waited ({n})."""
    if isinstance(reason, socket.gaierror):
        return _("{who}发不出去：找不到服务器的地址。请核对配置文件中的地址和本机的域名解析，系统会再试。")
    if isinstance(reason, ConnectionRefusedError):
        return _("{who}发不出去：服务器拒绝连接。请核对配置文件中的地址和端口，系统会再试。")
    if isinstance(reason, TimeoutError):
        return _("{who}发不出去：服务器 {n} 秒内没有应答。请检查网络和防火墙，系统会再试。")
    if isinstance(reason, ssl.SSLCertVerificationError):
        return _("{who}发不出去：服务器的证书没有通过验证。请核对地址和本机的根证书、时间，系统会再试。")
    if isinstance(reason, ssl.SSLError):
        return _("{who}发不出去：与服务器谈不成加密连接。请核对配置文件中的端口和加密方式，系统会再试。")
    if isinstance(reason, smtplib.SMTPNotSupportedError):
        return _("{who}发不出去：服务器不支持所设的加密方式。请核对配置文件中的 security，系统会再试。")
    if isinstance(reason, smtplib.SMTPException | ConnectionError):
        return _("{who}发不出去：连上以后服务器又断开了。请核对配置文件中的端口和加密方式，系统会再试。")
    return _("{who}发不出去：网络不通。请检查网络和配置文件中的地址，系统会再试。")


def _by_status(status: int, who: str) -> Outcome:
    if status == 429:
        return Outcome(Verdict.LATER, too_often(), after=RATE_REST, whole=True)
    if status >= 500:
        said = _("{who}的服务器出错（HTTP {status}），系统会再试。一直如此的，请向对方核实。")
        return Outcome(Verdict.LATER, said.format(who=who, status=status), whole=True)
    said = _("{who}的服务器没有接收（HTTP {status}）。请核对配置文件中的地址，改正后点“重发”。")
    return Outcome(Verdict.REFUSED, said.format(who=who, status=status))


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
