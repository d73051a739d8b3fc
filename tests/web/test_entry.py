"""The door: one click in the demo on this machine, a password elsewhere, a sentence where nothing is set up."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from guatu.packs.theme_education.demo.cast import CAST
from guatu.records.models import Deployment, Person
from tests.people import World
from tests.web.conftest import DAY, Walk


@pytest.fixture
def demo(world: World) -> World:
    """The small world as a demo, with one person named as in the cast."""
    Deployment.objects.update_or_create(pk=1, defaults={"demo": True, "demo_day": DAY})
    Person.objects.filter(username="lu").update(username=CAST[0].username, name=CAST[0].name)
    return world


def test_one_click_lets_a_person_of_the_cast_in(demo: World) -> None:
    client = Client()
    page = client.get(reverse("entry")).content.decode()
    assert CAST[0].name in page
    answer = client.post(reverse("entry"), {"person": CAST[0].username})
    assert answer["Location"] == reverse("todo")
    assert CAST[0].name in client.get(reverse("wall")).content.decode()


def test_the_click_leads_to_the_page_that_was_wanted(demo: World) -> None:
    client = Client()
    wanted = client.get(reverse("figures"))["Location"]
    assert wanted == f"{reverse('entry')}?next=%2Ffigures%2F"
    answer = client.post(reverse("entry"), {"person": CAST[0].username, "next": "/figures/"})
    assert answer["Location"] == "/figures/"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/x", "javascript:alert(1)"])
def test_the_click_never_leads_elsewhere(demo: World, elsewhere: str) -> None:
    answer = Client().post(reverse("entry"), {"person": CAST[0].username, "next": elsewhere})
    assert answer["Location"] == reverse("todo")


@pytest.mark.parametrize(
    "from_elsewhere", [{"REMOTE_ADDR": "10.1.2.3"}, {"HTTP_X_FORWARDED_FOR": "10.1.2.3"}]
)
def test_the_demo_opens_on_this_machine_only(demo: World, from_elsewhere: dict[str, str]) -> None:
    client = Client(**from_elsewhere)
    for answer in (client.get(reverse("entry")), client.post(reverse("entry"), {"person": CAST[0].username})):
        assert answer.status_code == 403
        assert "只能在本机打开" in answer.content.decode()
    assert client.get(reverse("wall")).status_code == 302


@pytest.mark.parametrize("name", ["zhou", "nobody", ""])
def test_only_people_of_the_cast_can_be_chosen(demo: World, name: str) -> None:
    assert Client().post(reverse("entry"), {"person": name}).status_code == 422


def test_outside_the_demo_a_click_is_not_enough(world: World) -> None:
    client = Client()
    answer = client.post(reverse("entry"), {"person": "lin"})
    assert answer.status_code == 422
    assert client.get(reverse("wall")).status_code == 302


def test_a_password_lets_in_and_a_wrong_one_does_not(world: World) -> None:
    person = Person.objects.get(username="lu")
    person.set_password("long enough 7")
    person.save(update_fields=["password"])
    client = Client()
    wrong = client.post(reverse("entry"), {"username": "lu", "password": "wrong"})
    assert wrong.status_code == 422
    assert "账号或密码不对" in wrong.content.decode()
    assert 'value="lu"' in wrong.content.decode()
    right = client.post(reverse("entry"), {"username": "lu", "password": "long enough 7"})
    assert right["Location"] == reverse("todo")


def test_an_unknown_name_reads_like_a_wrong_password(world: World) -> None:
    known = Client().post(reverse("entry"), {"username": "lin", "password": "x"}).content.decode()
    unknown = Client().post(reverse("entry"), {"username": "li", "password": "x"}).content.decode()
    assert "账号或密码不对" in known
    assert "账号或密码不对" in unknown


def test_going_out_ends_the_session(world: World, walk: Walk) -> None:
    client = walk("lin")
    assert client.get(reverse("leave")).status_code == 405
    assert client.post(reverse("leave"))["Location"] == reverse("entry")
    assert client.get(reverse("wall")).status_code == 302


@pytest.mark.django_db
def test_an_empty_home_says_how_to_set_up() -> None:
    page = Client().get(reverse("entry")).content.decode()
    assert "这里还没有数据" in page
    assert "guatu demo" in page


def test_a_person_who_was_switched_off_is_out_at_once(world: World, walk: Walk) -> None:
    client = walk("lin")
    Person.objects.filter(username="lin").update(is_active=False)
    assert client.get(reverse("wall")).status_code == 302
