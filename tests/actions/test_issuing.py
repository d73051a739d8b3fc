"""定稿: what is issued never changes, comes out again byte for byte, and the next issue explains every number that differs."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.test.utils import override_settings

from guatu.actions.issued_sending import log_issued_figures
from guatu.actions.issuing import Issuing, issue, withdraw_issued
from guatu.actions.items import Edit, edit_items
from guatu.actions.job_upkeep import remove_old_results
from guatu.actions.outside_rows import withdraw_outside_row
from guatu.actions.restructuring import void_items
from guatu.actions.units import merge_unit
from guatu.domain import clock
from guatu.domain.document import Official, canonical
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.issued_changes import FigureChanged
from guatu.domain.issuing import APPROVAL, COMMENTS, FINAL
from guatu.domain.pack.growing import next_version
from guatu.exchange.issued_files import files_of, issue_document, links_in
from guatu.queries.issued import issued_document, issued_documents, uses_of
from guatu.queries.verify import verify
from guatu.queries.verify.issued import check_issued
from guatu.records.files import hash_of, opened, path_of
from guatu.records.models import Campaign, IssuedDocument, IssuedRecord, Job, PackVersion, SentFigure
from guatu.records.packs import written_pack
from tests.actions.figure_calls import outside_row
from tests.actions.issuing_calls import DAY, issued
from tests.people import World, small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def changes(world: World, row: IssuedDocument) -> Mapping[str, FigureChanged]:
    found = issued_document(world.actor("lin"), world.campaign, row.public_id)
    return {one.key: one for one in found.changes}


def test_what_is_kept_is_what_was_printed_and_each_number_has_its_records(world: World) -> None:
    problem = world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY):
        row = issued(world)
    found = issued_document(world.actor("lin"), world.campaign, row.public_id)
    one = next(figure for figure in found.figures if figure.key == "issues_total")
    assert (one.value, one.text, one.printed, one.records) == ("1", "1个", ("1个",), 1)
    behind = IssuedRecord.objects.filter(issued=row, figure="issues_total")
    assert list(behind.values_list("item_id", "version")) == [(problem.pk, 1)]
    again = files_of(canonical.read(row.official), {})
    assert {form: again[form] for form in ("docx", "pdf")} == {
        form: opened(row.files[form][0]).read() for form in ("docx", "pdf")
    }
    assert verify().whole


def test_every_number_on_the_page_that_was_issued_leads_to_its_records(world: World) -> None:
    world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY):
        row = issued(world, sources=True)
    page = opened(row.files["html"][0]).read().decode()
    for one in row.figures:
        assert f"/documents/issued/{row.public_id}/figures/{one['ref']}/" in page
    with override_settings(GUATU_ADDRESS="https://guatu.example.org"):
        whole = links_in(world.campaign)(row.public_id, "issues_total")
    assert whole.startswith("https://guatu.example.org/documents/issued/")


@pytest.mark.parametrize("house", ["", "https://guatu.example.org"])
def test_word_and_pdf_lead_to_records_only_by_whole_addresses(world: World, house: str) -> None:
    world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY), override_settings(GUATU_ADDRESS=house):
        row = issued(world, sources=True)
    place = f"/documents/issued/{row.public_id}/figures/issues_total/"
    with zipfile.ZipFile(opened(row.files["docx"][0])) as word:
        related = word.read("word/_rels/document.xml.rels").decode()
    pdf = opened(row.files["pdf"][0]).read().decode("latin-1")
    if house:
        assert f'Target="{house}{place}' in related
        assert f"({house}{place}" in pdf
    else:
        assert place not in related
        assert place not in pdf
    assert place in opened(row.files["html"][0]).read().decode()


def test_a_frozen_report_replays_after_whatever_happens_and_the_next_explains_every_number(
    world: World,
) -> None:
    first, second = world.problem("F1", date(2023, 10, 20)), world.problem("F2", date(2023, 10, 21))
    world.problem("Y3", date(2023, 10, 25))
    visit = {"held_on": "2023-11-01", "visited_body": "食堂", "solved": 2}
    trip = world.create("lu", "visits", "F1", "走访", date(2023, 11, 1), fields=visit)
    with clock.fixed(DAY):
        row = issued(world, sources=True)
        outside = outside_row(world)
    stored = {form: opened(sha256).read() for form, (sha256, _size) in row.files.items()}
    said = IssuedDocument.objects.values().get(pk=row.pk)
    # late entries, corrections, edits, moves of units, and what comes about by the later day
    world.problem("F2", date(2023, 11, 2), date(2023, 11, 8))
    world.create("lu", "visits", "F1", "补录的走访", date(2023, 11, 3), date(2023, 11, 8), fields=visit)
    world.close(first, date(2023, 11, 9))
    with clock.fixed(date(2023, 11, 10)):
        edit_items(world.actor("lu"), campaign=world.campaign, edits=[Edit(trip.pk, {"solved": 5})])
        void_items(world.actor("lin"), campaign=world.campaign, items=[second.pk], reason="重复登记")
    with clock.fixed(date(2023, 11, 12)):
        lin = world.actor("lin")
        merge_unit(
            lin,
            campaigns=[world.campaign],
            tree=world.tree,
            unit="F2",
            into="F1",
            day=date(2023, 11, 12),
            reason="合并",
        )
        withdraw_outside_row(lin, campaign=world.campaign, row=outside.public_id, reason="已在系统登记")
    world.problem("Y3", date(2023, 11, 14))
    assert {form: opened(sha256).read() for form, (sha256, _size) in row.files.items()} == stored
    assert IssuedDocument.objects.values().get(pk=row.pk) == said
    assert check_issued() == ()
    assert verify().whole
    with clock.fixed(date(2023, 11, 15)):
        later = issued(world, date(2023, 11, 15), differences=True)
    told = changes(world, later)
    then = {one["key"]: one["value"] for one in row.figures}
    now = {one["key"]: one["value"] for one in later.figures}
    assert {key for key in then.keys() & now.keys() if then[key] != now[key]} <= told.keys()
    assert [one.label for one in told.values() if not one.explained] == []
    assert "补录 1 条（+1）" in told["issues_total"].sentence()
    assert "units_l3" in told and told["units_l3"].units[0].effect.code == "out"
    assert check_issued() == ()
    assert "本期数字变化说明" in opened(later.files["html"][0]).read().decode()
    assert opened(row.files["docx"][0]).read() == stored["docx"]


def test_a_draft_has_the_number_of_the_final_one_to_come_and_says_what_it_is(world: World) -> None:
    world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY):
        told = [issued(world, stage=stage) for stage in (COMMENTS, COMMENTS, APPROVAL, FINAL, FINAL)]
    assert [(row.number, row.edition) for row in told] == [(1, 1), (1, 2), (1, 1), (1, 1), (2, 1)]
    assert told[1].title.endswith("（征求意见稿）")
    assert told[2].title.endswith("（送审稿）")
    assert "稿）" not in told[3].title
    assert [row.previous for row in told] == [None, told[0], told[1], told[2], told[3]]
    lines = issued_documents(world.actor("lin"), world.campaign)
    assert [line.stage_label for line in lines] == [
        "定稿",
        "定稿",
        "送审稿",
        "征求意见稿（第2稿）",
        "征求意见稿",
    ]


def test_only_the_office_issues_and_withdraws_and_only_with_a_reason(world: World) -> None:
    with clock.fixed(DAY):
        row = issued(world)
        for who in ("gu", "zhou", "lu", "xu"):
            with pytest.raises((NotAllowed, NotFound)):
                issue_document(
                    world.actor(who), campaign=world.campaign, issuing=Issuing(as_of=DAY, report="summary")
                )
            with pytest.raises((NotAllowed, NotFound)):
                withdraw_issued(
                    world.actor(who), campaign=world.campaign, issued=row.public_id, reason="有误"
                )
        lin = world.actor("lin")
        with pytest.raises(BadInput, match="请写明撤回的原因"):
            withdraw_issued(lin, campaign=world.campaign, issued=row.public_id, reason=" ")
        gone = withdraw_issued(lin, campaign=world.campaign, issued=row.public_id, reason="附表有误")
        with pytest.raises(BadInput, match="已经撤回"):
            withdraw_issued(lin, campaign=world.campaign, issued=row.public_id, reason="再撤")
        with pytest.raises(NotFound):
            withdraw_issued(lin, campaign=world.campaign, issued=lin_id(), reason="没有")
        after = issued(world)
    assert gone.withdrawn_reason == "附表有误"
    assert (after.number, after.previous) == (2, None), (
        "a number is given once; what was withdrawn is no measure"
    )
    line = issued_documents(world.actor("gu"), world.campaign)[1]
    assert (line.public_id, line.withdrawn) == (row.public_id, "附表有误")
    assert verify().whole


def lin_id() -> str:
    return "00000000-0000-7000-8000-000000000000"


def test_what_cannot_be_issued_is_refused_with_a_sentence(world: World) -> None:
    with clock.fixed(DAY):
        with pytest.raises(BadInput, match="没有“second”这种稿"):
            issued(world, stage="second")
        with pytest.raises(BadInput, match="截至日 2023-11-07 晚于今天"):
            issued(world, date(2023, 11, 7))
        with pytest.raises(BadInput, match="早于启动日"):
            issued(world, date(2023, 1, 7))
    assert not IssuedDocument.objects.exists()


def test_the_same_request_sent_twice_issues_once(world: World) -> None:
    with clock.fixed(DAY):
        told = [
            issue_document(
                world.actor("lin"),
                campaign=world.campaign,
                issuing=Issuing(as_of=DAY, report="summary"),
                idempotency_key="one",
            )
            for _time in range(2)
        ]
        withdrawn = withdraw_issued(
            world.actor("lin"), campaign=world.campaign, issued=told[0].public_id, reason="有误"
        )
        again = issue_document(
            world.actor("lin"),
            campaign=world.campaign,
            issuing=Issuing(as_of=DAY, report="summary"),
            idempotency_key="one",
        )
    assert told[0] == told[1] == withdrawn == again
    assert IssuedDocument.objects.count() == 1


def test_the_same_request_sent_while_the_first_is_being_written_issues_once(world: World) -> None:
    sent: list[IssuedDocument] = []

    def written(document: Official, addresses: Mapping[str, str]) -> Mapping[str, bytes]:
        if not sent:
            sent.append(
                issue_document(
                    world.actor("lin"),
                    campaign=world.campaign,
                    issuing=Issuing(as_of=DAY, report="summary"),
                    idempotency_key="one",
                )
            )
        return files_of(document, addresses)

    with clock.fixed(DAY):
        told = issue(
            world.actor("lin"),
            campaign=world.campaign,
            issuing=Issuing(as_of=DAY, report="summary"),
            render=written,
            link=links_in(world.campaign),
            idempotency_key="one",
        )
    assert [told] == sent
    assert IssuedDocument.objects.count() == 1


def test_each_thing_that_is_changed_behind_it_is_said_in_a_sentence(world: World) -> None:
    world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY):
        row = issued(world)
    path_of(row.files["pdf"][0]).write_bytes(b"other")
    IssuedRecord.objects.filter(figure="issues_total").delete()
    changed = [
        {**one, "text": "3个", "value": "3"} if one["key"] == "issues_total" else one for one in row.figures
    ]
    IssuedDocument.objects.filter(pk=row.pk).update(figures=changed, official="{}")
    told = check_issued()
    name = f"《{row.title}》第1期"
    assert told == (
        f"定稿文稿（内部号 {row.pk}）与其修订记录不符。",
        f"{name}的 pdf 文件缺失或已被改动。请从备份恢复。",
        f"{name}中“问题清单”的记录清单与定稿时不符。",
        f"{name}中“问题清单”定稿为 3个，按原截至日和知悉截至重新统计为 1个。",
    )
    result = verify()
    assert (result.broken, result.differences) == (told[0], told)


def test_where_a_figure_is_printed_is_found_by_its_key(world: World) -> None:
    world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY):
        row = issued(world)
    (use,) = uses_of(world.actor("lin"), world.campaign, "issues_total")
    assert (use.line.public_id, use.printed) == (row.public_id, ("1个",))
    assert uses_of(world.actor("lin"), world.campaign, "study_total") == ()


def test_the_numbers_of_a_final_document_are_written_into_the_log_at_once_and_only_once(world: World) -> None:
    world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY):
        draft, row = issued(world, stage=COMMENTS), issued(world)
    world.problem("F2", date(2023, 11, 3), date(2023, 11, 8))
    with clock.fixed(date(2023, 11, 8)):
        lin = world.actor("lin")
        given = {"campaign": world.campaign, "recipient": "上级办公室"}
        with pytest.raises(BadInput, match="不是有效的定稿"):
            log_issued_figures(lin, issued=draft.public_id, **given)
        told = log_issued_figures(lin, issued=row.public_id, idempotency_key="a", **given)
        again = log_issued_figures(lin, issued=row.public_id, idempotency_key="a", **given)
        other = log_issued_figures(lin, issued=row.public_id, idempotency_key="b", **given)
    kept = {line.figure: (line.text, line.document) for line in told.rows}
    assert kept["issues_total"] == ("1个", row.title), "as it was issued, not as it is now"
    assert [line.pk for line in again.rows] == [line.pk for line in told.rows]
    assert (other.rows, other.before) == ((), len(told.rows))
    assert verify().whole


def test_a_form_sent_again_for_another_recipient_is_not_taken_for_one_reported_before(world: World) -> None:
    with clock.fixed(DAY):
        row = issued(world)
        given = {"campaign": world.campaign, "issued": row.public_id, "idempotency_key": "a"}
        log_issued_figures(world.actor("lin"), recipient="上级办公室", **given)
        with pytest.raises(Conflict, match="已用于另一份内容"):
            log_issued_figures(world.actor("lin"), recipient="另一办公室", **given)
    assert not SentFigure.objects.filter(recipient="另一办公室").exists()


def count_otherwise(world: World) -> None:
    """The list of problems is declared anew: those that are closed."""
    pack = written_pack(world.campaign)
    total = pack.figures["issues_total"].model_copy(update={"where": pack.figures["issues_closed"].where})
    head = pack.head.model_copy(update={"version": next_version(pack.version)})
    grown = pack.model_copy(update={"head": head, "figures": {**pack.figures, "issues_total": total}})
    version = PackVersion.objects.create(
        key=grown.key, version=grown.version, sha256=grown.sha256, body=grown.canonical
    )
    Campaign.objects.filter(pk=world.campaign.pk).update(pack=version)
    world.campaign = Campaign.objects.get(pk=world.campaign.pk)


def test_a_number_that_is_counted_otherwise_by_now_is_not_logged_as_it_was_issued(world: World) -> None:
    world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY):
        row = issued(world)
        count_otherwise(world)
        with pytest.raises(BadInput, match="“问题清单”定稿为 1个，按现在的口径为 0个"):
            log_issued_figures(
                world.actor("lin"), campaign=world.campaign, issued=row.public_id, recipient="上级办公室"
            )
    assert not SentFigure.objects.exists()
    assert check_issued() == (), "it replays by the definition of then"


def test_old_results_of_jobs_that_were_issued_too_stay_in_the_store(world: World) -> None:
    with clock.fixed(DAY):
        row = issued(world)
        sha256, size = row.files["pdf"]
        Job.objects.create(
            public_id=UUID(int=1),
            kind="export",
            state=Job.State.DONE,
            file=sha256,
            size=size,
            made_at=clock.now(),
        )
    Job.objects.update(ended_at=datetime(2023, 11, 6, tzinfo=UTC))
    os.utime(path_of(sha256), (0, 0))
    with clock.fixed(date(2024, 11, 6)):
        assert remove_old_results() == 1
    assert hash_of(sha256) == sha256
