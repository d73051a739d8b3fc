"""Step 3: a campaign from a pack: which pack, its name and days, which tree and below which unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from guatu.access import Actor
from guatu.actions.setup import create_campaign
from guatu.domain.clock import today
from guatu.domain.errors import GuatuError, NotFound
from guatu.domain.pack import Pack, builtin_pack, builtin_packs
from guatu.domain.pack.spoken import spoken
from guatu.domain.words import listed
from guatu.queries.house import HouseState, level_counts, managed_unit, tree_called
from guatu.records.models import Campaign, Tree
from guatu.web.setup.house import text_in


@dataclass(frozen=True, slots=True)
class PackCard:
    """A pack to choose: what it is called, what it calls things, how much is in it."""

    key: str
    name: str
    version: str
    label: str
    office: str
    levels: str
    registers: str
    register_count: int
    figure_count: int
    wall: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """The packs, the form, and the campaigns that stand already."""

    house: HouseState
    packs: tuple[PackCard, ...]
    form: CampaignForm
    open: bool
    sentence: str = ""


class DayInput(forms.DateInput):
    """The browser's own control for a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "in"})


class CampaignForm(forms.Form):
    """What a campaign is called and where and when it runs."""

    pack = forms.CharField(error_messages={"required": gettext_lazy("请选一个专项模板。")})
    name = text_in(gettext_lazy("名称"), gettext_lazy("请填写专项工作的名称。"), 120)
    short_name = text_in(gettext_lazy("简称"), gettext_lazy("请填写简称，显示在每一页的上方。"), 60)
    key = text_in(gettext_lazy("代码"), gettext_lazy("请填写代码，例如 safety-2026。"), 40)
    wave = forms.CharField(
        label=gettext_lazy("批次"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": "in"}),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("开始日"),
        widget=DayInput(),
        error_messages={
            "required": gettext_lazy("请填写开始日。"),
            "invalid": gettext_lazy("开始日不是日期。请填成 2026-12-31 的样子。"),
        },
    )
    ends_on = forms.DateField(
        label=gettext_lazy("结束日"),
        widget=DayInput(),
        required=False,
        error_messages={"invalid": gettext_lazy("结束日不是日期。请填成 2026-12-31 的样子，或留空。")},
    )
    tree = forms.ChoiceField(label=gettext_lazy("隶属关系"), widget=forms.Select(attrs={"class": "in"}))
    root = text_in(gettext_lazy("根单位代码"), gettext_lazy("请填写根单位的代码。"), 40)

    def __init__(self, house: HouseState, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [(tree.key, tree.name) for tree in house.trees]
        self.fields["tree"] = forms.ChoiceField(
            label=gettext_lazy("隶属关系"), choices=choices, widget=forms.Select(attrs={"class": "in"})
        )

    def clean(self) -> dict[str, Any]:
        """The end is not before the start."""
        given = super().clean() or {}
        begin, end = given.get("starts_on"), given.get("ends_on")
        if begin and end and end < begin:
            self.add_error(
                "ends_on",
                _("结束日 {end} 早于开始日 {start}。请核对。").format(end=end, start=begin),
            )
        return given


def offered_packs() -> dict[str, Pack]:
    """The packs to choose among, in the reader's language."""
    return {key: spoken(builtin_pack(key), get_language() or "") for key in builtin_packs()}


def fitting_pack(tree: Tree, packs: Mapping[str, Pack]) -> str:
    """The pack that knows the levels of most units of the tree; the first one among equals."""
    counts = level_counts(tree, {})

    def known(key: str) -> int:
        levels = {level.key for level in packs[key].head.levels}
        return sum(line.count for line in counts if line.key in levels)

    return max(packs, key=known)


def campaign_page(house: HouseState, *, wanted: str = "") -> CampaignPage:
    """The form with what fits most houses filled in; `wanted` is the pack that was asked for."""
    packs = offered_packs()
    tree = house.tree
    chosen = wanted if wanted in packs else fitting_pack(tree.row, packs) if tree else next(iter(packs))
    head = packs[chosen].head
    begins = {
        "pack": chosen,
        "name": head.label,
        "short_name": head.label,
        "key": _free_key(house, chosen),
        "starts_on": today(),
        "tree": tree.key if tree else "",
        "root": tree.root.code if tree else "",
    }
    form = CampaignForm(house, initial=begins)
    return CampaignPage(house, _cards(packs, chosen), form, open=bool(wanted) or not house.campaigns)


def read_campaign(data: Any, house: HouseState, actor: Actor) -> tuple[Campaign | None, CampaignPage]:
    """Start the campaign that was typed; without one the page says beside each field what is wrong."""
    form, packs = CampaignForm(house, data), offered_packs()
    chosen = str(data.get("pack", ""))
    page = CampaignPage(house, _cards(packs, chosen), form, open=True)
    if not form.is_valid():
        return None, page
    typed = form.cleaned_data
    if chosen not in packs:
        form.add_error(
            "pack", _("没有“{pack}”这个专项模板。请从列出的模板中选一个。").format(pack=chosen[:40])
        )
        return None, page
    try:
        return (
            create_campaign(
                actor,
                key=typed["key"].strip(),
                name=typed["name"].strip(),
                short_name=typed["short_name"].strip(),
                pack=builtin_pack(chosen),
                tree=tree_called(typed["tree"]),
                root=managed_unit(actor, typed["root"].strip(), capability="open_campaign"),
                starts_on=typed["starts_on"],
                ends_on=typed["ends_on"],
                wave=typed["wave"].strip(),
            ),
            page,
        )
    except GuatuError as failure:
        return None, replace(page, sentence=str(failure))


def _free_key(house: HouseState, pack: str) -> str:
    """The pack's key with the year, and a number where that is taken."""
    taken = {campaign.key for campaign in house.campaigns}
    wanted = f"{pack}-{today().year}"
    number = 2
    key = wanted
    while key in taken:
        key, number = f"{wanted}-{number}", number + 1
    return key


def _cards(packs: dict[str, Pack], chosen: str) -> tuple[PackCard, ...]:
    return tuple(
        PackCard(
            key=key,
            name=pack.name,
            version=pack.version,
            label=pack.head.label,
            office=pack.words.office,
            levels=listed(level.label for level in pack.head.levels),
            registers=listed(register.label for register in pack.registers.values()),
            register_count=len(pack.registers),
            figure_count=sum(not figure.internal for figure in pack.figures.values()),
            wall=pack.wall is not None,
            chosen=key == chosen,
        )
        for key, pack in packs.items()
    )


def chosen_campaign(house: HouseState, key: str) -> tuple[Campaign, tuple[tuple[str, str, bool], ...]]:
    """The campaign that the address names, else the latest; and all of them to choose among (key, name, chosen).

    Raises NotFound for an unknown one, and while there is none.
    """
    if not house.campaigns:
        raise NotFound(_("这里还没有专项工作。请先办第 3 步。"))
    wanted = key or house.campaigns[-1].key
    row = next((one.row for one in house.campaigns if one.key == wanted), None)
    if row is None:
        raise NotFound(_("没有标识为“{key}”的专项工作。请核对标识。"), key=wanted[:40])
    return row, tuple((one.key, one.short_name, one.key == row.key) for one in house.campaigns)
