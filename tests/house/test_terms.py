"""The glossary says what the product says: docs/terms.md is what the source, the catalogue and the packs make."""

from __future__ import annotations

import ast
from pathlib import Path

from scripts import terms

SOURCE = Path(__file__).resolve().parents[2] / "src" / "guatu"


def names() -> set[str]:
    """Every name of the source: modules, functions, classes, arguments, attributes, and the parts between underlines."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        found.update((path.stem, path.parent.name))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for part in ("name", "id", "arg", "attr"):
                if isinstance(name := getattr(node, part, None), str):
                    found.add(name)
    return found | {name.lower() for name in found}


def test_the_page_of_terms_is_that_of_the_source() -> None:
    written = terms.PAGE.read_text(encoding="utf-8")
    assert written == terms.page(), "请运行 scripts/terms.py write · run scripts/terms.py write"


def test_every_word_of_the_trade_has_its_name_in_the_code() -> None:
    known = names()
    assert [code for _chinese, _english, code in terms.TERMS if code not in known] == []


def test_no_word_stands_twice_and_every_word_has_its_english() -> None:
    chinese = [word for word, _english, _code in terms.TERMS]
    assert len(set(chinese)) == len(chinese)
    rows = [line for line in terms.page().splitlines() if line.startswith("| ")]
    assert len(rows) > 100
    assert not [row for row in rows if len({cell.strip() for cell in row.split("|")[1:3]}) == 1]
