"""The cast: one invented person per role, with a fixed name and a username that is easy to type."""

from __future__ import annotations

from guatu.demo.players import Player
from guatu.domain.words import gettext_noop as _

CAST: tuple[Player, ...] = (
    Player("chengyilan", "程以澜", "office", "group", _("看全局、调度滞后任务、核验企业本级的隐患")),
    Player("jianghexu", "姜和煦", "office", "group", _("集团安全办的另一位同事，用于回避和复核")),
    Player("fanchengyu", "范承宇", "leader", "group", _("看作战图和统计项，不改数据")),
    Player(
        "yaoqiming", "姚启明", "working_group", "group", _("看排查整治组负责的检查任务和全集团隐患，不改数据")
    ),
    Player("luowentao", "罗闻涛", "team_leader", "team", _("核验联系单位申请销号的隐患")),
    Player("qinruochuan", "秦若川", "team_member", "team", _("登记检查，当场整改并核验隐患")),
    Player("tangxingjian", "唐行健", "liaison", "company", _("审核所属单位报来的落实任务")),
    Player("shijingming", "石景明", "head", "unit", _("审签本单位的销号申请")),
    Player("liuqinghe", "柳清和", "filler", "unit", _("上传整改后照片，报审签")),
    Player("guoyining", "郭以宁", "liaison", "rival_company", _("另一家企业的安全部门，看不到前一家的事项")),
    Player("taosiyuan", "陶思远", "filler", "rival_unit", _("另一家企业的安全员")),
    Player("wangruoshui", "汪若水", "observer", "group", _("只读查看")),
    Player("shihuaijin", "史怀谨", "auditor", "unit", _("限时、限单位的审计账号")),
    Player("qiankeliang", "钱可量", "system_admin", "keys", _("系统管理员，看不到业务数据")),
    Player("weiningyuan", "卫宁远", "security_admin", "keys", _("安全管理员，看不到业务数据")),
    Player("yanshouzheng", "严守正", "audit_admin", "keys", _("审计管理员，看不到业务数据")),
)

PLACES: dict[str, str] = {
    "group": _("集团"),
    "team": _("安全督查组"),
    "company": _("所属企业"),
    "unit": _("作业单位"),
    "rival_company": _("另一家企业：看不到前一家的事项"),
    "rival_unit": _("另一家企业：看不到前一家的事项"),
    "keys": _("三员：看不到业务数据"),
}
"""Where the cast stands, in the order of the entry page."""
