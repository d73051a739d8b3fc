"""The list of first passwords as a workbook for the printer. It is handed out once and kept nowhere."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from guatu.actions.first_passwords import FirstPassword
from guatu.domain.words import gettext as _


def password_list(told: Sequence[FirstPassword], *, made_on: str) -> bytes:
    """A4 upright, the headings on every page, one line a person, all of it text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("初始密码"))
        line = {"font_size": 11, "valign": "vcenter", "num_format": "@"}
        title = book.add_format({**line, "bold": True, "font_size": 14})
        note = book.add_format({**line, "font_color": "#5B6770"})
        head = book.add_format({**line, "bold": True, "bg_color": "#EFECE4", "border": 1})
        text = book.add_format({**line, "border": 1, "text_wrap": True})
        secret = book.add_format({**line, "border": 1, "font_name": "Consolas"})
        sheet.write_string(0, 0, _("初始密码（{day}）").format(day=made_on), title)
        sheet.write_string(1, 0, _("逐人告知，首次登录后须改密码。本表不在系统中留存，用后请销毁。"), note)
        columns = (
            (_("单位"), 30, text),
            (_("单位代码"), 14, text),
            (_("姓名"), 12, text),
            (_("账号"), 18, text),
            (_("初始密码"), 20, secret),
        )
        for place, (label, width, _form) in enumerate(columns):
            sheet.write_string(3, place, label, head)
            sheet.set_column(place, place, width)
        for row, one in enumerate(told, 4):
            values = (one.unit, one.code, one.name, one.username, one.password)
            for place, value in enumerate(values):
                sheet.write_string(row, place, value, columns[place][2])
        sheet.freeze_panes(4, 0)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)
        sheet.set_footer("&C&P / &N")
    return out.getvalue()
