"""The columns of a liaison list."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.fields.base import narrow
from guatu.domain.imports.columns import BadCell, Column, code_of, day_of, option_of, text_of, written
from guatu.domain.imports.grid import Cell
from guatu.domain.pack.base import Option
from guatu.domain.telephones import can_be_dialled
from guatu.domain.words import gettext as _

NOT_BY_LIST = ADMINISTRATORS | {"team_leader", "team_member", "auditor"}
"""Roles that no list gives: the three administrators, those of a team, which hang on the team, and the auditor, whose
post needs a last day."""

_ACCOUNT = re.compile(r"\w[\w.@\-]*")


class UnitCode(Column):
    """单位代码, or the unit's name where somebody wrote it here."""

    identifier = "unit_code"
    title = _("单位代码")
    also = ("代码", "单位编码", "单位编号", "unit code", "code")

    def clean(self, cell: Cell) -> str:
        """The code, or a name."""
        return text_of(cell, 120) if isinstance(cell, str) else code_of(cell)


class UnitName(Column):
    """单位 by name, short name, alias or former name, matched exactly."""

    identifier = "unit_name"
    title = _("单位")
    also = ("单位名称", "单位全称", "所在单位", "unit", "unit name")

    def clean(self, cell: Cell) -> str:
        """The name."""
        return text_of(cell, 120)


class PersonName(Column):
    """姓名."""

    identifier = "name"
    title = _("姓名")
    also = ("联络员", "联络员姓名", "联系人", "人员姓名", "name", "person")

    def clean(self, cell: Cell) -> str:
        """The name, at most 60 characters, without the spaces that align two-character names."""
        text = text_of(cell, 60)
        return text.replace(" ", "") if not text.isascii() else text


class Account(Column):
    """账号: made from the unit's code when there is none."""

    identifier = "username"
    title = _("账号")
    also = ("用户名", "登录名", "登录账号", "username", "account")

    def clean(self, cell: Cell) -> str:
        """The account: letters, digits, . _ - @."""
        text = narrow(written(cell)).replace(" ", "")
        if len(text) > 60 or not _ACCOUNT.fullmatch(text):
            raise BadCell(_("账号只能由字母、数字、汉字、“-”“.”“_”“@”组成，最多 60 个字符。请更改。"))
        return text


class RoleColumn(Column):
    """身份, as the pack calls its roles."""

    identifier = "role"
    title = _("身份")
    also = ("角色", "岗位", "职责", "role")

    def __init__(self, roles: Mapping[str, str]) -> None:
        self._options = tuple(
            Option(key=key, label=label) for key, label in roles.items() if key not in NOT_BY_LIST
        )
        self._others = {narrow(label) for key, label in roles.items() if key in NOT_BY_LIST}

    def clean(self, cell: Cell) -> str:
        """The role's key."""
        if narrow(written(cell)) in self._others:
            raise BadCell(_("管理员、督导组和审计查阅的身份不从名单导入。请在相应页面办理。"))
        return option_of(cell, self._options)


class Telephone(Column):
    """电话: kept apart from the history, which holds a salted hash of it."""

    identifier = "telephone"
    title = _("电话")
    also = ("手机", "手机号", "手机号码", "联系电话", "联系方式", "电话号码", "telephone", "phone", "mobile")

    def clean(self, cell: Cell) -> str:
        """Digits, spaces, - and brackets, with an extension."""
        text = " ".join(narrow(written(cell)).split())
        if not can_be_dialled(text):
            raise BadCell(_("请只填一个号码：数字、空格、- 和括号，可以 + 开头，分机写“转8012”。"))
        return text


class HeldFrom(Column):
    """起始日期: from when on the post is held."""

    identifier = "day"
    title = _("起始日期")
    also = ("生效日期", "任职日期", "起始日", "开始日期", "from", "valid from")

    def clean(self, cell: Cell) -> date:
        """The day."""
        return day_of(cell)


def people_columns(roles: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns of a list; `roles`: role → what the pack calls it."""
    return (
        UnitCode(),
        UnitName(),
        PersonName(),
        Account(),
        RoleColumn(roles),
        Telephone(),
        HeldFrom(),
    )
