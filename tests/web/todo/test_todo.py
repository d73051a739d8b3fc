"""待办: everybody lands on what waits for them, does it in place, and never meets what is not theirs."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access import operator
from guatu.actions.people import Appointment, appoint
from guatu.actions.setup import create_campaign
from guatu.domain import clock
from guatu.records.models import Campaign, Item, Person, Seen, Unit
from tests.people import PAPER, World, theme_pack
from tests.web.conftest import DAY, Walk

BEGIN = date(2023, 10, 12)


@pytest.fixture
def due_today(world: World) -> Item:
    """A unit task of 一厂 that falls due today, acknowledged."""
    item = world.task("F1", BEGIN, BEGIN, DAY)
    [moved] = world.move("lu", "acknowledge", [item], BEGIN)
    return moved


def todo(client: Client, **query: str) -> str:
    answer = client.get(reverse("todo"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def step(client: Client, item: Item, transition: str, **typed: str) -> tuple[int, str]:
    address = reverse("todo_move", args=[item.public_id, transition])
    version = str(Item.objects.get(pk=item.pk).version)
    answer = client.post(address, {"version": version, **typed}, follow=True)
    return answer.status_code, answer.content.decode()


def plain(page: str) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_whoever_comes_in_lands_on_what_is_to_be_done(walk: Walk, due_today: Item) -> None:
    page = walk("lu").get(reverse("home"), follow=True)
    assert page.redirect_chain == [(reverse("todo"), 302)]
    assert "<h1>今天有 1 件要办</h1>" in page.content.decode()


def test_the_first_task_stands_open_in_place_and_is_handed_in_there(walk: Walk, due_today: Item) -> None:
    client = walk("lu")
    page = todo(client)
    assert reverse("todo_move", args=[due_today.public_id, "submit"]) in page
    assert 'name="place"' in page
    status, after = step(client, due_today, "submit", title="会议纪要", place="档案柜", keeper="白露")
    assert status == 200
    assert Item.objects.get(pk=due_today.pk).state == "submitted"
    assert f"{due_today.number} 现为“待审核”。" in after
    assert "<h1>今天没有待办</h1>" in after
    assert f'id="w-{due_today.number}"' not in after
    assert "本周已办 1 件。" in after


def test_after_one_the_next_stands_first(walk: Walk, world: World, due_today: Item) -> None:
    later = world.task("F1", BEGIN, BEGIN, DAY + timedelta(days=20))
    world.move("lu", "acknowledge", [later], BEGIN)
    client = walk("lu")
    _status, after = step(client, due_today, "submit", title="会议纪要", place="档案柜", keeper="白露")
    assert "最近一项：12月20日前报审“实地走访”。" in after
    assert f'id="w-{later.number}"' in after


def test_one_click_does_a_step_that_asks_for_nothing(walk: Walk, world: World) -> None:
    item = world.task("F1", BEGIN, BEGIN, DAY)
    page = todo(walk("lu"))
    assert reverse("todo_move", args=[item.public_id, "acknowledge"]) in page
    status, _after = step(walk("lu"), item, "acknowledge")
    assert (status, Item.objects.get(pk=item.pk).state) == (200, "doing")


def test_what_was_typed_is_kept_and_the_sentence_says_what_is_missing(walk: Walk, due_today: Item) -> None:
    status, page = step(walk("lu"), due_today, "submit", title="会议纪要", place="档案柜")
    assert status == 422
    assert "线下备查材料须写明名称、存放处、保管人。" in page
    assert 'value="会议纪要"' in page
    assert 'value="档案柜"' in page
    assert Item.objects.get(pk=due_today.pk).state == "doing"


def test_an_empty_field_is_named_beside_itself(walk: Walk, world: World, problem: Item) -> None:
    world.move("lu", "start", [problem], BEGIN, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [problem], BEGIN, fields={"measures_text": "加窗"}, evidence=(PAPER,)
    )
    world.move("ren", "sign_off", [problem], BEGIN)
    world.move("xu", "take_up", [problem], BEGIN)
    status, page = step(walk("xu"), problem, "approve", **{"field-verification": " ", "reason": "已通报"})
    assert status == 422
    field = page[page.index('name="field-verification"') :][:400]
    assert 'aria-invalid="true"' in field
    assert "没有填写。请填写后再提交。" in field
    status, _page = step(
        walk("xu"), problem, "approve", **{"field-verification": "现场看过", "reason": "已通报"}
    )
    assert (status, Item.objects.get(pk=problem.pk).phase) == (200, "closed")


def test_somebody_faster_is_said_and_nothing_is_written(walk: Walk, world: World, due_today: Item) -> None:
    world.move("ren", "submit", [due_today], DAY, evidence=(PAPER,))
    address = reverse("todo_move", args=[due_today.public_id, "submit"])
    answer = walk("lu").post(address, {"version": str(due_today.version), "title": "会议纪要"})
    assert answer.status_code in (409, 422)
    assert "请" in plain(answer.content.decode())


def test_the_reviewer_sees_it_with_both_ways_and_gives_a_reason_to_send_back(
    walk: Walk, world: World, due_today: Item
) -> None:
    world.move("lu", "submit", [due_today], DAY, evidence=(PAPER,))
    client = walk("zhou")
    page = todo(client)
    assert "<h1>有 1 件等您办理</h1>" in page
    assert "审核通过" in page
    opened = client.get(reverse("todo_item", args=[due_today.public_id])).content.decode()
    assert 'name="reason"' in opened
    status, _page = step(client, due_today, "send_back")
    assert status == 422
    status, _page = step(client, due_today, "send_back", reason="缺会议纪要")
    assert status == 200
    back = todo(walk("lu"))
    assert "陆文博" in back
    assert "周启明退回：“缺会议纪要”" in plain(back)


def test_four_eyes_say_why_not(walk: Walk, world: World, problem: Item) -> None:
    with clock.fixed(BEGIN):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("xu", "filler", "F2")])
    world.move("lu", "start", [problem], BEGIN, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [problem], BEGIN, fields={"measures_text": "加窗"}, evidence=(PAPER,)
    )
    world.move("ren", "sign_off", [problem], BEGIN)
    world.move("bai", "take_up", [problem], BEGIN)
    address = reverse("todo_item", args=[problem.public_id])
    allowed = walk("xu").get(address).content.decode()
    assert reverse("todo_move", args=[problem.public_id, "approve"]) in allowed
    with clock.fixed(BEGIN):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("xu", "filler", "F1")])
    barred = walk("xu").get(address).content.decode()
    assert reverse("todo_move", args=[problem.public_id, "approve"]) not in barred
    assert "按回避要求不能核验" in barred
    status, _page = step(
        walk("xu"), problem, "approve", **{"field-verification": "现场看过", "reason": "已通报"}
    )
    assert (status, Item.objects.get(pk=problem.pk).phase) == (403, "review")


@pytest.mark.parametrize("who", ["ji", "he"])
def test_nobody_sees_what_waits_in_another_company(
    walk: Walk, world: World, due_today: Item, problem: Item, who: str
) -> None:
    world.move("lu", "submit", [due_today], DAY, evidence=(PAPER,))
    page = todo(walk(who))
    assert due_today.number not in page
    assert problem.number not in page
    assert "今天没有待办" in page


def test_a_past_day_is_read_only_and_shows_what_was_due_then(walk: Walk, due_today: Item) -> None:
    client = walk("lu")
    page = todo(client, as_of="2023-11-20")
    assert "当前显示 <b>2023-11-20</b> 的数据，只能查看。" in page
    assert due_today.title in page
    assert reverse("todo_move", args=[due_today.public_id, "submit"]) not in page
    assert "上次看过之后" not in page
    assert "近七天" not in page
    address = reverse("todo_move", args=[due_today.public_id, "submit"])
    refused = client.post(f"{address}?as_of=2023-11-20", {"title": "会议纪要"})
    assert refused.status_code == 409
    assert Item.objects.get(pk=due_today.pk).state == "doing"


def test_a_look_ends_after_an_hour(walk: Walk, world: World, due_today: Item) -> None:
    zone = ZoneInfo("Asia/Shanghai")

    def at(hour: int, minute: int) -> str:
        with clock.fixed(datetime(2023, 11, 30, hour, minute, tzinfo=zone)):
            return plain(todo(walk("lu")))

    assert "近七天" in at(9, 0)
    with clock.fixed(datetime(2023, 11, 30, 9, 10, tzinfo=zone)):
        world.problem("F1", DAY)
    assert "近七天" in at(9, 30)  # still the first look
    news = at(10, 30)
    assert "上次看过之后 11-30 09:00 起" in news
    assert "林晓岚登记了“食堂排队时间长”。" in news
    assert "林晓岚登记了“食堂排队时间长”。" in at(11, 0)
    assert "没有新的变化。" in at(12, 30)
    assert Seen.objects.count() == 1


def test_it_spans_every_campaign_of_the_person_and_says_which(
    walk: Walk, world: World, due_today: Item
) -> None:
    with clock.fixed(date(2023, 10, 1)):
        second = create_campaign(
            operator(),
            key="second",
            name="安全行动",
            short_name="安全行动",
            pack=theme_pack(),
            tree=world.tree,
            root=Unit.objects.get(code="HY"),
            starts_on=date(2023, 10, 1),
        )
        posts = [Appointment("lu", "filler", "F1"), Appointment("lin", "office", "HY")]
        appoint(operator(), campaign=second, appointments=posts)
    other = World(Campaign.objects.get(pk=second.pk), world.tree)
    both = other.task("F1", BEGIN, BEGIN, DAY)
    page = todo(walk("lu"))
    assert "今天有 2 件要办" in page
    assert '<span class="tag">安全行动</span>' in page
    assert f"{reverse('todo_move', args=[both.public_id, 'acknowledge'])}?campaign=second" in page
    assert both.title not in todo(walk("ren")) or "安全行动" not in todo(walk("ren"))
    address = reverse("todo_move", args=[both.public_id, "acknowledge"])
    done = walk("lu").post(f"{address}?campaign=second", {"version": "1"}, follow=True)
    assert done.status_code == 200
    assert Item.objects.get(pk=both.pk).state == "doing"


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (
            "lin",
            ("待办 · 主题教育办公室", "要我们处理", "今天变了什么", "接下来七天", "没有红灯", "问题清单"),
        ),
        ("gu", ("一页纸", "先过问这几家", "没有等您决定的事项", "单位任务到期完成率")),
        ("xu", ("定点联络单位", "还没有到过", "一厂", "三院")),
        ("zhou", ("等您办理",)),
        ("shen", ("今天没有待办",)),
        ("meng", ("一页纸",)),
    ],
)
def test_every_desk_has_its_own_parts(
    walk: Walk, world: World, due_today: Item, who: str, words: tuple[str, ...]
) -> None:
    world.move("lu", "submit", [due_today], DAY, evidence=(PAPER,))
    page = plain(todo(walk(who)))
    assert [word for word in words if word not in page] == []


def test_a_coming_day_opens_as_many_items_as_it_says(walk: Walk, world: World) -> None:
    held = [world.problem("F1", BEGIN, due=DAY + timedelta(days=2)) for _n in range(3)]
    world.close(held[0], DAY)
    client = walk("lin")
    said = re.search(r'<a href="([^"]*due_from[^"]*)">问题清单 (\d+) 个</a>', todo(client))
    assert said is not None
    assert said[2] == "2"
    listed = client.get(said[1].replace("&amp;", "&")).content.decode()
    assert [item.number in listed for item in held] == [False, True, True]


def test_the_way_back_opens_at_its_own_form(walk: Walk, world: World, due_today: Item) -> None:
    world.move("lu", "submit", [due_today], DAY, evidence=(PAPER,))
    client = walk("zhou")
    found = re.search(r'href="([^"#]+)#(step-[a-z_]+)">退回</a>', todo(client))
    assert found is not None
    assert f'id="{found[2]}"' in client.get(found[1]).content.decode()


def test_a_quiet_week_is_not_said_in_zeros(walk: Walk, due_today: Item) -> None:
    page = plain(todo(walk("lu")))
    assert "今天有 1 件要办" in page
    assert "还有 0 件，以后还有 0 件" not in page


def test_an_administrator_has_no_business_here(walk: Walk, due_today: Item) -> None:
    answer = walk("root").get(reverse("todo"))
    assert answer.status_code == 403
    assert due_today.title not in answer.content.decode()
    assert Seen.objects.filter(person=Person.objects.get(username="root")).count() == 0


@pytest.mark.sqlite  # on PostgreSQL tests/web/test_statements_of_desks.py counts
def test_no_desk_asks_more_than_twelve_statements_however_much_there_is(
    walk: Walk, world: World, due_today: Item
) -> None:
    people = ("lin", "gu", "zhou", "lu", "ren", "xu", "bai", "meng")
    clients = {who: walk(who) for who in people}

    def asked(**query: str) -> dict[str, int]:
        found = {}
        for who, client in clients.items():
            # What is read once per process, and the look that begins, are not the page's cost.
            todo(client, **query)
            with CaptureQueriesContext(connection) as queries:
                todo(client, **query)
            found[who] = len(queries)
        return found

    few = asked()
    back, handed_in = (world.task("F1", BEGIN, BEGIN, DAY) for _time in range(2))
    for item in (back, handed_in):
        world.move("lu", "submit", [item], DAY, evidence=(PAPER,))
    world.move("zhou", "send_back", [back], DAY, reason="缺会议纪要")
    some = asked()
    for number in range(15):
        world.problem("F1", DAY, due=DAY + timedelta(days=number))
        world.task("F1", BEGIN, BEGIN, DAY - timedelta(days=number))
    assert asked() == some
    assert all(few[who] <= some[who] <= 12 for who in people), (few, some)
    for other in ({"as_of": "2023-11-29"}, {"all": "overdue"}):
        assert {who: count for who, count in asked(**other).items() if count > 12} == {}
