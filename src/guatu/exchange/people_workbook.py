"""The workbook in which liaison people and fillers are handed in: headings, a drop-down of roles, a line of instruction."""

from __future__ import annotations

import io

import xlsxwriter

from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Post
from guatu.records.packs import pack_of

ROWS = 5_000
"""Down to which row the drop-down and the text format reach."""
NOT_BY_LIST = frozenset({"system_admin", "security_admin", "audit_admin", "team_leader", "team_member"})


def people_workbook(campaign: Campaign) -> bytes:
    """The bytes of an .xlsx. Codes, accounts and telephones are text, so that leading zeros stay."""
    pack = pack_of(campaign)
    roles = [pack.role_label(role) for role in Post.Role.values if role not in NOT_BY_LIST]
    columns = (
        (_("单位代码"), 14, _("必填。第2步导入时的代码。")),
        (_("单位"), 26, _("可不填，供核对。")),
        (_("姓名"), 10, _("必填。")),
        (_("账号"), 16, _("登录用，不重复；不填时按单位代码生成。")),
        (_("身份"), 16, _("必填，从下拉列表中选。")),
        (_("电话"), 16, _("只给本单位上下级和办公室看。")),
        (_("起始日期"), 12, _("可不填，即导入当天。")),
    )
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet, lists = book.add_worksheet(_("联络员与填报员")), book.add_worksheet(_("选项"))
    lists.hide()
    lists.write_column(0, 0, roles)
    head = book.add_format({"bold": True, "bg_color": "#EFECE4", "border": 1, "border_color": "#CFCABF"})
    text = book.add_format({"num_format": "@"})
    for place, (title, width, hint) in enumerate(columns):
        sheet.set_column(place, place, width, text)
        sheet.write_string(0, place, title, head)
        sheet.write_comment(0, place, hint)
    quoted = _("选项").replace("'", "''")
    sheet.data_validation(
        1,
        4,
        ROWS,
        4,
        {
            "validate": "list",
            "source": f"='{quoted}'!$A$1:$A${len(roles)}",
            "error_title": _("身份"),
            "error_message": _("请从下拉列表中选。"),
        },
    )
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
