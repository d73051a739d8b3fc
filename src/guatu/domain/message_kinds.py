"""What an inbox tells: kind → sentence, translated when it is read.

Places: {number} and {title} of the item and {by} (who did it) are always there, every other one comes from the message's
`params`. A sentence tells one fact in the words of its reader; whoever tells something new adds its kind here.
"""

from __future__ import annotations

from collections.abc import Mapping

from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop

KINDS: dict[str, str] = {
    "mention": gettext_noop("{by}在评论中提到了您：{text}"),
    "comment": gettext_noop("{by}评论：{text}"),
    "sent_back": gettext_noop("{by}退回：{reason}"),
    "urged": gettext_noop("{by}催办：{text}"),
    "to_sign": gettext_noop("{by}已提交，等您审签。"),
    "review_overdue": gettext_noop("审核超时：应于 {day} 前办理，责任在审核单位。"),
    "closed": gettext_noop("{by}已办结。"),
    "rebounded": gettext_noop("{by}认定反弹，重新整改：{reason}"),
    "account_code": gettext_noop(
        "{by}为您的账号发了启用码，用它可以另设密码。不是您要求的，请联系安全管理员。"
    ),
    "account_codes": gettext_noop("{by}发了 {count} 个启用码：{accounts}。"),
    "account_unlocked": gettext_noop("{by}解除了您账号的锁定。"),
    "account_factor": gettext_noop("{by}重置了您的两步验证，下次登录须重新设置。"),
    "account_factors": gettext_noop("{by}重置了“{account}”的两步验证。"),
    "referred": gettext_noop("{by}提请解决：{reason}"),
    "passed_on": gettext_noop("下级单位逾期未答，现请您这里认领。"),
    "asked_further": gettext_noop("逾期未答，现由{unit}办理提请。"),
    "to_coordinate": gettext_noop("已列入协调清单，请协调。"),
    "claimed": gettext_noop("{by}已认领，本单位计时暂停。"),
    "declined": gettext_noop("{by}不予认领：{reason}"),
    "answered": gettext_noop("{by}已答复：{reason}"),
    "solved_above": gettext_noop("上级已办结，本单位恢复计时，请重新核对。"),
    "proposal_to_decide": gettext_noop("{by}提出申请，等您批准：{reason}"),
    "proposal_to_consent": gettext_noop("{by}申请把“{what}”移交给您的单位，等您同意：{reason}"),
    "proposal_approved": gettext_noop("{by}批准了您的申请。"),
    "proposal_declined": gettext_noop("{by}未批准您的申请：{reason}"),
    "delegated": gettext_noop("“{post}”（{giver}）由{taker}代办，{first} 至 {last}。"),
    "delegation_ended": gettext_noop("{taker}代{giver}办理“{post}”的委托已结束。"),
    "handed_over": gettext_noop("您自 {first} 起接任{giver}的“{post}”，经办中的事项已转到您的待办。"),
    "burden": gettext_noop("收到一条减负反馈：{text}"),
    "burden_answered": gettext_noop("{by}答复了您的减负反馈：{text}"),
    "objection": gettext_noop("公示期间有异议：{text}"),
    "asked": gettext_noop("{by}下发报送任务，请于 {day} 前报送。"),
    "reworded": gettext_noop("{by}改了报送要求（{what}）：{reason}"),
    "section_given": gettext_noop("{by}请您写这份文稿的“{sections}”。"),
    "section_done": gettext_noop("{by}写完了“{sections}”。"),
    "due_digest": gettext_noop(
        "今日提醒：{soon} 项即将到期，{today} 项今天到期，{late} 项逾期。请到待办办理。"
    ),
    "late_below": gettext_noop("“{register}”：所属 {units} 家单位 {items} 项逾期未办：{names}。"),
    "not_reported_below": gettext_noop("“{register}”：所属 {units} 家单位逾期未报：{names}。"),
    "relation_broken": gettext_noop("关系式不成立：{words}；现在是 {left} 与 {right}。请核对数据。"),
    "relation_mended": gettext_noop("关系式恢复成立：{words}；现在是 {left} 与 {right}。"),
    "due_changed": gettext_noop("{by}把时限由 {before} 改为 {after}。"),
}


class _Told(dict[str, str]):
    """A place that nobody has filled reads as a dash: a message is shown all the same."""

    def __missing__(self, key: str) -> str:
        return "—"


def sentence(kind: str, params: Mapping[str, object]) -> str:
    """The sentence of a message in the reader's language; of a kind that is no longer known, the bare fact."""
    text = KINDS.get(kind)
    told = _("{by}办理了这一项。") if text is None else _(text)
    return told.format_map(
        _Told({key: str(value) for key, value in params.items() if value not in (None, "")})
    )
