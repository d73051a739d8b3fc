"""Pictures for before and after a repair, drawn small and plain: nobody mistakes them for photographs."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = (320, 220)
_WALL, _FLOOR, _LINE = (222, 226, 222), (190, 194, 188), (90, 98, 104)
_GOOD, _BAD, _THING = (46, 125, 80), (196, 62, 48), (120, 134, 148)


@cache
def picture(category: str, variant: int, repaired: bool) -> bytes:
    """A PNG of a place of one category; the same input gives the same bytes."""
    rng = Random(f"{category}/{variant}")  # noqa: S311 - a drawing, not a secret
    image = Image.new("RGB", SIZE, _WALL)
    draw = ImageDraw.Draw(image)
    horizon = 140 + rng.randint(-10, 10)
    draw.rectangle((0, horizon, SIZE[0], SIZE[1]), fill=_FLOOR)
    for place in range(rng.randint(2, 4)):
        left = 20 + place * 75 + rng.randint(-8, 8)
        _SCENES.get(category, _box)(draw, left, horizon, rng)
    spot = (170 + rng.randint(-40, 60), horizon + rng.randint(-30, 25))
    _mark(draw, spot, repaired)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _mark(draw: ImageDraw.ImageDraw, spot: tuple[int, int], repaired: bool) -> None:
    """What is wrong, circled in red; put right, ticked in green."""
    x, y = spot
    colour = _GOOD if repaired else _BAD
    draw.ellipse((x - 30, y - 30, x + 30, y + 30), outline=colour, width=5)
    if repaired:
        draw.line((x - 14, y, x - 3, y + 12, x + 16, y - 12), fill=colour, width=6)
    else:
        draw.line((x - 12, y - 12, x + 12, y + 12), fill=colour, width=6)
        draw.line((x - 12, y + 12, x + 12, y - 12), fill=colour, width=6)


def _box(draw: ImageDraw.ImageDraw, left: int, horizon: int, rng: Random) -> None:
    top = horizon - rng.randint(30, 70)
    draw.rectangle((left, top, left + 48, horizon + 12), fill=_THING, outline=_LINE, width=2)


def _tank(draw: ImageDraw.ImageDraw, left: int, horizon: int, rng: Random) -> None:
    top = horizon - rng.randint(50, 90)
    draw.rectangle((left, top, left + 52, horizon + 12), fill=(168, 178, 186), outline=_LINE, width=2)
    draw.ellipse((left, top - 9, left + 52, top + 9), fill=(198, 206, 210), outline=_LINE, width=2)


def _crane(draw: ImageDraw.ImageDraw, left: int, horizon: int, rng: Random) -> None:
    top = horizon - rng.randint(80, 110)
    draw.line((left + 10, horizon + 12, left + 10, top), fill=_LINE, width=5)
    draw.line((left - 8, top, left + 60, top), fill=_LINE, width=5)
    draw.line((left + 50, top, left + 50, top + rng.randint(25, 60)), fill=_LINE, width=2)


def _frame(draw: ImageDraw.ImageDraw, left: int, horizon: int, rng: Random) -> None:
    top = horizon - rng.randint(60, 100)
    for x in (left, left + 24, left + 48):
        draw.line((x, horizon + 12, x, top), fill=_LINE, width=3)
    for y in range(top, horizon, 22):
        draw.line((left, y, left + 48, y), fill=_LINE, width=3)


_SCENES = {"chemicals": _tank, "fire": _tank, "space": _tank, "lifting": _crane, "works": _frame}
