"""The inbox: what is told to whom, in whose sight, and how it is marked read."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guatu.actions.comments import add_comment
from guatu.actions.messages import tell
from guatu.actions.standing import transfer_items
from guatu.records.models import Item, Message, Person
from tests.people import World
from tests.web.conftest import Walk


def person(username: str) -> int:
    return Person.objects.get(username=username).pk


def note(world: World, item: Item, text: str = "@陆文博 请补材料") -> None:
    add_comment(world.actor("lin"), campaign=world.campaign, item=item.pk, text=text)


def test_everybody_with_a_post_has_an_inbox_and_nobody_else(walk: Walk) -> None:
    address = reverse("inbox")
    found = {
        who: walk(who).get(address).status_code for who in ("lin", "lu", "meng", "shen", "root", "guest")
    }
    assert found == {"lin": 200, "lu": 200, "meng": 200, "shen": 200, "root": 200, "guest": 403}


def test_a_mention_stands_in_the_header_and_in_the_inbox_and_leads_to_the_remarks(
    walk: Walk, world: World, problem: Item
) -> None:
    note(world, problem)
    client = walk("lu")
    page = client.get(reverse("inbox")).content.decode()
    assert "消息，1 条未读" in page
    assert "林晓岚在评论中提到了您：@陆文博 请补材料" in page
    assert problem.title in page
    line = Message.objects.get(person__username="lu")
    item = reverse("item", args=[problem.public_id])
    answer = client.post(reverse("inbox"), {"message": line.pk, "next": f"{item}#comments"})
    assert answer["Location"] == f"{item}#comments"
    page = client.get(reverse("inbox")).content.decode()
    assert "没有未读的消息" in page
    assert "林晓岚在评论中提到了您" in page
    assert "没有未读的消息</b>" in client.get(reverse("inbox"), {"show": "unread"}).content.decode()


def test_what_lies_out_of_sight_since_is_told_without_its_name_and_words(
    walk: Walk, world: World, problem: Item
) -> None:
    note(world, problem)
    transfer_items(
        world.actor("lin"), campaign=world.campaign, items=[problem.pk], to="Y3", reason="职责调整"
    )
    page = walk("lu").get(reverse("inbox")).content.decode()
    assert "所涉事项已不在您的查看范围内。" in page
    assert problem.title not in page
    assert problem.number not in page
    assert "补材料" not in page


def test_all_is_marked_read_at_once_and_only_ones_own(walk: Walk, world: World, problem: Item) -> None:
    note(world, problem)
    tell([person("ren")], kind="to_sign", campaign=world.campaign, item=problem, by=world.actor("lu"))
    walk("lu").post(reverse("inbox"), {"all": "1"})
    unread = Message.objects.filter(read_at=None).values_list("person__username", flat=True)
    assert set(unread) == {"ren"}


def test_nobody_is_led_away_from_here(walk: Walk, problem: Item) -> None:
    answer = walk("lu").post(reverse("inbox"), {"all": "1", "next": "https://example.com/"})
    assert answer["Location"] == reverse("inbox")


@pytest.mark.parametrize("page", ["x", "0", "-1", "99999999999"])
def test_a_page_that_there_is_not_is_refused_with_a_sentence(walk: Walk, page: str) -> None:
    answer = walk("lu").get(reverse("inbox"), {"page": page})
    assert answer.status_code == 422
    assert "请从消息的第一页看起" in answer.content.decode()


def test_an_empty_inbox_says_what_will_stand_there(walk: Walk) -> None:
    assert "还没有消息" in walk("gu").get(reverse("inbox")).content.decode()
