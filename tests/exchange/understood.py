"""What was understood of the ten workbooks, as the table in docs/workbooks.md says it."""

from __future__ import annotations

from guatu.domain.imports.understanding.proposal import Column, Proposal
from guatu.domain.imports.understanding.proposing import propose
from guatu.domain.imports.understanding.tables import Found, find_tables
from guatu.exchange.tables_in import read_tables
from tests.ten_workbooks import UNITS, WORKBOOKS

PARTS = {"unit": "牵头单位", "title": "标题", "day": "发生日期"}


def found_in(name: str) -> Found:
    """The tables of one of the ten."""
    return find_tables(read_tables(WORKBOOKS[name](), name))


def proposal_of(name: str, place: int = 0) -> Proposal:
    """What a table of one of the ten is understood as."""
    return propose(found_in(name).tables[place], UNITS)


def understood() -> list[str]:
    """The lines of the table in the docs, one for each table of the ten workbooks."""
    lines = ["| 文件 | 表 | 各列 | 没有当作数据的行 | 说明 | 还要问的 |", "|---|---|---|---|---|---|"]
    for name in WORKBOOKS:
        found = found_in(name)
        for table in found.tables:
            proposal = propose(table, UNITS)
            lines.append(
                "| "
                + " | ".join(
                    (
                        name,
                        f"{proposal.label}<br>{table.sheet}!{table.area}，{len(table.records)} 行",
                        "<br>".join(_column(column) for column in proposal.columns),
                        "<br>".join(f"{line.row} {line.named}" for line in proposal.left_out),
                        "<br>".join(
                            (
                                *proposal.remarks,
                                *(f"“{one}”识别为 {unit}。" for one, unit in proposal.units_met),
                                *found.unread,
                            )
                        ),
                        "<br>".join((*proposal.questions, *(misfit.sentence for misfit in proposal.misfits))),
                    )
                )
                + " |"
            )
    return lines


def _column(column: Column) -> str:
    part = f"（{PARTS[column.role]}）" if column.role else ""
    unit = column.kind.shape.unit
    said = f"{column.letter} {column.heading or '无表头'}：{column.type_label}{f'，{unit}' if unit else ''}{part}"
    if column.private:
        said += "，不公开"
    if column.serial or not column.taken:
        said += "，不导入"
    odd = f"，{len(column.misfits)} 格不合" if column.misfits else ""
    return said + odd


if __name__ == "__main__":
    print("\n".join(understood()))
