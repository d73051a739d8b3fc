"""`guatu init`: the first people without a question asked, and every way in which it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite
GUATU = Path(sys.executable).with_name("guatu")
OPTIONS = (
    "--name=华岳集团有限公司",
    "--short-name=华岳集团",
    "--unit-code=HY",
    "--system-admin=fang,方若谷",
    "--security-admin=ji,季长宁",
    "--audit-admin=ye,叶栖迟",
    "--office=lin，林晓岚",
)
PASSWORDS = "".join(f"{name} Mountain-2026\n" for name in ("fang", "ji", "ye", "lin"))


def guatu(home: Path, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(GUATU), *arguments],
        env={**os.environ, "GUATU_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        input=said,
    )


def test_an_empty_home_is_begun_verified_and_not_begun_twice(tmp_path: Path) -> None:
    begun = guatu(tmp_path, "init", *OPTIONS, "--passwords=-", said=PASSWORDS)
    assert begun.returncode == 0, begun.stderr
    assert "华岳集团有限公司（HY）" in begun.stdout
    assert "guatu serve" in begun.stdout
    assert "Mountain" not in begun.stdout
    assert guatu(tmp_path, "verify").returncode == 0
    again = guatu(tmp_path, "init", *OPTIONS, "--passwords=-", said=PASSWORDS)
    assert (again.returncode, "已经初始化" in again.stderr) == (2, True)
    checked = guatu(tmp_path, "check-setup", "--json")
    assert (checked.returncode, "还没有专项工作" in checked.stderr) == (2, True)


def test_the_set_up_code_is_printed_and_only_its_hash_is_kept(tmp_path: Path) -> None:
    told = guatu(tmp_path, "init", "--setup-code")
    assert told.returncode == 0, told.stderr
    code = told.stdout.partition("设置码：")[2][:14]
    kept = json.loads((tmp_path / "setup-code").read_text(encoding="ascii"))
    assert code.count("-") == 2
    assert code not in json.dumps(kept)


REFUSED = (
    ("--office=lin，林晓岚", PASSWORDS, "还缺：--office"),
    ("--name=华岳集团有限公司", PASSWORDS, "还缺：--name"),
    ("", PASSWORDS.replace("lin Mountain-2026\n", ""), "没有给出账号“lin”的密码"),
    ("", PASSWORDS.replace("ye Mountain-2026", "ye short"), "只有 5 个字符"),
    ("", PASSWORDS.replace("ye Mountain-2026", "ye"), "第 3 行"),
)


def test_what_is_missing_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    for left_out, passwords, said in REFUSED:
        options = [option for option in OPTIONS if option != left_out]
        refused = guatu(tmp_path, "init", *options, "--passwords=-", said=passwords)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), said
        assert said in refused.stderr
    begun = guatu(tmp_path, "init", *OPTIONS, "--passwords=-", said=PASSWORDS)
    assert begun.returncode == 0, begun.stderr


def test_an_account_without_a_name_says_how_it_is_written(tmp_path: Path) -> None:
    options = [*OPTIONS[:-1], "--office=lin"]
    refused = guatu(tmp_path, "init", *options, "--passwords=-", said=PASSWORDS)
    assert "请写成“账号,姓名”" in refused.stderr


def test_passwords_as_another_editor_writes_them_are_read(tmp_path: Path) -> None:
    written = tmp_path / "passwords"
    written.write_bytes(b"\xef\xbb\xbf" + PASSWORDS.replace(" ", "  ").replace("\n", "\r\n").encode())
    begun = guatu(tmp_path / "home", "init", *OPTIONS, f"--passwords={written}")
    assert begun.returncode == 0, begun.stderr
