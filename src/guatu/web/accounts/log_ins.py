"""登录记录: attempts to come in, for the security administrator; whoever is shut out can be let in again from here."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.queries.log_ins import FAILED, IN, RESULTS, SHUT, LogIn, LogIns, log_ins
from guatu.web.days import typed_day
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy
from guatu.web.setup.door import show_beside


@dataclass(frozen=True, slots=True)
class LogInsPage:
    """The list with what was asked. `rows`: each attempt with its result in words."""

    found: LogIns
    rows: tuple[tuple[LogIn, str], ...]
    results: tuple[tuple[str, str], ...]
    asked: dict[str, str]
    newer: str
    older: str
    accounts: str
    sentence: str


@policy("see_log_ins")
def attempts(request: HttpRequest, at: Here) -> HttpResponse:
    """The attempts that the address asks for."""
    given = dict(at.params)
    asked = {name: given.get(name, "").strip()[:60] for name in ("q", "result", "day")}
    asked["result"] = asked["result"] if asked["result"] in RESULTS else ""
    sentence, day = "", None
    try:
        day = typed_day(asked["day"])
    except BadInput as failure:
        sentence = str(failure)
    found = log_ins(
        at.actor,
        q=asked["q"],
        result=asked["result"],
        day=day,
        page=typed_number(given.get("page", ""), 4) or 1,
    )
    words = {IN: _("登录"), FAILED: _("密码或验证码错误"), SHUT: _("错误过多，账号锁定")}
    page = LogInsPage(
        found=found,
        rows=tuple((row, words[row.result]) for row in found.rows),
        results=tuple(words.items()),
        asked=asked,
        newer=at.to("log-ins", **asked, page=found.page - 1) if found.page > 1 else "",
        older=at.to("log-ins", **asked, page=found.page + 1) if found.more else "",
        accounts=at.to("accounts"),
        sentence=sentence,
    )
    return show_beside(request, at, "pages/log_ins.html", page, status=422 if sentence else 200)
