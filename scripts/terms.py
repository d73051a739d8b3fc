#!/usr/bin/env python3
"""The glossary docs/terms.md: what the product calls things, in Chinese, in English and in the code.

scripts/terms.py write   write the page from the source, the catalogue and the built-in packs
scripts/terms.py print   print it

The page is never written by hand; tests/house/test_terms.py compares it with what this prints.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from scripts.messages import kept  # noqa: E402

PAGE = ROOT / "docs" / "terms.md"

# Words of the trade and the name that the code gives them.
TERMS = (
    ("专项工作", "campaign", "campaign"),
    ("专项模板", "pack", "pack"),
    ("单位", "unit", "unit"),
    ("隶属", "placement", "placement"),
    ("层级", "level", "level"),
    ("板块", "sector", "sector"),
    ("清单", "register", "register"),
    ("事项", "item", "item"),
    ("字段", "field", "field"),
    ("状态", "state", "state"),
    ("办理进度", "phase", "phase"),
    ("流转", "transition", "transition"),
    ("轮次", "round", "round"),
    ("佐证材料", "evidence", "evidence"),
    ("牵头单位、配合单位", "lead unit, contributing unit", "contributing"),
    ("分解下达", "hand down", "hand_down"),
    ("人数", "head-count", "headcount"),
    ("身份", "post", "post"),
    ("督导组", "team", "team"),
    ("作战图", "wall chart", "wall"),
    ("灯", "light", "light"),
    ("统计项（菜单：数据）", "figure", "figure"),
    ("统计口径", "definition", "definition"),
    ("截至", "as of", "as_of"),
    ("知悉截至", "known at", "known_at"),
    ("变动表", "movement statement", "movement"),
    ("文稿、报告", "document, report", "report"),
    ("校核", "check", "check"),
    ("回避", "four eyes", "four_eyes"),
    ("批次（写入的）", "batch", "batch"),
    ("修订", "revision", "revision"),
    ("时段", "spell", "spell"),
    ("封签", "seal", "seal"),
)

# Sentences that show how the product speaks; their English is the catalogue's.
SENTENCES = (
    "今天没有待办",
    "截至该日没有在册事项。",
    "没有要修改的内容。请填写后再提交。",
    "内容刚被他人修改，未予保存。请刷新后核对，再提交一次。",
    "时限已过，不能再申请延期。请说明情况，报办公室处理。",
    "该单位尚有 {count} 项未销号，请先指定承接单位，再办理合并。",
    "{number} 缺少佐证材料：{kinds}。不宜上传的，请选“线下备查”并填写存放处、保管人。",
    "“{label}”填的是“{value}”，无法识别为日期。请填成 2026-12-31 这样的日期。",
    "您是{post}，按回避要求不能核验 {number}。可由{office}或{team}核验。",
)

Row = tuple[str, ...]


def page() -> str:
    """The whole page as it must stand in docs/terms.md."""
    _set_up()
    parts = [
        "# 用语 · Terms\n\n"
        "产品里的叫法：中文、英文、代码中的名字。本页由 `scripts/terms.py write` 从源代码、译文表和内置专项模板生成，\n"
        "由 `tests/house/test_terms.py` 与代码核对，不手工修改。\n\n"
        "*What things are called: in Chinese, in English, in the code. The page is generated and a test compares it "
        "with the code.*\n",
        _table("词 · Words", ("中文", "English", "code"), ((zh, en, f"`{code}`") for zh, en, code in TERMS)),
        _table("菜单 · Menus", ("中文", "English", "code"), _menus()),
        _table("灯 · Lights", ("中文", "English", "code"), _lights()),
    ]
    for pack, english in _packs():
        parts.append(f"## {pack.head.label} · `{pack.head.key}`\n")
        parts += [_table(title, head, rows, "###") for title, head, rows in _of_pack(pack, english)]
    said = _said()
    rows = ((zh, said[zh]) for zh in SENTENCES)
    parts.append(_table("句子 · Sentences", ("中文", "English"), rows))
    return "\n".join(parts)


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.project.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _said() -> dict[str, str]:
    """The English of every plain sentence; of those with a context, under (context, sentence)."""
    return {
        f"{message.context}|{message.id}" if message.context else str(message.id): str(message.string)
        for message in kept()
        if message.id and not message.pluralizable
    }


def _menus() -> Iterator[Row]:
    from django.utils.translation import override

    from guatu.web.frame import MANAGE, MENUS

    for key, label, _icon, _name in (*MENUS, MANAGE):
        with override("zh-hans"):
            chinese = str(label)
        said = _said()
        yield chinese, said.get(f"menu|{chinese}") or said[chinese], f"`{key}`"


def _lights() -> Iterator[Row]:
    from django.utils.translation import override

    from guatu.domain.lights import Light, word

    for light in Light:
        with override("zh-hans"):
            chinese = word(light)
        yield chinese, _said()[chinese], f"`{light.value}`"


def _packs() -> Iterator[tuple[object, Mapping[str, str]]]:
    from guatu.domain.pack import builtin_pack, builtin_packs

    for key in sorted(builtin_packs()):
        pack = builtin_pack(key)
        yield pack, pack.translations.get("en", {})


def _of_pack(pack: object, english: Mapping[str, str]) -> Iterator[tuple[str, Row, list[Row]]]:
    """Roles, registers, states and buttons of a pack; one row for each word, with every key that has it."""
    head = ("中文", "English", "code")
    registers = [(one.label, f"`{key}`") for key, one in pack.registers.items()]  # type: ignore[attr-defined]
    flows = pack.workflows.values()  # type: ignore[attr-defined]
    states = [(state.label, f"`{key}`") for flow in flows for key, state in flow.states.items()]
    steps = [(step.label, f"`{step.key}`") for flow in flows for step in flow.transitions]
    roles = [(label, f"`{key}`") for key, label in pack.head.roles.items()]  # type: ignore[attr-defined]
    for title, named in (
        ("身份 · Posts", roles),
        ("清单 · Registers", registers),
        ("状态 · States", states),
        ("按钮 · Buttons", steps),
    ):
        codes: dict[str, list[str]] = {}
        for label, code in named:
            codes.setdefault(label, []).append(code)
        rows = [
            (label, english.get(label, label), ", ".join(dict.fromkeys(found)))
            for label, found in codes.items()
        ]
        yield title, head, rows


def _table(title: str, head: Row, rows: Iterable[Row], level: str = "##") -> str:
    lines = [f"{level} {title}", "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """One sub-command."""
    match arguments:
        case ["write"]:
            PAGE.write_text(page(), encoding="utf-8")
        case ["print"]:
            print(page())
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
