#!/usr/bin/env python3
"""The sentences of the program and their English: extract, update, compile. Needs only Babel.

scripts/messages.py update    write new sentences into the catalogue, drop those that are gone
scripts/messages.py compile   make the .mo that the program reads (part of `make setup`)
scripts/messages.py missing   list sentences without English; exit 1 when there are any
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "guatu"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int, ...] | tuple[tuple[int, str], int] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
PLACE = re.compile(
    r"(?<!\{)\{[a-z_][a-z0-9_]*(?:![rs])?(?::[<>=^+#0-9.,a-z%-]*)?\}(?!\})|%\([a-z_]+\)[sd]|%%"
)


def sentences() -> Iterator[tuple[str, int, str | tuple[str, ...], str | None]]:
    """Every translatable sentence of the source: (file inside the package, line, msgid or (singular, plural), context)."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    from django.utils.translation.template import templatize

    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield from _found(path, path.read_bytes())
    for path in sorted(SOURCE.rglob("*.html")):
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        # A template's indentation means nothing to Python.
        yield from _found(path, "\n".join(line.strip() for line in code.splitlines()).encode())


def _found(path: Path, content: bytes) -> Iterator[tuple[str, int, str | tuple[str, ...], str | None]]:
    name = path.relative_to(ROOT).as_posix()
    options = {"encoding": "utf-8"}
    for line, message, _comments, context in extract(
        "python", io.BytesIO(content), keywords=KEYWORDS, options=options
    ):
        yield name, line, message, context


def extracted() -> Catalog:
    """The sentences of the source as a catalogue without translations."""
    catalogue = Catalog(locale="en", project="guatu", charset="utf-8")
    for name, _line, message, context in sentences():
        # Files without line numbers: a catalogue that changes with every edit above a sentence can't be reviewed.
        catalogue.add(message, locations=[(name, None)], context=context)
    return catalogue


def kept() -> Catalog:
    """The catalogue of the project as it stands."""
    with CATALOGUE.open("rb") as source:
        return read_po(source, locale="en")


def missing(catalogue: Catalog) -> list[Message]:
    """The messages without a translation, or with one that is marked as unsure and so left out when compiled."""
    return [
        message
        for message in catalogue
        if message.id
        and (message.fuzzy or not (all(message.string) if message.pluralizable else message.string))
    ]


def places(text: str) -> list[str]:
    """The {named} places of a sentence, sorted: a translation must have the same."""
    return sorted(PLACE.findall(text))


def update() -> None:
    """Bring the catalogue in line with the source; translations of unchanged sentences stay."""
    template = extracted()
    if CATALOGUE.exists():
        catalogue = kept()
        catalogue.update(template, no_fuzzy_matching=True)
    else:
        catalogue = template
    catalogue.obsolete.clear()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as out:
        # No header: its dates would change with every run; Babel knows the plural forms of English.
        write_po(out, catalogue, width=110, sort_by_file=True, omit_header=True, include_lineno=False)
    print(f"{len(catalogue)} sentences, {len(missing(catalogue))} without English")


def compile_catalogue() -> None:
    """Write the .mo beside the catalogue."""
    with CATALOGUE.with_suffix(".mo").open("wb") as out:
        write_mo(out, kept())


def main(arguments: list[str]) -> int:
    """One sub-command."""
    match arguments:
        case ["update"]:
            update()
        case ["compile"]:
            compile_catalogue()
        case ["missing"]:
            left = missing(kept())
            for message in left:
                print(message.id)
            return 1 if left else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
