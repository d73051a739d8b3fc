"""What was issued goes out with its campaign and is served elsewhere byte for byte, with its records, charts and explanations."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.campaign_intake import TakenIn, take_in
from guatu.actions.issuing import withdraw_issued
from guatu.actions.people import Appointment, appoint
from guatu.actions.phrases import decide_phrase
from guatu.actions.units import Placing, place_units
from guatu.domain import clock
from guatu.domain.checker.decided import OWN
from guatu.domain.errors import BadInput
from guatu.domain.issuing import FINAL
from guatu.exchange.campaign_archive import read_archive, write_archive
from guatu.queries.campaign_archive import read_campaign
from guatu.queries.documents import body_in
from guatu.queries.issued import issued_document
from guatu.queries.verify import verify
from guatu.queries.verify.issued import check_issued
from guatu.records.files import opened
from guatu.records.models import IssuedDocument, IssuedRecord, Item, PhraseDecision
from tests.actions.issuing_calls import issued as of_report
from tests.actions.test_issuing_charts import CHARTS, issued
from tests.archives import elsewhere
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY, NEXT, LATER = date(2023, 11, 6), date(2023, 11, 13), date(2023, 12, 1)


@pytest.fixture
def world() -> World:
    """Two issues of a briefing with charts, two reports of which the first was withdrawn, a decided phrase, a material."""
    world = small_world()
    with clock.fixed(date(2023, 10, 20)):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("he", "office", "HY")])
    world.problem("F1", date(2023, 10, 20))
    world.problem("Y3", date(2023, 10, 25))
    world.task("F1", date(2023, 10, 20), date(2023, 10, 20), date(2023, 11, 10))
    issued(world, DAY, "第一期", 1)
    with clock.fixed(DAY):
        gone = of_report(world)
        withdraw_issued(world.actor("lin"), campaign=world.campaign, issued=gone.public_id, reason="附表有误")
        decide_phrase(
            world.actor("lin"),
            campaign=world.campaign,
            phrase=f"查出问题{OWN}",
            measure="个",
            figure="issues_total",
        )
    world.problem("F2", date(2023, 10, 28), date(2023, 11, 8))
    issued(world, NEXT, "第二期", 2)
    with clock.fixed(NEXT):
        of_report(world, NEXT, stage=FINAL, sources=True)
    values = {"aspect": "research", "text": "午间错峰就餐，增开两个窗口。"}
    world.create("lin", "materials", "F1", "食堂错峰", NEXT, fields=values, state="kept")
    return world


def taken(world: World, archive: Any = None) -> TakenIn:
    with clock.fixed(LATER):
        return take_in(operator(), archive=archive or elsewhere(read_campaign(world.campaign)), key="copy")


def rows(campaign: object) -> list[IssuedDocument]:
    return list(IssuedDocument.objects.filter(campaign=campaign).order_by("pk"))


def test_what_was_issued_is_served_elsewhere_byte_for_byte_and_verify_is_whole(world: World) -> None:
    done = taken(world)
    assert done.issued == 4
    there, here = rows(world.campaign), rows(done.campaign)
    for one, two in zip(there, here, strict=True):
        assert one.files == two.files
        assert (one.title, one.number, one.edition, one.as_of) == (
            two.title,
            two.number,
            two.edition,
            two.as_of,
        )
        assert one.official == two.official
        assert [figure["value"] for figure in one.figures] == [figure["value"] for figure in two.figures]
        counts = [IssuedRecord.objects.filter(issued=row).count() for row in (one, two)]
        assert counts[0] == counts[1]
        assert set(two.origin) == {"known"}, "everything is counted again here too"
        assert opened(two.files["html"][0]).read() == opened(one.files["html"][0]).read()
    assert [row.withdrawn_reason for row in here] == ["", "附表有误", "", ""]
    assert here[2].previous == here[0]
    with clock.fixed(LATER):
        assert check_issued() == ()
        assert verify().whole


def test_the_explanations_lead_to_the_records_of_here(world: World) -> None:
    copy = taken(world).campaign
    there, here = rows(world.campaign)[2], rows(copy)[2]
    with clock.fixed(LATER):
        told = issued_document(world.actor("lin"), world.campaign, there.public_id).changes
        again = issued_document(operator(), copy, here.public_id).changes
        known = [issued_document(operator(), row.campaign, row.public_id).known for row in (there, here)]
    assert known[0] == known[1]
    assert [one.sentence() for one in again] == [one.sentence() for one in told]
    mine = set(Item.objects.filter(campaign=copy).values_list("pk", flat=True))
    records = [record for one in again for record in one.records]
    assert records and {record.item for record in records} <= mine
    assert any(record.batch for record in records)


def test_bodies_materials_and_phrases_come_along(world: World) -> None:
    PhraseDecision.objects.filter().update(phrase=f"共查出问题{OWN}")  # as if decided in a house of its own
    archive = elsewhere(read_campaign(world.campaign))
    PhraseDecision.objects.filter().update(phrase=f"查出问题{OWN}")
    copy = taken(world, archive).campaign
    document = Item.objects.filter(campaign=copy, register="documents").order_by("pk").first()
    assert document is not None
    assert [block.id for block in body_in(document).blocks] == [block["id"] for block in CHARTS["blocks"]]
    material = Item.objects.get(campaign=copy, register="materials")
    assert material.data["text"].startswith("午间错峰就餐")
    found = PhraseDecision.objects.get(campaign=copy)
    assert (found.phrase, found.figure, found.person.username) == (
        f"共查出问题{OWN}",
        "issues_total",
        "x.lin",
    )


def test_a_phrase_that_is_decided_here_stands(world: World) -> None:
    copy = taken(world).campaign
    assert not PhraseDecision.objects.filter(campaign=copy).exists()
    assert PhraseDecision.objects.count() == 1


def test_what_cannot_be_counted_again_here_is_noted_when_it_comes_in_and_nothing_else_is_let_pass(
    world: World,
) -> None:
    with clock.fixed(date(2023, 11, 20)):  # known there only after the issue; here from the first day on
        place_units(operator(), tree=world.tree, placings=[Placing("F1", date(2023, 11, 1), "under", "YI")])
    assert check_issued() == ()
    copy = taken(world).campaign
    first = rows(copy)[0]
    assert "issues_total~XJIA~" in first.origin["apart"]
    assert "issues_total" not in first.origin["apart"]
    with clock.fixed(LATER):
        assert check_issued() == ()
    changed = [{**one, "value": "9", "text": "9个"} for one in first.figures]
    IssuedDocument.objects.filter(pk=first.pk).update(figures=changed)
    assert any("“问题清单”定稿为 9个" in sentence for sentence in check_issued())


def test_the_file_gives_back_what_was_put_in_and_an_older_one_is_read_without(
    world: World, tmp_path: Path
) -> None:
    archive = read_campaign(world.campaign)
    counts = write_archive(tmp_path / "a.zip", archive, ())
    assert (counts["issued"], counts["phrases"]) == (4, 1)
    assert json.loads(json.dumps(archive.issued)) == list(read_archive(tmp_path / "a.zip").issued)
    old = replace(elsewhere(archive), issued=(), phrases=(), packs=())
    assert taken(world, old).issued == 0


def test_an_issue_whose_files_did_not_come_along_is_refused(world: World) -> None:
    archive = elsewhere(read_campaign(world.campaign))
    told = json.loads(json.dumps(archive.issued))
    told[0]["files"]["pdf"][0] = "0" * 64
    with pytest.raises(BadInput, match="包内数据不完整"):
        taken(world, replace(archive, issued=tuple(told)))
    assert not IssuedDocument.objects.exclude(campaign=world.campaign).exists()


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [
        ("issued", "series", None),
        ("issued", "files", -1),
        ("issued", "records", []),
        ("issued", "body", "[" * 100_000),
        ("phrases", "phrase", None),
        ("items", "number", ["甲"]),
        ("items", "revisions", ["甲"]),
    ],
)
def test_values_of_another_kind_are_refused_in_a_sentence_and_nothing_is_written(
    world: World, part: str, key: str, value: object
) -> None:
    archive = elsewhere(read_campaign(world.campaign))
    rows = tuple({**row, key: value} for row in getattr(archive, part))
    with pytest.raises(BadInput, match="整包的内容前后不符"):
        taken(world, replace(archive, **{part: rows}))
    assert not IssuedDocument.objects.exclude(campaign=world.campaign).exists()


def test_one_document_twice_in_an_archive_is_refused(world: World) -> None:
    archive = elsewhere(read_campaign(world.campaign))
    with pytest.raises(BadInput, match="整包的内容前后不符"):
        taken(world, replace(archive, issued=(*archive.issued, archive.issued[0])))
