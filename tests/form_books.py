"""Superiors' forms of different make for the tests: what a ministry's office sends, made by three hands.

`openpyxl_form`, `xlsxwriter_form` and `hand_zipped_form` hold merged two-row headings, a page set-up, a print area,
conditional formats, validations, a picture or drawing, sums and a foot with a signature line.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from PIL import Image

SHEET = "进展情况"
ROOM = 12
"""Data rows of the forms with a foot: 6 to 17."""


def parts(content: bytes) -> dict[str, bytes]:
    """Every part of a workbook, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def heads(content: bytes) -> list[tuple[object, ...]]:
    """What the archive says of each part beside its content."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [
            (info.filename, info.date_time, info.compress_type, info.external_attr, info.create_system)
            for info in archive.infolist()
        ]


def openpyxl_form() -> bytes:
    """Title, 填报单位 and date, two rows of headings, twelve bordered rows, a sum, a signature line; a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    thin = Side(style="thin")
    border = Border(left=thin, right=thin, top=thin, bottom=thin)
    sheet.merge_cells("A1:H1")
    sheet["A1"] = "附件2 问题整改进展情况表"
    sheet["A1"].font = Font(name="方正小标宋简体", size=20)
    sheet["A2"], sheet["F2"], sheet["H2"] = "填报单位：", "截至日期：", "单位：项"
    sheet["G2"].number_format = "yyyy/m/d"
    for place, text in {
        "A4:A5": "序号",
        "B4:B5": "单位",
        "C4:C5": "编号",
        "D4:E4": "问题",
        "F4:G4": "整改情况",
        "H4:H5": "备注",
    }.items():
        sheet.merge_cells(place)
        sheet[place.split(":")[0]] = text
    for place, text in {"D5": "问题描述", "E5": "发现日期", "F5": "时限", "G5": "状态"}.items():
        sheet[place] = text
    for row in range(4, 18):
        for column in range(1, 9):
            cell = sheet.cell(row, column)
            cell.border = border
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if column in (5, 6) and row > 5:
                cell.number_format = "yyyy-mm-dd"
        sheet.row_dimensions[row].height = 28
    sheet["A18"], sheet["C18"] = "合计", "=COUNTA(C6:C17)"
    sheet.merge_cells("A20:H20")
    sheet["A20"] = "单位负责人：            填表人：            联系电话："
    sheet.conditional_formatting.add(
        "G6:G17", CellIsRule("equal", ['"逾期"'], fill=PatternFill("solid", "FFC7CE"))
    )
    rule = DataValidation("list", '"待整改,整改中,已销号"')
    rule.add("G6:G17")
    sheet.add_data_validation(rule)
    sheet["D5"].comment = Comment("一项一行", "处室")
    sheet.print_area = "A1:H20"
    sheet.print_title_rows = "4:5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.freeze_panes = "C6"
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    picture.seek(0)
    sheet.add_image(openpyxl.drawing.image.Image(picture), "J2")
    other = book.create_sheet("填表说明")
    other["A1"] = "每月 5 日前报送。"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsxwriter_form() -> bytes:
    """Ten bordered rows without a foot, a percentage and a money column, a chart on another sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#DDEBF7"})
    cell, share = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "0.0%"})
    day = book.add_format({"border": 1, "num_format": 'yyyy"年"m"月"d"日"'})
    sheet.merge_range("A1:F1", "分单位完成情况", book.add_format({"bold": True, "font_size": 18}))
    sheet.write("A2", "填报单位：________")
    sheet.write("E2", "（截至    年  月  日）")
    for at, text in enumerate(("序号", "单位", "问题总数", "完成率（%）", "日期", "备注")):
        sheet.write(3, at, text, head)
    for row in range(4, 14):
        for at in range(6):
            sheet.write_blank(row, at, None, {3: share, 4: day}.get(at, cell))
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.set_column("B:B", 24)
    sheet.repeat_rows(3)
    sheet.conditional_format("D5:D14", {"type": "data_bar"})
    sheet.data_validation("C5:C14", {"validate": "integer", "criteria": ">=", "value": 0})
    sheet.set_header("&C内部资料")
    charts = book.add_worksheet("图")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"='{SHEET}'!$C$5:$C$14"})
    charts.insert_chart("A1", chart)
    book.close()
    return out.getvalue()


_HAND: Mapping[str, str] = {
    "[Content_Types].xml": (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<Types xmlns="http://schemas.openxmlformats.org/'
        'package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook'
        '.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override '
        'PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml'
        '.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="/xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<x:workbook xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.'
        'openxmlformats.org/officeDocument/2006/relationships"><x:workbookPr date1904="1"/><x:sheets><x:sheet '
        'name="进展情况" sheetId="7" r:id="rId9"/></x:sheets></x:workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/'
        'sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.'
        'openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/sharedStrings.xml": (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="6" uniqueCount="6"><si><t>序号'
        "</t></si><si><t>编号</t></si><si><t>时限</t></si><si><r><t>单</t></r><r><t>位</t></r></si><si><t>（上月数）"
        "</t></si><si><t>填表人：</t></si></sst>"
    ),
    "xl/styles.xml": (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font/></fonts>'
        '<fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="14"'
        '/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId='
        '"49"/></cellXfs></styleSheet>'
    ),
    "xl/worksheets/sheet1.xml": (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- <x:c r="A1"/> is no cell -->\n<x:worksheet xmlns:x="http://schemas.'
        'openxmlformats.org/spreadsheetml/2006/main"><x:dimension ref="A1:D5"/><x:cols><x:col min="3" max="3" width="20" '
        'style="1"/></x:cols><x:sheetData>\n  <x:row r="1" spans="1:4"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c t="s">'
        '<x:v>1</x:v></x:c><x:c r="C1" t="s"><x:v>2</x:v></x:c><x:c r="D1" t="s"><x:v>3</x:v></x:c></x:row>\n'
        '  <x:row r="2" spans="1:2" ht="30" customHeight="1"><x:c r="B2" s="2" t="s"><x:v>4</x:v></x:c></x:row>\n'
        '  <x:row r=\'3\'/><x:row r="5"><x:c r="A5" t="s"><x:v>5</x:v></x:c></x:row></x:sheetData>'
        '<x:pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></x:worksheet>'
    ),
}


def zipped(given: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """These parts as an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for nth, (name, content) in enumerate(given.items()):
            info = zipfile.ZipInfo(name, (2021, 3, 4, 5, 6, 2 * nth))
            info.compress_type = method if nth % 2 else zipfile.ZIP_STORED
            info.external_attr = 0o600 << 16
            archive.writestr(info, content)
    return out.getvalue()


def hand_zipped_form(**changed: str) -> bytes:
    """Prefixed names, shared strings in runs, an empty row, cells without places, days that count from 1904."""
    given: dict[str, str | bytes] = dict(_HAND)
    given.update({name.replace("__", "/"): text for name, text in changed.items()})
    return zipped(given)


def hand_parts() -> dict[str, str]:
    """The parts of the form zipped by hand, to be changed."""
    return dict(_HAND)


MAKERS: Mapping[str, Callable[[], bytes]] = {
    "openpyxl": openpyxl_form,
    "XlsxWriter": xlsxwriter_form,
    "hand": hand_zipped_form,
}
DAY = date(2023, 11, 30)
