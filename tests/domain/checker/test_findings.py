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
        ("企业1200家，占企业总数8000家的25%。", "percentage", "25%"),
        ("受理100件，其中咨询类60件、求助类30件、投诉类10件，分别占60%、30%、20%。", "percentage", "20%"),
        ("资产总额2000亿元，负债总额1200亿元，资产负债率66.0%。", "percentage", "66.0%"),
        ("新增就业5320人，完成年度目标的116.4%（目标5000人）。", "percentage", "116.4%"),
        # changes
        ("处理能力由40万吨提升到50万吨，增长35.0%。", "percentage", "35.0%"),
        ("实现收入186.4亿元，上年同期为173.4亿元，同比增长9.5%。", "percentage", "9.5%"),
        ("占比由8.2%提高到11.0%，提高3.8个百分点。", "sum", "3.8个百分点"),
        ("平均用时由28天缩短至19天，缩短8天。", "sum", "8天"),
        ("压减车辆44辆，由160辆减至118辆。", "sum", "44辆"),
        ("出口198.6亿元、进口86.8亿元，贸易顺差113.8亿元。", "sum", "113.8亿元"),
        ("38个行业中有29个实现增长，增长面79.3%。", "percentage", "79.3%"),
        ("回收问卷1280份，表示满意的1231份，满意率98.2%。", "percentage", "98.2%"),
        # means
        ("举办培训28期，参加1176人次，平均每期45人次。", "percentage", "45人次"),
        ("5月份受理诉求86400件，日均2987件。", "percentage", "2987件"),
        # lists that say of themselves that they are complete, tables
        ("处分24人，其中党纪处分15人、政务处分8人。", "sum", "8人"),
        ("共有问题481个。按性质分，建设类105个、作风类187个、党建类112个、资金类67个。", "sum", "67个"),
        ("行业\t事故（起）\t死亡（人）\n道路\t41\t29\n建筑\t9\t8\n合计\t52\t37", "sum", "52"),
        # nouns and measures that drift between a whole and its rest
        ("建立整改方案60个。已销号12个任务，其余48个方案按期推进。", "noun_drift", "12个"),
        ("建立整改方案60个。已完成12个，其余48项正在推进。", "measure_drift", "48项"),
        # scope
        ("集团所属单位85家，今年累计走访单位640家。", "scope", "640家"),
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
        # outside companies may outnumber our own
        "所属企业85家，服务外部客户企业640家。",
        "处理能力由40万吨提升到50万吨，增长25%。",
        "实现收入186.4亿元，上年同期为173.4亿元，同比增长7.5%；利润9.32亿元，同比增长11.2%。",
        "材料由26份减至11份，减少57.7%。",
        "规上工业增加值增长8.8%，规上企业净增14户，总数由131户增加到145户。",
        "事故27起、死亡19人，分别下降25%和24%，上年同期分别为36起、25人。",
        "参加1176人次，平均每期42人次。",
        "受理诉求375件(其中重点74件)，320件已完成，55件正在推进。",
        "抽取项目300件，其中有效回访246件，表示满意的240件，表示一般的5件。",
        "新增贷款余额1.2万亿元，比年初增加865亿元，不良率1.02%。",
        "行业\t事故（起）\t同比（%）\n道路\t41\t-2.0\n建筑\t9\t5.1\n合计\t50\t1.2",
        "收案321146件（不含上年旧存28802件），比上年下降1.3%。",
        "10家企业续订，在去年45家的基础上，今年又增加5家。",
        "其余3个正在推进。",
        "情况良好，占30%。",
        "立项0个，其中重点0个，占50%。",
        "大额项目3个，投资占比50%。",
        "制定方案30个，涉及5类问题。第二年，占85%。",
        "甲区收治12人，乙区收治30人，共收治42人。",
        "整改完成10项，共整改12项。",
        "调查300户，其中低保户占20%。",
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
    text = "所属单位85家，今年累计走访单位640家。立项48个，结题31个，其余16项推进。"
    assert len(check(text).findings) > 1
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
