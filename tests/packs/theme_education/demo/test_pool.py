"""The demo's pool of good practice is in use: several aspects and units, some entries told in each of the briefings."""

from __future__ import annotations

from guatu.access import resolve
from guatu.packs.theme_education.demo.days import ENDS
from guatu.packs.theme_education.demo.scenes.pooling import ENTRIES
from guatu.queries.materials import Material, pool
from guatu.records.models import Campaign, Item, Person


def entries(campaign: Campaign) -> tuple[Material, ...]:
    office = resolve(Person.objects.select_related("home_unit").get(username="linxiaolan"), campaign)
    return pool(office, campaign, day=ENDS).materials


def test_every_entry_is_taken_in_from_an_item_of_its_unit(demo: Campaign) -> None:
    found = entries(demo)
    assert len(found) == len(ENTRIES) >= 12
    for one in found:
        source = Item.objects.get(campaign=demo, number=one.source)
        assert source.unit_id == one.item.unit_id
        assert source.phase == "closed"
    assert len({one.aspect for one in found}) == 5
    assert len({one.item.unit_id for one in found}) >= 8
    assert sum(one.files for one in found) >= 3


def test_each_briefing_and_the_report_tell_entries_of_the_pool(demo: Campaign) -> None:
    told = [(use.said, use.issued) for one in entries(demo) for use in one.uses]
    assert told.count(("主题教育简报第1期", True)) == 2
    assert told.count(("主题教育简报第2期", True)) == 3
    assert [said for said, issued in told if not issued] == ["关于第二批主题教育开展情况的报告"]
    assert any(not one.uses for one in entries(demo))
