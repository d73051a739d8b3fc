"""GB/T 9704—2012 measured on rendered pages: the PDF of every kind, the Word file through LibreOffice, and docs/official-layout.md."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from guatu.exchange import official_docx, official_pdf
from tests.conftest import NO_OFFICE, OFFICE
from tests.exchange.layout_table import DOCUMENTS, WISHES, Pages, Wish, measure
from tests.exchange.pdf_lines import embedded
from tests.exchange.ruler import measured

pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def rendered() -> dict[str, bytes]:
    return {name: official_pdf.render(document) for name, document in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def pages(rendered: dict[str, bytes]) -> dict[str, Pages]:
    return {name: measured(pdf) for name, pdf in rendered.items()}


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: f"{wish.document}-{wish.what}")
def test_the_pdf_measures_what_the_standard_asks(wish: Wish, pages: dict[str, Pages]) -> None:
    assert wish.measure(pages[wish.document]) == pytest.approx(wish.wanted, abs=wish.tolerance + 1e-9)


def test_every_font_of_every_kind_is_embedded(rendered: dict[str, bytes]) -> None:
    assert all(embedded(pdf) for pdf in rendered.values())


def test_the_page_that_holds_the_imprint_alone_and_the_empty_one_before_it_have_no_number(
    pages: dict[str, Pages],
) -> None:
    *text, empty, last = pages["下行文"]
    assert [page.number is not None for page in text if page.width < page.height] == [True] * 3
    assert (empty.rows, last.number) == ((), None)
    assert last.text[0].text.startswith("抄送：")


LINE = re.compile(r"^\| (\S+) \| (.+?) \| \S+ \| .+? \| .+? \| (-?[\d.]+) \|$", re.MULTILINE)


def test_the_page_of_the_documentation_says_what_is_measured(
    pages: dict[str, Pages], repository: Path
) -> None:
    told = (repository / "docs" / "official-layout.md").read_text(encoding="utf-8")
    printed = {(document, what): float(value) for document, what, value in LINE.findall(told)}
    found = {(one.wish.document, one.wish.what): one.value for one in measure(pages)}
    assert printed.keys() == found.keys(), "run scripts/layout.py write"
    # Other fonts, where a machine has them, have their ink a little elsewhere.
    off = {key: (printed[key], value) for key, value in found.items() if abs(printed[key] - value) > 0.3}
    assert not off, "run scripts/layout.py write"


@pytest.fixture(scope="module")
def in_libreoffice(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pages]:
    """The Word files as LibreOffice sets them."""
    if OFFICE is None:
        pytest.skip(NO_OFFICE)
    folder = tmp_path_factory.mktemp("office")
    names = {f"{place}": name for place, name in enumerate(DOCUMENTS)}
    for place, name in names.items():
        (folder / f"{place}.docx").write_bytes(official_docx.render(DOCUMENTS[name]))
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *(str(folder / f"{place}.docx") for place in names),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    shutil.rmtree(folder / "profile", ignore_errors=True)
    return {name: measured((folder / f"{place}.pdf").read_bytes()) for place, name in names.items()}


@pytest.mark.parametrize(
    "wish", [one for one in WISHES if one.word], ids=lambda wish: f"{wish.document}-{wish.what}"
)
def test_the_word_file_measures_the_same_in_libreoffice(wish: Wish, in_libreoffice: dict[str, Pages]) -> None:
    # Its lines stand where its own stand-in fonts have their baselines: a little more room than in the PDF.
    room = max(wish.tolerance, 0.15 if wish.unit in ("行", "字") and wish.tolerance else wish.tolerance)
    assert wish.measure(in_libreoffice[wish.document]) == pytest.approx(wish.wanted, abs=room + 1e-9)
