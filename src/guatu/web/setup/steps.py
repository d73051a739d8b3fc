"""The path of the set-up: six steps, each with its address, what it has brought about, and whether it can be taken yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guatu.domain.words import listed
from guatu.queries.house import HouseState


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `done` and `said` tell what stands; `open` whether the steps before it allow it."""

    key: str
    number: int
    label: str
    href: str
    done: bool
    open: bool
    said: str


LABELS = {
    "setup-house": gettext_lazy("集团、办公室和三员"),
    "setup-units": pgettext_lazy("menu", "单位"),
    "setup-campaign": gettext_lazy("专项工作"),
    "setup-people": gettext_lazy("联络员与填报员"),
    "setup-check": gettext_lazy("启动检查"),
    "setup-start": gettext_lazy("开始"),
}


def steps_of(house: HouseState) -> tuple[Step, ...]:
    """The six steps as the house stands."""
    founded = house.tree is not None and house.people > 0
    told = (
        (founded, _("{name}，{count} 个账号").format(name=_root(house), count=house.people)),
        (house.units > 1, _("{count} 家").format(count=f"{house.units:,}")),
        (bool(house.campaigns), listed(one.short_name for one in house.campaigns)),
        (house.appointed > 0, _("{count} 个身份").format(count=f"{house.appointed:,}")),
        (False, ""),
        (False, ""),
    )
    allowed = (True, founded, house.units > 0, *([bool(house.campaigns)] * 3))
    return tuple(
        Step(key, number, str(label), reverse(key), done, may, said if done else "")
        for number, ((key, label), (done, said), may) in enumerate(
            zip(LABELS.items(), told, allowed, strict=True), start=1
        )
    )


def next_step(house: HouseState) -> str:
    """The first step that has not been done."""
    return next((step.key for step in steps_of(house) if not step.done), "setup-start")


def _root(house: HouseState) -> str:
    return house.tree.root.short_name if house.tree is not None else ""
