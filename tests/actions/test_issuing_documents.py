"""定稿 of what somebody wrote: in the stage in which it is, with its text and the figures of its tables, briefings by their number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.documents import save_body
from guatu.actions.history import at_sequence
from guatu.actions.issued_parts import composed
from guatu.actions.issuing import Issuing, withdraw_issued
from guatu.actions.issuing import issue as issue_with
from guatu.actions.people import Appointment, appoint
from guatu.domain import clock
from guatu.domain.document import Official
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.domain.issuing import APPROVAL, FINAL
from guatu.exchange.issued_files import files_of, issue_document, links_in
from guatu.queries.issued import issued_document, issued_documents
from guatu.queries.verify import verify
from guatu.records.files import opened
from guatu.records.models import IssuedDocument, Item
from tests.actions.document_calls import begun
from tests.actions.issuing_calls import issued
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY, LATER = date(2023, 11, 6), date(2023, 11, 13)

TEXT: dict[str, Any] = {
    "blocks": [
        {"id": "h", "kind": "heading", "text": "总体情况"},
        {"id": "p", "kind": "paragraph", "text": "截至{as_of}，共查出问题{issues_total}。"},
        {"id": "t", "kind": "figures", "figures": ["issues_total"], "by": "units", "units": ["JIA", "YI"]},
    ]
}


@pytest.fixture
def world() -> World:
    world = small_world()
    with clock.fixed(date(2023, 10, 20)):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("he", "office", "HY")])
    world.problem("F1", date(2023, 10, 20))
    world.problem("Y3", date(2023, 10, 21))
    return world


def document(world: World, on: date, *, body: Mapping[str, Any] = TEXT, **more: Any) -> Item:
    """Written by Lin, waiting to be signed."""
    with clock.fixed(on):
        item = begun(world, as_of=on, **more)
        item = save_body(
            world.actor("lin"),
            campaign=world.campaign,
            document=item.pk,
            body=body,
            base_version=item.version,
        ).document
    [item] = world.move("lin", "hand_in", [item], on)
    [item] = world.move("he", "check", [item], on)
    return item


def issue(world: World, item: Item, on: date, stage: str) -> IssuedDocument:
    with clock.fixed(on):
        issuing = Issuing(as_of=on, document=item.pk, stage=stage)
        return issue_document(world.actor("lin"), campaign=world.campaign, issuing=issuing)


def test_a_document_is_issued_in_the_stage_in_which_it_is(world: World) -> None:
    item = document(world, DAY, kind="paper")
    with pytest.raises(BadInput, match="待签发"):
        issue(world, item, DAY, FINAL)
    draft = issue(world, item, DAY, APPROVAL)
    assert draft.title == "关于进展的报告（送审稿）"
    [item] = world.move("gu", "sign", [item], DAY)
    row = issue(world, item, DAY, FINAL)
    assert (row.document, row.document_version, row.previous) == (item, item.version, draft)
    assert "共查出问题" in row.body
    assert verify().whole


def test_a_document_is_final_once_until_it_is_withdrawn(world: World) -> None:
    item = document(world, DAY, kind="paper")
    [item] = world.move("gu", "sign", [item], DAY)
    row = issue(world, item, DAY, FINAL)
    with pytest.raises(Conflict, match=f"{item.number} 已经定稿为“{row.title}”"):
        issue(world, item, DAY, FINAL)  # from another window
    with clock.fixed(DAY):
        withdraw_issued(world.actor("lin"), campaign=world.campaign, issued=row.public_id, reason="有误")
    assert issue(world, item, DAY, FINAL).number == 2


def test_a_document_that_is_returned_while_its_files_are_written_is_not_issued(world: World) -> None:
    item = document(world, DAY)

    def written(official: Official, addresses: Mapping[str, str]) -> Mapping[str, bytes]:
        world.move("gu", "send_back", [item], DAY, reason="再核一遍")
        return files_of(official, addresses)

    with clock.fixed(DAY), pytest.raises(Conflict, match="刚被他人修改"):
        issue_with(
            world.actor("lin"),
            campaign=world.campaign,
            issuing=Issuing(as_of=DAY, document=item.pk, stage=APPROVAL),
            render=written,
            link=links_in(world.campaign),
        )
    assert not IssuedDocument.objects.exists()


def test_a_final_one_lacks_nothing_that_its_kind_asks_for(world: World) -> None:
    item = document(world, DAY)
    assert issue(world, item, DAY, APPROVAL).stage == APPROVAL
    [item] = world.move("gu", "sign", [item], DAY)
    with pytest.raises(BadInput, match="公文没有发文字号"):
        issue(world, item, DAY, FINAL)


def test_the_figures_of_its_tables_are_kept_with_their_units(world: World) -> None:
    row = issue(world, document(world, DAY), DAY, APPROVAL)
    assert {one["ref"]: one["value"] for one in row.figures} == {
        "issues_total": "2",
        "issues_total~JIA~": "1",
        "issues_total~YI~": "1",
    }
    found = issued_document(world.actor("lin"), world.campaign, row.public_id)
    assert [(one.label, one.records) for one in found.figures] == [
        ("问题清单", 2),
        ("问题清单（甲公司）", 1),
        ("问题清单（乙公司）", 1),
    ]


def test_a_number_of_the_text_leads_to_its_own_records_though_a_table_before_it_tells_of_units(
    world: World,
) -> None:
    heading, text, table = TEXT["blocks"]
    row = issue(world, document(world, DAY, body={"blocks": [heading, table, text]}), DAY, APPROVAL)
    assert next(one["ref"] for one in row.figures) == "issues_total~JIA~"
    page = opened(row.files["html"][0]).read().decode()
    [address] = re.findall(r'data-key="issues_total"[^>]* href="([^"]*)"', page)
    assert f"/{row.public_id}/figures/issues_total/" in address
    found = issued_document(world.actor("lin"), world.campaign, row.public_id)
    assert found.in_text["issues_total"].ref == "issues_total"


def test_a_briefing_has_its_own_number_and_the_next_of_its_name_says_what_changed(world: World) -> None:
    told = {"kind": "briefing", "title": "第一期", "fields": {"series": "工作简报", "issue": 1}}
    first = document(world, DAY, **told)
    [first] = world.move("gu", "sign", [first], DAY)
    one = issue(world, first, DAY, FINAL)
    assert (one.series, one.number, one.year) == ("工作简报", 1, 2023)
    same = document(world, DAY, **{**told, "title": "又一个第一期"})
    [same] = world.move("gu", "sign", [same], DAY)
    with pytest.raises(Conflict, match="第1期已经定稿"):
        issue(world, same, DAY, FINAL)
    world.problem("F2", date(2023, 11, 3), date(2023, 11, 8))
    second = document(
        world, LATER, kind="briefing", title="第二期", fields={"series": "工作简报", "issue": 2}
    )
    [second] = world.move("gu", "sign", [second], LATER)
    two = issue(world, second, LATER, FINAL)
    assert (two.number, two.previous) == (2, one)
    changes = issued_document(world.actor("lin"), world.campaign, two.public_id).changes
    assert {change.ref: change.sentence() for change in changes} == {
        "issues_total": "上期 2个。补录 1 条（+1）。现为 3个。",
        "issues_total~JIA~": "上期 1个。补录 1 条（+1）。现为 2个。",
    }
    assert [change.label for change in changes] == ["问题清单", "问题清单（甲公司）"]


def test_briefings_of_two_units_with_one_name_each_have_their_own_numbers(world: World) -> None:
    rows = []
    for unit, title in (("HY", "本级"), ("JIA", "甲公司")):
        fields = {"series": "工作简报", "issue": 1}
        item = document(world, DAY, kind="briefing", title=title, fields=fields, unit=unit)
        [item] = world.move("gu", "sign", [item], DAY)
        rows.append(issue(world, item, DAY, FINAL))
    assert [(row.series, row.number) for row in rows] == [("工作简报", 1), ("工作简报@JIA", 1)]
    assert [row.previous for row in rows] == [None, None]


def test_a_briefing_that_is_called_like_a_report_of_the_pack_is_a_series_of_its_own(world: World) -> None:
    with clock.fixed(DAY):
        report = issued(world)
    item = document(world, DAY, kind="briefing", title="第一期", fields={"series": report.series, "issue": 1})
    assert issue(world, item, DAY, APPROVAL).previous is None


def test_only_who_sees_the_document_sees_what_was_issued_of_it(world: World) -> None:
    row = issue(world, document(world, DAY), DAY, APPROVAL)
    assert opened(row.files["pdf"][0]).read().startswith(b"%PDF")
    with clock.fixed(DAY):
        assert [line.public_id for line in issued_documents(world.actor("lin"), world.campaign)] == [
            row.public_id
        ]
        assert issued_documents(world.actor("ji"), world.campaign) == ()
        with pytest.raises(NotFound):
            issued_document(world.actor("ji"), world.campaign, row.public_id)


def test_the_issue_before_is_not_named_to_who_does_not_see_it(world: World) -> None:
    fields = {"series": "工作简报", "issue": 1}
    first = document(world, DAY, kind="briefing", title="第一期", fields=fields)
    [first] = world.move("gu", "sign", [first], DAY)
    issue(world, first, DAY, FINAL)
    second = document(world, LATER, kind="briefing", title="第二期", fields={**fields, "issue": 2})
    [second] = world.move("gu", "sign", [second], LATER)
    row = issue(world, second, LATER, FINAL)
    with clock.fixed(LATER):
        lin = world.actor("lin")
        found = issued_document(lin, world.campaign, row.public_id)
        assert found.previous is not None and found.previous.title == "第一期"
        Item.objects.filter(pk=first.pk).update(restricted=True)
        assert issued_document(operator(), world.campaign, row.public_id).previous is None


def test_whose_number_is_taken_is_told_by_title_only_to_who_sees_it(world: World) -> None:
    fields = {"document_number": "集办〔2023〕5号"}
    first, second = (document(world, DAY, title=title, fields=fields) for title in ("第一份", "第二份"))
    [second] = world.move("gu", "sign", [second], DAY)
    with pytest.raises(BadInput, match="第一份"):
        issue(world, second, DAY, FINAL)
    Item.objects.filter(pk=first.pk).update(restricted=True)
    issuing = Issuing(as_of=DAY, document=second.pk, stage=FINAL)
    with clock.fixed(DAY), pytest.raises(BadInput, match="已用于另一份文稿") as refused:
        composed(operator(), world.campaign, issuing, at_sequence())
    assert "第一份" not in str(refused.value)


def test_nobody_withdraws_what_was_issued_of_a_document_out_of_sight(world: World) -> None:
    item = document(world, DAY)
    row = issue(world, item, DAY, APPROVAL)
    with clock.fixed(DAY):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("ji", "office", "HY")])
        Item.objects.filter(pk=item.pk).update(restricted=True)
        with pytest.raises(NotFound):
            withdraw_issued(world.actor("ji"), campaign=world.campaign, issued=row.public_id, reason="有误")
    assert IssuedDocument.objects.get().withdrawn_batch is None
