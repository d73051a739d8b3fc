"""What GB/T 9704—2012 asks of a page, and the ruler that measures it: one line for each, for the PDF and the Word file alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from guatu.domain.document.placing import CHARACTERS, PITCH, WIDTH
from tests.exchange.layout_documents import BODY, DAY, DOCUMENTS, TITLE
from tests.exchange.ruler import MM, Page, Row, Rule

LINE = PITCH * MM
CHARACTER = WIDTH / CHARACTERS
LEFT, TOP, RIGHT, BOTTOM = 28.0, 37.0, 184.0, 262.0
"""The edges of the type area from the left and the top of the page."""
SMALL = 14 * MM
RED = (255, 0, 0)
__all__ = ["DOCUMENTS", "WISHES", "Found", "Pages", "Wish", "measure"]

Pages = Sequence[Page]


@dataclass(frozen=True)
class Wish:
    """One thing measured: in which document, what, by which clause, how much (in `unit`) and how far off it may be."""

    document: str
    what: str
    clause: str
    wanted: float
    measure: Callable[[Pages], float]
    tolerance: float = 0.5
    unit: str = "mm"
    word: bool = True

    @property
    def unlike(self) -> bool:
        """Whether LibreOffice sets it differently: it puts a quarter of a character beside digits, whatever the style
        says, stands other fonts in for the official ones, and leaves empty pages out of its PDF.
        """
        return not self.word


def full_page(pages: Pages) -> Page:
    """A page filled with running text from the first line to the last."""
    return pages[1]


def lines(page: Page) -> list[Row]:
    return list(page.text)


def _cell_top(row: Row) -> float:
    """The upper edge of the row's line of 28.95 points, in the middle of which its characters stand."""
    return (row.body_top + row.body_bottom) / 2 - LINE / 2


def _cell_bottom(row: Row) -> float:
    return _cell_top(row) + LINE


def _right_edge(row: Row) -> float:
    """Where the bodies of the row's characters end: punctuation has its ink at the left of it."""
    last = row.glyphs[-1]
    return last.x + CHARACTER if last.text > "\u2e80" else last.right


def _red(page: Page) -> list[Rule]:
    return _long(page, RED)


def _long(page: Page, color: tuple[int, int, int]) -> list[Rule]:
    """The long rules of a colour from above; one that a program draws twice counts once."""
    found: list[Rule] = []
    for one in sorted(page.rules, key=lambda rule: rule.y):
        drawn = found and abs(found[-1].y - one.y) < 0.05
        if one.color == color and one.right - one.left > 150 and not drawn:
            found.append(one)
    return found


def _middle(row: Row) -> float:
    return (row.left + row.right) / 2


def _number(page: Page) -> Row:
    assert page.number is not None
    return page.number


def _signed(pages: Pages, words: str) -> Row:
    return next(row for page in pages for row in page.rows if row.text == words)


def _pitch(pages: Pages) -> float:
    steps = [below.baseline - above.baseline for above, below in pairwise(lines(full_page(pages)))]
    return sum(steps) / len(steps) / MM


def _characters(pages: Pages) -> float:
    return max(len(row.text) for row in lines(full_page(pages)) if abs(row.x - LEFT) < 1)


def _full_line(pages: Pages) -> Row:
    return next(row for row in lines(full_page(pages)) if len(row.text) == CHARACTERS)


def _last(pages: Pages) -> Page:
    return pages[-1]


def _black(page: Page) -> list[Rule]:
    return _long(page, (0, 0, 0))


def _annex(pages: Pages) -> Page:
    return next(page for page in pages if page.rows and page.rows[0].text == "附件1")


def _across(pages: Pages) -> Page:
    return next(page for page in pages if page.width > page.height)


def _turned_dash(page: Page) -> tuple[float, float]:
    """Of a page across: how far its number's dashes stand from the left edge, and the end of the last from the top."""
    dashes = [one for row in page.rows for one in row.glyphs if one.text == "—"]
    return min(one.left for one in dashes), max(one.bottom for one in dashes)


WISHES: tuple[Wish, ...] = (
    Wish("正文", "纸宽", "5.1", 210, lambda p: p[0].width),
    Wish("正文", "纸高", "5.1", 297, lambda p: p[0].height),
    Wish("正文", "天头（上白边）", "5.2.1", 37, lambda p: _cell_top(lines(full_page(p))[0])),
    Wish("正文", "订口（左白边）", "5.2.1", 28, lambda p: _full_line(p).x),
    Wish("正文", "版心宽", "5.2.1", 156, lambda p: _right_edge(_full_line(p)) - _full_line(p).x),
    Wish(
        "正文",
        "版心高（22行）",
        "5.2.1",
        225,
        lambda p: _cell_bottom(lines(full_page(p))[-1]) - _cell_top(lines(full_page(p))[0]),
    ),
    Wish("正文", "每面行数", "5.2.3", 22, lambda p: len(lines(full_page(p))), 0, "行"),
    Wish("正文", "每行字数", "5.2.3", 28, _characters, 0, "字"),
    Wish("正文", "行距", "5.2.3", 28.95, _pitch, 0.05, "磅"),
    Wish("正文", "正文字号（3号）", "5.2.2", 16, lambda p: _full_line(p).size, 0.05, "磅"),
    Wish("正文", "标题字号（2号）", "7.3.1", 22, lambda p: p[0].row(TITLE).size, 0.05, "磅"),
    Wish("正文", "标题居中，离版心中线", "7.3.1", 0, lambda p: _middle(p[0].row(TITLE)) - LEFT - WIDTH / 2),
    Wish("正文", "段首空", "7.3.3", 2, lambda p: (p[0].row("一、总体情况").x - LEFT) / CHARACTER, 0.1, "字"),
    Wish("正文", "页码一字线上距版心下边缘", "7.5", 7, lambda p: _number(p[0]).glyphs[0].top - BOTTOM),
    Wish("正文", "页码字号（4号）", "7.5", 14, lambda p: _number(p[0]).size, 0.05, "磅"),
    Wish("正文", "单页码右空", "7.5", 1, lambda p: (RIGHT - _number(p[0]).right) / SMALL, 0.1, "字"),
    Wish("正文", "双页码左空", "7.5", 1, lambda p: (_number(p[1]).left - LEFT) / SMALL, 0.1, "字"),
    Wish(
        "正文",
        "不用印：署名右空",
        "7.3.5.2",
        2,
        lambda p: (RIGHT - _right_edge(_signed(p, BODY))) / CHARACTER,
        0.4,
        "字",
        word=False,
    ),
    Wish(
        "正文",
        "成文日期首字比署名首字右移",
        "7.3.5.2",
        2,
        lambda p: (_signed(p, DAY).x - _signed(p, BODY).x) / CHARACTER,
        0.1,
        "字",
    ),
    Wish("正文", "署名在正文下空", "7.3.5.2", 1, lambda p: _lines_before_signature(p), 0.05, "行"),
    Wish(
        "下行文", "发文机关标志上边缘距版心上边缘", "7.2.4", 35, lambda p: p[0].row("华岳集团文件").top - TOP
    ),
    Wish(
        "下行文",
        "发文字号在标志下空",
        "7.2.5",
        2,
        lambda p: (_cell_top(p[0].row("华岳发")) - p[0].row("华岳集团文件").bottom) / LINE,
        0.1,
        "行",
    ),
    Wish(
        "下行文",
        "发文字号居中，离版心中线",
        "7.2.5",
        0,
        lambda p: _middle(p[0].row("华岳发")) - LEFT - WIDTH / 2,
    ),
    Wish(
        "下行文",
        "红色分隔线在发文字号之下",
        "7.2.7",
        4,
        lambda p: _red(p[0])[0].y - p[0].row("华岳发").body_bottom,
    ),
    Wish("下行文", "红色分隔线长（与版心等宽）", "7.2.7", 156, lambda p: _red(p[0])[0].length),
    Wish(
        "下行文",
        "标题在分隔线下空",
        "7.3.1",
        2,
        lambda p: (_cell_top(p[0].row(TITLE)) - _red(p[0])[0].y) / LINE,
        0.1,
        "行",
    ),
    Wish(
        "下行文",
        "主送机关在标题下空",
        "7.3.2",
        1,
        lambda p: (_cell_top(p[0].row("各单位：")) - _cell_bottom(p[0].row(TITLE))) / LINE,
        0.1,
        "行",
    ),
    Wish("下行文", "主送机关顶格", "7.3.2", 28, lambda p: p[0].row("各单位：").x),
    Wish(
        "下行文",
        "附件说明在正文下空",
        "7.3.4",
        1,
        lambda p: (_cell_top(p[0].row("附件：1.")) - _cell_bottom(p[0].row("各单位要压实"))) / LINE,
        0.05,
        "行",
    ),
    Wish(
        "下行文", "附件说明左空", "7.3.4", 2, lambda p: (p[0].row("附件：1.").x - LEFT) / CHARACTER, 0.1, "字"
    ),
    Wish(
        "下行文",
        "用印：成文日期右空",
        "7.3.5.1",
        4,
        lambda p: (RIGHT - _right_edge(_signed(p, DAY))) / CHARACTER,
        0.4,
        "字",
        word=False,
    ),
    Wish(
        "下行文",
        "用印：署名以日期为准居中，差",
        "7.3.5.1",
        0,
        lambda p: _middle(_signed(p, BODY)) - _middle(_signed(p, DAY)),
        word=False,
    ),
    Wish(
        "下行文",
        "用印：署名在附件说明下空",
        "7.3.5.1",
        2,
        lambda p: (_cell_top(_signed(p, BODY)) - _cell_bottom(p[0].row("2.季度进度表"))) / LINE,
        0.05,
        "行",
    ),
    Wish(
        "下行文",
        "“附件1”在第几行",
        "7.3.7",
        1,
        lambda p: _line_of(_annex(p), _annex(p).row("附件1")),
        0.05,
        "行",
    ),
    Wish(
        "下行文",
        "附件标题在第几行",
        "7.3.7",
        3,
        lambda p: _line_of(_annex(p), _annex(p).row("任务分工表")),
        0.05,
        "行",
    ),
    Wish("下行文", "横表纸宽", "8", 297, lambda p: _across(p).width),
    Wish(
        "下行文",
        "横表页码一字线距左版心边（同竖页下边缘）",
        "8",
        7,
        lambda p: 35 - _turned_dash(_across(p))[0] - 0.2,
    ),
    Wish("下行文", "版记末条分隔线与版心下边缘", "7.4.1", 0, lambda p: _black(_last(p))[-1].y - BOTTOM),
    Wish("下行文", "版记首末线粗", "7.4.1", 0.35, lambda p: _black(_last(p))[0].thick, 0.02),
    Wish("下行文", "版记中间线粗", "7.4.1", 0.25, lambda p: _black(_last(p))[1].thick, 0.02, word=False),
    Wish("下行文", "版记左空", "7.4.2", 1, lambda p: (_last(p).row("抄送：").x - LEFT) / SMALL, 0.1, "字"),
    Wish("下行文", "版记右空", "7.4.3", 1, lambda p: (RIGHT - _last(p).row("印发").right) / SMALL, 0.2, "字"),
    Wish("下行文", "版记所在面为双数", "7.4.1", 0, lambda p: len(p) % 2, 0, "", word=False),
    Wish(
        "上行文", "发文字号左空", "7.2.5", 1, lambda p: (p[0].row("签发人").x - LEFT) / CHARACTER, 0.1, "字"
    ),
    Wish(
        "上行文",
        "签发人右空",
        "7.2.6",
        1,
        lambda p: (RIGHT - _right_edge(p[0].row("签发人"))) / CHARACTER,
        0.3,
        "字",
    ),
    Wish("函", "发文机关标志上边缘距上页边", "10.1", 30, lambda p: p[0].row("华岳集团").top),
    Wish("函", "标志下红色双线（上粗）", "10.1", 4, lambda p: _red(p[0])[0].y - p[0].row("华岳集团").bottom),
    Wish("函", "下方红色双线（上细）距下页边", "10.1", 20, lambda p: 297 - _red(p[0])[2].y, 1.0),
    Wish("函", "双线长", "10.1", 170, lambda p: _red(p[0])[0].length),
    Wish("函", "发文字号右边缘", "10.1", 184, lambda p: p[0].row("华岳函").right),
    Wish(
        "函",
        "发文字号距双线（3号字高的7/8）",
        "10.1",
        4.94,
        lambda p: p[0].row("华岳函").body_top - _red(p[0])[1].y,
    ),
    Wish("函", "首页页码个数", "10.1", 0, lambda p: int(p[0].number is not None), 0, "个"),
    Wish("令", "发文机关标志上边缘距版心上边缘", "10.2", 20, lambda p: p[0].row("华岳集团令").top - TOP),
    Wish(
        "令",
        "令号在标志下空",
        "10.2",
        2,
        lambda p: (_cell_top(p[0].row("第1号")) - p[0].row("华岳集团令").bottom) / LINE,
        0.1,
        "行",
    ),
    Wish(
        "令",
        "正文在令号下空",
        "10.2",
        2,
        lambda p: (_cell_top(p[0].row("各单位要压实")) - _cell_bottom(p[0].row("第1号"))) / LINE,
        0.1,
        "行",
    ),
    Wish(
        "令",
        "签名章右空",
        "7.3.5.3",
        4,
        lambda p: (RIGHT - _right_edge(_row_with(p, "董事长"))) / CHARACTER,
        0.2,
        "字",
    ),
    Wish("纪要", "纪要标志上边缘距版心上边缘", "10.3", 35, lambda p: p[0].row("会议纪要").top - TOP),
    Wish("纪要", "“出席”左空", "10.3", 2, lambda p: (_row_with(p, "出席：").x - LEFT) / CHARACTER, 0.1, "字"),
    Wish(
        "简报",
        "期数居中，离版心中线",
        "",
        0,
        lambda p: _middle(p[0].row("第12期")) - LEFT - WIDTH / 2,
        word=False,
    ),
    Wish("简报", "编发单位左空", "", 1, lambda p: (p[0].row(BODY).x - LEFT) / CHARACTER, 0.1, "字"),
    Wish("简报", "红线在编发单位之下", "", 4, lambda p: _red(p[0])[0].y - p[0].row(BODY).body_bottom),
    Wish("简报", "报尾末条线与版心下边缘", "", 0, lambda p: _black(_last(p))[-1].y - BOTTOM),
)


def _lines_before_signature(pages: Pages) -> float:
    page = next(page for page in pages if any(row.text == BODY for row in page.rows))
    rows = lines(page)
    place = next(at for at, row in enumerate(rows) if row.text == BODY)
    return (_cell_top(rows[place]) - _cell_bottom(rows[place - 1])) / LINE


def _line_of(page: Page, row: Row) -> float:
    return (_cell_top(row) - TOP) / LINE + 1


def _row_with(pages: Pages, words: str) -> Row:
    return next(row for page in pages for row in page.rows if words in row.text)


@dataclass(frozen=True)
class Found:
    """A wish and what was measured."""

    wish: Wish
    value: float

    @property
    def holds(self) -> bool:
        return abs(self.value - self.wish.wanted) <= self.wish.tolerance + 1e-9


def measure(rendered: Mapping[str, Pages]) -> list[Found]:
    """Every wish against the rendered documents."""
    return [
        Found(wish, wish.measure(rendered[wish.document])) for wish in WISHES if wish.document in rendered
    ]
