"""Papers and photographs of a demo, drawn with a few lines: nothing in them is real, and the same drawing is the same file.

A paper is an A4 page as PDF, with its text; a photograph is a small JPEG of a place that never was. Both say on their face that
they are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from random import Random
from time import gmtime
from typing import Protocol

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

_PAGE, _MARGIN, _INK, _FAINT, _SEAL = (744, 1052), 84, (34, 38, 44), (120, 126, 134), (186, 44, 44)
_PHOTO = (480, 320)
_MADE = gmtime(0)
"""A file without the moment of its making keeps its hash."""
_INVENTED = "演示材料，内容虚构"


class Drawing(Protocol):
    """Something that can be drawn into a file, always the same."""

    def content(self) -> bytes:
        """The file."""
        ...


@dataclass(frozen=True, slots=True)
class Paper:
    """A page with a heading, paragraphs and who signs it; `seal` is written in a round red seal, `code` under it all."""

    heading: str
    paragraphs: tuple[str, ...]
    signed: str = ""
    seal: str = ""
    code: str = ""

    def content(self) -> bytes:
        """The page as PDF."""
        page = Image.new("RGB", _PAGE, (253, 253, 251))
        draw = ImageDraw.Draw(page)
        left, width = _MARGIN, _PAGE[0] - 2 * _MARGIN
        y = _MARGIN
        for line in _wrapped(self.heading, 30, width):
            draw.text((_PAGE[0] / 2, y), line, font=_font(30), fill=_INK, anchor="ma")
            y += 44
        y += 24
        for paragraph in self.paragraphs:
            for line in _wrapped("　　" + paragraph, 20, width):
                draw.text((left, y), line, font=_font(20), fill=_INK)
                y += 34
            y += 8
        y += 36
        if self.signed:
            draw.text((_PAGE[0] - _MARGIN, y), self.signed, font=_font(20), fill=_INK, anchor="ra")
        if self.seal:
            _stamp(draw, (_PAGE[0] - _MARGIN - 90, y + 20), self.seal)
        foot = f"{self.code}　{_INVENTED}" if self.code else _INVENTED
        draw.text((left, _PAGE[1] - _MARGIN), foot, font=_font(15), fill=_FAINT)
        out = BytesIO()
        page.save(out, "PDF", resolution=90, quality=70, creationDate=_MADE, modDate=_MADE)
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of a room with a table, shelves and papers; `tidy` after something was put right. `said` stands on it."""

    variant: int
    tidy: bool
    said: str

    def content(self) -> bytes:
        """The picture as JPEG."""
        rng = Random(f"photo/{self.variant}")  # noqa: S311 - a drawing, not a secret
        wall = (206 + rng.randint(-14, 14), 210 + rng.randint(-14, 14), 204 + rng.randint(-14, 14))
        image = Image.new("RGB", _PHOTO, wall)
        draw = ImageDraw.Draw(image)
        floor = 210 + rng.randint(-12, 12)
        draw.rectangle((0, floor, *_PHOTO), fill=(150, 138, 122))
        for row in range(3):
            top = 36 + row * 48
            draw.rectangle((28, top + 34, 208, top + 40), fill=(116, 92, 66))
            for book in range(9):
                lean = 0 if self.tidy else rng.randint(-7, 7)
                height = 26 if self.tidy else rng.randint(12, 30)
                x = 34 + book * 19
                colour = tuple(rng.randint(70, 190) for _ in range(3))
                draw.polygon(
                    (
                        (x + lean, top + 34 - height),
                        (x + 13 + lean, top + 34 - height),
                        (x + 13, top + 34),
                        (x, top + 34),
                    ),
                    fill=colour,
                )
        draw.rectangle((244, floor - 46, 440, floor - 36), fill=(128, 100, 70))
        for leg in (252, 426):
            draw.rectangle((leg, floor - 36, leg + 7, floor + 44), fill=(104, 82, 58))
        for sheet in range(5):
            x = 258 + sheet * 34 + (0 if self.tidy else rng.randint(-16, 16))
            y = floor - 52 - (0 if self.tidy else rng.randint(0, 9))
            draw.rectangle((x, y, x + 26, y + 6), fill=(242, 242, 236), outline=(170, 170, 164))
        draw.rectangle((262, 34, 424, 118), fill=(242, 240, 230), outline=(110, 110, 104), width=3)
        for line in range(5 if self.tidy else 2):
            draw.line(
                (276, 52 + line * 13, 410 - rng.randint(0, 40), 52 + line * 13), fill=(96, 104, 112), width=3
            )
        draw.rectangle((0, _PHOTO[1] - 30, *_PHOTO), fill=(30, 34, 40))
        draw.text((10, _PHOTO[1] - 26), f"{self.said}　{_INVENTED}", font=_font(15), fill=(240, 240, 236))
        out = BytesIO()
        image.save(out, "JPEG", quality=72)
        return out.getvalue()


def _stamp(draw: ImageDraw.ImageDraw, centre: tuple[int, int], words: str) -> None:
    x, y = centre
    draw.ellipse((x - 74, y - 74, x + 74, y + 74), outline=_SEAL, width=4)
    draw.text((x, y - 16), "★", font=_font(34), fill=_SEAL, anchor="mm")
    for n, line in enumerate(_wrapped(words, 17, 118)[:2]):
        draw.text((x, y + 16 + 22 * n), line, font=_font(17), fill=_SEAL, anchor="mm")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)


def _wrapped(text: str, size: int, width: int) -> list[str]:
    """The text in lines of at most `width` points; Chinese breaks anywhere, but no line begins with a stop."""
    lines = [""]
    for letter in text:
        if (
            lines[-1]
            and _font(size).getlength(lines[-1] + letter) > width
            and letter not in "，。；：、）》”"
        ):
            lines.append("")
        lines[-1] += letter
    return lines
