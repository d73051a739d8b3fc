"""The words around the 36 figures, as a pack of this kind words them: input of the binding tests."""

from __future__ import annotations

from guatu.domain.statements import Say

SAY: dict[str, Say] = {
    "units_l3": Say(
        measures=("家", "个", "户"),
        nouns=("三级单位", "三级公司", "三级企业"),
        context=("谋划", "推进", "一体", "参加", "主题教育"),
        against=("领导干部", "调研", "走访"),
    ),
    "leaders_l3": Say(
        measures=("名", "位", "人"),
        nouns=("三级企业领导干部", "三级公司领导人员", "三级单位领导干部", "领导干部", "领导人员"),
        context=("三级企业", "三级公司", "三级单位", "主题教育"),
    ),
    "party_orgs": Say(
        measures=("个",),
        nouns=("基层党组织", "党组织"),
        context=("基层", "党员", "主题教育"),
        against=("二级党委",),
    ),
    "party_members": Say(measures=("名", "人", "余名"), nouns=("党员",), context=("党组织", "主题教育")),
    "youth": Say(
        measures=("名", "人"),
        nouns=("团员和青年", "团员青年", "青年团员", "团员", "青年"),
        context=("党员", "主题教育"),
    ),
    "task_aspects": Say(
        measures=("个",),
        nouns=("方面",),
        context=("重点任务", "任务", "确定"),
        against=("主要内容", "调研重点", "调研内容"),
    ),
    "tasks": Say(
        measures=("项", "个"),
        nouns=("重点任务", "任务"),
        context=("方面", "确定", "清单"),
        against=("调研重点",),
    ),
    "mtg_push": Say(
        measures=("次", "场"),
        nouns=("专题推进会", "推进会"),
        context=("召开", "主题教育"),
        against=("例会", "培训会"),
    ),
    "mtg_office": Say(
        measures=("次", "场"),
        nouns=("领导小组办公室主任例会", "办公室主任例会", "主任例会", "办公室例会", "办公室会议", "例会"),
        context=("召开", "领导小组", "办公室"),
    ),
    "mtg_training": Say(
        measures=("次", "场", "期"),
        nouns=("业务培训会", "业务培训", "培训会", "培训"),
        context=("召开", "举办", "组织"),
    ),
    "media_reports": Say(
        measures=("次", "篇", "条"),
        nouns=("主流媒体", "宣传报道", "报道"),
        verbs=("报道", "宣传", "刊发", "刊载"),
        context=("媒体", "经验做法", "网站", "主题教育", "集团", "经验"),
    ),
    "central_aspects": Say(
        measures=("个",),
        nouns=("方面主要内容", "方面内容", "方面"),
        context=("党中央", "提出", "主要内容", "调研", "围绕", "明确"),
        against=("重点任务",),
    ),
    "survey_focus": Say(
        measures=("项", "个"),
        nouns=("调研重点", "重点"),
        context=("党组", "明确", "方面", "调研"),
        against=("重点任务",),
    ),
    "survey_topics": Say(
        measures=("个", "项"),
        nouns=("调研课题", "课题"),
        context=("选定", "确定", "调研", "领导班子"),
    ),
    "survey_visits": Say(
        measures=("次",),
        nouns=("调研",),
        verbs=("开展", "调研", "走访"),
        context=("领导干部", "三级企业", "累计", "集团", "领导人员", "三级公司", "实地"),
        against=("推进会", "例会", "培训"),
    ),
    "survey_units": Say(
        measures=("家次", "家", "个"),
        nouns=("调研单位", "走访单位", "单位"),
        verbs=("调研", "走访"),
        context=("领导干部", "累计", "实地", "集团", "三级企业", "三级公司"),
        against=("三级单位", "合同"),
    ),
    "survey_solved": Say(
        measures=("个", "项", "件"),
        nouns=("问题",),
        verbs=("解决",),
        context=("现场", "调研", "当场", "实地", "领导干部", "走访"),
        against=("销号", "问题清单"),
    ),
    "new_contract_units": Say(
        measures=("家", "个"),
        nouns=("所属单位", "单位", "企业"),
        verbs=("新签", "签订", "签署", "签约"),
        context=("合同", "协议", "协议书", "项目", "国际市场", "所属"),
        against=("调研", "走访"),
    ),
    "aid_counties": Say(
        measures=("个", "县"),
        nouns=("县",),
        context=("深入", "送医", "下乡", "义诊", "帮扶", "定点帮扶", "诊疗车", "移动", "服务", "走进"),
    ),
    "aid_villages": Say(
        measures=("个", "村"),
        nouns=("行政村", "村"),
        context=("深入", "送医", "下乡", "义诊", "帮扶", "定点帮扶", "诊疗车", "服务", "走进"),
    ),
    "aid_schools": Say(
        measures=("所", "校", "个"),
        nouns=("学校", "校"),
        context=("深入", "送医", "下乡", "义诊", "帮扶", "定点帮扶", "诊疗车", "服务", "走进"),
    ),
    "aid_villagers": Say(
        measures=("名", "位", "人"),
        nouns=("村民", "群众"),
        context=("义诊", "体检", "送医", "送药", "下乡", "服务", "健康"),
    ),
    "aid_pupils": Say(
        measures=("名", "位", "人"),
        nouns=("留守学生", "留守儿童", "学生"),
        context=("义诊", "体检", "送医", "送药", "下乡", "服务", "健康"),
    ),
    "issues_total": Say(
        measures=("个", "项", "条"),
        nouns=("问题清单", "问题"),
        context=("基层单位", "制定", "检视", "查找", "列入", "清单", "主题教育", "单位", "建立", "梳理"),
        against=("现场", "实际问题", "销号", "专项整治", "整治方案"),
    ),
    "issues_closed": Say(
        measures=("个", "项", "条"),
        nouns=("问题",),
        verbs=("销号",),
        context=("问题清单", "清单", "检视"),
        against=("专项整治", "整治方案", "方案", "现场解决"),
    ),
    "problem_kinds": Say(
        measures=("类",),
        nouns=("实际问题", "问题"),
        context=("聚焦", "解决", "民生", "推动", "专项整治", "涉及"),
    ),
    "plans_total": Say(
        measures=("个", "项"),
        nouns=("专项整治方案", "整治方案", "方案"),
        context=("制定", "专项整治", "实际问题"),
        against=("问题清单",),
    ),
    "plans_closed": Say(
        measures=("个", "项"),
        nouns=("专项整治方案", "整治方案", "方案"),
        verbs=("销号",),
        context=("专项整治", "整治"),
        against=("问题清单", "清单"),
    ),
    "plans_open": Say(
        measures=("个", "项"),
        nouns=("专项整治方案", "整治方案", "方案"),
        verbs=("其余", "推进", "剩余"),
        context=("专项整治", "整治", "按计划", "问题"),
        against=("问题清单", "清单"),
    ),
    "contact_cov": Say(phrases=("定点联络全覆盖",)),
    "resp_cov": Say(phrases=("责任压实全链条", "责任落实全链条")),
    "superv_cov": Say(phrases=("督导过程全贯通", "督导全贯通")),
    "indicators_up": Say(phrases=("主要经营指标稳中向好", "经营指标稳中向好")),
    "yoy_revenue": Say(phrases=("营业收入同比增长",)),
    "yoy_profit": Say(phrases=("利润总额同比增长",)),
    "plans_on_track": Say(phrases=("均按计划推进", "均正按计划推进")),
}
