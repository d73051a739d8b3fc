"""A tree of units as a workbook, as large as a group's: made for tests, from nothing but numbers."""

from __future__ import annotations

import io

from openpyxl import Workbook

COMPANIES, THIRDS, BRANCHES = 30, 216, 1585
HEADINGS = ("代码", "名称", "简称", "上级代码", "层级", "板块")
SECTORS = ("先进制造与技术服务", "医药医疗健康", "贸易与工程服务")
Row = tuple[str, str, str, str, str, str]


def tree_rows(
    root: str = "HY", *, companies: int = COMPANIES, thirds: int = THIRDS, branches: int = BRANCHES
) -> list[Row]:
    """The units below a root that stands already: second tier, third tier, branches; parents first."""
    rows: list[Row] = []
    for n in range(companies):
        name = f"第{n + 1:02d}公司"
        rows.append((f"{root}-{n + 1:02d}", f"{name}有限公司", name, root, "二级公司", SECTORS[n % 3]))
    for n in range(thirds):
        above = f"{root}-{n % companies + 1:02d}"
        name = f"第{n + 1:03d}厂"
        rows.append((f"{root}-T{n + 1:03d}", f"{name}（{above}）", name, above, "三级单位", ""))
    for n in range(branches):
        above = f"{root}-T{n % thirds + 1:03d}"
        name = f"第{n + 1:04d}组"
        rows.append((f"{root}-B{n + 1:04d}", f"{name}（{above}）", name, above, "基层党组织", ""))
    return rows


def workbook(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    """A plain .xlsx with the headings in row 1."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("表一")
    sheet.append(headings)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
