"""Serving: what may be served, where, and what is said when it may not."""

from __future__ import annotations

import socket
from datetime import date

import pytest
from django.db import connection

from guatu.actions.units import Placing, place_units
from guatu.console import serve
from guatu.domain import clock
from guatu.domain.errors import BadInput, BrokenRecord
from guatu.records import triggers
from guatu.records.models import Deployment, LedgerHead, Unit
from tests.people import small_world


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("example.org", False),
    ],
)
def test_only_addresses_of_this_machine_count_as_loopback(host: str, ours: bool) -> None:
    assert serve.is_loopback(host) is ours


@pytest.mark.django_db
def test_the_demo_needs_no_log_in_and_so_is_not_served_to_others() -> None:
    Deployment.objects.update_or_create(pk=1, defaults={"demo": True, "demo_day": date(2023, 11, 30)})
    with pytest.raises(BadInput, match=r"0\.0\.0\.0.*请"):
        serve.run(host="0.0.0.0")


def test_a_port_in_use_is_named_with_another_to_try() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(BadInput, match=f"{port}.*--port"):
            serve.require_free("127.0.0.1", port)


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_and_guarded_may_be_served() -> None:
    serve.prepare()


@pytest.mark.django_db
def test_a_database_that_lost_a_guard_is_not_served() -> None:
    triggers.remove(connection)
    try:
        with pytest.raises(BrokenRecord, match="触发器"):
            serve.prepare()
    finally:
        triggers.install(connection)


@pytest.mark.django_db
def test_a_database_that_lags_behind_is_not_changed_without_being_asked() -> None:
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connection).migration_qs.filter(app="records").order_by("-id").first().delete()
    with pytest.raises(BadInput, match="先停止服务，再运行 guatu upgrade"):
        serve.prepare()


@pytest.mark.django_db
def test_a_move_that_was_entered_ahead_counts_when_serving_starts_on_its_day() -> None:
    world = small_world()
    with clock.fixed(date(2023, 11, 1)):
        ahead = Placing("F1", date(2023, 11, 20), parent="YI")
        place_units(world.actor("lin"), tree=world.tree, placings=[ahead])
    above = Unit.objects.get(code="YI").pk
    for day, moved in ((date(2023, 11, 19), False), (date(2023, 11, 20), True)):
        with clock.fixed(day):
            serve.bring_up_to_day()
        assert (above in Unit.objects.get(code="F1").line) is moved


@pytest.mark.django_db
def test_an_empty_home_has_no_day_before_its_story_begins() -> None:
    before = LedgerHead.objects.get(pk=1).lines_on
    serve.bring_up_to_day()
    assert LedgerHead.objects.get(pk=1).lines_on == before
