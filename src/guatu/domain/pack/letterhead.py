"""What the campaign's documents carry at head and foot: the issuer's mark, the sign of its numbers, who signs and prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from guatu.domain.pack.base import PackModel
from guatu.domain.pack.template import NAMES, Place, Words, parse
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

ALLOWED = tuple(name for name in NAMES if name not in ("as_of", "months"))
"""What the texts may name: whose document it is and what its campaign calls itself."""


def _named(text: str) -> str:
    for token in parse(text):
        if not isinstance(token, Words) and not (isinstance(token, Place) and token.key in ALLOWED):
            raise ValueError(
                _("版头的文字“{text}”只能用 {names}。请改正。").format(
                    text=text, names=listed(f"{{{name}}}" for name in ALLOWED)
                )
            )
    return text


HeadText = Annotated[str, StringConstraints(max_length=80), AfterValidator(_named)]
"""A text with names in braces: {organisation}{office}文件."""


class Letterhead(PackModel):
    """Texts with names in braces ({organisation} is the unit whose document it is); each may be left out.

    `mark`: the issuer's mark of documents (发文机关标志), `letter` that of letters, `order` that of orders (××令), `briefing` and
    `minutes` the names of briefings and of minutes (××会议纪要). `code` and `letter_code`: the sign before the year in document numbers (代字). `body`: who signs. `editor`: who edits briefings.
    `printer`: who prints; `copies_to`, and of briefings `reported`, `sent`, `issued`: who gets them.
    """

    mark: HeadText = ""
    letter: HeadText = ""
    order: HeadText = ""
    briefing: HeadText = ""
    minutes: HeadText = ""
    code: HeadText = ""
    letter_code: HeadText = ""
    body: HeadText = ""
    editor: HeadText = ""
    printer: HeadText = ""
    copies_to: tuple[HeadText, ...] = ()
    reported: tuple[HeadText, ...] = ()
    sent: tuple[HeadText, ...] = ()
    issued: tuple[HeadText, ...] = ()

    def named(self, names: Mapping[str, str]) -> NamedLetterhead:
        """The letterhead with its names filled in."""

        def filled(text: str) -> str:
            return "".join(
                token.text if isinstance(token, Words) else names.get(token.key, "")
                for token in parse(text)
                if isinstance(token, Words | Place)
            )

        return NamedLetterhead(
            mark=filled(self.mark),
            letter=filled(self.letter),
            order=filled(self.order),
            briefing=filled(self.briefing),
            minutes=filled(self.minutes),
            code=filled(self.code),
            letter_code=filled(self.letter_code),
            body=filled(self.body),
            editor=filled(self.editor),
            printer=filled(self.printer),
            copies_to=tuple(map(filled, self.copies_to)),
            reported=tuple(map(filled, self.reported)),
            sent=tuple(map(filled, self.sent)),
            issued=tuple(map(filled, self.issued)),
        )


@dataclass(frozen=True, slots=True)
class NamedLetterhead:
    """A letterhead as printed."""

    mark: str = ""
    letter: str = ""
    order: str = ""
    briefing: str = ""
    minutes: str = ""
    code: str = ""
    letter_code: str = ""
    body: str = ""
    editor: str = ""
    printer: str = ""
    copies_to: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    issued: tuple[str, ...] = ()
