"""Kinds of special plans and what plans of a kind are called."""

from __future__ import annotations

PLAN_KINDS: tuple[tuple[str, str], ...] = (
    ("livelihood", "民生"),
    ("development", "发展"),
    ("conduct", "干部思想作风"),
    ("safety", "安全生产"),
    ("talent", "人才队伍"),
    ("system", "制度机制"),
    ("service", "服务质量"),
    ("cost", "成本管控"),
    ("digital", "数字化"),
    ("risk", "风险防控"),
    ("green", "绿色低碳"),
    ("supply", "供应保障"),
    ("quality", "质量管理"),
    ("contract", "合同管理"),
    ("assets", "资产管理"),
    ("research", "科技创新"),
    ("market", "市场开拓"),
    ("project", "项目管理"),
    ("training", "教育培训"),
    ("archive", "档案资料"),
)
"""Kinds of plans: the first three are the pack's own, more are added when a target asks for them."""
PLAN_TITLES: dict[str, tuple[str, ...]] = {
    "livelihood": (
        "职工住宿洗浴条件专项整治",
        "倒班职工就餐专项整治",
        "高峰等候时间专项整治",
        "停车与通勤专项整治",
        "驻外人员关怀专项整治",
    ),
    "development": (
        "设备停机专项整治",
        "应收账款清理专项整治",
        "交付周期专项整治",
        "库存周转专项整治",
        "检验互认专项整治",
    ),
    "conduct": (
        "审批层级专项整治",
        "重复报表专项整治",
        "会议过多专项整治",
        "意见答复超期专项整治",
        "检查过频专项整治",
    ),
}
