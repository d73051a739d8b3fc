"""The outbox on its way out: digests, quiet hours, rates, retries, crashes; against stand-ins on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.access import operator
from guatu.actions.accounts import note_telephone
from guatu.actions.channels import choose_notices, note_mail_address, retry_deliveries, send_test
from guatu.actions.outbox import claim, hold_lost, settle
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.reminders import remind
from guatu.actions.urges import urge_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.reminding.outcomes import SENT, Outcome, Verdict
from guatu.domain.reminding.rates import Limit
from guatu.exchange.delivering import Delivered, deliver
from guatu.records.models import ChannelState, Delivery, Deployment, Item, Message
from tests.exchange.services import Bots, MailServer, bots, configured, group, mail_server
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
FILED, DUE = date(2023, 11, 6), date(2023, 11, 17)
ADDRESS = "https://guatu.example"
DING = "dingtalk:专班群"


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    with mail_server() as known:
        yield known


@pytest.fixture
def services() -> Iterator[Bots]:
    with bots() as known:
        yield known


@pytest.fixture
def configure(tmp_path: Path, settings: Any) -> Callable[[str], None]:
    """Write the file of the channels and let the settings name it."""

    def write(text: str) -> None:
        file = tmp_path / "channels.toml"
        file.write_text(text, encoding="utf-8")
        settings.GUATU_CHANNELS, settings.GUATU_ADDRESS = str(file), ADDRESS

    return write


def on(day: date, at: time = time(8, 5)) -> datetime:
    return datetime.combine(day, at, tzinfo=ZONE)


def wants_mail(world: World, username: str, **more: Any) -> None:
    with clock.fixed(FILED):
        actor = world.actor(username)
        note_mail_address(actor, address=f"{username}@example.cn")
        wish = {"email": True, "at_once": False, "quiet_from": None, "quiet_to": None, **more}
        choose_notices(actor, **wish)


def remind_and_deliver(world: World, day: date, at: time = time(8, 29, 30)) -> Delivered:
    """The day's reminders at 8:05, and what goes out by `at`: past the half hour's crowd."""
    with clock.fixed(on(day)):
        remind(world.campaign)
    return delivered(on(day, at if at != time(8, 29, 30) else time(8, 40)))


def delivered(at: datetime) -> Delivered:
    with clock.fixed(at):
        return deliver()


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
    from guatu.actions.restricting import restrict_item

    with clock.fixed(on(DUE)):
        readers = [world.actor("lu").person or 0]
        restrict_item(
            world.actor("lin"), campaign=world.campaign, item=item.pk, readers=readers, reason="个人"
        )
    delivered(on(DUE, time(8, 40)))
    text = post_office.taken[0][1].get_content()
    assert item.number in text
    assert "食堂" not in text


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


def test_a_group_hears_of_the_units_below_its_own_only(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("feishu").replace('"HY"', '"YI"')))
    world.problem("F1", FILED, due=DUE)
    assert remind_and_deliver(world, DUE).sent == 0
    world.problem("Y3", FILED, due=date(2023, 11, 21))
    assert remind_and_deliver(world, date(2023, 11, 21)).sent == 1


def fill(channel: str, count: int, at: datetime, *, to: str = "g:专班群{n}") -> None:
    """So many test messages in a channel, each for an addressee of its own."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                channel=channel,
                addressee=to.format(n=n),
                fact=f"test:{n}",
                payload={"kind": "test", "by": "叶栖迟"},
                urgent=True,
                next_at=at,
                made_at=at,
            )
            for n in range(count)
        ]
    )


def test_a_bot_is_never_asked_more_often_than_it_takes(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("dingtalk")))
    begin = on(DUE, time(9, 5))
    fill(DING, 45, begin)
    sent = []
    for second in range(0, 200, 10):
        moment = begin + timedelta(seconds=second)
        services.counted_at = moment.timestamp  # the server's thread knows no fixed clock
        sent.append(delivered(moment).sent)
    assert sum(sent) == 45
    assert len(services.asked) == 45
    assert all(sum(sent[start : start + 6]) <= 20 for start in range(len(sent)))


def test_a_server_that_is_down_costs_no_attempt_and_is_asked_more_and_more_rarely(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("wecom")))
    begin = on(DUE, time(9, 5))
    fill("wecom:专班群", 2, begin)
    services.statuses = [503] * 100
    for minute in range(240):
        delivered(begin + timedelta(minutes=minute))
    assert 3 <= len(services.asked) <= 12
    row = Delivery.objects.order_by("pk")[0]
    assert (row.state, row.attempts) == ("waiting", 0)
    assert ChannelState.objects.get().error == "服务器答复 HTTP 503。"
    services.statuses = []
    delivered(begin + timedelta(hours=7))
    assert Delivery.objects.filter(state="sent").count() == 2
    assert ChannelState.objects.get().error == ""


def test_what_is_refused_is_shown_and_sent_again_when_the_administrator_says_so(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("wecom", token="a-token-that-is-wrong")))
    fill("wecom:专班群", 1, on(DUE, time(9, 5)))
    delivered(on(DUE, time(9, 5)))
    row = Delivery.objects.get()
    assert (row.state, "令牌" in row.error) == ("failed", True)
    configure(configured(services.address, more=group("wecom")) + "# mended\n")
    with clock.fixed(on(DUE, time(9, 10))):
        assert retry_deliveries(operator(), delivery=row.pk) == 1
        with pytest.raises(NotFound, match="没有需要重发的消息"):
            retry_deliveries(operator(), delivery=row.pk)
    assert delivered(on(DUE, time(9, 11))).sent == 1


def test_a_letter_that_is_refused_for_the_moment_fails_after_eight_attempts(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("feishu")))
    fill("feishu:专班群", 1, on(DUE, time(9, 5)))
    services.codes = [(77777, "odd")] * 20
    for hour in range(24):
        delivered(on(DUE, time(9, 5)) + timedelta(hours=2 * hour))
    assert len(services.asked) == 8
    assert Delivery.objects.get().state == "failed"


def test_who_dies_between_sending_and_marking_leaves_it_to_the_administrator(
    world: World, services: Bots, configure: Callable[[str], None]
) -> None:
    configure(configured(services.address, more=group("wecom")))
    begin = on(DUE, time(9, 5))
    fill("wecom:专班群", 1, begin)
    taken = claim("wecom:专班群", limits=(Limit(20, 60),), at=begin)
    assert taken is not None  # the process sends it, and dies here
    for minute in (1, 5, 11, 30, 600):
        assert delivered(begin + timedelta(minutes=minute)).sent == 0
    row = Delivery.objects.get()
    assert (row.state, "可能已经送达" in row.error) == ("held", True)
    settle("wecom:专班群", taken.token, SENT, begin)  # whoever comes back too late changes nothing
    assert Delivery.objects.get().state == "held"


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


def test_a_file_of_channels_that_cannot_be_read_is_said_and_stops_no_act(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.GUATU_CHANNELS = str(tmp_path / "nothing.toml")
    item = world.problem("F1", FILED, due=DUE)
    with clock.fixed(on(DUE, time(10))):
        urge_items(world.actor("zhou"), campaign=world.campaign, items=[item.pk])
    assert "nothing.toml" in delivered(on(DUE, time(10, 10))).said


def test_only_the_keeper_of_channels_tests_and_sends_again(
    world: World, configure: Callable[[str], None]
) -> None:
    configure(configured(more=group("wecom")))
    for who in ("lin", "lu"):
        with pytest.raises(NotAllowed):
            send_test(world.actor(who), channel="wecom:专班群")
        with pytest.raises(NotAllowed):
            retry_deliveries(world.actor(who), channel="wecom:专班群")
    with pytest.raises(NotFound):
        send_test(operator(), channel="wecom:没有的群")


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tick"), st.integers(0, 90)),
        st.tuples(st.just("crash"), st.integers(0, 20)),
        st.tuples(st.just("later"), st.integers(0, 20)),
    ),
    min_size=5,
    max_size=40,
)


@settings(max_examples=30)
@given(STEPS)
def test_no_fact_goes_out_twice_and_none_in_quiet_hours_whatever_the_interleaving(
    steps: list[tuple[str, int]],
) -> None:
    """Ticks, crashes between sending and marking, and answers that put it off, in any order over some days."""
    from django.db import transaction

    limits = (Limit(3, 60, 5),)
    with transaction.atomic():
        world = small_world()
        items = [world.problem("F1", FILED, due=date(2023, 11, 14 + n)) for n in range(4)]
        at, went = on(date(2023, 11, 13)), []
        for channel, addressee in ((DING, "g:专班群"), ("wecom:群", "g:群")):
            for item in items:
                Delivery.objects.create(
                    channel=channel,
                    addressee=addressee,
                    fact=f"due:{item.due}:1:{item.pk}",
                    campaign=world.campaign,
                    item=item,
                    payload={"kind": "due", "stage": "due"},
                    due=item.due,
                    next_at=at,
                    made_at=at,
                )
        for what, minutes in steps:
            at += timedelta(minutes=minutes * 7, seconds=11)
            hold_lost(at)
            for key in (DING, "wecom:群"):
                taken = claim(key, limits=limits, at=at)
                if taken is None:
                    continue
                if what == "later":
                    settle(key, taken.token, Outcome(Verdict.LATER, "稍后", whole=minutes % 2 == 0), at)
                    continue
                went += [(key, row.fact, at) for row in taken.rows]
                if what == "tick":
                    settle(key, taken.token, SENT, at)
        assert len({(key, fact) for key, fact, _at in went}) == len(went)
        assert all(time(8) <= moment.astimezone(ZONE).time() < time(21) for _key, _fact, moment in went)
        assert all(abs(moment.minute % 30 - 15) <= 12 for _key, _fact, moment in went)
        transaction.set_rollback(True)


def test_people_of_two_campaigns_get_one_letter(
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
