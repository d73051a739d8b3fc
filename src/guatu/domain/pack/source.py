"""One YAML file of a pack with the line of every key, and the error that points into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from guatu.domain.errors import GuatuError
from guatu.domain.words import gettext as _

KeyPath = tuple[str | int, ...]
"""Keys and list places from the top of a file to one value."""


class PackError(GuatuError):
    """A pack that cannot be loaded. `file`, `line` (from 1, 0 = the whole file) and `key` say where."""

    status = 422

    def __init__(self, sentence: str, *, file: str, line: int, key: str = "") -> None:
        self.file = file
        self.line = line
        self.key = key
        place = _("{file} 第 {line} 行").format(file=file, line=line) if line else file
        where = f"{place} {key}" if key else place
        super().__init__(_("{where} {what}"), where=where, what=sentence)


@dataclass(frozen=True)
class Source:
    """A parsed file: its name inside the pack, its plain content, and the line of each path."""

    file: str
    content: dict[str, Any]
    lines: Mapping[KeyPath, int]

    def line(self, path: Sequence[str | int]) -> int:
        """The line of the deepest part of `path` that stands in the file; 1 when none does."""
        for length in range(len(path), 0, -1):
            found = self.lines.get(tuple(path[:length]))
            if found is not None:
                return found
        return 1

    def error(self, path: Sequence[str | int], sentence: str) -> PackError:
        """The error at `path`: which key, in which line."""
        return PackError(sentence, file=self.file, line=self.line(path), key=spell(path))


def spell(path: Sequence[str | int]) -> str:
    """A path as people write it: fields[2].type."""
    spelled = ""
    for part in path:
        spelled += f"[{part}]" if isinstance(part, int) else f".{part}" if spelled else part
    return spelled


def read_source(folder: Path, name: str) -> Source:
    """Parse `folder/name`. Raises PackError for an unreadable, malformed or empty file."""
    try:
        text = (folder / name).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise PackError(_("不是 UTF-8 编码的文本。请另存为 UTF-8 后重新装入。"), file=name, line=0) from None
    except OSError:
        raise PackError(_("无法读取。请检查文件和权限后重新装入。"), file=name, line=0) from None
    reader = YAML(typ="rt", pure=True)
    reader.version = (1, 2)
    try:
        content = reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        if type(error).__name__ == "DuplicateKeyError":
            sentence = _("同一个键写了两次。请只保留一个后重新装入。")
        else:
            sentence = _("不符合 YAML 写法。请检查缩进、冒号和引号后重新装入。")
        raise PackError(sentence, file=name, line=line) from None
    except (YAMLError, ValueError, RecursionError):
        raise PackError(_("不符合 YAML 写法。请检查后重新装入。"), file=name, line=1) from None
    if not isinstance(content, CommentedMap):
        raise PackError(_("应为“键: 值”的写法，现为空或其他内容。请改正后重新装入。"), file=name, line=1)
    lines: dict[KeyPath, int] = {}
    return Source(name, _plain(content, (), lines, name), lines)


def _plain(node: Any, path: KeyPath, lines: dict[KeyPath, int], file: str) -> Any:
    """The node without its comments, noting the line of every key on the way."""
    if isinstance(node, CommentedMap):
        for key in node:
            if not isinstance(key, str):
                line = node.lc.key(key)[0] + 1
                raise PackError(
                    _("键“{key}”应为文字。请加上引号后重新装入。").format(key=key), file=file, line=line
                )
            lines[(*path, key)] = node.lc.key(key)[0] + 1
        return {str(key): _plain(value, (*path, str(key)), lines, file) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        for place in range(len(node)):
            lines[(*path, place)] = node.lc.item(place)[0] + 1
        return [_plain(value, (*path, place), lines, file) for place, value in enumerate(node)]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float):  # the library's own kinds remember how they were written
        if isinstance(node, kind):
            return kind(node)
    return node.isoformat() if isinstance(node, date) else str(node)
