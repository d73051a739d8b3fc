"""Make a small world in an empty home and print what a browser needs to walk in: `python -m tests.browser.collecting_home`.

甲 is asked for four figures of this month, with those of last month on record; 一厂 for its visits.
"""

from __future__ import annotations

import json
import os
from datetime import date, datetime, timedelta
from typing import Any

USERS = ("tao", "lu", "fang", "lin", "zhou")


def make() -> dict[str, Any]:
    """The public ids of the returns and a session for each person."""
    from django.core.management import call_command
    from django.test import Client

    from guatu.actions.items import NewItem, create_items
    from guatu.domain import clock
    from guatu.domain.collection import Asked
    from guatu.records.models import Person
    from tests.collecting import ask, collecting_world, monthly, visiting

    call_command("migrate", verbosity=0)
    world = collecting_world()
    today = clock.today()
    last = today.replace(day=1) - timedelta(days=1)
    period = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    values = {"month": last.isoformat(), "revenue": "326", "profit": "30", "rd": "8", "orders": "100"}
    create_items(
        world.actor("tao"),
        campaign=world.campaign,
        rows=[NewItem("monthly", "JIA", "上月指标", fields=values)],
    )
    cut_off = datetime.combine(today + timedelta(days=3), datetime.min.time()).replace(hour=18)
    fields = (Asked("revenue"), Asked("profit"), Asked("rd", "previous"), Asked("orders", "previous"))
    figures = monthly(cut_off=cut_off, period=period, fields=fields)
    visits = visiting(cut_off=cut_off, period=period)
    returns = {
        "figures": ask(world, ["JIA"], figures, on=today)["JIA"],
        "visits": ask(world, ["F1"], visits, on=today, title="走访台账")["F1"],
        "on paper": ask(world, ["F2"], visits, on=today, title="二厂走访台账")["F2"],
    }
    sessions = {}
    for user in USERS:
        client = Client()
        client.force_login(Person.objects.get(username=user), backend="guatu.access.sign_in.PersonBackend")
        sessions[user] = client.cookies["sessionid"].value
    found = {name: str(item.public_id) for name, item in returns.items()}
    return {"returns": found, "sessions": sessions, "today": date.isoformat(today)}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.project.settings")
    import django

    django.setup()
    print(json.dumps(make()))
