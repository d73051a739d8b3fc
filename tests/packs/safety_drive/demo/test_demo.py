"""The loaded demo of the safety drive: its figures are those of a plain recount, its pages work, its chain is whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.plugin import DjangoDbBlocker

from guatu.access import operator, resolve
from guatu.access.sign_in import person_called
from guatu.actions.timetable import move_due
from guatu.actions.workflow import Move, move_items
from guatu.demo.demos import demo_of, scenes_of
from guatu.demo.load import load_demo
from guatu.demo.plan import NewItem, Story
from guatu.domain import clock
from guatu.domain.checker import check
from guatu.domain.errors import BadInput
from guatu.domain.pack import builtin_pack
from guatu.domain.style import lint
from guatu.exchange.report_text import render
from guatu.packs.safety_drive.demo.org import REPAIRS
from guatu.queries.figures import evaluate, row_of
from guatu.queries.reports import compose_report
from guatu.queries.statements import campaign_names, own_names, relations, statements
from guatu.queries.todo import desk_work, own_work
from guatu.queries.verify import verify
from guatu.records.files import hash_of
from guatu.records.models import Campaign, Delegation, Evidence, Item, Message, Proposal, Sample, Unit
from tests.packs.safety_drive.demo.recount import recount

pytestmark = pytest.mark.django_db
DEMO = demo_of("safety-drive")
EARLIER = (date(2024, 5, 31), date(2024, 6, 21))
MOST = 12


@cache
def told() -> Story:
    return DEMO.tell(None)


@pytest.fixture(scope="module")
def loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Campaign]:
    """The demo in this run's database, loaded once and taken back at the end; its files in a home of its own."""
    home = tmp_path_factory.mktemp("safety")
    with django_db_blocker.unblock(), override_settings(GUATU_HOME=home), transaction.atomic():
        story = told()
        pack = DEMO.fit(builtin_pack("safety-drive"), story)
        yield load_demo(story, pack, scenes=scenes_of("safety-drive")).campaign
        transaction.set_rollback(True)


@pytest.fixture
def safety(loaded: Campaign) -> Iterator[Campaign]:
    """The campaign on the demo's day; what a test writes is taken back."""
    with clock.fixed(DEMO.ends), transaction.atomic():
        yield loaded
        transaction.set_rollback(True)


def client_of(username: str) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    person = person_called(username)
    assert person is not None
    client.force_login(person)
    return client


def values(campaign: Campaign, day: date, keys: list[str]) -> dict[str, object]:
    table = evaluate(campaign, keys, days=[day], actor=operator())
    return {key: table.result(key).value for key in keys}


def test_every_figure_of_the_last_day_is_that_of_a_plain_recount(safety: Campaign) -> None:
    plain = recount(told(), DEMO.ends)
    assert values(safety, DEMO.ends, list(plain)) == plain


@pytest.mark.parametrize("day", EARLIER, ids=str)
def test_on_earlier_days_too(safety: Campaign, day: date) -> None:
    plain = recount(told(), day)
    del plain[
        "major_ready"
    ]  # its fields hold from a day on or for all days: the recount knows no such difference
    assert values(safety, day, list(plain)) == plain


def test_a_company_is_involved_in_more_than_it_leads_and_the_whole_counts_each_hazard_once(
    safety: Campaign,
) -> None:
    whole = values(safety, DEMO.ends, ["hazards_involved", "hazards_total"])
    assert whole["hazards_involved"] == whole["hazards_total"]
    repairs = row_of(Unit.objects.get(code=REPAIRS))
    keys = ["hazards_involved", "hazards_total"]
    table = evaluate(safety, keys, rows=(repairs,), days=[DEMO.ends], actor=operator())
    involved, led = (table.result(key).value for key in keys)
    helped = {
        event.key for event in told().events if isinstance(event, NewItem) and REPAIRS in event.contributing
    }
    assert helped
    assert involved == int(str(led)) + len(helped)


def test_the_ledger_is_whole_and_every_picture_lies_in_its_store(safety: Campaign) -> None:
    result = verify()
    assert result.whole, result.broken
    kept = set(Evidence.objects.exclude(sha256="").values_list("sha256", flat=True))
    assert len(kept) > 30
    assert all(hash_of(sha256) == sha256 for sha256 in kept)


def test_the_report_says_every_paragraph_and_the_checker_agrees_with_all_of_it(safety: Campaign) -> None:
    text = render(compose_report(safety, "brief", day=DEMO.ends, known_at=None, actor=operator())).decode()
    checked = check(
        text,
        statements(safety, day=DEMO.ends, actor=operator()),
        relations(safety),
        DEMO.ends,
        own_names(safety),
        campaign_names(safety),
    )
    assert {figure.verdict for figure in checked.figures} == {"agrees"}
    assert lint(text, checked.findings) == ()
    assert len(checked.figures) >= 20


PAGES = {
    "todo": ("todo", []),
    "wall": ("wall", []),
    "registers": ("registers", []),
    "hazards": ("list", ["hazards"]),
    "second looks": ("list", ["revisits"]),
    "movement": ("movement", ["hazards"]),
    "figures": ("figures", []),
    "figure": ("figure", ["major_ready_rate"]),
    "trends": ("trends", []),
    "report": ("report", ["brief"]),
    "check": ("check", []),
    "units": ("units", []),
}


@pytest.mark.parametrize("who", ["chengyilan", "luowentao", "liuqinghe", "fanchengyu"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_within_its_statements_for_everybody(safety: Campaign, page: str, who: str) -> None:
    name, args = PAGES[page]
    client, address = client_of(who), reverse(name, args=args)
    client.get(address)  # what is read once per process is not the page's cost
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(queries) <= MOST
    assert "主题教育" not in answer.content.decode()


@pytest.mark.parametrize("who", [player.username for player in DEMO.cast])
def test_what_waits_on_a_desk_is_not_told_a_second_time(safety: Campaign, who: str) -> None:
    person = resolve(person_called(who))
    own = own_work(person, [safety], DEMO.ends, past=False)
    desk = desk_work(person, [safety], DEMO.ends, past=False)
    mine = {work.number for bucket in own for work in bucket.rows}
    waiting = {work.number for kind in desk for work in kind.rows}
    assert mine.isdisjoint(waiting)


@pytest.mark.parametrize("zoom", ["sector", "second", "third"])
def test_the_wall_has_its_own_levels(safety: Campaign, zoom: str) -> None:
    page = client_of("chengyilan").get(reverse("wall"), {"zoom": zoom}).content.decode()
    assert "所属企业" in page
    assert "作业单位" in page
    assert "二级公司" not in page


def test_a_site_is_offered_no_level_above_its_own(safety: Campaign) -> None:
    page = client_of("liuqinghe").get(reverse("wall")).content.decode()
    zooms = re.findall(r"作业单位\s*<[^>]*>\s*1\b", page)
    assert zooms
    assert not re.search(r"所属企业\s*<[^>]*>\s*0\b", page)


def test_an_unknown_level_is_answered_with_the_names_of_those_there_are(safety: Campaign) -> None:
    page = client_of("chengyilan").get(reverse("wall"), {"zoom": "branch"}).content.decode()
    assert "请改用其中之一：板块、所属企业、作业单位。" in page


def test_nothing_points_at_an_item_by_its_identity(safety: Campaign) -> None:
    """Lists and histories name the items that fields point at."""
    client = client_of("chengyilan")
    shown = re.sub(r'="[^"]*"', "", client.get(reverse("list", args=["revisits"])).content.decode())
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-7", shown)
    assert re.search(r"YH-\d{4} ", shown)
    item = Item.objects.filter(register="hazards", data__has_key="found_in").first()
    assert item is not None
    page = re.sub(r'="[^"]*"', "", client.get(reverse("item", args=[item.public_id])).content.decode())
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-7", page)


def test_the_door_offers_this_demos_cast(safety: Campaign) -> None:
    page = Client(SERVER_NAME="127.0.0.1").get(reverse("entry")).content.decode()
    assert all(player.name in page for player in DEMO.cast)
    assert "林晓岚" not in page


def test_a_hazard_is_not_put_right_on_the_spot_without_its_photos(safety: Campaign) -> None:
    item = Item.objects.filter(campaign=safety, register="hazards", state="found").first()
    person = person_called("qinruochuan")
    assert item is not None
    assert person is not None
    with pytest.raises(BadInput, match="缺少佐证材料：整改前照片、整改后照片。不宜上传的，请选“线下备查”"):
        move_items(
            resolve(person, safety),
            campaign=safety,
            transition="fix_at_once",
            moves=[Move(item.pk, fields={"result": "已清走。"})],
        )


def test_files_stay_out_of_the_usual_home(safety: Campaign, repository: Path) -> None:
    sha256 = Evidence.objects.exclude(sha256="").values_list("sha256", flat=True).first()
    assert sha256 is not None
    assert not list((repository / "var").glob(f"files/*/{sha256}"))


def test_the_cast_finds_examples_of_what_hangs_beside_hazards(safety: Campaign) -> None:
    assert Counter(Proposal.objects.values_list("state", flat=True)) == {"waiting": 1, "declined": 1}
    assert Delegation.objects.filter(to_day__gt=DEMO.ends, taker__username="shijingming").count() == 1
    assert Sample.objects.count() == 1
    planned = Item.objects.filter(register="checks", state="planned")
    assert {bool(item.data["unannounced"]) for item in planned} == {True, False}
    assert Item.objects.filter(register="sweeps", state="asked").count() >= 5
    for player in DEMO.cast:
        assert Message.objects.filter(person__username=player.username, read_at=None).count() <= 8


def test_nothing_is_due_by_itself_when_the_safety_demo_is_started(safety: Campaign) -> None:
    done = move_due(safety)
    assert (done.moved, done.refused) == ([], [])
