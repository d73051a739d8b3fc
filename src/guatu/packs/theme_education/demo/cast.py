"""The cast: one invented person per role, with a fixed name and a username that is easy to type.

The demo's entry page offers them, tests are about them. Where each of them works is settled by the story
(`people.py`): the two rivals belong to two companies that must not see one another's records.
"""

from __future__ import annotations

from guatu.demo.players import Player
from guatu.domain.words import gettext_noop as _

CAST: tuple[Player, ...] = (
    Player("linxiaolan", "林晓岚", "office", "group", _("看全局、调度滞后任务、核验集团直属事项")),
    Player("guxingzhou", "顾行舟", "office", "group", _("集团专项工作办公室的另一位同事，用于回避和复核")),
    Player("shenhuaijin", "沈怀瑾", "leader", "group", _("看作战图和统计项，不改数据")),
    Player(
        "wenyining",
        "温以宁",
        "working_group",
        "group",
        _("看检视整改工作组牵头的重点任务和全集团整改进展，不改数据"),
    ),
    Player("xuzhiyuan", "许志远", "team_leader", "team", _("核验定点联络单位的问题")),
    Player("bailu", "白露", "team_member", "team", _("记录督导走访")),
    Player("zhouqiming", "周启明", "liaison", "company", _("审核所属单位报来的任务")),
    Player("shaoqingyue", "邵清越", "head", "unit", _("审签本单位的销号申请")),
    Player("hejingyi", "何静宜", "filler", "unit", _("更正走访记录、报审本单位任务")),
    Player("luwenbo", "陆文博", "liaison", "rival_company", _("另一家公司的联络员，看不到前一家的事项")),
    Player("hanzhiwei", "韩知微", "filler", "rival_unit", _("另一家公司的填报员")),
    Player("mengshuyan", "孟书言", "observer", "group", _("只读查看")),
    Player("renziheng", "任子衡", "auditor", "unit", _("限时、限单位的审计账号")),
    Player("fangruogu", "方若谷", "system_admin", "keys", _("系统管理员，看不到业务数据")),
    Player("jichangning", "季长宁", "security_admin", "keys", _("安全管理员，看不到业务数据")),
    Player("yeqichi", "叶栖迟", "audit_admin", "keys", _("审计管理员，看不到业务数据")),
)

PLACES: dict[str, str] = {
    "group": _("集团"),
    "team": _("督导组"),
    "company": _("二级公司"),
    "unit": _("三级单位"),
    "rival_company": _("另一家公司：看不到前一家的事项"),
    "rival_unit": _("另一家公司：看不到前一家的事项"),
    "keys": _("三员：看不到业务数据"),
}
"""Where the cast stands, in the order of the entry page."""
