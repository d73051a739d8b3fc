"""The strokes that drawings of documents are made of (SVG, millimetres): black, greys, a sparing red, lights by their fills."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from guatu.domain.document.model import Drawing
from guatu.domain.document.placing import WIDTH, width
from guatu.domain.lights import Light
from guatu.domain.words import gettext as _
from guatu.domain.writing.charts import Lights, Poster

FAMILY = "Noto Sans SC, SimHei, sans-serif"
INK, GREY, PALE, RED = "#1a1a1a", "#6b6b6b", "#d0d0d0", "#b3261e"
TEXT = 3.6
"""Height of the letters: 10 points."""
FILLS = {
    Light.BLUE: INK,
    Light.GREEN: "#8c8c8c",
    Light.WHITE: "#ffffff",
    Light.GREY: "#e4e4e4",
    Light.YELLOW: "url(#hatch)",
    Light.RED: RED,
}
HATCH = (
    '<defs><pattern id="hatch" width="1.6" height="1.6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="1.6" height="1.6" fill="#ffffff"/><rect width="0.7" height="1.6" fill="{INK}"/></pattern></defs>'
)
_NOT_XML = re.compile(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no drawing may hold."""
NAME = 12
"""Characters of a unit's name beside its row."""


def light_legend(lights: Lights | Poster, used: Sequence[Light]) -> tuple[list[str], float]:
    """What each fill means, and where the rows begin below."""
    parts: list[str] = []
    at, line = 0.0, 0
    for light in used:
        words = lights.words.get(light, light.value)
        wide = 6 + width(words) * TEXT + 4
        if at + wide > WIDTH and at:
            at, line = 0.0, line + 1
        parts.append(box(at, 0.6 + line * 6, 4, 3.4, FILLS[light], INK))
        parts.append(label(at + 5.5, 3.6 + line * 6, words, "start", INK))
        at += wide
    return parts, (line + 1) * 6 + 2.4


def cut(name: str) -> str:
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def rule(x1: float, y1: float, x2: float, y2: float, color: str, wide: float, dashes: str = "") -> str:
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="{color}" '
        f'stroke-width="{wide}"{dash}/>'
    )


def box(x: float, y: float, wide: float, high: float, fill: str, stroke: str) -> str:
    edge = f' stroke="{stroke}" stroke-width="0.2"' if stroke else ""
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{wide:.2f}" height="{high:.2f}" fill="{fill}"{edge}/>'


def label(x: float, y: float, words: str, anchor: str, color: str) -> str:
    told = escape(_NOT_XML.sub("", words))
    return f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{color}">{told}</text>'


def drawing(parts: Iterable[str], high: float, caption: str, kind: str, said: str) -> Drawing:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{high:g}mm" viewBox="0 0 {WIDTH:g} {high:g}" '
        f'font-family="{FAMILY}" font-size="{TEXT}">{"".join(parts)}</svg>'
    )
    said = _("{words}。").format(words=said)
    alt = _("{kind}：{words}").format(kind=kind, words=said)
    if caption:
        alt = _("{caption}（{kind}）：{words}").format(caption=caption, kind=kind, words=said)
    return Drawing(svg, WIDTH, high, alt, caption, said)
