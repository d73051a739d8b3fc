"""Sheets as CSV: UTF-8 with a byte order mark, so that Excel and WPS read the Chinese; heads first, nothing above them.

Several sheets go into one zip file, a CSV each. Text that a spreadsheet would take for a formula gets a quote before it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from guatu.exchange.files import printable
from guatu.exchange.tables import Sheet, plain

Progress = Callable[[int], None]
STEP = 500  # rows between two reports of progress
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NAME = re.compile(r'[\\/:*?"<>|\s]+')
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def cell(value: object) -> str:
    """A cell's text: days as 2023-11-30, numbers as they are, formulas made harmless."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        text = printable(value)
        return f"'{text}" if text.lstrip().startswith(FORMULA) or value.startswith(FORMULA) else text
    return str(value)


def lines(sheet: Sheet, said: Callable[[], None] = lambda: None) -> Iterator[bytes]:
    """The sheet as CSV in pieces; `said` is called after every row."""
    held = io.StringIO()
    writer = csv.writer(held)
    held.write("\ufeff")
    writer.writerow(cell(head.label.replace("\n", " ")) for head in sheet.heads)
    for row in sheet.rows:
        writer.writerow([cell(value) for value in row])
        if held.tell() > 1 << 16:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
        said()
    yield held.getvalue().encode()


def write_csv(path: Path, sheet: Sheet, progress: Progress = lambda done: None) -> None:
    """One sheet as one file."""
    with path.open("wb") as out:
        for piece in lines(sheet, _counting(progress)):
            out.write(piece)


def write_zip(path: Path, sheets: Iterable[Sheet], progress: Progress = lambda done: None) -> None:
    """Every sheet as a CSV file of a zip file, numbered in their order."""
    said = _counting(progress)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for number, sheet in enumerate(sheets, 1):
            part = zipfile.ZipInfo(f"{number:02d}_{_NAME.sub('_', sheet.name)}.csv", _ZIP_TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            with archive.open(part, "w") as out:
                for piece in lines(sheet, said):
                    out.write(piece)


def _counting(progress: Progress) -> Callable[[], None]:
    done = 0

    def said() -> None:
        nonlocal done
        done += 1
        if done % STEP == 0:
            progress(done)

    return said
