#!/usr/bin/env python3
"""The page docs/style.md: the rules of style with their clauses, a wrong and a right example of each.

scripts/style.py write   write the page from the table of rules
scripts/style.py print   print it

The page is never written by hand; tests/domain/style/test_page.py compares it with what this prints.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT / "src") not in sys.path:
    sys.path.insert(0, str(ROOT / "src"))

from guatu.domain.style import RULES, lint  # noqa: E402

PAGE = ROOT / "docs" / "style.md"
_HEAD = """\
# 文字规范 · Rules of style

校核文稿时，除了数字与记录对照、文内前后对照，还看写法：数字、日期、标点、序号、附件和字号。结果单列一组“文字规范”，每条写明是什么、为什么、
怎样改；只有一种改法的，给出改成什么。我们自己生成的报告用同样的规则检查，一条也不该有。

本页由 `scripts/style.py write` 从 `domain/style/table.py` 生成，由 `tests/domain/style/test_page.py` 核对，不手工修改。

- **宁缺毋滥**：拿不准的不报。写得好的公文应当一条也没有；`tests/domain/style/pairs.py` 有每条规则的正误对照，和不该误报的句子。
- 数字由校核读（[checker.md](figures/checker.md)），这里不另读一遍；书名号里的名称、网址、邮箱不查；表格里的日期不查。
- 标“改”的，`guatu check --json` 的 `style` 里有 `replacement`，可以直接替换 `start` 到 `end` 的字；空串是删去，`null` 要由人决定。
- 依据栏空着的是公文惯例。GB/T 15835 是《出版物上数字用法》，GB/T 15834 是《标点符号用法》，GB/T 9704 是《党政机关公文格式》。

*The checker also looks at how a text is written and lists it in a group of its own. Precision comes before recall: good official prose gives nothing.
This page is made from the table of rules. A row marked 改 offers the one possible correction.*

| 规则 | 代号 | 不写 | 写 | 依据 | 改 |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    rows = []
    for rule in RULES:
        offers = any(one.replacement is not None for one in lint(rule.wrong.replace("¶", "\n")))
        cells = (rule.name, f"`{rule.key}`", rule.wrong, rule.right, rule.source, "改" if offers else "")
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return _HEAD + "".join(rows) + f"\n共 {len(RULES)} 条；例子里的“¶”是换段。\n"


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
