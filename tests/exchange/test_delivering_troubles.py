"""What does not go out at once: rates, servers that are down, refusals, crashes, demonstrations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.access import operator
from guatu.actions.channels import retry_deliveries, send_test
from guatu.actions.outbox import claim, hold_lost, settle
from guatu.actions.urges import urge_items
from guatu.domain import clock
from guatu.domain.errors import NotAllowed, NotFound
from guatu.domain.reminding.outcomes import SENT, Outcome, Verdict
from guatu.domain.reminding.rates import Limit
from guatu.records.models import ChannelState, Delivery
from tests.exchange.sending import DING, DUE, FILED, ZONE, delivered, fill, on
from tests.exchange.services import Bots, configured, group
from tests.people import World, small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


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
    assert (
        ChannelState.objects.get().error
        == "企业微信的服务器出错（HTTP 503），系统会再试。一直如此的，请向对方核实。"
    )
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
