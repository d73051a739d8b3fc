"""What goes out: digests, mails at once, group chats; in whose hours, and with which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.accounts import note_telephone
from guatu.actions.channels import choose_notices, note_mail_address, send_test
from guatu.actions.people import Appointment, NewPerson, appoint, end_post, enter_people
from guatu.actions.reminders import remind
from guatu.actions.restricting import restrict_item
from guatu.actions.urges import urge_items
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.exchange.delivering import Delivered
from guatu.records.models import Delivery, Deployment, Item, Message, Post
from tests.actions.collection_scene import collecting
from tests.exchange.sending import DING, DUE, FILED, delivered, fill, on
from tests.exchange.services import Bots, MailServer, configured, group
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
ADDRESS = "https://guatu.example"


@pytest.fixture
def world() -> World:
    return small_world()


def wants_mail(world: World, username: str, **more: Any) -> None:
    with clock.fixed(FILED):
        actor = world.actor(username)
        note_mail_address(actor, address=f"{username}@example.cn")
        wish = {"email": True, "at_once": False, "quiet_from": None, "quiet_to": None, **more}
        choose_notices(actor, **wish)


def remind_and_deliver(world: World, day: date) -> Delivered:
    """The day's reminders at 8:05, and what goes out by 8:40, when everybody's minute has passed."""
    with clock.fixed(on(day)):
        remind(world.campaign)
    return delivered(on(day, time(8, 40)))


def test_a_digest_has_each_item_by_its_day_with_its_link(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    wants_mail(world, "lu")
    late, soon = world.problem("F1", FILED, due=date(2023, 11, 14)), world.problem("F1", FILED, due=DUE)
    result = remind_and_deliver(world, date(2023, 11, 16))
    assert (result.sent, result.refused) == (1, 0)
    ((to, mail),) = post_office.taken
    text = mail.get_content()
    assert to == "lu@example.cn"
    assert mail["Subject"] == "【主题教育】2 条提醒"
    first = f"· 2023-11-14 到期，已逾期 2 天：{late.number} 食堂排队时间长（一厂）"
    second = f"· 2023-11-17 到期，还有 1 天：{soon.number} 食堂排队时间长（一厂）"
    assert text.index(first) < text.index(second)
    assert f"{ADDRESS}/items/{late.public_id}/" in text
    assert "我的账号 → 通知方式" in text


def test_who_has_not_chosen_mail_gets_none(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    world.problem("F1", FILED, due=DUE)
    assert remind_and_deliver(world, DUE).sent == 0
    assert Message.objects.filter(person__username="lu", kind="due_digest").exists()


def test_an_address_outside_the_domains_that_the_house_writes_to_now_gets_nothing(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    wants_mail(world, "lu")
    world.problem("F1", FILED, due=DUE)
    mail = configured(mail_port=post_office.port)
    configure(mail.rstrip() + '\ndomains = ["house.cn"]\n')
    assert remind_and_deliver(world, DUE).sent == 0
    (row,) = Delivery.objects.filter(channel="email")
    assert (row.state, row.error) == ("dropped", "邮箱不在可用的域名之内，不再发送。")
    assert not post_office.taken


def test_one_digest_a_day_whatever_comes_later(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    wants_mail(world, "lu")
    item = world.problem("F1", FILED, due=DUE)
    remind_and_deliver(world, DUE)
    with clock.fixed(on(DUE, time(10, 10))):
        urge_items(world.actor("zhou"), campaign=world.campaign, items=[item.pk])
    delivered(on(DUE, time(17, 40)))
    assert len(post_office.taken) == 1
    delivered(on(date(2023, 11, 20), time(8, 40)))
    assert len(post_office.taken) == 2
    assert "催办" in post_office.taken[1][1].get_content()


def test_who_wants_it_at_once_is_told_of_an_urge_at_once(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    wants_mail(world, "lu", at_once=True)
    item = world.problem("F1", FILED, due=DUE)
    remind_and_deliver(world, DUE)
    with clock.fixed(on(DUE, time(10, 10))):
        urge_items(world.actor("zhou"), campaign=world.campaign, items=[item.pk], text="请今天报")
    delivered(on(DUE, time(10, 11)))
    assert len(post_office.taken) == 2
    assert "周启明" in post_office.taken[1][1].get_content()


def test_an_urge_at_night_waits_for_the_morning(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    wants_mail(world, "lu", at_once=True)
    item = world.problem("F1", FILED, due=date(2023, 12, 20))
    with clock.fixed(on(DUE, time(22, 10))):
        urge_items(world.actor("zhou"), campaign=world.campaign, items=[item.pk])
    for day, at in ((17, time(22, 11)), (18, time(7, 59)), (18, time(10, 10)), (20, time(7, 10))):
        assert delivered(on(date(2023, 11, day), at)).sent == 0
    assert delivered(on(date(2023, 11, 20), time(8, 10))).sent == 1


def test_ones_own_quiet_hours_count(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    wants_mail(world, "lu", quiet_from=time(18), quiet_to=time(9, 30))
    world.problem("F1", FILED, due=DUE)
    assert remind_and_deliver(world, DUE).sent == 0
    assert delivered(on(DUE, time(9, 27))).sent == 0
    assert delivered(on(DUE, time(10, 10))).sent == 1


def test_what_was_done_or_read_in_between_is_not_mailed(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    for who in ("lu", "ji"):
        wants_mail(world, who)
    done, read = world.problem("F1", FILED, due=DUE), world.problem("Y3", FILED, due=DUE)
    with clock.fixed(on(DUE)):
        remind(world.campaign)
    world.close(done, DUE)
    Message.objects.filter(person__username="ji").update(read_at=on(DUE, time(8, 6)))
    assert delivered(on(DUE, time(8, 40))).sent == 0
    said = {
        row.item_id: row.error for row in Delivery.objects.filter(channel="email") if row.state == "dropped"
    }
    assert said == {
        done.pk: "事项已办理或时限已变，不再发送。",
        read.pk: "本人已在消息中读过，不再发送。",
    }


def test_a_mail_names_a_restricted_item_by_its_number_only(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    wants_mail(world, "lu")
    item = world.problem("F1", FILED, due=DUE)
    with clock.fixed(on(DUE)):
        remind(world.campaign)
        readers = [world.actor("lu").person or 0]
        restrict_item(
            world.actor("lin"), campaign=world.campaign, item=item.pk, readers=readers, reason="个人"
        )
    delivered(on(DUE, time(8, 40)))
    text = post_office.taken[0][1].get_content()
    assert item.number in text
    assert "食堂" not in text


def test_whose_post_has_ended_in_between_is_not_mailed(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    wants_mail(world, "lu")
    world.problem("F1", FILED, due=DUE)
    with clock.fixed(on(DUE)):
        remind(world.campaign)
        for post in Post.objects.filter(person__username="lu", to_day=None):
            end_post(operator(), campaign=post.campaign, post=post.pk, day=DUE)
    assert delivered(on(DUE, time(8, 40))).sent == 0
    (row,) = Delivery.objects.filter(channel="email")
    assert (row.state, row.error) == ("dropped", "所涉事项已不在其查看范围内，不再发送。")


def test_a_group_hears_nobodys_name_in_a_test_and_a_mail_does(
    world: World, services: Bots, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, mail_port=post_office.port, more=group("dingtalk")))
    wants_mail(world, "lin")
    fill(DING, 1, on(DUE))
    Delivery.objects.create(
        channel="email",
        addressee=f"p:{world.actor('lin').person}",
        fact="test:mail",
        person_id=world.actor("lin").person,
        payload={"kind": "test", "by": "叶栖迟"},
        urgent=True,
        next_at=on(DUE),
        made_at=on(DUE),
    )
    assert delivered(on(DUE, time(8, 40))).sent == 2
    assert "由系统管理员发出" in str(services.taken)
    assert "叶栖迟" not in str(services.taken)
    assert "由叶栖迟发出" in post_office.taken[0][1].get_content()


def test_a_group_is_told_counts_and_units_and_nothing_else(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("dingtalk")))
    with clock.fixed(FILED):
        note_telephone(operator(), username="lu", telephone="13800005678")
    for unit in ("F1", "F2", "Y3"):
        world.problem(unit, FILED, due=DUE)
    hidden = world.problem("F1", FILED, due=DUE)
    Item.objects.filter(pk=hidden.pk).update(restricted=True)
    assert remind_and_deliver(world, DUE).sent == 1
    (taken,) = services.taken
    assert "“问题清单”3 项今天到期，3 家单位：一厂、二厂、三院" in taken["markdown"]["text"]
    assert "食堂" not in str(taken)
    assert "1380000" not in str(taken)
    assert ADDRESS in taken["markdown"]["text"]


def test_telephones_ring_only_where_the_setting_says_so(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("dingtalk", at_mobiles="true")))
    with clock.fixed(FILED):
        note_telephone(operator(), username="lu", telephone="138 0000 5678")
    world.problem("F1", FILED, due=DUE)
    remind_and_deliver(world, DUE)
    assert services.taken[0]["at"]["atMobiles"] == ["13800005678"]


def test_no_more_telephones_ring_than_a_message_has_room_for(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("dingtalk", at_mobiles="true")))
    item = world.problem("F1", FILED, due=DUE)
    with clock.fixed(FILED):
        people = [NewPerson(f"p{n}", f"填报员{n}", telephone=f"138{n:08}") for n in range(150)]
        made = enter_people(operator(), people=people)
    with clock.fixed(on(DUE)):
        remind(world.campaign)
    told = Delivery.objects.filter(channel="inbox", item=item).first()
    assert told is not None
    Delivery.objects.bulk_create(
        Delivery(
            channel="inbox",
            addressee=f"p:{one.pk}",
            fact=told.fact,
            person=one,
            state="sent",
            made_at=told.made_at,
        )
        for one in made
    )
    assert delivered(on(DUE, time(8, 40))).sent == 1
    (taken,) = services.taken
    assert len(taken["at"]["atMobiles"]) == 100
    assert "1 项今天到期" in taken["markdown"]["text"]


def test_a_group_hears_of_the_units_below_its_own_only(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("feishu").replace('"HY"', '"YI"')))
    world.problem("F1", FILED, due=DUE)
    assert remind_and_deliver(world, DUE).sent == 0
    world.problem("Y3", FILED, due=date(2023, 11, 21))
    assert remind_and_deliver(world, date(2023, 11, 21)).sent == 1


def test_a_demonstration_sends_nothing_and_says_so(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("wecom")))
    world.problem("F1", FILED, due=DUE)
    Deployment.objects.update_or_create(pk=1, defaults={"demo": True, "demo_day": DUE})
    result = remind_and_deliver(world, DUE)
    assert result.said == "演示不向外发送消息。"
    assert services.asked == []
    assert {row.state for row in Delivery.objects.exclude(channel="inbox")} == {"held"}
    with pytest.raises(BadInput, match="演示不向外发送"):
        send_test(operator(), channel="wecom:专班群")


def test_each_person_gets_one_letter_whatever_it_holds(
    world: World, post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    wants_mail(world, "lu")
    with clock.fixed(FILED):
        enter_people(operator(), people=[NewPerson("tao", "陶然", home_unit="F2")])
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("tao", "filler", "F2")])
    wants_mail(world, "tao")
    for unit in ("F1", "F2"):
        for _number in range(3):
            world.problem(unit, FILED, due=DUE)
    assert remind_and_deliver(world, DUE).sent == 2
    assert sorted(to for to, _mail in post_office.taken) == ["lu@example.cn", "tao@example.cn"]


def test_what_is_asked_is_mailed_with_the_digest_and_its_hour_is_named_on_the_day(
    post_office: MailServer, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=post_office.port))
    scene = collecting()
    wants_mail(scene.world, "ji", at_once=True)
    _request, returns = scene.send()  # on Friday, 24 November at nine
    assert delivered(on(date(2023, 11, 24), time(9, 10))).sent == 0
    assert delivered(on(date(2023, 11, 27), time(8, 40))).sent == 1
    assert "下发报送任务，请于 2023-11-30 前报送。" in post_office.taken[0][1].get_content()
    with clock.fixed(on(date(2023, 11, 30))):
        remind(scene.campaign)
    delivered(on(date(2023, 11, 30), time(8, 40)))
    assert f"今天 18:00 截止：{returns['Y3'].number}" in post_office.taken[1][1].get_content()


def test_a_group_hears_of_hundreds_in_one_message(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("wecom")))
    item = world.problem("F1", FILED, due=DUE)
    rows = [
        Delivery(
            channel="wecom:专班群",
            addressee="g:专班群",
            fact=f"due:{DUE}:{number}:{item.pk}",
            campaign=world.campaign,
            item=item,
            payload={"kind": "due", "stage": "due"},
            due=DUE,
            next_at=on(DUE),
            made_at=on(DUE),
        )
        for number in range(1200)
    ]
    Delivery.objects.bulk_create(rows)
    assert delivered(on(DUE, time(8, 40))).sent == 1
    assert "“问题清单”1200 项今天到期" in str(services.taken[0])
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
