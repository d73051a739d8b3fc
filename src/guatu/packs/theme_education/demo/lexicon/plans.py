"""Kinds of special plans, and what plans of a kind are called and undertake."""

from __future__ import annotations

# fmt: off
PLAN_KINDS: tuple[tuple[str, str], ...] = (
    ("livelihood", "民生"), ("development", "发展"), ("conduct", "干部思想作风"), ("safety", "安全生产"),
    ("talent", "人才队伍"), ("system", "制度机制"), ("service", "服务质量"), ("cost", "成本管控"), ("digital", "数字化"),
    ("risk", "风险防控"), ("green", "绿色低碳"), ("supply", "供应保障"), ("quality", "质量管理"), ("contract", "合同管理"),
    ("assets", "资产管理"), ("research", "科技创新"), ("market", "市场开拓"), ("project", "项目管理"),
    ("training", "教育培训"), ("archive", "档案资料"),
)
"""The first three are the pack's own, more are added when a target asks for them."""

PLANS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "livelihood": (
        ("职工用餐", ("伙食委员会每月测评", "夜班供餐延长一小时", "意见三日内答复")),
        ("通勤和停车", ("调整班车时刻", "划定错时车位", "每季度征求一次意见")),
        ("值班休息条件", ("改造值班室", "补休按月兑现", "配齐热水和床位")),
        ("clinic,care,depot:服务窗口等候", ("高峰时段增开窗口", "预约分时到场", "等候时间每周公布")),
        ("困难职工帮扶", ("建立一户一册", "明确联系人", "帮扶情况公开")),
    ),
    "development": (
        ("应收账款清理", ("一户一策", "按周通报回款", "逾期三个月移交法务")),
        ("works,maker:交付周期", ("瓶颈环节增开一班", "建立周排产例会", "延期订单逐单复盘")),
        ("works,maker,depot,clinic:库存周转", ("清理呆滞库存", "系统内共享库存", "指标分解到部门")),
        ("clinic,care:检查预约等候", ("增开周末检查时段", "空余号源当日释放", "等候天数每周公布")),
        ("office,desk,site:合同履约周期", ("关键节点提前预警", "超期合同逐单复盘", "每月通报履约情况")),
        ("设备使用效率", ("统一预约和调度", "公布使用率", "闲置设备系统内调剂")),
        ("works,maker:质量返工", ("首件检验前移", "返工当日复盘", "问题清单到岗到人")),
    ),
    "conduct": (
        ("审批层级", ("小额事项下放", "超时自动提醒", "每月公布审批时长")),
        ("重复报表", ("合并同类报表", "系统取数代替填报", "新增报表须经办公室同意")),
        ("会议过多", ("会议实行计划管理", "能合并的合并", "每月公布会议数量")),
        ("意见答复超期", ("首次答复不超过三个工作日", "逐条公开答复", "超期说明原因")),
        ("检查过频", ("合并检查计划", "一张清单管到底", "检查结果互认")),
    ),
}
"""Kind → what the plan is about and its measures; a kind that is not here is called by its own name."""

COMMON: tuple[str, ...] = ("摸清底数、列出清单", "明确责任人和时限", "每月通报进展")
