"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step: whoever looks sees the old file or the new one, never a part.

    Raises BadInput when the folder is missing, the path is a folder, or nothing can be written there.
    """
    folder = path.parent
    if not os.path.isdir(folder):
        raise BadInput(
            _("文件夹“{folder}”不存在，“{file}”没有写出。请先建好文件夹，或换一个位置。"),
            folder=folder,
            file=path.name,
        )
    if os.path.isdir(path):  # pathlib's own raises for a name that is too long
        raise BadInput(_("“{path}”是文件夹，不能写成文件。请在后面加上文件名。"), path=path)
    draft = folder / f".guatu-{secrets.token_hex(8)}.tmp"
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BadInput(
            _("“{path}”没有写出：{reason}。请检查权限和磁盘空间，或换一个位置。"),
            path=path,
            reason=error.strerror or type(error).__name__,
        ) from None


def printable(text: str) -> str:
    """The text with control characters made visible (␇), so that no file format breaks on them."""
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    code = ord(character)
    if character in "\n\t":
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0x80 <= code < 0xA0 or 0xD800 <= code < 0xE000 or code in (0xFFFE, 0xFFFF):
        return "�"
    return character
