"""How a command is used, and what is wrong with a command line in one sentence: what, which value, what next."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from guatu.domain.words import gettext as _
from guatu.domain.words import listed

_QUOTED = re.compile(r"'([^']*)'")
_OUT_OF_RANGE = re.compile(r"^(\S+) is not in the range")
_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)")


class Refused(click.UsageError):
    """A command line that we refuse in a sentence of our own."""


class Formatter(click.HelpFormatter):
    """Help as click lays it out, with click's own few words in the reader's language."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, args, prefix if prefix is not None else _("用法：") + " ")

    def write_heading(self, heading: str) -> None:
        """The heading of a section."""
        super().write_heading({"Options": _("选项")}.get(heading, heading))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Names and what they do."""
        said = {
            "Show this message and exit.": _("显示用法后退出。"),
            "Show the version and exit.": _("显示版本后退出。"),
        }
        super().write_dl([(name, said.get(what, what)) for name, what in rows], col_max, col_spacing)


def sentence(error: click.ClickException) -> str:
    """One sentence for a failure that click found while it read the command line."""
    if isinstance(error, click.NoSuchOption):
        return _("没有 {option} 这个选项。").format(option=error.option_name) + _ask(error)
    if isinstance(error, click.MissingParameter):
        return _("缺少 {parameter}。").format(parameter=_named(error)) + _ask(error)
    if isinstance(error, click.FileError):
        return _("无法打开文件“{file}”：{reason}。请检查路径和权限。").format(
            file=error.ui_filename, reason=error.message
        )
    if isinstance(error, click.BadParameter):
        return _bad_value(error) + _ask(error)
    message = error.format_message().strip()
    if isinstance(error, Refused):
        return message
    extra = _EXTRA.search(message)
    if extra:
        return _("多出了参数“{value}”。").format(value=extra[1]) + _ask(error)
    return _closed(message) + _ask(error)


def _bad_value(error: click.BadParameter) -> str:
    if error.param is None:
        return _("{parameter}：{reason}").format(parameter=_named(error), reason=_closed(error.message))
    values = _QUOTED.findall(error.message)
    kind = error.param.type
    if isinstance(kind, click.Path | click.File):
        value = values[-1] if values else ""
        if "does not exist" in error.message or "No such file" in error.message:
            return _("找不到文件“{value}”。请检查路径。").format(value=value)
        return _("文件“{value}”不能读写。请检查路径和权限。").format(value=value)
    outside = _OUT_OF_RANGE.match(error.message)
    value = outside[1] if outside else values[0] if values else ""
    return _("{parameter} 的值“{value}”不能用，应为{allowed}。").format(
        parameter=_named(error), value=value, allowed=_allowed(kind)
    )


def _allowed(kind: click.ParamType) -> str:
    if isinstance(kind, click.Choice):
        return _("下列之一：{choices}").format(choices=listed(str(choice) for choice in kind.choices))
    if isinstance(kind, click.IntRange) and kind.min is not None and kind.max is not None:
        return _("{low} 至 {high} 的整数").format(low=kind.min, high=kind.max)
    if isinstance(kind, click.IntRange) and kind.min is not None:
        return _("不小于 {low} 的整数").format(low=kind.min)
    if isinstance(kind, click.types.IntParamType):
        return _("整数")
    if isinstance(kind, click.DateTime):
        return _("日期，如 2023-11-30")
    return kind.name


def _named(error: click.BadParameter) -> str:
    if error.param is not None and error.ctx is not None:
        return error.param.get_error_hint(error.ctx).replace("'", "")
    hint = error.param_hint
    return hint if isinstance(hint, str) else " / ".join(hint or ())


def _ask(error: click.ClickException) -> str:
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "guatu"
    return _("请用 {command} --help 查看用法。").format(command=command)


def _closed(message: str) -> str:
    """The message with its full stop."""
    return _("{sentence}。").format(sentence=message.strip().rstrip(".。"))
