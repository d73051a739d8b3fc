"""Pages of reminders: how one wants to be told, what was told, and the channels of the system administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.actions.outbox import claim, settle
from guatu.actions.reminders import remind
from guatu.domain import clock
from guatu.domain.reminding.outcomes import Outcome, Verdict
from guatu.domain.reminding.rates import Limit
from guatu.queries.channels import choice_of
from guatu.queries.verify import verify
from guatu.records.models import Delivery, Deployment, Item, NoticeChoice, Person, PersonalValue, Revision
from tests.exchange.services import SECRET, TOKEN, bots, configured, group
from tests.people import World
from tests.web.conftest import Walk

ZONE = ZoneInfo("Asia/Shanghai")
DUE = date(2023, 11, 30)
CHOICE, LOG, CHANNELS = "account-notices", "reminders", "setup-channels"
WISH = {
    "email": "yes",
    "at_once": "yes",
    "address": "lu@example.cn",
    "quiet_from": "20:00",
    "quiet_to": "09:00",
}


@pytest.fixture
def configure(tmp_path: Path, settings: Any) -> Callable[[str], None]:
    def write(text: str) -> None:
        file = tmp_path / "channels.toml"
        file.write_text(text, encoding="utf-8")
        settings.GUATU_CHANNELS, settings.GUATU_ADDRESS = str(file), "https://guatu.example"

    return write


@pytest.fixture
def reminded(world: World) -> Iterator[Item]:
    """A problem of 一厂 that falls due today, and everybody reminded of it."""
    item = world.problem("F1", date(2023, 11, 6), due=DUE)
    with clock.fixed(datetime.combine(DUE, time(8, 5), tzinfo=ZONE)):
        remind(world.campaign)
    with clock.fixed(DUE):
        yield item


def test_a_choice_is_kept_and_shown_again(walk: Walk, world: World) -> None:
    client = walk("lu")
    assert client.post(reverse(CHOICE), WISH).status_code == 302
    page = client.get(reverse(CHOICE)).content.decode()
    assert 'value="lu@example.cn"' in page
    assert 'value="20:00"' in page
    kept = choice_of(Person.objects.get(username="lu").pk)
    assert (kept.email, kept.at_once, kept.address) == (True, True, "lu@example.cn")


def test_a_mail_address_stands_in_history_as_a_hash_and_can_be_erased(walk: Walk, world: World) -> None:
    client = walk("lu")
    client.post(reverse(CHOICE), WISH)
    assert PersonalValue.objects.filter(field="email").count() == 1
    assert not Revision.objects.filter(body__contains="lu@example.cn").exists()
    client.post(reverse(CHOICE), {**WISH, "email": "", "address": ""})
    assert not PersonalValue.objects.filter(field="email").exists()
    assert verify().broken == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"address": "陆文博"}, "不是一个邮箱地址"),
        ({"address": "a@b.cn\nBcc: all@b.cn"}, "不是一个邮箱地址"),
        ({"address": ""}, "还没有填写邮箱"),
        ({"quiet_from": "晚上"}, "“晚上”不是时间"),
        ({"quiet_from": ""}, "要填起止两个时间"),
        ({"quiet_from": "09:00", "quiet_to": "08:00"}, "太长，最多 16 小时"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    walk: Walk, world: World, change: dict[str, str], said: str
) -> None:
    answer = walk("lu").post(reverse(CHOICE), {**WISH, **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'name="email" value="yes" checked' in page
    assert not NoticeChoice.objects.exists()
    assert not PersonalValue.objects.filter(field="email").exists()


def test_only_addresses_of_the_house_are_taken(
    walk: Walk, world: World, configure: Callable[[str], None]
) -> None:
    configure(configured(mail_port=25).replace("[mail]", '[mail]\ndomains = ["guatu.example"]'))
    page = walk("lu").post(reverse(CHOICE), WISH).content.decode()
    assert "不在可用的域名之内（guatu.example）" in page
    assert walk("lu").post(reverse(CHOICE), {**WISH, "address": "lu@guatu.example"}).status_code == 302


def test_the_inbox_leads_a_reminder_to_the_to_do(walk: Walk, reminded: Item) -> None:
    page = walk("lu").get(reverse("inbox")).content.decode()
    assert "今日提醒：0 项即将到期，1 项今天到期，0 项逾期。" in page
    assert reverse("todo") in page
    assert reverse(CHOICE) in page
    assert reverse(LOG) not in page


def test_the_office_sees_who_was_reminded_of_what(walk: Walk, reminded: Item) -> None:
    page = walk("lin").get(reverse(LOG)).content.decode()
    assert reminded.number in page
    assert "当天到期" in page
    assert "陆文博、任子衡" in page


def test_of_a_restricted_item_the_log_tells_its_readers_only(walk: Walk, reminded: Item) -> None:
    Item.objects.filter(pk=reminded.pk).update(restricted=True)
    page = walk("lin").get(reverse(LOG)).content.decode()
    assert reminded.number not in page
    assert "不在您的查看范围内的事项" in page


def test_before_the_first_reminder_the_log_says_when_there_will_be_one(walk: Walk, world: World) -> None:
    assert "还没有提醒过" in walk("lin").get(reverse(LOG)).content.decode()


def test_who_may_open_which_page(walk: Walk, world: World) -> None:
    people = ("lin", "gu", "zhou", "lu", "root", "guest")
    found = {
        name: {who: walk(who).get(reverse(name)).status_code for who in people}
        for name in (CHOICE, LOG, CHANNELS)
    }
    assert found[CHOICE] == dict.fromkeys(people, 200)
    assert found[LOG] == {who: 200 if who == "lin" else 403 for who in people}
    assert found[CHANNELS] == {who: 200 if who == "root" else 403 for who in people}
    for name in ("setup-channels-test", "setup-channels-again"):
        answers = {who: walk(who).post(reverse(name), {"channel": "email"}).status_code for who in people}
        assert answers == {who: 302 if who == "root" else 403 for who in people}


def test_without_a_file_the_page_says_how_to_set_one_up(walk: Walk, world: World) -> None:
    page = walk("root").get(reverse(CHANNELS)).content.decode()
    assert "还没有配置通道" in page
    assert "GUATU_CHANNELS" in page


def test_the_channels_show_no_secret(walk: Walk, world: World, configure: Callable[[str], None]) -> None:
    configure(configured(mail_port=25, more=group("dingtalk")))
    page = walk("root").get(reverse(CHANNELS)).content.decode()
    assert "钉钉：专班群" in page
    assert f"····{TOKEN[-4:]}" in page
    assert TOKEN not in page
    assert SECRET not in page


def test_a_file_that_others_can_read_is_said(
    walk: Walk, world: World, configure: Callable[[str], None], settings: Any
) -> None:
    configure(configured(more=group("wecom")))
    said = "服务器上的其他账号也能读配置文件"
    Path(settings.GUATU_CHANNELS).chmod(0o640)
    assert said in walk("root").get(reverse(CHANNELS)).content.decode()
    Path(settings.GUATU_CHANNELS).chmod(0o600)
    assert said not in walk("root").get(reverse(CHANNELS)).content.decode()


def test_a_broken_file_is_said_on_the_page(
    walk: Walk, world: World, configure: Callable[[str], None]
) -> None:
    configure("[mail")
    assert "channels.toml" in walk("root").get(reverse(CHANNELS)).content.decode()


def test_a_test_message_is_sent_by_the_worker_and_shown(
    walk: Walk, world: World, configure: Callable[[str], None]
) -> None:
    from guatu.exchange.delivering import deliver

    client = walk("root")
    with bots() as services:
        configure(configured(services.address, more=group("wecom")))
        client.post(reverse("setup-channels-test"), {"channel": "wecom:专班群"})
        assert deliver().sent == 1
        assert "这是一条测试消息，由系统管理员发出" in str(services.taken)
    assert "正常" in client.get(reverse(CHANNELS)).content.decode()


def test_what_did_not_go_out_is_shown_and_sent_again(
    walk: Walk, world: World, configure: Callable[[str], None]
) -> None:
    configure(configured(more=group("wecom")))
    client = walk("root")
    client.post(reverse("setup-channels-test"), {"channel": "wecom:专班群"})
    taken = claim("wecom:专班群", limits=(Limit(20, 60),), at=clock.now())
    assert taken is not None
    settle("wecom:专班群", taken.token, Outcome(Verdict.REFUSED, "对方拒收：odd（93000）。"), clock.now())
    page = client.get(reverse(CHANNELS)).content.decode()
    assert "对方拒收：odd（93000）。" in page
    assert "未能发送" in page
    client.post(reverse("setup-channels-again"), {"delivery": str(taken.rows[0].pk)})
    assert Delivery.objects.get().state == "waiting"
    answer = client.post(reverse("setup-channels-again"), {"delivery": "x"}, follow=True)
    assert "没有需要重发的消息" in answer.content.decode()


def test_a_demonstration_says_that_it_sends_nothing(
    walk: Walk, world: World, configure: Callable[[str], None]
) -> None:
    configure(configured(more=group("wecom")))
    Deployment.objects.update_or_create(pk=1, defaults={"demo": True, "demo_day": DUE})
    client = walk("root")
    assert "这是演示，不向外发送任何消息。" in client.get(reverse(CHANNELS)).content.decode()
    answer = client.post(reverse("setup-channels-test"), {"channel": "wecom:专班群"}, follow=True)
    assert "演示不向外发送消息" in answer.content.decode()
    assert not Delivery.objects.exists()


def test_the_channels_cost_few_statements_whatever_waits(
    walk: Walk, world: World, configure: Callable[[str], None]
) -> None:
    configure(configured(more=group("wecom")))
    client = walk("root")
    for _number in range(12):
        client.post(reverse("setup-channels-test"), {"channel": "wecom:专班群"})
    client.get(reverse(CHANNELS))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse(CHANNELS))
    assert len(queries) <= 12
