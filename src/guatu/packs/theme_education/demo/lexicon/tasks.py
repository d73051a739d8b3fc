"""The key tasks of the demonstration campaign, five aspects with four each, and more for larger plans."""

from __future__ import annotations

# fmt: off
from guatu.packs.theme_education.demo.lexicon.shapes import KeyTask

ASPECTS: tuple[tuple[str, tuple[KeyTask, ...]], ...] = (
    ("organisation", (
        KeyTask("动员部署", "召开动员部署会", "召开动员部署会并报送会议纪要", "unit", 1, 1, 15, 1.0),
        KeyTask("方案备案", "制定本单位实施方案", "制定本单位实施方案并报备", "unit", 1, 2, 20, 0.995),
        KeyTask("专班到位", "组建工作专班", "明确专班人员并完成首次培训", "unit", 1, 3, 24, 1.0),
        KeyTask("联络包片", "建立领导干部联络点", "落实领导干部联络点并公布联系方式", "unit", 3, 6, 34, 0.985),
    )),
    ("learning", (
        KeyTask("读书班", "举办领导班子读书班", "举办领导班子读书班并形成交流材料", "unit", 3, 6, 46, 0.99),
        KeyTask("专题党课", "领导干部讲专题党课", "班子成员到联络点讲专题党课", "unit", 3, 10, 56, 0.985),
        KeyTask("支部学习", "支部开展专题学习", "完成专题学习并留存记录", "branch", 6, 7, 76, 0.988),
        KeyTask("交流研讨", "支部开展交流研讨", "围绕岗位实际开展交流研讨", "branch", 20, 34, 101, 0.87),
    )),
    ("research", (
        KeyTask("调研选题", "确定调研课题", "班子成员确定调研课题并报备", "unit", 3, 7, 41, 0.985),
        KeyTask("实地走访", "到基层一线实地走访", "走访{body}", "several", 6, 8, 79, 0.984),
        KeyTask("成果转化", "交流转化调研成果", "召开成果交流会并明确转化事项", "unit", 34, 50, 96, 0.24),
        KeyTask("案例复盘", "开展典型案例复盘", "选取一个案例复盘并形成分析材料", "unit", 34, 52, 101, 0.20),
    )),
    ("development", (
        KeyTask("现场办公", "现场解决基层难题", "现场解决{matter}问题", "several", 20, 34, 111, 0.72),
        KeyTask("经营提质", "完成经营提质攻坚事项", "完成年度经营提质攻坚事项", "unit", 20, 34, 117, 0.04),
        KeyTask("供需对接", "开展内部供需对接", "提出供需清单并完成至少一项对接", "unit", 34, 48, 106, 0.16),
        KeyTask("便民服务", "办好一件便民实事", "办好一件职工群众身边的实事", "unit", 62, 66, 114, 0.10, 0.62),
    )),
    ("rectification", (
        KeyTask("问题起底", "建立问题清单", "全面起底问题并建立清单", "unit", 6, 9, 66, 0.94),
        KeyTask("整改销号", "落实整改并申请销号", "按期完成年内应整改事项", "unit", 48, 55, 117, 0.02, 0.05),
        KeyTask("专项整治", "推进专项整治方案", "落实专项整治方案年内措施", "unit", 41, 48, 108, 0.06),
        KeyTask("回访抽查", "对已整改事项回访抽查", "对已整改事项开展回访抽查", "unit", 76, 92, 132, 0.0, 1.0),
    )),
)
"""Key of the aspect in the pack, in the pack's order, and its tasks."""

GROUPS: dict[str, str] = {
    "organisation": "综合协调组", "learning": "理论学习组", "research": "调查研究组", "development": "推动发展组",
    "rectification": "检视整改组",
}
"""Aspect of the pack → the working group that answers for its key tasks."""

MORE_TASKS: tuple[KeyTask, ...] = (
    KeyTask("制度清理", "清理修订规章制度", "完成规章制度清理并公布修订计划", "unit", 13, 20, 87, 0.93),
    KeyTask("会风文风", "改进会风文风", "压减会议文件并公布对照表", "unit", 13, 20, 101, 0.30),
    KeyTask("谈心谈话", "开展谈心谈话", "班子成员完成谈心谈话", "unit", 20, 27, 80, 0.95),
    KeyTask("安全排查", "开展安全隐患排查", "完成一轮隐患排查并建立台账", "unit", 13, 20, 73, 0.95),
    KeyTask("青年座谈", "召开青年职工座谈会", "召开青年职工座谈会并答复意见", "unit", 20, 34, 104, 0.35),
    KeyTask("降本增效", "落实降本增效措施", "完成年度降本增效措施", "unit", 27, 41, 117, 0.08),
    KeyTask("信访化解", "化解信访积案", "完成信访事项起底和化解", "unit", 27, 41, 110, 0.20),
    KeyTask("数据治理", "清理重复报表", "清理重复报表并公布保留清单", "unit", 27, 41, 99, 0.40),
    KeyTask("技能比武", "开展岗位技能比武", "组织一次岗位技能比武", "unit", 27, 36, 87, 0.94),
    KeyTask("合同清欠", "清理拖欠账款", "完成应清欠账款的清理", "unit", 34, 48, 112, 0.12),
    KeyTask("师带徒", "落实师带徒", "签订师带徒协议并完成首次考核", "unit", 20, 34, 104, 0.33),
    KeyTask("节能降耗", "推进节能降耗", "完成年度节能项目", "unit", 34, 48, 116, 0.07),
    KeyTask("档案整理", "整理专项档案", "按一事一档整理专项档案", "unit", 62, 76, 132, 0.02),
    KeyTask("群众评议", "开展群众满意度评议", "组织一次满意度评议", "unit", 62, 92, 128, 0.0, 1.0),
    KeyTask("总结评估", "开展总结评估", "形成总结评估材料", "unit", 76, 95, 132, 0.0, 1.0),
)
"""Used in this order when a plan has more key tasks than the aspects above hold."""

MORE_ASPECTS: tuple[tuple[str, str], ...] = (
    ("rules", "建章立制"), ("reform", "改革攻坚"), ("talent", "人才培养"), ("style", "作风建设"), ("digital", "数字转型"),
    ("green", "绿色低碳"), ("service", "群众服务"),
)
"""Key and name of the aspects that are added when a target asks for more than the pack has."""

MATTERS: dict[str, tuple[str, ...]] = {
    "manufacturing": (
        "works:夜班就餐不便", "works:工位照明不足", "works:刀具领用手续多", "图纸更改传达慢", "works:吊具检验预约难", "班车时刻不合理",
        "更衣柜不够用", "works:车间饮水点少", "量具送检等待久", "停车位紧张", "office:样品登记手续多", "office:外业装备不足",
    ),
    "health": (
        "clinic:候诊区座椅不足", "clinic,care:轮椅借用不便", "clinic:夜间缴费窗口少", "clinic,care:化验单取件排队",
        "clinic:病房陪护床短缺", "clinic,care:药品说明看不清", "clinic,care:护士站呼叫响应慢", "职工食堂夜餐窗口少",
        "clinic,care:无障碍通道被占", "clinic,care:复诊预约提醒漏发", "maker,depot:班车时刻不合理", "maker,depot:更衣柜不够用",
        "maker,depot:夜班休息室拥挤", "maker:洁净服领用手续多", "depot:月台装卸排队", "maker,depot:停车位紧张", "maker:车间饮水点少",
        "depot:拣货照明不足", "care:房间呼叫器老化",
    ),
    "trade": (
        "desk,depot:单证传递慢", "depot:仓库月台拥堵", "报销周期长", "desk,site:海外项目家属通信不便", "desk,site:驻外人员体检难",
        "合同用印排队", "site:工地宿舍洗浴不便", "depot:叉车充电位不足", "depot:货位标识不清", "depot:司机休息区简陋",
        "职工停车位紧张", "办公区饮水点少", "site:工地夜间照明不足",
    ),
}
"""By sector; a matter may be bound to lines of work."""
