"""The verification queue: what waits for whom, what is left out, one by one and several together."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.actions.beside import set_units_beside
from guatu.actions.evidence_opened import note_opened
from guatu.domain import clock
from guatu.records.models import Evidence, EvidenceOpened, Item
from tests.people import PAPER, World
from tests.web.conftest import Walk

DAY = date(2023, 11, 20)
MOST = 12


def applied(
    world: World, day: date = DAY, *, taken: bool = True, item: Item | None = None, **fields: str
) -> Item:
    item = item or world.problem("F1", date(2023, 10, 12), **fields)
    measures = {"measures_text": "加开窗口"}
    world.move("lu", "start", [item], day, fields={"owner": "陆文博"})
    world.move("lu", "submit_for_signature", [item], day, fields=measures, evidence=(PAPER,))
    world.move("ren", "sign_off", [item], day)
    if taken:
        world.move("xu", "take_up", [item], day)
    return Item.objects.get(pk=item.pk)


def look(world: World, who: str, *items: Item) -> None:
    papers = Evidence.objects.filter(item__in=items).values_list("pk", flat=True)
    note_opened(world.actor(who), campaign=world.campaign, evidence=list(papers))


def together(client: Client, *items: Item, step: str = "problems:approve", opinion: str = "现场看过"):
    return client.post(
        reverse("queue-bulk"),
        {
            "step": step,
            "item": [item.number for item in items],
            "field-verification": opinion,
            **{f"version-{item.number}": str(item.version) for item in items},
        },
    )


def test_the_queue_shows_what_waits_the_overdue_first_and_evidence_as_opened(
    walk: Walk, world: World
) -> None:
    late = applied(world, date(2023, 10, 30))
    fresh = applied(world, date(2023, 11, 29))
    page = walk("xu").get(reverse("queue")).content.decode()
    assert page.index(late.number) < page.index(fresh.number)
    assert "超时" in page
    assert page.count("已查阅 0/1") == 2
    look(world, "xu", late)
    assert "已查阅 1/1" in walk("xu").get(reverse("queue")).content.decode()
    assert late.number not in walk("ren").get(reverse("queue")).content.decode()
    assert "没有等您核验的事项" in walk("lu").get(reverse("queue")).content.decode()


def test_what_four_eyes_bar_is_left_out_and_counted_with_its_ground(walk: Walk, world: World) -> None:
    item = applied(world)
    with clock.fixed(DAY):
        set_units_beside(world.actor("lin"), campaign=world.campaign, item=item.pk, contributing=["HY"])
    page = walk("lin").get(reverse("queue"), {"scope": "all"}).content.decode()
    assert "另有 1 项按回避要求不能由您核验，未列出" in page
    assert "按回避要求不能核验" in page
    assert f'id="q-{item.number}"' not in page


def test_an_item_is_verified_in_place_and_sent_back_in_place(walk: Walk, world: World) -> None:
    good, bad = applied(world), applied(world)
    client = walk("xu")
    page = client.get(reverse("queue-item", args=[good.public_id])).content.decode()
    assert reverse("queue-move", args=[good.public_id, "approve"]) in page
    version = {"version": str(good.version)}
    answer = client.post(reverse("queue-move", args=[good.public_id, "approve"]), version)
    assert answer.status_code == 422  # without the verifier's words
    sent = {**version, "field-verification": "现场看过", "reason": "无须公示"}
    answer = client.post(reverse("queue-move", args=[good.public_id, "approve"]), sent)
    assert (answer.status_code, answer["Location"]) == (302, reverse("queue-item", args=[bad.public_id]))
    back = {"version": str(bad.version), "reason": "照片看不清"}
    assert client.post(reverse("queue-move", args=[bad.public_id, "send_back"]), back).status_code == 302
    assert set(Item.objects.values_list("state", flat=True)) == {"closed", "returned"}


def test_several_are_verified_together_only_when_all_their_evidence_was_opened(
    walk: Walk, world: World
) -> None:
    first, second = applied(world), applied(world)
    client = walk("xu")
    look(world, "xu", first)
    answer = together(client, first, second, step="problems:give_notice")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f"{second.number} 的佐证材料您还没有全部打开看过" in page
    assert ">现场看过</textarea>" in page
    look(world, "xu", second)
    assert together(client, first, second, step="problems:give_notice").status_code == 302
    assert set(Item.objects.values_list("state", flat=True)) == {"on_notice"}


def test_what_people_reported_is_never_offered_together(walk: Walk, world: World) -> None:
    first, second = applied(world), applied(world, source="public")
    look(world, "xu", first, second)
    client = walk("xu")
    assert "群众反映，须单独核验" in client.get(reverse("queue")).content.decode()
    answer = together(client, first, second, step="problems:give_notice")
    assert answer.status_code == 422
    assert "不能批量核验" in answer.content.decode()


def test_a_change_in_between_is_a_conflict_and_nothing_is_written(walk: Walk, world: World) -> None:
    item = applied(world)
    look(world, "xu", item)
    stale = Item.objects.get(pk=item.pk)
    stale.version -= 1
    assert together(walk("xu"), stale, step="problems:give_notice").status_code == 409
    assert Item.objects.get(pk=item.pk).state == "verifying"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"step": "problems:give_notice"}, "没有勾选事项"),
        ({"step": "nothing:at_all", "item": "WT-0001"}, "没有选定办理哪一步"),
        ({"step": "problems:approve", "item": "WT-9999"}, "WT-9999"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(
    walk: Walk, world: World, sent: dict[str, str], said: str
) -> None:
    applied(world)
    answer = walk("xu").post(reverse("queue-bulk"), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_paper_kept_elsewhere_is_noted_as_read_by_a_button(walk: Walk, world: World) -> None:
    item = applied(world)
    client = walk("xu")
    paper = Evidence.objects.get(item=item)
    assert "记为已查阅" in client.get(reverse("queue-item", args=[item.public_id])).content.decode()
    client.post(reverse("queue-seen", args=[item.public_id]), {"evidence": paper.pk})
    assert EvidenceOpened.objects.filter(evidence=paper, person__username="xu").exists()
    assert (
        walk("ji").post(reverse("queue-seen", args=[item.public_id]), {"evidence": paper.pk}).status_code
        == 404
    )


def test_what_changed_since_the_return_is_shown_first(walk: Walk, world: World) -> None:
    item = applied(world)
    world.move("xu", "send_back", [item], DAY, reason="缺等候时长")
    world.move("lu", "resume", [item], DAY)
    world.move(
        "lu",
        "submit_for_signature",
        [item],
        DAY,
        fields={"measures_text": "加开两个窗口"},
        reason="已补等候时长",
        evidence=(PAPER,),
    )
    world.move("ren", "sign_off", [item], DAY)
    world.move("xu", "take_up", [item], DAY)
    for name in ("queue-item", "item"):
        page = walk("xu").get(reverse(name, args=[item.public_id])).content.decode()
        assert "退回以来的变化" in page
        assert "“缺等候时长”" in page
        assert "<del>加开窗口</del>" in page
        assert "<ins>加开两个窗口</ins>" in page
        assert "已补等候时长" in page


@pytest.mark.parametrize("who", ["xu", "lin"])
def test_the_queue_costs_no_more_than_twelve_statements_however_many_wait(
    walk: Walk, world: World, who: str
) -> None:
    client = walk(who)
    found = []
    for _more in range(2):
        item = applied(world)
        client.get(reverse("queue"), {"scope": "all"})
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("queue"), {"scope": "all"}).status_code == 200
        found.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("queue-item", args=[item.public_id])).status_code == 200
        assert len(queries) <= MOST
    assert found[0] == found[1] <= MOST


def test_the_queue_is_for_everybody_with_a_post_and_nobody_else(walk: Walk, world: World) -> None:
    item = applied(world)
    everybody = ("lin", "zhou", "lu", "xu", "meng", "shen", "ji", "guest", "root")
    found = {who: walk(who).get(reverse("queue")).status_code for who in everybody}
    assert found == {who: 403 if who in ("guest", "root") else 200 for who in everybody}
    one = {who: walk(who).get(reverse("queue-item", args=[item.public_id])).status_code for who in everybody}
    assert one == {who: {"ji": 404, "guest": 403, "root": 403}.get(who, 200) for who in everybody}


def test_a_register_is_narrowed_to_what_its_reviewers_have_kept_too_long(walk: Walk, world: World) -> None:
    late, fresh = applied(world, date(2023, 10, 30)), applied(world, date(2023, 11, 29))
    client = walk("lin")
    page = client.get(reverse("list", args=["problems"]), {"review_overdue": "1"}).content.decode()
    assert late.number in page and fresh.number not in page
    assert "只看审核超时" in page
    whole = client.get(reverse("list", args=["problems"])).content.decode()
    assert late.number in whole and fresh.number in whole
    assert 'name="review_overdue"' not in client.get(reverse("list", args=["visits"])).content.decode()
