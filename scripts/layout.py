#!/usr/bin/env python3
"""The page docs/official-layout.md: what GB/T 9704—2012 asks of a page and what is measured on the rendered PDF.

scripts/layout.py write   write the page from a fresh measurement
scripts/layout.py print   print it

The page is never written by hand; tests/exchange/test_official_layout.py compares it with what it measures.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT, ROOT / "src"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

PAGE = ROOT / "docs" / "official-layout.md"
_HEAD = """\
# 公文版式 · Official layout

党政机关公文格式（GB/T 9704—2012）要求什么，我们排出来的 PDF 上量得多少。各种公文各排一份（内容虚构），逐页读出每个字的墨迹和每条线，用毫米量。
同一份文件另存为 Word，由 LibreOffice 打开再量一遍（本机有 LibreOffice 时测试，允差相同）。

本页由 `scripts/layout.py write` 量得写成，由 `tests/exchange/test_official_layout.py` 核对，不手工修改。

*What the standard asks and what is measured on the rendered PDF, character by character. The Word file of the same documents is measured
through LibreOffice where there is one. This page is made by a measurement and compared with one in the tests.*

## 怎样排 · How it is set
- 一个模型（`domain/document`）生成 Word、PDF 和网页：下行文、上行文、函（信函格式）、简报、令（命令格式）、纪要、不带版头的文稿。
- 每行 28 字、每面 22 行：行距 28.95 磅，28 个字排满 156 毫米。
- 署名和成文日期不单独成页：随正文最后一段走。
- 联合发文的印章并排，每排至多三个，留 42 毫米的印章互不相碰；最后一个压成文日期。签名章标注职务全称，名字印红色，名字空着就留出位置。
- 版记印在最后一面，双面印刷时为双数页；正文止于单数页的，另起一面，该面和它前面的空白页不编页码。
- 附件各自另面；横表（`Annex.landscape`）横排，页码仍在竖放时的位置。
- 文稿的附件里有八栏以上的表的，这个附件自动横排。
- 版头、字号的代字、署名、版记取自专项模板的 `letterhead`（[packs.md](packs.md)），拟稿人写了的以写的为准；没有编号的公文空着编号的位置，定稿前会提示。
- 图表（趋势、排名、灯、整页的作战图）由 `domain/document/charts.py` 画一次，是线条（SVG）：PDF 和网页里是矢量图，Word 里是 300 点的图片，下面都用文字写出数，读屏软件也读得到。
- 表和图上下各空至少四分之一行，连同表题、附注占整行数，后面的正文回到行上；两张相邻的表分开。Word 的行高由打开它的程序定，空多少按估算。
- 不高于版心三分之一的表不拆开，图和图题、图下的字不拆开；更高的表可以转页，表头重复，表题、表头和第一行在一起。
- 段首一行、段末一行不单独留在一面：宁可空一行，版心的行不变，这样的面不足 22 行。
- 没有任何字体认得的字印成〓，文件照样生成。

## 字体 · Fonts
Word 文件写的是正式字体的名字：方正小标宋简体、仿宋_GB2312、楷体_GB2312、黑体、宋体；打开的电脑上装了就用。
PDF 在本机排：数据目录的 `fonts` 文件夹里有正式字体就嵌入，没有就用随程序的 Noto Serif SC、Noto Sans SC（SIL 开放字体许可），并在文末小字注明。
启动服务时、开办检查页和 `guatu check-setup` 说明用了哪些、缺哪些、放到哪里。

## 量得 · Measured
| 公文 | 项目 | 条款 | 应为 | 允差 | 量得 |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The whole page, measured now."""
    return _HEAD + "".join(f"{line}\n" for line in table())


def table() -> Iterable[str]:
    """The lines of the table."""
    from guatu.exchange import official_pdf
    from tests.exchange.layout_table import DOCUMENTS, measure
    from tests.exchange.ruler import measured

    pages = {name: measured(official_pdf.render(document)) for name, document in DOCUMENTS.items()}
    for found in measure(pages):
        wish = found.wish
        exact = f"±{wish.tolerance:g}" if wish.tolerance else "无"
        unit = f" {wish.unit}" if wish.unit else ""
        value = round(found.value, 2) + 0.0
        yield (
            f"| {wish.document} | {wish.what} | {wish.clause or '惯例'} | {wish.wanted:g}{unit} | {exact} | {value:g} |"
        )


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.project.settings")
    import django

    django.setup()
    if arguments == ["write"]:
        PAGE.write_text(page(), encoding="utf-8")
    elif arguments == ["print"]:
        sys.stdout.write(page())
    else:
        sys.stderr.write(__doc__ or "")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
