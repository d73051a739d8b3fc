"""From what people type to what is meant: units by name or code, items by number. One statement for each kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from guatu.access import Actor, visible
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.models import Campaign, Item, Unit

MOST_CANDIDATES = 5
_CODE = re.compile(r"[（(]([^（）()]+)[）)]\s*$")


@dataclass(slots=True)
class Meant:
    """What typed texts stand for; `troubles` says of each that cannot be told what to do.

    `units`: typed text → unit code. `items`: typed number → public id.
    """

    units: dict[str, str] = field(default_factory=dict)
    items: dict[str, UUID] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)


def named(short_name: str, code: str) -> str:
    """A unit as a form writes it: so that it is found again even if another has the same name."""
    return f"{short_name}（{code}）"


def units_meant(campaign: Campaign, texts: Iterable[str], into: Meant | None = None) -> Meant:
    """The units of the campaign's organisation that `texts` name: by code, name, short name, alias or former name.

    A name that fits several units, or only a part of a name, gets its candidates named.
    """
    found = into or Meant()
    wanted = sorted({text.strip() for text in texts if text.strip()})
    if not wanted:
        return found
    depth = len(campaign.root.line)
    rows = Unit.objects.filter(**{f"a{depth}": campaign.root_id}).order_by("order", "code")
    units = list(rows.only("code", "name", "short_name", "aliases", "former_names"))
    by_code = {unit.code: unit for unit in units}
    for text in wanted:
        marked = _CODE.search(text)
        unit = by_code.get(text) or (by_code.get(marked.group(1).strip()) if marked else None)
        fits = [unit] if unit is not None else _called(units, text)
        if len(fits) == 1:
            found.units[text] = fits[0].code
        elif fits:
            found.troubles[text] = _several(text, fits)
        else:
            found.troubles[text] = _near(units, text)
    return found


def _called(units: Sequence[Unit], text: str) -> list[Unit]:
    exact = [unit for unit in units if text in (unit.name, unit.short_name)]
    return exact or [unit for unit in units if text in unit.aliases or text in unit.former_names]


def _several(text: str, units: Sequence[Unit]) -> str:
    names = listed(named(unit.short_name, unit.code) for unit in units[:MOST_CANDIDATES])
    return _("“{name}”可能是：{candidates}。请选定一家。").format(name=text, candidates=names)


def _near(units: Sequence[Unit], text: str) -> str:
    near = [unit for unit in units if text in unit.name or unit.short_name in text]
    if near:
        return _several(text, near)
    return _("没有名称或代码为“{name}”的单位。请核对后重新填写。").format(name=text[:40])


def unit_names(codes: Collection[str]) -> dict[str, str]:
    """The units with these codes as a form writes them, by code. No statement without codes."""
    if not codes:
        return {}
    rows = Unit.objects.filter(code__in=sorted(codes)).values_list("code", "short_name")
    return {code: named(short_name, code) for code, short_name in rows}


def items_meant(
    actor: Actor, campaign: Campaign, wanted: Mapping[str, str], into: Meant | None = None
) -> Meant:
    """The items with the typed numbers that the actor may see. `wanted`: typed number → register, "" for any."""
    found = into or Meant()
    numbers = {text: text.strip().upper().split(" ")[0] for text in wanted if text.strip()}
    if not numbers:
        return found
    rows = visible(
        actor, Item.objects.filter(campaign=campaign, number__in=sorted(set(numbers.values()))), campaign
    )
    at_hand = {
        number: (register, public_id)
        for number, register, public_id in rows.values_list("number", "register", "public_id")
    }
    for text, number in numbers.items():
        register, public_id = at_hand.get(number, ("", None))
        if public_id is None or wanted[text] not in ("", register):
            found.troubles[text] = _("没有编号为“{number}”的事项，或不在您的查看范围内。请核对编号。").format(
                number=text[:40]
            )
        else:
            found.items[text] = public_id
    return found


def item_numbers(actor: Actor, campaign: Campaign, ids: Collection[str]) -> dict[str, str]:
    """The numbers and titles of items by public id, as a form writes them, as far as the actor may see them."""
    if not ids:
        return {}
    rows = visible(actor, Item.objects.filter(campaign=campaign, public_id__in=sorted(ids)), campaign)
    return {
        str(public_id): f"{number} {title}"
        for public_id, number, title in rows.values_list("public_id", "number", "title")
    }
