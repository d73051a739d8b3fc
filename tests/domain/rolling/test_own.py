"""A text of ours is told for another day by what was kept of it: late entries and other figures of one value do not matter."""

from __future__ import annotations

from dataclasses import replace

from guatu.domain.document import Annex, Block, Column, Heading, Official, Paragraph, Run, Table
from guatu.domain.issuing import KeptFigure
from guatu.domain.rolling import Asked, Own, Plan, own_text, plan
from tests.domain.rolling.test_planning import NEW, OLD, RELATIONS, statements

ISSUE = "《大检查情况》第3期"
SOURCES = Annex(
    "数据来源说明",
    (
        Paragraph((Run("文中各数均由记录统计。截至 2023年11月30日。"),)),
        Table((Column("序号"), Column("文中写法")), (("1", "1350处"),)),
    ),
)
TABLE = Table((Column("单位"), Column("隐患（处）")), (("城东厂", "17"), ("城西厂", "9")))
LINE = Paragraph(
    (
        Run("大检查看到"),
        Run("1350处", key="found"),
        Run("，其中"),
        Run("340处", key="fixed"),
        Run("已经整改。"),
    )
)


def kept(key: str, text: str, unit: str = "") -> KeptFigure:
    return KeptFigure(
        f"{key}~{unit}~" if unit else key, key, unit, OLD.isoformat(), "", "figure", text, (text,), "", (), "", "",
        "", (), 0, "",
    )  # fmt: skip


FIGURES = (
    kept("found", "1350处"),
    kept("fixed", "340处"),
    kept("found", "17处", "E"),
    kept("found", "9处", "W"),
)


def official(*blocks: Block, annexes: tuple[Annex, ...] = ()) -> Official:
    return Official("plain", "大检查情况", "", blocks, annexes=annexes)


def as_read(document: Official) -> str:
    """What is read out of its Word file."""
    lines = [document.title, *_lines(document.blocks)]
    for annex in document.annexes:
        lines += [f"附件：{annex.title}"]
    for annex in document.annexes:
        lines += ["附件", "", annex.title, *_lines(annex.blocks)]
    return "\n".join(lines) + "\n"


def _lines(blocks: tuple[Block, ...]) -> list[str]:
    lines = []
    for block in blocks:
        if isinstance(block, Table):
            lines += ["\t".join(row) for row in block.rows]
        elif isinstance(block, Paragraph | Heading):
            lines.append(block.text)
    return lines


def found(document: Official, text: str) -> Own | None:
    return own_text(text, document, FIGURES, name=ISSUE, day=OLD, ours=("数据来源说明",))


def rolled(document: Official, text: str = "") -> Plan:
    text = text or as_read(document)
    own = found(document, text)
    assert own is not None
    # Six were entered late: today our records say 1356 of that day.
    return plan(Asked(text, OLD, NEW, statements(1356, 340), statements(1420, 402), RELATIONS, own=own))


def test_numbers_of_our_own_issue_are_known_by_what_was_kept_of_it() -> None:
    made = rolled(official(LINE))
    assert "看到1420处，其中402处已经整改" in made.after
    first, second = (one for one in made.swaps if one.key)
    assert (
        first.why == f"排查隐患：{ISSUE}印的是 1350处（现在统计 2023-11-30 为 1356处），2023-12-31 1420处。"
    )
    assert second.why == "已整改隐患：2023-11-30 340处，2023-12-31 402处。"
    assert not made.left


def test_without_the_issue_the_same_numbers_are_left() -> None:
    text = as_read(official(LINE))
    made = plan(Asked(text, OLD, NEW, statements(1356, 340), statements(1420, 402), RELATIONS))
    assert "1350" in made.after and made.left


def test_our_annex_of_sources_is_left_out_and_nothing_of_it_is_listed() -> None:
    made = rolled(official(LINE, annexes=(SOURCES,)))
    start = made.text.index("附件\n")
    assert made.text[start:] == made.after[made.after.index("附件\n") :]
    assert all(one.start < start for one in (*made.swaps, *made.left))


def test_another_annex_is_told_for_the_new_day() -> None:
    more = Annex("情况", (Paragraph((Run("大检查排查隐患1,356处。"),)),))
    made = rolled(official(LINE, annexes=(more,)))
    assert "大检查排查隐患1,420处。" in made.after


def test_a_table_by_unit_is_left_with_the_reason() -> None:
    made = rolled(official(LINE, TABLE))
    assert {(one.text, one.kind) for one in made.left} == {("17", "unbacked"), ("9", "unbacked")}
    assert all("由系统按单位或日期统计" in one.why for one in made.left)


def test_a_paragraph_that_somebody_changed_is_read_like_any_other() -> None:
    document = official(LINE, Paragraph((Run("再看到"), Run("340处", key="fixed"), Run("。"))))
    text = as_read(document).replace("再看到340处。", "大检查排查隐患1,356处。")
    made = rolled(document, text)
    assert "看到1420处，其中402处" in made.after and "大检查排查隐患1,420处。" in made.after


def test_a_text_of_which_less_than_half_stands_is_not_ours() -> None:
    document = official(*(replace(LINE, runs=(Run(f"第{n}次"), *LINE.runs)) for n in "一二三"))
    text = "\n".join(as_read(document).splitlines()[:2])
    assert found(document, text) is None
    assert found(official(LINE), "大检查排查隐患1,356处。") is None
    assert found(official(Paragraph((Run("没有数。"),))), "没有数。") is None


def test_a_figure_chosen_by_a_person_goes_before_what_was_kept() -> None:
    text = as_read(official(LINE))
    own = found(official(LINE), text)
    mark = text.index("1350")
    question = Asked(text, OLD, NEW, statements(1356, 340), statements(1420, 402), RELATIONS, own=own)
    made = plan(question, chosen={mark: "open"})
    assert next(one for one in made.swaps if one.mark == mark).key == "open"
