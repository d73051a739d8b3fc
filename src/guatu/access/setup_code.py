"""The one-time code that opens the set-up of an empty home: whoever reads the console holds the installation.

The home keeps only its hash, with how often a wrong one was typed. Five wrong ones and the code is used up; the
console gives another. It opens nothing once anybody is there who can log in.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import scrypt
from hmac import compare_digest
from pathlib import Path
from typing import Any

from guatu.access.sign_in import is_anybody_here
from guatu.domain.errors import NotAllowed
from guatu.domain.words import gettext as _

FILE = "setup-code"
ATTEMPTS = 5
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read for another
GROUPS, GROUP = 3, 4  # 4×3 letters of 30: 58 bits


def issue(home: Path) -> str:
    """A new code for this home, in groups as it is printed; one issued before opens nothing any more."""
    code = "-".join("".join(secrets.choice(LETTERS) for _n in range(GROUP)) for _g in range(GROUPS))
    salt = secrets.token_hex(16)
    with _locked(home):
        _write(home, {"salt": salt, "hash": _hash(code, salt), "wrong": 0})
    return code


def redeem(home: Path, typed: str) -> str:
    """The mark of the code, to be kept in the visitor's session; raises NotAllowed for a wrong or used-up one.

    Every wrong attempt is counted, whichever process it reaches.
    """
    if is_anybody_here():
        withdraw(home)
        raise NotAllowed(_("系统已经开始使用，设置码已作废。请用账号登录。"))
    with _locked(home):
        kept = _read(home)
        if not kept or kept["wrong"] >= ATTEMPTS:
            raise NotAllowed(_used_up())
        if compare_digest(_hash(typed, kept["salt"]), kept["hash"]):
            return str(kept["hash"])
        kept["wrong"] += 1
        _write(home, kept)
        left = ATTEMPTS - kept["wrong"]
    if not left:
        raise NotAllowed(_used_up())
    raise NotAllowed(_("设置码不对，还可以试 {left} 次。请照服务器屏幕上显示的设置码重新输入。"), left=left)


def holds(home: Path, mark: str) -> bool:
    """Whether a session's mark still opens the set-up: the same code, not used up, and nobody here yet."""
    kept = _read(home) if mark else None
    return kept is not None and compare_digest(str(kept["hash"]), mark) and not is_anybody_here()


def withdraw(home: Path) -> None:
    """The code is void: the first administrators exist."""
    (home / FILE).unlink(missing_ok=True)


def _used_up() -> str:
    return _("设置码已用完或尚未生成。请在服务器上运行 guatu init --setup-code，换一个新的设置码。")


def _hash(code: str, salt: str) -> str:
    """Slow on purpose; dashes, blanks and small letters make no difference."""
    plain = "".join(code.split()).replace("-", "").upper()
    return scrypt(plain.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def _read(home: Path) -> dict[str, Any] | None:
    try:
        kept: dict[str, Any] = json.loads((home / FILE).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return kept


def _write(home: Path, kept: dict[str, Any]) -> None:
    fresh = home / f".{FILE}-{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(kept), encoding="ascii")
    fresh.replace(home / FILE)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """One process at a time counts."""
    with (home / f".{FILE}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
