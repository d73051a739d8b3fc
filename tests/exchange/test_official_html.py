"""An official document as a web page: the same words as the Word file, by itself, each number a link."""

from __future__ import annotations

import io
from dataclasses import replace
from html.parser import HTMLParser

import docx
import pytest

from guatu.domain.document import Attendance, Official, Signatory, Signature
from guatu.domain.document.charts import drawn
from guatu.domain.writing.charts import Bar, Ranking
from guatu.exchange import official_docx, official_html
from guatu.exchange.official_html import Source
from tests.exchange.test_official_docx import ALL, BLOCKS, official

CHART = drawn(Ranking("closed", "已销号", "个", (Bar("A", "甲公司", 12, "12个"),)))
ORDER = official(
    kind="order",
    signature=Signature(("华岳集团",), "2026年1月5日", "name_seal", (Signatory("董事长", "林晓岚"),)),
    present=(Attendance("出席", ("林晓岚", "周明")),),
    blocks=(*BLOCKS, CHART),
)


class Reader(HTMLParser):
    """The words, the tags and the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)
        assert self.open == [], "every tag is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        self.tags.append((tag, dict(attrs)))
        if tag not in ("hr", "img", "meta"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words += data


def page(document: Official, *sources: Source) -> Reader:
    return Reader(official_html.render(document, None, sources=sources).decode())


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", [*ALL, "order"])
def test_the_page_says_every_word_of_the_word_file(name: str) -> None:
    document = ORDER if name == "order" else ALL[name]
    told = squeezed(page(document).words)
    word = docx.Document(io.BytesIO(official_docx.render(document)))
    for paragraph in word.paragraphs:
        for part in paragraph.text.split("\t"):
            assert squeezed(part) in told, part
    for table in word.tables:
        for row in table.rows:
            assert all(cell.text in told for cell in row.cells)


@pytest.mark.parametrize("name", ALL)
def test_the_page_stands_by_itself_and_is_the_same_each_time(name: str) -> None:
    rendered = official_html.render(ALL[name])
    assert rendered == official_html.render(ALL[name])
    assert "http" not in rendered.decode()
    assert 'style="' not in rendered.decode()


def test_headings_go_down_one_level_at_a_time_and_tables_have_heads() -> None:
    tags = [tag for tag, _attributes in page(official()).tags]
    assert [tag for tag in tags if tag in ("h1", "h2", "h3", "h4", "h5")][:5] == [
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
    ]
    scopes = [attributes.get("scope") for tag, attributes in page(official()).tags if tag == "th"]
    assert scopes == ["col", "col"]


def test_a_figure_leads_to_its_records_and_the_sources_say_what_it_is() -> None:
    source = Source(
        "closed", "已销号问题", "截至2026年1月5日已销号的问题。", "258 条", "/figures/closed/?a=1&b=2"
    )
    told = page(official(), source)
    (link,) = [found for tag, found in told.tags if tag == "a" and found.get("class") == "figure"]
    assert link["href"] == "/figures/closed/?a=1&b=2"
    assert link["title"] == source.definition
    assert "数据来源" in told.words and "258 条" in told.words
    assert "source-closed" in [found.get("id") for _tag, found in told.tags]
    bare = page(official(), replace(source, address=""))
    (link,) = [found for tag, found in bare.tags if tag == "a" and found.get("class") == "figure"]
    assert link["href"] == "#source-closed"


def test_an_address_function_makes_each_number_a_link() -> None:
    told = Reader(official_html.fragment(official(), lambda run: f"/figures/{run.key}"))
    assert [found["href"] for tag, found in told.tags if tag == "a"] == ["/figures/closed"]


def test_a_drawing_says_what_is_seen_on_it() -> None:
    told = page(official(blocks=(CHART,)))
    (svg,) = [found for tag, found in told.tags if tag == "svg"]
    assert svg["aria-label"] == CHART.alt
    assert CHART.words in told.words


def test_what_people_write_is_never_markup() -> None:
    told = page(official(title="<b>题</b>", salutation='"&\x00', signature=Signature(("<i>",), "某日")))
    assert "<b>题</b>" in told.words and '"&␀' in told.words and "<i>" in told.words
