"""What people call the attributes that every item has, and the phases they are in."""

from __future__ import annotations

from collections.abc import Mapping

from guatu.domain.words import gettext as _


def standard_labels() -> Mapping[str, str]:
    """The names of what every item has."""
    return {
        "number": _("编号"),
        "title": _("标题"),
        "unit": _("牵头单位"),
        "state": _("状态"),
        "phase": _("办理进度"),
        "start": _("开始日期"),
        "due": _("时限"),
        "base_due": _("原时限"),
        "closed_on": _("办结日期"),
        "entered_on": _("进入日期"),
        "task": _("重点任务"),
        "parent": _("上级事项"),
        "round": _("轮次"),
        "evidence": _("佐证材料"),
        "late": _("是否逾期"),
        "on_time": _("是否按时"),
        "review_overdue": _("是否审核超时"),
    }


def phase_labels() -> Mapping[str, str]:
    """The five phases in words."""
    return {
        "draft": _("未立项"),
        "open": _("办理中"),
        "review": _("审核中"),
        "closed": _("已办结"),
        "void": _("已撤销"),
    }
