"""Ten workbooks of different make, as offices send them: made by code, so that what is odd about each can be read here."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import xlsxwriter
import xlwt

from guatu.domain.imports.item_cells import Lookups, unit_names

UNITS = Lookups(
    units=unit_names(
        [
            ("HY", "华岳集团有限公司", "华岳集团", (), ()),
            ("JIA", "华岳甲有限公司", "甲公司", ("华岳甲",), ()),
            ("YI", "华岳乙有限公司", "乙公司", (), ()),
            ("F1", "甲公司第一工厂", "一厂", ("第一工厂",), ("红星机械厂",)),
            ("F2", "甲公司第二工厂", "二厂", (), ()),
            ("Y3", "乙公司第三医院", "三院", (), ()),
        ]
    )
)
"""The units that the sheets name."""


def _bytes(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ledger() -> bytes:
    """A ledger of problems: title, merged headings in two rows, numbered columns, groups, sums, notes, a hidden column."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["附件1"],
        ["重点问题整改台账"],
        ["填报单位：华岳集团", "", "", "", "", "单位：万元"],
        ["序号", "单位", "问题描述", "整改", "", "", "备注"],
        ["", "", "", "整改时限", "投入资金", "是否完成", ""],
        ["甲", "乙", 1, 2, 3, 4, 5],
        ["一、甲公司"],
        [1, "一厂", "食堂排队时间长", "2023.11.5", "1,280", "是", ""],
        [2, "二 厂", "车间照明不足", "2023年11月30日", 35.5, "√", "/"],
        [3, "红星机械厂", "更衣柜不够", 45291, 12, "否", "需上级协调"],
        ["", "小计", "", "", 1327.5],
        ["二、乙公司"],
        [4, "三院", "候诊时间长", "年底前", "20万元", "×", ""],
        [5, "三院门诊部", "指示牌不清", "2023/12/31 ", "—", "是", ""],
        ["合  计", "", "", "", 1347.5],
        ["注：本表由各单位填报，投入资金按实际发生数填写。"],
        ["填表人：白露", "", "", "审核人：林晓岚"],
    ):
        sheet.append(row)
    for place in ("A2:G2", "D4:F4", "A4:A5", "B4:B5", "C4:C5", "G4:G5", "A7:G7", "A12:G12", "A16:G16"):
        sheet.merge_cells(place)
    sheet.column_dimensions["G"].hidden = True
    return _bytes(book)


def visits() -> bytes:
    """Visits with headings in three rows, days with weekdays, numbers with their units, amounts in mixed units."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("走访")
    sheet.merge_range("A1:H1", "2023年走访慰问情况统计表")
    sheet.merge_range("A2:A4", "序号")
    sheet.merge_range("B2:B4", "走访\n单位")
    sheet.merge_range("C2:C4", "走访日期")
    sheet.merge_range("D2:H2", "慰问情况")
    sheet.merge_range("D3:E3", "困难职工")
    sheet.merge_range("F3:G3", "劳动模范")
    sheet.merge_range("H3:H4", "现场解决事项")
    for column, text in zip("DEFG", ("人数", "慰问金", "人数", "慰问金"), strict=True):
        sheet.write(f"{column}4", text)
    rows = (
        (1, "F1", "2023.11.5（星期日）", "35人", "1.75万元", "2人", "2,000元", "加开班车"),
        (2, "华岳甲", "２０２３．１１．６", "１２人", "6000元", "1", "1000元", "增设热水点"),
        (3, "乙公司", "20231107", "8人", "4000元", "0人", "0", "更换空调"),
        (4, "第三医院", "2023年11月8日", "6户", "3000元", "", "", "修缮宿舍"),
    )
    for number, row in enumerate(rows, 4):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.close()
    return out.getvalue()


def trainings() -> bytes:
    """An old .xls: real days, units merged downwards over their rows, one amount for two rows, shares of one."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("培训")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    sheet.write_merge(0, 0, 0, 5, "教育培训登记表")
    for column, text in enumerate(("单位名称", "培训主题", "培训日期", "参训人数", "经费（元）", "合格率")):
        sheet.write(1, column, text)
    sheet.write_merge(2, 3, 0, 0, "一厂")
    sheet.write_merge(2, 3, 4, 4, 5600)
    sheet.write(4, 0, "三院")
    sheet.write(4, 4, 1200.5)
    rows = (
        ("消防演练", date(2023, 10, 9), 120, 0.985),
        ("急救知识", date(2023, 10, 16), 86, 1.0),
        ("院感防控", date(2023, 11, 1), 240, 0.92),
    )
    for number, (title, on, people, share) in enumerate(rows, 2):
        sheet.write(number, 1, title)
        sheet.write(number, 2, on, day)
        sheet.write(number, 3, people)
        sheet.write(number, 5, share)
    return _bytes(book)


def contacts() -> bytes:
    """A list of people as CSV in GB18030: telephone and identity codes, codes with leading zeros."""
    text = (
        "单位代码,姓名,职务,手机号码,身份证号,工号\r\n"
        "F1,陆文博,填报员,13900000001,11010119900307001X,00123\r\n"
        "F2,任子衡,负责人,139 0000 0002,110101199003070029,00124\r\n"
        "Y3,季长宁,填报员,1390000000３,110101199003070037,00207\r\n"
        "YI,何静宜,联络员,139-0000-0004,110101199003070045,00301\r\n"
    )
    return text.encode("gb18030")


def two_below() -> bytes:
    """Two tables one below the other, each with its own title and headings."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "项目"
    for row in (
        ["一、重点项目进度表"],
        ["单位", "项目名称", "计划完成时间", "进度"],
        ["一厂", "新线投产", "2023-12-31", "80%"],
        ["二厂", "仓库改造", "2024年3月31日", "35.5%"],
        ["三院", "门诊扩建", "2024.6.30", "60%"],
        [],
        ["二、项目资金到位情况（单位：万元）"],
        ["项目名称", "所属单位", "计划投资", "到位资金", "拨付日期"],
        ["新线投产", "一厂", 1200, 800, date(2023, 9, 1)],
        ["仓库改造", "二厂", 300, 300, date(2023, 9, 8)],
        ["门诊扩建", "三院", 860.5, 400, date(2023, 10, 12)],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("A7:E7")
    return _bytes(book)


def two_beside() -> bytes:
    """Two tables beside each other that end in different rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "来信来访"
    for row in (
        ["序号", "单位", "来信内容", "收到日期", None, "序号", "单位", "来访事由", "接待日期"],
        [1, "一厂", "班车线路", "2023-10-08", None, 1, "三院", "停车收费", "2023-10-09"],
        [2, "二厂", "食堂价格", "2023-10-11", None, 2, "乙公司", "工龄认定", "2023-10-20"],
        [3, "甲公司", "体检安排", "2023-10-12"],
    ):
        sheet.append(row)
    return _bytes(book)


def rates() -> bytes:
    """Cells with a percent format, formulas and their errors, a hidden row, columns that are empty or without heading."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Sheet1")
    percent = book.add_format({"num_format": "0.0%"})
    for column, text in enumerate(
        ("填报单位", "任务名称", "应完成数", "已完成数", "完成率", "考核得分", "附加说明")
    ):
        sheet.write(0, column, text)
    rows = (
        ("一厂", "隐患排查", 40, 38),
        ("二厂", "隐患排查", 32, 32),
        ("三院", "设备检修", 12, 9),
        ("乙公司", "设备检修", 0, 0),
    )
    for number, (unit, task, due, done) in enumerate(rows, 1):
        for column, value in enumerate((unit, task, due, done)):
            sheet.write(number, column, value)
        formula = f"=D{number + 1}/C{number + 1}"
        if due:
            sheet.write_formula(number, 4, formula, percent, done / due)
        else:
            sheet.write_formula(number, 4, formula, percent, "#DIV/0!")
        sheet.write(number, 5, 90 + number)
        sheet.write(number, 7, "已核" if number != 3 else "待核")
    sheet.set_row(2, None, None, {"hidden": True})
    book.close()
    return out.getvalue()


def diary() -> bytes:
    """Days without a year, months, 有 and 无, remarks of several lines."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "值班"
    for row in (
        ["值班检查记录"],
        ["检查单位", "检查日期", "统计月份", "检查内容", "有无问题", "处理情况"],
        ["一厂", "11月5日", "2023-11", "夜间值守", "无", ""],
        ["二厂", "11月6日", "2023年11月", "消防通道", "有", "通道堆放杂物，\n当场清理，拍照留存。"],
        ["三院", "11月30日", "2023.11", "危化品柜", "有", "一人保管双把钥匙，\n已改为双人双锁。"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:F1")
    return _bytes(book)


def printed() -> bytes:
    """A sheet set for printing: headings again on each page, sums of pages, a sheet of instructions, a hidden sheet."""
    book = openpyxl.Workbook()
    notes = book.active
    assert notes is not None
    notes.title = "填表说明"
    notes.append(["一、本表每月25日前报送。"])
    notes.append(["二、金额以元为单位。"])
    sheet = book.create_sheet("物资台账")
    heads = ["序号", "单位", "物资名称", "类别", "数量", "金额"]
    kinds = ("劳保用品", "消防器材", "劳保用品", "办公用品", "劳保用品 ", "消防器材")
    names = ("手套", "灭火器", "口罩", "打印纸", "安全帽", "水带")
    for page in (0, 1):
        sheet.append(heads)
        for number in range(page * 3, page * 3 + 3):
            unit = ("一厂", "二厂", "三院")[number % 3]
            sheet.append(
                [
                    number + 1,
                    unit,
                    names[number],
                    kinds[number],
                    f"{(number + 1) * 10}件",
                    f"¥{(number + 1) * 100:,}.00",
                ]
            )
        sheet.append(["", "本页小计", "", "", "", f"¥{600 + 900 * page:,}.00"])
    sheet.append(["总计", "", "", "", "", "¥2,100.00"])
    hidden = book.create_sheet("字典")
    hidden.sheet_state = "hidden"
    hidden.append(["类别"])
    return _bytes(book)


def key_work() -> bytes:
    """What Excel saves as “Unicode text”: tabs, UTF-16; choices spelled differently, several units in one cell."""
    text = (
        "牵头单位\t重点工作\t配合单位\t进展情况\t时限要求\r\n"
        "甲公司\t安全培训全覆盖\t一厂、二厂\t进行中\t2023-12-20\r\n"
        "乙公司\t就诊流程优化\t三院\t已完成\t2023-10-31\r\n"
        "甲公司\t设备点检\t一厂\t进行中。\t2023-12-31\r\n"
        "一厂\t班组园地\t二厂；三院\t已 完成\t2023-11-15\r\n"
        "二厂\t宿舍修缮\t一厂\t进行中\t2023-12-15\r\n"
        "三院\t夜间门诊\t乙公司\t未启动\t2024-01-31\r\n"
        "二厂\t食堂改造\t一厂、三院\t未启动\t2024-02-29\r\n"
        "集团本部\t制度汇编\t甲公司、乙公司\t已完成\t2023-11-30\r\n"
    )
    return text.encode("utf-16")


WORKBOOKS: dict[str, Callable[[], bytes]] = {
    "问题台账.xlsx": ledger,
    "走访慰问.xlsx": visits,
    "教育培训.xls": trainings,
    "联络名单.csv": contacts,
    "项目进度.xlsx": two_below,
    "来信来访.xlsx": two_beside,
    "完成率.xlsx": rates,
    "值班检查.xlsx": diary,
    "物资台账.xlsx": printed,
    "重点工作.txt": key_work,
}
