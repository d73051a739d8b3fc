"""The page on which an item is restricted to named readers."""

from __future__ import annotations

from django.urls import reverse

from guatu.records.models import Item, ItemReader, Person
from tests.people import World
from tests.web.conftest import Walk


def pk(username: str) -> str:
    return str(Person.objects.get(username=username).pk)


def test_the_office_restricts_an_item_changes_its_readers_and_opens_it_again(
    walk: Walk, world: World, problem: Item
) -> None:
    address, item = reverse("readers", args=[problem.public_id]), reverse("item", args=[problem.public_id])
    lin = walk("lin")
    assert address in lin.get(item).content.decode()
    assert "任子衡" in lin.get(address).content.decode()
    refused = lin.post(address, {"reader": pk("ren"), "reason": " ", "do": "set"})
    assert refused.status_code == 422
    assert lin.post(address, {"reason": "涉及个人", "do": "set"}).status_code == 422
    assert lin.post(address, {"reader": pk("ren"), "reason": "涉及个人", "do": "set"}).status_code == 302
    assert {who: walk(who).get(item).status_code for who in ("lin", "ren", "lu", "gu")} == {
        "lin": 200,
        "ren": 200,
        "lu": 404,
        "gu": 404,
    }
    assert walk("zhou").get(address).status_code in (403, 404)
    changed = {"reader": [pk("lin"), pk("lu")], "reason": "由填报员办理", "do": "set"}
    assert lin.post(address, changed).status_code == 302
    assert (walk("lu").get(item).status_code, walk("ren").get(item).status_code) == (200, 404)
    assert lin.post(address, {"reason": "已公开", "do": "lift"}).status_code == 302
    assert walk("gu").get(item).status_code == 200
    assert not ItemReader.objects.filter(ended_batch=None).exists()


def test_who_may_not_restrict_is_not_offered_it(walk: Walk, problem: Item) -> None:
    address = reverse("readers", args=[problem.public_id])
    found = {who: walk(who).get(address).status_code for who in ("ren", "lu", "zhou", "xu", "meng")}
    assert found == {"ren": 200, "lu": 403, "zhou": 403, "xu": 403, "meng": 403}
    assert address not in walk("lu").get(reverse("item", args=[problem.public_id])).content.decode()
