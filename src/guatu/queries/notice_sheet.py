"""What stands on the sheet of a public notice: the item, its unit, what was done, the days; no name of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.domain.errors import BadInput
from guatu.domain.loop_tracks import NOTICE_KIND, NOTICE_UNTIL
from guatu.domain.spells import day_or_none
from guatu.domain.words import gettext as _
from guatu.queries.item_rows import value_shown
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class NoticeSheet:
    """The sheet. `fields` are (label, text); `within`: told in a certain range, not put up for everybody."""

    organisation: str
    office: str
    campaign: str
    noun: str
    number: str
    title: str
    unit: str
    fields: tuple[tuple[str, str], ...]
    since: date
    until: date
    within: bool


def notice_sheet(campaign: Campaign, item: Item) -> NoticeSheet:
    """The sheet of an item that is on notice now. Raises BadInput for any other item, and for a restricted one."""
    pack = pack_of(campaign)
    register, flow = pack.register(item.register), pack.workflow_of(item.register)
    until = day_or_none(item.data.get(NOTICE_UNTIL))
    if flow.notice is None or not flow.states[item.state].on_notice or until is None:
        raise BadInput(_("{number} 不在公示期，没有公示单。请刷新后查看下一步。"), number=item.number)
    if item.restricted:
        raise BadInput(_("{number} 是受限事项，不出公示单。"), number=item.number)
    fields = tuple(
        (field.label, text)
        for key in flow.notice.shows
        if (field := register.field(key)) is not None and (text := value_shown(field, item.data.get(key), {}))
    )
    return NoticeSheet(
        organisation=campaign.root.name,
        office=pack.words.office,
        campaign=pack.words.campaign,
        noun=register.noun,
        number=item.number,
        title=item.title,
        unit=item.unit.name,
        fields=fields,
        since=item.state_since,
        until=until,
        within=item.data.get(NOTICE_KIND) == "within",
    )
