"""The chart is one compact table that can be read without colour, without a script and without a browser."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

from guatu.domain.lights import Distribution, Light, word
from guatu.queries.pages import Option
from guatu.queries.wall_page import WallAspect, WallCell, WallColumn, WallPage, WallRow
from guatu.web.wall.render import Addresses, stack, table

DAY = date(2023, 11, 30)
TO = Addresses(cell="?zoom=third&amp;cell=", sector="?sector=", toggle={"M1": "?open=M1"})


def cell(light: Light, n: int = 1, closed: int = 0, lights: Distribution | None = None) -> WallCell:
    return WallCell(light, n, closed, 0 if not n else 100 * closed // n, f"因为{light}<&>", lights)


def row(kind: str, code: str, label: str, cells: tuple[WallCell, ...], **more: object) -> WallRow:
    values: dict[str, object] = {
        "level": "third",
        "own": "",
        "indent": 1,
        "units": 0,
        "expandable": False,
        "open": False,
        "n": sum(c.n for c in cells),
        "closed": sum(c.closed for c in cells),
        "percent": 33,
        "lights": Distribution.of(c.light for c in cells),
    }
    return WallRow(kind=kind, code=code, label=label, cells=cells, **{**values, **more})  # type: ignore[arg-type]


def chart(*rows: WallRow, tasks: int = 2) -> WallPage:
    columns = tuple(
        WallColumn(at, f"ZD-{at:04d}", str(at), f"任务{at}", f"任务<{at}>", "a", date(2023, 11, at), at == 1)
        for at in range(1, tasks + 1)
    )
    return WallPage(
        campaign="demo",
        register="unit_tasks",
        measure="项",
        done="完成",
        day=DAY,
        zoom="third",
        sector="",
        aspect="",
        light="",
        opened=(),
        zooms=(Option("sector", "板块"), Option("second", "二级")),
        zoom_counts=(3, 30),
        sectors=(),
        aspect_options=(),
        aspects=(WallAspect("a", "理论<学习>", tasks, 4, 1, 25),),
        columns=columns,
        rows=rows,
        lights=rows[0].lights,
        counted_by="三级单位",
        outside=0,
        hidden=0,
        partial=False,
    )


class Reader(HTMLParser):
    """Checks that tags close in order, and keeps what a screen reader would read."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "style" not in dict(attrs)
        assert not any(name.startswith("on") for name, _value in attrs)
        if tag not in ("br", "col"):
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "a":
            self.links.append(str(dict(attrs)["href"]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "rect"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def read(page: WallPage) -> Reader:
    reader = Reader()
    reader.feed(table(page, TO))
    assert reader.open == []
    return reader


def test_every_light_is_read_as_a_word_in_every_row() -> None:
    lights = list(Light)
    page = chart(
        row("root", "HY", "集团", tuple(cell(light, 4, 1, Distribution(red=1, blue=3)) for light in lights)),
        row("unit", "M11", "东屏", tuple(cell(light) for light in lights)),
        tasks=len(lights),
    )
    reader = read(page)
    body = reader.rows[-1]
    assert body[0] == "东屏"
    assert body[1:-1] == [word(light) for light in lights]


def test_what_comes_from_people_is_escaped() -> None:
    page = chart(row("root", "HY", "<b>集团</b>", (cell(Light.RED, 2), cell(Light.GREY, 0))))
    html = table(page, TO)
    assert "<b>集团</b>" not in html
    assert "&lt;b&gt;集团&lt;/b&gt;" in html
    assert "因为red<&>" not in html
    assert "任务<1>" not in html
    assert read(page).rows[2][0] == "<b>集团</b>"


def test_a_percentage_stands_where_it_says_something() -> None:
    page = chart(
        row("root", "HY", "集团", (cell(Light.RED, 6, 2, Distribution(red=1)), cell(Light.BLUE, 2, 2))),
        row("unit", "M1", "公司", (cell(Light.GREEN, 4, 1, Distribution(green=4)), cell(Light.RED, 4, 1))),
        row("unit", "M11", "单位", (cell(Light.GREEN, 4, 1), cell(Light.RED, 1))),
    )
    texts = [line[1:-1] for line in read(page).rows[2:]]
    assert texts[0] == ["33", "100已完成"]
    assert texts[1] == ["正常推进25", "逾期或严重滞后25"]
    assert texts[2] == ["正常推进", "逾期或严重滞后"]


def test_an_aggregate_cell_shows_what_is_still_open_under_it() -> None:
    page = chart(
        row("root", "HY", "集团", (cell(Light.RED, 2), cell(Light.BLUE, 2, 2))),
        row(
            "unit",
            "M1",
            "公司",
            (
                cell(Light.BLUE, 6, 5, Distribution(red=1, blue=5)),
                cell(Light.BLUE, 6, 6, Distribution(blue=6)),
            ),
        ),
        row(
            "unit",
            "M2",
            "另一公司",
            (
                cell(Light.GREEN, 6, 3, Distribution(red=1, green=5)),
                cell(Light.RED, 6, 3, Distribution(red=3, blue=3)),
            ),
        ),
    )
    texts = [line[1:-1] for line in read(page).rows[3:]]
    assert texts[0] == ["多数已完成83 逾期或严重滞后1", "已完成"]
    assert texts[1] == ["正常推进50 逾期或严重滞后1", "逾期或严重滞后50"]


def test_a_cell_links_to_itself_by_row_and_task_and_an_empty_one_to_nothing() -> None:
    page = chart(
        row("root", "HY", "集团", (cell(Light.RED, 2), cell(Light.GREY, 0))),
        row("sector", "health", "医药", (cell(Light.RED, 2), cell(Light.GREY, 0))),
        row("unit", "H11", "临江", (cell(Light.RED, 1), cell(Light.GREY, 0))),
        row("own", "H1", "本级", (cell(Light.RED, 1), cell(Light.GREY, 0)), own="third"),
    )
    assert read(page).links == [
        f"?zoom=third&cell={key}:ZD-0001" for key in ("*", "@health", "H11", "H1~third")
    ]


def test_the_opened_cell_is_marked_in_its_row_and_column() -> None:
    page = chart(
        row("root", "HY", "集团", (cell(Light.RED, 2), cell(Light.BLUE))),
        row("unit", "H11", "临江", (cell(Light.RED), cell(Light.BLUE))),
    )
    html = table(page, Addresses(cell="?cell=", sector="", toggle={}, selected="H11:ZD-0002"))
    assert re.findall(r'<td class="([^"]*\bon)">', html) == ["b on"]


def test_a_row_that_can_be_opened_says_so() -> None:
    page = chart(
        row("root", "HY", "集团", (cell(Light.RED, 2), cell(Light.BLUE))),
        row("unit", "M1", "公司", (cell(Light.RED), cell(Light.BLUE)), expandable=True, indent=0),
    )
    assert '<a href="?open=M1" aria-expanded="false">' in table(page, TO)


def test_headers_have_a_scope_and_the_table_a_caption() -> None:
    html = table(chart(row("root", "HY", "集团", (cell(Light.RED, 2), cell(Light.BLUE)))), TO)
    assert html.count('scope="row"') == 1
    assert html.count('scope="col"') == 2
    assert html.count('scope="colgroup"') == 1
    assert "<caption" in html


def test_a_bar_is_filled_to_its_end_and_keeps_a_single_red_cell_visible() -> None:
    drawn = stack(Distribution(red=1, blue=4000, green=319))
    widths = [float(width) for width in re.findall(r'width="([\d.]+)" height', drawn)]
    assert abs(sum(widths) - 100) < 0.05
    assert widths[-1] > 4
    assert re.findall(r'class="(\w)"', drawn) == ["b", "g", "r"]
    assert "<rect" not in stack(Distribution())


def test_the_whole_chart_stays_compact() -> None:
    cells = tuple(cell(Light.BLUE) for _task in range(20))
    rows = [row("root", "HY", "集团", cells)] + [
        row("unit", f"U{n:04d}", f"单位{n}", cells) for n in range(216)
    ]
    assert len(table(chart(*rows, tasks=20), TO).encode()) < 800_000
