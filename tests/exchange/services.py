"""Stand-ins for the services on this machine: they check what the real ones check, and answer with their codes.

A group bot looks at the address, the signature and its time window, the shape and size of the body, and how often it
was asked (by `counted_at`, which a test may move); a mail server takes letters, or refuses them with the code it was told to. Both keep what they took.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "0123456789abcdef-token"
SECRET = "SEC-local-secret"
HOUR = 3600


@dataclass
class Bots:
    """What the three bots took, and how they behave. `codes` are answered first, one for each request."""

    address: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    moments: dict[str, list[float]] = field(default_factory=dict)
    shut_until: float = 0.0
    codes: list[tuple[int, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    hang_up: bool = False
    redirect: str = ""
    skew: float = 0.0
    counted_at: Callable[[], float] = time.time

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Status and answer for one request."""
        self.asked.append(path)
        if self.statuses:
            return self.statuses.pop(0), {}
        parts = urlsplit(path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        service = {"/cgi-bin/webhook/send": "wecom", "/robot/send": "dingtalk"}.get(parts.path, "feishu")
        code, said = self.codes.pop(0) if self.codes else self._judge(service, parts.path, query, body)
        if code == 0:
            self.taken.append(json.loads(body))
        if service == "feishu":
            return 200, {"code": code, "msg": said, "StatusCode": code, "StatusMessage": said}
        return 200, {"errcode": code, "errmsg": said}

    def _judge(self, service: str, path: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        given = json.loads(body)
        if service == "wecom":
            return self._wecom(query, given)
        if service == "dingtalk":
            return self._dingtalk(query, given, body)
        return self._feishu(path, given, body)

    def _wecom(self, query: dict[str, str], given: dict[str, Any]) -> tuple[int, str]:
        if query.get("key") != TOKEN:
            return 93000, "invalid webhook url"
        kind, most = given["msgtype"], {"markdown": 4096, "text": 2048}
        if kind not in most or len(given[kind]["content"].encode()) > most[kind]:
            return 40058, "content exceed max length"
        return (45009, "api freq out of limit") if self._too_often("wecom", 20, 60) else (0, "ok")

    def _dingtalk(self, query: dict[str, str], given: dict[str, Any], body: bytes) -> tuple[int, str]:
        if query.get("access_token") != TOKEN:
            return 300001, "token is not exist"
        moment = query.get("timestamp", "0")
        if abs(int(moment) / 1000 - self._now()) > HOUR:
            return 310000, "invalid timestamp"
        signed = hmac.new(SECRET.encode(), f"{moment}\n{SECRET}".encode(), hashlib.sha256).digest()
        if query.get("sign") != base64.b64encode(signed).decode():
            return 310000, "sign not match"
        if set(given) != {"msgtype", "markdown", "at"} or set(given["markdown"]) != {"title", "text"}:
            return 40035, "invalid json"
        if len(body) > 20_000:
            return 460101, "message too long"
        if self.counted_at() < self.shut_until or self._too_often("dingtalk", 20, 60):
            self.shut_until = self.counted_at() + 600
            return 130101, "send too fast"
        return 0, "ok"

    def _feishu(self, path: str, given: dict[str, Any], body: bytes) -> tuple[int, str]:
        if path != f"/open-apis/bot/v2/hook/{TOKEN}":
            return 19001, "param invalid: incoming webhook access token invalid"
        moment = given.get("timestamp", "0")
        key = f"{moment}\n{SECRET}".encode()
        if (
            abs(int(moment) - self._now()) > HOUR
            or given.get("sign") != base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
        ):
            return 19021, "sign match fail or timestamp is not within one hour from current time"
        if len(body) > 20 * 1024 or given.get("msg_type") != "text" or not given["content"]["text"]:
            return 9499, "Bad Request"
        if self._too_often("feishu", 5, 1) or self._too_often("feishu-minute", 100, 60):
            return 11232, "create message trigger frequency limit"
        return 0, "success"

    def _now(self) -> float:
        return time.time() + self.skew

    def _too_often(self, what: str, count: int, seconds: float) -> bool:
        moments = self.moments.setdefault(what, [])
        moments.append(self.counted_at())
        return sum(moment > self.counted_at() - seconds for moment in moments) > count


class _Handler(BaseHTTPRequestHandler):
    bots: Bots

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.bots.hang_up:
            self.bots.asked.append(self.path)
            self.close_connection = True
            return
        status, answer = self.bots.answer(self.path, body)
        if self.bots.redirect:
            status = 302
        self.send_response(status)
        if self.bots.redirect:
            self.send_header("Location", self.bots.redirect)
        said = json.dumps(answer).encode()
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_args: object) -> None:
        """Nothing is printed."""


@contextmanager
def bots() -> Iterator[Bots]:
    """The three bots under one address, as long as the block lasts."""
    known = Bots()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"bots": known}))
    known.address = f"http://127.0.0.1:{server.server_port}"
    with _served(server):
        yield known


@dataclass
class MailServer:
    """What a mail server took. `refuse`: command → the answer it gives instead; `drop`: it hangs up after the letter."""

    port: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    connections: int = 0


class _Mail(socketserver.StreamRequestHandler):
    known: MailServer

    def handle(self) -> None:
        self.known.connections += 1
        self._say("220 ready")
        to = ""
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb in self.known.refuse:
                self._say(self.known.refuse[verb])
            elif verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                self._say("250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                letter = self._letter()
                if self.known.drop:
                    return
                self.known.taken.append((to, letter))
                self._say("250 taken")
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server on this machine, as long as the block lasts."""
    known = MailServer()
    handler = type("Mail", (_Mail,), {"known": known})
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    known.port = server.server_address[1]
    with _served(server):
        yield known


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def configured(bots_at: str = "", mail_port: int = 0, more: str = "") -> str:
    """The text of a file of channels that leads to these stand-ins."""
    parts = []
    if mail_port:
        parts.append(
            f'[mail]\nhost = "127.0.0.1"\nport = {mail_port}\nsecurity = "none"\nsender = "guatu@example.cn"\n'
        )
    if bots_at:
        parts.append(
            "[hosts]\n" + "".join(f'{one} = "{bots_at}"\n' for one in ("wecom", "dingtalk", "feishu"))
        )
    return "\n".join([*parts, more])


def group(service: str, name: str = "专班群", token: str = TOKEN, **more: str) -> str:
    """One group of the file."""
    lines = {"name": name, "service": service, "token": token, "secret": SECRET, "unit": "HY"}
    text = "".join(f'{key} = "{value}"\n' for key, value in lines.items())
    return "[[group]]\n" + text + "".join(f"{key} = {value}\n" for key, value in more.items())
