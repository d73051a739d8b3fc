"""The rules of style, each in one line of one table: key, name, clause, a wrong and a right example, where it is found.

Clauses: GB/T 15835—2011 出版物上数字用法, GB/T 15834—2011 标点符号用法, GB/T 9704—2012 党政机关公文格式. docs/style.md is made
from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from guatu.domain.style import (
    approximations,
    comparisons,
    days,
    headings,
    marks,
    quantities,
    references,
    wording,
)
from guatu.domain.style.finding import Rule
from guatu.domain.words import gettext_noop

_NUMBERS, _MARKS, _LAYOUT = "GB/T 15835—2011", "GB/T 15834—2011", "GB/T 9704—2012"

RULES: tuple[Rule, ...] = (
    Rule("approx", gettext_noop("约数不当"), f"{_NUMBERS} 4.2.2、4.3", "约300余人到场", "300余人到场", approximations.approximations),
    Rule("limit_twice", gettext_noop("限度重复"), "", "最多不超过5人", "不超过5人", approximations.limits),
    Rule("few_in_digits", gettext_noop("概数写法"), f"{_NUMBERS} 4.2.2、5.2.1", "20几个单位、3、4个月", "二十几个单位、三四个月", approximations.few_in_digits),
    Rule("range_percent", gettext_noop("范围缺百分号"), f"{_NUMBERS} 5.1.3", "增长10—15%", "增长10%—15%", quantities.ranges),
    Rule("range_unit", gettext_noop("范围缺单位"), f"{_NUMBERS} 5.1.3", "投资3—5亿元", "投资3亿—5亿元", quantities.ranges),
    Rule("range_dash", gettext_noop("连接号"), f"{_MARKS} 4.13", "1-11月", "1—11月", quantities.ranges),
    Rule("decimal", gettext_noop("小数写法"), f"{_NUMBERS} 5.1.2", "增长.5%", "增长0.5%", quantities.decimals),
    Rule("half_chinese", gettext_noop("数字汉字混写"), f"{_NUMBERS} 5.3", "培训3千人", "培训3000人", quantities.half_chinese),
    Rule("large_units", gettext_noop("万、亿混用"), f"{_NUMBERS} 5.3", "投资1.2亿元，其中贷款15000万元", "投资1.2亿元，其中贷款1.5亿元", quantities.large_units),
    Rule("one_form", gettext_noop("数字汉字不一"), f"{_NUMBERS} 4.3", "推进会3次、例会五次", "推进会3次、例会5次", quantities.one_form),
    Rule("two", gettext_noop("二、两"), "", "二个单位", "两个单位", quantities.two),
    Rule("mixed_width", gettext_noop("全角半角混用"), f"{_NUMBERS} 5.1.7", "检查２６家、整改18项", "检查26家、整改18项", quantities.widths),
    Rule("unit_name", gettext_noop("计量单位"), "GB 3100—1993", "500平米", "500平方米", quantities.units),
    Rule("percent_points", gettext_noop("百分点"), "", "由45%提高到50%，提高5%", "由45%提高到50%，提高5个百分点", comparisons.points),
    Rule("negative_change", gettext_noop("升降用了负号"), "", "同比下降-5%", "同比下降5%", comparisons.negatives),
    Rule("times_less", gettext_noop("减少用了倍"), "", "能耗减少2倍", "能耗降至原来的三分之一", comparisons.times_less),
    Rule("compared_twice", gettext_noop("比较重复"), "", "同比去年增长5%", "同比增长5%", comparisons.compared_twice),
    Rule("from_to", gettext_noop("差额还是结果"), "", "从12家增加了20家", "从12家增加到20家", comparisons.from_to),
    Rule("unresolved_time", gettext_noop("时间不清"), "", "截至目前，立项48个", "截至2023年11月30日，立项48个", days.unresolved_times),
    Rule("as_of", gettext_noop("截止、截至"), "", "截止2023年11月30日", "截至2023年11月30日", days.as_of),
    Rule("short_year", gettext_noop("年份不全"), f"{_NUMBERS} 5.1.4", "23年11月", "2023年11月", days.short_years),
    Rule("dotted_day", gettext_noop("日期简写"), f"{_NUMBERS} 5.1.4", "会议于2023.11.5召开", "会议于2023年11月5日召开", days.dotted_days),
    Rule("padded_day", gettext_noop("月日补零"), f"{_LAYOUT} 7.3.5.4", "2023年01月05日", "2023年1月5日", days.padded_days),
    Rule("mixed_day", gettext_noop("日期混写"), f"{_NUMBERS} 4.3", "二〇二三年11月5日", "2023年11月5日", days.mixed_days),
    Rule("year_zero", gettext_noop("零、〇"), f"{_NUMBERS} 5.2.5", "二零二三年", "二〇二三年", days.zeros),
    Rule("heading_order", gettext_noop("序号次序"), f"{_LAYOUT} 7.3.3", "一、基本情况¶三、工作建议", "一、基本情况¶二、工作建议", headings.heading_order),
    Rule("heading_level", gettext_noop("层次颠倒"), f"{_LAYOUT} 7.3.3", "1.基本情况¶（一）总体进展", "一、基本情况¶（一）总体进展", headings.heading_order),
    Rule("heading_form", gettext_noop("序号写法"), f"{_LAYOUT} 7.3.3，{_MARKS} B.3", "（一）、总体进展", "（一）总体进展", headings.heading_forms),
    Rule("heading_end", gettext_noop("标题末尾标点"), f"{_MARKS} B.4", "一、基本情况。¶各单位按期完成", "一、基本情况¶各单位按期完成", headings.heading_ends),
    Rule("enumeration_order", gettext_noop("条目次序"), "", "一是抓进度；三是抓质量", "一是抓进度；二是抓质量", headings.enumerations),
    Rule("half_mark", gettext_noop("半角标点"), f"{_MARKS} 5.1", "进展顺利,质量可靠", "进展顺利，质量可靠", marks.half_marks),
    Rule("half_brackets", gettext_noop("半角括号"), f"{_MARKS} 4.9", "领导小组(扩大)会议", "领导小组（扩大）会议", marks.brackets),
    Rule("straight_quotes", gettext_noop("直引号"), f"{_MARKS} 4.8", '推行"一站式"服务', "推行“一站式”服务", marks.straight_quotes),
    Rule("unpaired", gettext_noop("符号不成对"), f"{_MARKS} 4.8、4.9、4.15", "印发《工作方案，明确分工", "印发《工作方案》，明确分工", marks.pairs),
    Rule("nested", gettext_noop("符号里外相同"), f"{_MARKS} 4.8、4.15", "《关于印发《工作方案》的通知》", "《关于印发〈工作方案〉的通知》", marks.pairs),
    Rule("doubled_mark", gettext_noop("标点重复"), f"{_MARKS} A.1—A.5", "进展顺利，。", "进展顺利。", marks.doubled),
    Rule("ellipsis", gettext_noop("省略号"), f"{_MARKS} 4.11", "进展、质量...", "进展、质量……", marks.ellipses),
    Rule("et_cetera", gettext_noop("“等”字重复"), f"{_MARKS} A.8", "进度、质量、等工作", "进度、质量等工作", marks.et_cetera),
    Rule("document_number", gettext_noop("发文字号"), f"{_LAYOUT} 7.2.5", "国办函[2023]第5号", "国办函〔2023〕5号", references.document_numbers),
    Rule("annex", gettext_noop("附件"), f"{_LAYOUT} 7.3.4", "附件：1.任务分工。", "附件：任务分工", references.annexes),
    Rule("repeated_sentence", gettext_noop("句子重复"), "", "各单位要按期完成整改任务。各单位要按期完成整改任务。", "各单位要按期完成整改任务。", wording.repeated_sentences),
    Rule("mixed_measures", gettext_noop("量词混用"), "", "列出问题36个，下属厂列出问题12项", "列出问题36个，下属厂列出问题12个", wording.mixed_measures),
    Rule("mixed_ordinals", gettext_noop("序数不一"), f"{_NUMBERS} 4.3", "第一批20家、第2批30家", "第一批20家、第二批30家", wording.mixed_ordinals),
)  # fmt: skip
BY_KEY: Mapping[str, Rule] = MappingProxyType({rule.key: rule for rule in RULES})
