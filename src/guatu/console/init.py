"""`guatu init`: from an empty home to its first people: the tables, the uppermost unit, three administrators, the office.

Passwords are asked on a terminal or read from a file or the standard input, never taken from the command line, where
every process of the machine could read them.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click
from django.conf import settings

from guatu.access import operator, setup_code
from guatu.access.password_rules import refuse_weak_password
from guatu.access.sign_in import is_anybody_here
from guatu.actions.founding import FIRST_ROLES, FirstPerson, found_house, house_as
from guatu.console import serve
from guatu.domain.errors import BadInput
from guatu.domain.pack import builtin_pack, builtin_packs
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop, listed

ROLES: Mapping[str, str] = {
    "system_admin": gettext_noop("系统管理员"),
    "security_admin": gettext_noop("安全管理员"),
    "audit_admin": gettext_noop("审计管理员"),
    "office": gettext_noop("办公室人员"),
}


@click.command(
    short_help=_("初始化：建数据表、集团、三员和办公室人员"),
    help=_(
        "在空的数据目录中建好数据表、集团、三员（系统、安全、审计管理员）和办公室第一位人员。"
        "在终端上运行时逐项询问；写全各选项则不再询问。密码不能写在命令行上。"
    ),
)
@click.option("--name", help=_("集团（最上级单位）的名称"))
@click.option("--short-name", help=_("集团的简称，不填则与名称相同"))
@click.option("--unit-code", help=_("集团的单位代码，例如 HQ"))
@click.option("--system-admin", help=_("系统管理员，写成“账号,姓名”"))
@click.option("--security-admin", help=_("安全管理员，写成“账号,姓名”"))
@click.option("--audit-admin", help=_("审计管理员，写成“账号,姓名”"))
@click.option("--office", help=_("办公室第一位人员，写成“账号,姓名”"))
@click.option(
    "--passwords",
    type=click.File("r", encoding="utf-8-sig"),  # Notepad puts a mark in front
    help=_("密码文件，每行“账号 密码”；写 - 则从标准输入读取。不填则在终端上逐个询问"),
)
@click.option(
    "--setup-code", "only_code", is_flag=True, help=_("只建数据表并给出一次性设置码，其余在网页上填写")
)
def command(
    name: str | None,
    short_name: str | None,
    unit_code: str | None,
    system_admin: str | None,
    security_admin: str | None,
    audit_admin: str | None,
    office: str | None,
    passwords: click.utils.LazyFile | None,
    only_code: bool,
) -> None:
    """The first day, without a browser."""
    serve.prepare()
    if is_anybody_here():
        raise BadInput(
            _("这里已经初始化。请运行 guatu serve，用账号登录；另建一套请用 GUATU_HOME 另设空目录。")
        )
    if only_code:
        click.echo(serve.code_told(setup_code.issue(settings.GUATU_HOME)))
        return
    given = {
        "system_admin": system_admin,
        "security_admin": security_admin,
        "audit_admin": audit_admin,
        "office": office,
    }
    asking = sys.stdin.isatty() and passwords is None
    if not asking:
        _refuse_gaps({"--name": name, "--unit-code": unit_code, **_as_options(given)}, passwords is not None)
    house_name = name or click.prompt(_("集团名称"))
    short = short_name or (click.prompt(_("集团简称"), default=house_name) if asking else house_name)
    code = unit_code or click.prompt(_("集团的单位代码"), default="HQ")
    accounts = {role: _account(role, given[role], asking) for role in FIRST_ROLES}
    secrets = _read_passwords(passwords) if passwords is not None else {}
    people = [
        FirstPerson(role, username, person, _password(username, secrets, asking))
        for role, (username, person) in accounts.items()
    ]
    pack = builtin_pack(next(iter(builtin_packs())))
    root = found_house(
        operator(), house=house_as(pack, name=house_name, short_name=short, code=code), people=people
    )
    setup_code.withdraw(settings.GUATU_HOME)
    click.echo(
        _("已初始化：{unit}（{code}），三员和办公室人员共 {count} 个账号。").format(
            unit=root.name, code=root.code, count=len(people)
        )
    )
    click.echo(
        _(
            "下一步：运行 guatu serve，用办公室人员的账号（{account}）登录，按页面上的六步导入单位、建立专项工作。"
        ).format(account=accounts["office"][0])
    )


def _as_options(given: Mapping[str, str | None]) -> dict[str, str | None]:
    return {f"--{role.replace('_', '-')}": value for role, value in given.items()}


def _refuse_gaps(given: Mapping[str, str | None], passwords: bool) -> None:
    """Without a terminal nothing can be asked: everything must have been said."""
    gaps = [option for option, value in given.items() if not value]
    if not passwords:
        gaps.append("--passwords")
    if gaps:
        raise BadInput(
            _("这里不是终端，不能逐项询问，还缺：{options}。请补上这些选项，或在终端上运行 guatu init。"),
            options=listed(gaps),
        )


def _account(role: str, given: str | None, asking: bool) -> tuple[str, str]:
    """The account and the name of one person."""
    if given is None and asking:
        label = _(ROLES[role])
        return (
            click.prompt(_("{role}的账号").format(role=label)).strip(),
            click.prompt(_("{role}的姓名").format(role=label)).strip(),
        )
    username, _comma, person = (given or "").replace("，", ",").partition(",")
    if not username.strip() or not person.strip():
        raise BadInput(
            _("{role}填的是“{value}”。请写成“账号,姓名”，例如 linxiaolan,林晓岚。"),
            role=_(ROLES[role]),
            value=given or "",
        )
    return username.strip(), person.strip()


def _read_passwords(source: click.utils.LazyFile) -> dict[str, str]:
    """Account → password; the sentence about a bad line never repeats it."""
    found: dict[str, str] = {}
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        username, _blank, password = line.strip().partition(" ")
        if not password.strip():
            raise BadInput(_("密码文件第 {line} 行不是“账号 密码”的样子。请改好后再运行。"), line=number)
        found[username] = password.strip()
    return found


def _password(username: str, known: Mapping[str, str], asking: bool) -> str:
    """The password of one account: asked twice on a terminal, else from what was read."""
    if not asking:
        if username not in known:
            raise BadInput(_("没有给出账号“{account}”的密码。请在密码文件中补上一行。"), account=username)
        return known[username]
    while True:
        typed: str = click.prompt(_("“{account}”的密码").format(account=username), hide_input=True)
        if typed != click.prompt(_("再输入一次"), hide_input=True):
            click.echo(_("两次输入的密码不一样。请重新输入。"), err=True)
            continue
        try:
            refuse_weak_password(typed, username)
        except BadInput as failure:
            click.echo(str(failure), err=True)
        else:
            return typed
