"""`guatu`: one root command. Commands parse, call and print; this module alone turns failures into one line."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import Any, Literal

import click

from guatu import __version__
from guatu.console import language, usage
from guatu.domain.errors import GuatuError
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

language.speak()
click.Context.formatter_class = usage.Formatter

BAD_INPUT = 2
INTERRUPTED = 130
CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


@dataclass(frozen=True, slots=True)
class Entry:
    """A command: `module` exposes a click command called `command`.

    `needs`: “nothing” no database; “records” Django, and finds out for itself what is there; “tables” is told of an
    empty home before it looks. `runs_as`: “operator” the installation's own, who sees no restricted item; “person”
    somebody named, with their own rights; “program” whatever the program does by itself and for the people who asked
    it; “nobody” opens no record (docs/scope.md).
    """

    module: str
    summary: str
    needs: Literal["tables", "records", "nothing"]
    runs_as: Literal["operator", "person", "program", "nobody"]


# The one visible table of commands. README documents each (tests/console/test_commands.py).
COMMANDS: dict[str, Entry] = {
    "demo": Entry("guatu.console.demo", _("装入示例数据，打开演示网页"), "records", "operator"),
    "init": Entry("guatu.console.init", _("初始化：建数据表、集团、三员和办公室人员"), "records", "operator"),
    "import-units": Entry(
        "guatu.console.import_units", _("从 Excel 导入单位，可先试运行、可撤回"), "records", "operator"
    ),
    "check-setup": Entry(
        "guatu.console.check_setup", _("启动检查：哪些单位没有填报员、审核人、负责人"), "tables", "operator"
    ),
    "import-people": Entry(
        "guatu.console.import_people", _("从 Excel 导入联络员名单，可先试运行"), "tables", "operator"
    ),
    "unlock": Entry(
        "guatu.console.unlock", _("给一个账号解锁、重置两步验证或发启用码"), "tables", "operator"
    ),
    "import": Entry(
        "guatu.console.import_workbook", _("把任何 Excel 变成清单并导入，可先看懂了什么"), "tables", "person"
    ),
    "move": Entry("guatu.console.move", _("按表格办理事项的流转，可先试运行"), "tables", "person"),
    "serve": Entry("guatu.console.serve", _("启动网页服务"), "records", "nobody"),
    "worker": Entry(
        "guatu.console.worker", _("办理后台任务（导出等），直至按 Ctrl+C 结束"), "tables", "program"
    ),
    "tick": Entry(
        "guatu.console.tick", _("办理到期自动流转（公示期满、逾期未答、定期检查）"), "tables", "program"
    ),
    "notify": Entry("guatu.console.notify", _("办理到期提醒并发送，或先看会发什么"), "tables", "program"),
    "calendar": Entry("guatu.console.calendar", _("查看或录入一年的工作日历"), "tables", "operator"),
    "figures": Entry(
        "guatu.console.figures", _("列出统计项的数值，或打开一个数字背后的记录"), "records", "operator"
    ),
    "report": Entry("guatu.console.report", _("按截止日期生成报告"), "records", "operator"),
    "check": Entry(
        "guatu.console.check", _("校核一份写好的文稿：与记录对照，与自身对照"), "records", "operator"
    ),
    "roll": Entry(
        "guatu.console.roll", _("换期更新：上期的 Word 稿改成另一天的数，以修订写回"), "tables", "operator"
    ),
    "extract": Entry(
        "guatu.console.extract", _("找出文本中的数字及其含义，不需要数据库"), "nothing", "nobody"
    ),
    "verify": Entry("guatu.console.verify", _("核对历史记录的完整性，必要时加封"), "tables", "operator"),
    "backup": Entry("guatu.console.backup", _("把数据库和全部文件备份成一个文件"), "tables", "nobody"),
    "restore": Entry("guatu.console.restore", _("从备份恢复，并核对"), "records", "nobody"),
    "export": Entry(
        "guatu.console.export", _("把一项专项工作导出成一个整包，可在别处装入"), "tables", "operator"
    ),
    "import-campaign": Entry(
        "guatu.console.import_campaign", _("从整包装入一项专项工作"), "records", "operator"
    ),
    "upgrade": Entry("guatu.console.upgrade", _("备份后把数据库更新到本程序的结构"), "records", "nobody"),
    "bench": Entry("guatu.console.bench", _("测量速度、内存和语句数，与手写 SQL 对照"), "records", "program"),
}


class Root(click.Group):
    """Imports a command when it is asked for, so that `guatu extract` never waits for the database."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the table: the way a person meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the module of `name`, with Django set up where it is needed."""
        return _loaded(name) if name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """An unknown command is answered with those that exist."""
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            known = listed(COMMANDS)
            raise usage.Refused(
                _("没有“{name}”这个命令。可用的命令：{known}。").format(name=args[0], known=known)
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List from the table, without importing anything."""
        with formatter.section(_("命令")):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])


@click.group(
    cls=Root,
    context_settings=CONTEXT,
    help=_(
        "挂图 Guatu：专项工作的清单、作战图、统计与报告。\n\n"
        "数据存放在 ./var，可用环境变量 GUATU_HOME 另行指定；使用 PostgreSQL 的，请设置 GUATU_DATABASE_URL。"
    ),
)
@click.version_option(__version__, "-V", "--version", prog_name="guatu", message="%(prog)s %(version)s")
def cli() -> None:
    """`guatu` alone lists the commands."""


@cache
def _loaded(name: str) -> click.Command:
    entry = COMMANDS[name]
    if entry.needs != "nothing":
        _set_up_records()
    command: click.Command = importlib.import_module(entry.module).command
    command.name = name
    if entry.needs != "nothing" and command.callback is not None:
        command.callback = _on_the_day_of_a_demo(command.callback, may_be_empty=entry.needs == "records")
    return command


def _on_the_day_of_a_demo(callback: Callable[..., Any], *, may_be_empty: bool) -> Callable[..., Any]:
    """In a demo's home “today” is the demo's day for every command; a home without tables has no day."""

    @wraps(callback)
    def run(*arguments: Any, **options: Any) -> Any:
        from django.db import DatabaseError

        from guatu.domain import clock
        from guatu.queries.installation import installation

        try:
            here = installation()
        except DatabaseError:
            if not may_be_empty:
                raise
        else:
            if here.demo:
                clock.fix_for_process(here.demo_day)
        return callback(*arguments, **options)

    return run


def _set_up_records() -> None:
    """Django, once per process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.project.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def sentence(error: BaseException) -> str | None:
    """What a person can do about `error`, in one line; None when it is a fault of ours and needs its traceback."""
    if isinstance(error, GuatuError):
        return str(error)
    if isinstance(error, click.ClickException):
        return usage.sentence(error)
    if isinstance(error, OSError) and error.filename is not None:
        return _("无法读写文件“{file}”：{reason}。请检查路径和权限。").format(
            file=error.filename, reason=error.strerror or type(error).__name__
        )
    if type(error).__module__.startswith("django.db"):
        return _of_database(error)
    return None


def _of_database(error: BaseException) -> str | None:
    from django.conf import settings

    text = str(error).lower()
    if "no such table" in text or "does not exist" in text:
        return _(
            "“{home}”中还没有可用的数据。请先运行 guatu init 或 guatu demo --load-only，或用 GUATU_HOME 指定数据所在的目录。"
        ).format(home=settings.GUATU_HOME)
    if "not a database" in text or "malformed" in text:
        return _("“{home}”中的数据库文件已损坏（{reason}）。请用备份恢复后再运行 guatu verify。").format(
            home=settings.GUATU_HOME, reason=error
        )
    if "unable to open" in text or "readonly" in text or "disk" in text:
        return _("数据库无法读写（{reason}）。请检查“{home}”的权限和磁盘空间。").format(
            reason=error, home=settings.GUATU_HOME
        )
    if "connection" in text and settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return _("连不上数据库（{reason}）。请检查 GUATU_DATABASE_URL 和数据库服务是否已启动。").format(
            reason=" ".join(str(error).split())
        )
    return None


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave the process with its exit code: 0 well, 1 a finding, 2 bad input."""
    try:
        code = cli.main(args=arguments, prog_name="guatu", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) has had enough: no complaint, and none at interpreter exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(BAD_INPUT)
    except Exception as error:
        line = sentence(error)
        if line is None:
            raise
        click.echo(_("错误：{sentence}").format(sentence=" ".join(line.split("\n"))), err=True)
        sys.exit(BAD_INPUT)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
