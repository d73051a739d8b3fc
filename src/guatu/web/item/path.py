"""The way of an item as a picture: stations on a line, ways back as arcs. Pure geometry, testable without a browser."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.item_stations import Branch, Detour, Step

WIDE, NARROW = 1120, 304
ARC = 26  # the crown of each further arc lies so much higher: its words fit below the next one


@dataclass(frozen=True, slots=True)
class Station:
    """One stop: its middle, its words, and whether it lies behind, is now, or is still ahead."""

    x: int
    label: str
    note: str
    place: str
    named: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """One way back: the curve, the words above it and where they stand."""

    curve: str
    text: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Aside:
    """The dashed way off the line: its curve, and the words at its end; `taken`: the item is there."""

    curve: str
    text: str
    x: int
    y: int
    taken: bool
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing `width` × `height` with its line at `y`; the line is solid up to `done`. `words` tell it all."""

    width: int
    height: int
    y: int
    first: int
    done: int
    last: int
    stations: tuple[Station, ...]
    arcs: tuple[Arc, ...]
    words: str
    aside: Aside | None = None


def draw(
    steps: Sequence[Step], detours: Sequence[Detour], branch: Branch | None = None, *, narrow: bool = False
) -> Picture | None:
    """The picture of a way; None when there is nothing to draw (registers that only log)."""
    if len(steps) < 2:
        return None
    width, edge = (NARROW, 26) if narrow else (WIDE, 64)
    gap = (width - 2 * edge) / (len(steps) - 1)
    xs = [round(edge + gap * at) for at in range(len(steps))]
    raised = 44 + ARC * max(len(detours) - 1, 0) if detours else 0
    y = raised + (18 if narrow else 26)
    now = next((at for at, step in enumerate(steps) if step.place == "now"), -1)
    done = (
        now if now >= 0 else max((at for at, step in enumerate(steps) if step.place == "behind"), default=0)
    )
    crowded = narrow and len(steps) > 5
    stations = tuple(
        Station(
            x,
            step.label,
            step.note,
            step.place,
            not crowded or step.place == "now" or (at in (0, len(steps) - 1) and abs(at - now) > 1),
        )
        for at, (x, step) in enumerate(zip(xs, steps, strict=True))
    )
    return Picture(
        width=width,
        height=y + (52 if narrow else 66) + (30 if branch and not narrow else 0),
        y=y,
        first=xs[0],
        done=xs[done],
        last=xs[-1],
        stations=stations,
        arcs=tuple(_arc(xs, y, detour, rank, narrow) for rank, detour in enumerate(detours)),
        words=_in_words(steps, detours, branch),
        aside=_aside(xs, y, branch) if branch and not narrow else None,
    )


def _aside(xs: Sequence[int], y: int, branch: Branch) -> Aside:
    """Down from just behind its station, below the words of the stations, and to where there is room for its own."""
    gap = xs[1] - xs[0]
    start, bottom = xs[branch.origin] + gap // 2, y + 72
    if branch.origin == len(xs) - 1:
        start = xs[branch.origin] - gap // 2
    if start > WIDE * 3 // 5:
        curve = f"M{start} {y + 4}V{bottom - 12}Q{start} {bottom} {start - 12} {bottom}H{start - 34}"
        return Aside(curve, branch.text, start - 42, bottom + 5, branch.taken, "end")
    curve = f"M{start} {y + 4}V{bottom - 12}Q{start} {bottom} {start + 12} {bottom}H{start + 34}"
    return Aside(curve, branch.text, start + 42, bottom + 5, branch.taken)


def _arc(xs: Sequence[int], y: int, detour: Detour, rank: int, narrow: bool) -> Arc:
    start, end = xs[detour.origin], xs[detour.to]
    top = (
        y - (46 if narrow else 58) - ARC * rank * 4 // 3
    )  # a cubic's crown lies at three quarters of its handles
    lean = min(40, abs(start - end) // 3)
    curve = f"M{start} {y - 14}C{start - lean} {top} {end + lean} {top} {end + 4} {y - 13}"
    return Arc(curve, detour.text, (start + end) // 2, max(y - (43 if narrow else 54) - ARC * rank, 12))


def _in_words(steps: Sequence[Step], detours: Sequence[Detour], branch: Branch | None) -> str:
    behind = listed(step.label for step in steps if step.place == "behind")
    now = listed(step.label for step in steps if step.place == "now")
    ahead = listed(step.label for step in steps if step.place == "ahead")
    parts = []
    if behind:
        parts.append(_("已走过：{steps}。").format(steps=behind))
    if now:
        parts.append(_("现在：{steps}。").format(steps=now))
    if ahead:
        parts.append(_("之后：{steps}。").format(steps=ahead))
    parts += [_("{detour}。").format(detour=detour.text) for detour in detours]
    if branch is not None:
        parts.append(_("{detour}。").format(detour=branch.text))
    return "".join(parts)
