"""The words of the menu 填报表, which stands on a register's list too."""

from __future__ import annotations

from django.utils.translation import gettext as _


def download_words() -> tuple[tuple[str, str], ...]:
    """(format, words) of what can be downloaded."""
    return (
        ("xlsx", _("下载填报表")),
        ("books", _("下载填报表，每家单位一份（压缩包）")),
        ("offline", _("下载离线采集包（不能联网的单位）")),
        ("offlines", _("下载离线采集包，每家单位一份（压缩包）")),
    )
