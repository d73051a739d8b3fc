"""What an official document consists of: its head, title, body, annexes, signature and imprint (GB/T 9704—2012).

Values only: what stands where on the page is `placing`, what may not be is `ruling`. Text is as printed; whoever writes
a file makes control characters visible.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["plain", "downward", "upward", "letter", "briefing", "order", "minutes"]
"""Without a red head; a document downward or sideways (文件); upward with its signer; a letter (函, 信函格式); a briefing (简报);
an order (令, 命令格式); minutes of a meeting (纪要)."""
Align = Literal["left", "centre", "right"]
Seal = Literal["none", "seal", "name_seal"]
"""Nothing; the body's seal; the stamp with the name of the one who signs (签名章)."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one look. `key` names the figure that they print, empty for plain words."""

    text: str
    bold: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4, its number already in the text (`numbering.numbered` puts it there)."""

    level: Literal[1, 2, 3, 4]
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, its first line two characters in unless `indent` is false."""

    runs: tuple[Run, ...]
    indent: bool = True

    @property
    def text(self) -> str:
        """The paragraph without its looks."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `share`: its part of the width, as a weight."""

    label: str
    share: float = 1.0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as wide as the type area; its head is repeated on every page.

    `links`: for each row the address to which its last cell leads, empty for none; no `links`: no row leads anywhere.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    note: str = ""
    links: tuple[str, ...] = ()

    @property
    def whole_links(self) -> tuple[str, ...]:
        """The links that lead somewhere from a file on somebody's disk too: whole addresses; a path leads nowhere there."""
        told = tuple(link if link.startswith(("https://", "http://")) else "" for link in self.links)
        return told if any(told) else ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG in millimetres; `alt` says what is seen on it."""

    png: bytes
    width: float
    height: float
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture drawn in lines (SVG, its fonts those of `exchange/fonts`), in millimetres. `words`: its numbers in words,
    which stand below it, so that nobody has to read them off.
    """

    svg: str
    width: float
    height: float
    alt: str
    caption: str = ""
    words: str = ""


Block = Heading | Paragraph | Table | Picture | Drawing | PageBreak


@dataclass(frozen=True, slots=True)
class Head:
    """The red head (版头). `mark` as printed (××集团文件, for a letter the name alone, for an order ××集团令, for minutes
    ××会议纪要); `signers` of a document upward.
    """

    mark: str
    number: str
    urgency: Literal["", "加急", "特急"] = ""
    signers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefingHead:
    """The head of a briefing: its name, its number in the year and in all, the editing office, the day as printed."""

    name: str
    issue: int
    editor: str
    day: str
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex on pages of its own; `landscape`: they lie across (A4 横表), the page number where it always is."""

    title: str
    blocks: tuple[Block, ...] = ()
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Signatory:
    """Whose stamp stands under a document (签名章): the whole title of the post; the name, empty to leave room for it."""

    post: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs (the leading body first) and the day as printed. `seal`: room is left for each body's seal, or the stamps
    of `signatories` stand instead of the bodies' names.
    """

    bodies: tuple[str, ...]
    day: str
    seal: Seal = "none"
    signatories: tuple[Signatory, ...] = ()


@dataclass(frozen=True, slots=True)
class Attendance:
    """A list of minutes: its label (出席, 请假, 列席) and who."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """The imprint (版记): who gets a copy, who prints it, the day of printing."""

    copies_to: tuple[str, ...] = ()
    printer: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class BriefingFoot:
    """The foot of a briefing: 报, 送, 发, and how many copies are printed."""

    reported: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    issued: tuple[str, ...] = ()
    copies: int | None = None


@dataclass(frozen=True, slots=True)
class Official:
    """One document. `remark`: the note in brackets below the day (附注); `notes`: plain lines at its very end.

    `editors_note` stands before the text of a briefing, `present` below the text of minutes. `both_sides`: the imprint stands
    on an even page, the back of the last sheet (a briefing's foot on whichever page is its last). The title of an order is not printed: its mark says what it is.
    """

    kind: Kind
    title: str
    salutation: str
    blocks: tuple[Block, ...]
    head: Head | BriefingHead | None = None
    editors_note: str = ""
    annexes: tuple[Annex, ...] = ()
    signature: Signature | None = None
    remark: str = ""
    foot: Imprint | BriefingFoot | None = None
    notes: tuple[str, ...] = ()
    present: tuple[Attendance, ...] = ()
    both_sides: bool = True
