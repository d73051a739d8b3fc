"""What is wrong inside a text, and what only looks wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.checker import check


def kinds(text: str) -> list[tuple[str, str]]:
    return [(f.kind, text[f.start : f.end]) for f in check(text).findings]


@pytest.mark.parametrize(
    ("text", "kind", "marked"),
    [
        # sums
        ("全年立项48个，已结题31个，其余16个按节点推进。", "sum", "16个"),
        ("制定举措120条。其中，立行立改75条、分阶段整改44条、长期坚持2条。", "sum", "2条"),
        ("排查隐患356处，其中一般隐患332处、重大隐患14处。", "sum", "14处"),
        ("东片区走访30户，西片区走访45户，共计走访76户。", "sum", "76户"),
        ("发现问题50个，已解决20个，正在推进15个，其余10个列入计划。", "sum", "10个"),
        ("参训人员320名，其中机关人员130名，其余200名来自基层。", "sum", "200名"),
        # percentages
        ("发放问卷400份，收回380份，占92%。", "percentage", "92%"),
        ("列出整改事项80项，完成60项，完成率80%。", "percentage", "80%"),
        ("党员1250名，其中女党员300名，占27.5%。", "percentage", "27.5%"),
        # nouns and measures that drift between a whole and its rest
        ("建立整改方案60个。已销号12个任务，其余48个方案按期推进。", "noun_drift", "12个"),
        ("建立整改方案60个。已完成12个，其余48项正在推进。", "measure_drift", "48项"),
        # scope
        ("集团所属单位85家，今年累计走访单位640家。", "scope", "640家"),
        # repeats
        (
            "坚持统筹推进各项重点工作落地。加强协调。坚持统筹推进各项重点工作落地。",
            "repeated_sentence",
            "坚持统筹推进各项重点工作落地。",
        ),
        # times
        ("截至目前，已完成检查45次。", "unresolved_time", "截至目前"),
        ("目前，各单位上报线索19条。", "unresolved_time", "目前"),
        # measures
        ("列出问题36个，下属厂列出问题12项。", "mixed_measures", "12项"),
        # approximations
        ("约300余人到场。", "approx", "约300余人"),
        ("近50人左右参加。", "approx", "近50人左右"),
        ("召开会议11余次。", "approx", "11余次"),
        # widths
        ("检查２６家单位，整改18项。", "mixed_width", "２６"),
        ("检查2６家单位。", "mixed_width", "2６"),
    ],
)
def test_a_flaw_is_found_and_marked_where_it_stands(text: str, kind: str, marked: str) -> None:
    assert (kind, marked) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "全年立项48个，已结题31个，其余17个按节点推进。",
        "制定举措120条。其中，立行立改75条、分阶段整改43条、长期坚持2条。",
        "东片区走访30户，西片区走访46户，共计走访76户。",
        "发放问卷400份，收回380份，占95%。",
        "列出整改事项80项，完成60项，完成率75%。",
        # accidental sums and percentages of something else are not judged
        "召开会议3次，培训4次，现场督导8次。",
        "新增企业120家，占全省的12%。",
        "产量3000吨，同比增长8%。",
        "在册党员300名，其中女党员90名、35岁以下党员120名、大专以上学历党员250名。",
        "培训班4期，共培训320人次。",
        "慰问职工500名，其中困难职工120名。",
        # 截至目前 without a figure, a repeated short clause
        "截至目前，工作进展顺利。",
        "提高认识。加强领导。提高认识。",
        # outside companies may outnumber our own
        "所属企业85家，服务外部客户企业640家。",
        "其余3个正在推进。",
        "情况良好，占30%。",
        "立项0个，其中重点0个，占50%。",
        "大额项目3个，投资占比50%。",
        "制定方案30个，涉及5类问题。第二年，占85%。",
        "甲区收治12人，乙区收治30人，共收治42人。",
        "整改完成10项，共整改12项。",
        "调查300户，其中低保户占20%。",
        "全角说明：共２６家，整改１８项。",
        "约300人到场，100余人发言。",
    ],
)
def test_a_text_that_holds_is_left_alone(text: str) -> None:
    assert kinds(text) == []


def test_a_broken_sum_names_its_terms() -> None:
    (finding,) = check("全年立项48个，已结题31个，其余16个按节点推进。").findings
    assert "31+16=47" in finding.message and "48个" in finding.message


def test_a_wrong_percentage_shows_the_right_one() -> None:
    (finding,) = check("发放问卷400份，收回380份，占92%。").findings
    assert "380÷400=95.0%" in finding.message


def test_messages_tell_what_to_do_and_do_not_shout() -> None:
    text = "约300余人到场。截至目前，立项48个，结题31个，其余16项推进。坚持统筹推进各项工作落地。坚持统筹推进各项工作落地。"
    for finding in check(text).findings:
        assert "请" in finding.message and "！" not in finding.message


PIECES = [
    "立项{}个", "，其中重点{}个", "、一般{}个", "，其余{}项推进", "，占{}%", "，完成率{}%", "，共计{}个", "。", "截至目前，", "另有{}家单位", "\n",
    "所属单位{}家", "，走访单位{}家", "约{}余人", "投资{}.5亿元", "，均按计划推进", "同比增长{}%", "3至{}次", "{}万名",
]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.integers(0, 3000)), max_size=14))
def test_no_report_breaks_the_checker(pieces: list[tuple[str, int]]) -> None:
    text = "".join(piece.format(number) for piece, number in pieces)
    for finding in check(text).findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert "请" in finding.message
