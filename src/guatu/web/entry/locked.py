"""What is answered while an account is shut, or an address has tried too often."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guatu.access.lock_out import shut_accounts

STATUS = 429


def locked_out(request: HttpRequest, _answer: object, credentials: dict[str, Any] | None) -> HttpResponse:
    """A page with one sentence: how long, why, and who can help."""
    username = str((credentials or {}).get("username") or "")
    told = {"sentence": _sentence(username), "username": username}
    return render(request, "door/locked.html", told, status=STATUS)


def _sentence(username: str) -> str:
    if username in shut_accounts([username]):
        return _(
            "连续 {count} 次密码错误，账号锁定 {minutes} 分钟。急需使用的，请联系上级单位联络员或安全管理员。"
        ).format(count=settings.GUATU_LOCK_AFTER, minutes=settings.GUATU_LOCK_MINUTES)
    return _("这个网络地址登录出错次数过多，{minutes} 分钟内不能登录。急需使用的，请联系安全管理员。").format(
        minutes=settings.GUATU_LOCK_MINUTES
    )
