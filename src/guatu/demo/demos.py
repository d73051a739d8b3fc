"""The demos: what a pack's demo offers, found by the pack's key.

A pack with a demo has a Python package `demo` in its folder, whose `DEMO` is a `Demo`. Nothing here names a pack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from guatu.demo.plan import Story
from guatu.demo.players import Player
from guatu.domain.errors import BadInput
from guatu.domain.pack import Pack, builtin_packs
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

if TYPE_CHECKING:
    from guatu.demo.scenes import Scene


@dataclass(frozen=True, slots=True)
class Sample:
    """What somebody who measures the product takes from a demo: who looks, an earlier day, what is looked at.

    `level` is the wall's zoom with the most rows, `figure` one with many records behind it, `register` a long list,
    `fields` what a new item of it needs.
    """

    office: str
    earlier: date
    level: str
    figure: str
    report: str
    register: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Demo:
    """The demo of one pack.

    `tell(targets)` gives the story for totals (None: the usual ones), `fit(pack, story)` the pack as its campaign
    holds it. `read_targets` reads totals from a file; None where they cannot be chosen. `places` are the headings
    (of the entry page), in order, of the places where the cast stands. `ends` is the demo's day.
    """

    ends: date
    cast: tuple[Player, ...]
    places: Mapping[str, str]
    tell: Callable[[Any], Story]
    fit: Callable[[Pack, Any], Pack]
    sample: Sample
    read_targets: Callable[[Any], Any] | None = None

    @cached_property
    def usernames(self) -> frozenset[str]:
        """The usernames of the cast."""
        return frozenset(player.username for player in self.cast)


def demo_keys() -> tuple[str, ...]:
    """The built-in packs that have a demo."""
    return tuple(key for key in builtin_packs() if find_spec(_module(key)) is not None)


def demo_of(pack: str) -> Demo:
    """The demo of a built-in pack. Raises BadInput when there is no such pack, or it has no demo."""
    if pack not in demo_keys():
        raise BadInput(
            _("没有专项模板“{key}”的示例数据。可用：{known}。请换一个。"),
            key=pack,
            known=listed(demo_keys()),
        )
    found: Demo = import_module(_module(pack)).DEMO
    return found


def scenes_of(pack: str) -> tuple[Scene, ...]:
    """What is played beside the story of a built-in pack: `SCENES` of its demo's package `scenes`, in the order of days.

    They go through the actions, so Django must stand; the story itself needs nothing but Python.
    """
    name = f"{_module(pack)}.scenes"
    if find_spec(name) is None:
        return ()
    found: tuple[Scene, ...] = import_module(name).SCENES
    return found


def usual_demo() -> str:
    """The pack whose demo is loaded when none is named."""
    usual: str = import_module("guatu.packs").USUAL_DEMO
    return usual


def _module(pack: str) -> str:
    return f"guatu.packs.{pack.replace('-', '_')}.demo"
