"""`guatu unlock`: whoever holds the console lets somebody in again, the security administrator included."""

from __future__ import annotations

import click

from guatu.access import operator
from guatu.access.lock_out import shut_accounts
from guatu.actions.access_codes import give_access_codes
from guatu.actions.doors import reset_second_factor, unlock_account
from guatu.domain.words import gettext as _


@click.command(
    short_help=_("给一个账号解锁、重置两步验证或发启用码"),
    help=_(
        "给账号 ACCOUNT 解锁。唯一的安全管理员进不来时用；其他人由上级单位联络员或安全管理员在网页上办理。每次都记入留痕。"
    ),
)
@click.argument("account")
@click.option("--second-factor", is_flag=True, help=_("重置两步验证，本人下次登录须重新设置；须写 --reason"))
@click.option("--code", is_flag=True, help=_("发一个一次性启用码，本人凭它另设密码"))
@click.option("--reason", default="", help=_("原因，写入留痕"))
def command(account: str, second_factor: bool, code: bool, reason: str) -> None:
    """Open the account, reset its factor, give it a code: whichever is asked, opening if nothing else is."""
    actor = operator()
    if shut_accounts([account]) or not (second_factor or code):
        unlock_account(actor, username=account, reason=reason)
        click.echo(_("“{account}”已解锁，可以登录。").format(account=account))
    if second_factor:
        reset_second_factor(actor, username=account, reason=reason)
        click.echo(_("“{account}”的两步验证已重置，下次登录时重新设置。").format(account=account))
    if code:
        slip = give_access_codes(actor, usernames=[account], reason=reason)[0]
        click.echo(
            _("“{account}”的启用码：{code}（{day} 前有效，只能用一次）。").format(
                account=account, code=slip.code, day=slip.expires.date().isoformat()
            )
        )
