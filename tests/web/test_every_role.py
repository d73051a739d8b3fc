"""Every address × every role: who lacks the right is told no, who lacks the sight meets nothing, nothing breaks."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from guatu.access import may
from guatu.domain.capabilities import CAPABILITIES
from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.people import World
from tests.web.addresses import ask, examples, item_address, of_an_item, patterns, policy_of
from tests.web.conftest import Walk

ROLES = {
    "gu": "leader",
    "lin": "office",
    "xu": "team_leader",
    "bai": "team_member",
    "zhou": "liaison",
    "ren": "head",
    "lu": "filler",
    "meng": "observer",
    "shen": "auditor",
    "root": "system_admin",
    "he": "liaison of the rival company",
    "guest": "nobody",
}
OUTSIDE = ("he", "root", "guest")
LOOKING = ("lin",)
"""Who opens what is open to them, too; for the others what is open is told by the same rule."""
REFUSED = tuple(who for who in ROLES if who not in (*LOOKING, *OUTSIDE))
"""Whoever is only told no, by the rule of rights, which is one for both databases: on SQLite alone."""
OF_EVERYBODY = {"oneself"}
"""Rights of everybody who has come in."""


def test_every_declared_right_is_in_the_table_of_rights() -> None:
    declared = {
        policy.capability for entry in patterns() if (policy := policy_of(entry)) and policy.capability
    }
    assert declared - CAPABILITIES.keys() == OF_EVERYBODY


@pytest.mark.parametrize(
    "who", [pytest.param(who, marks=pytest.mark.sqlite if who in REFUSED else ()) for who in ROLES]
)
def test_every_address_answers_a_role_as_it_declares(walk: Walk, world: World, visit: Item, who: str) -> None:
    client, actor = walk(who), world.actor(who)
    pack, odd, asked = pack_of(world.campaign), [], 0
    nothing = Item(public_id=uuid4())
    for entry in patterns():
        declared = policy_of(entry)
        assert declared is not None, entry
        if declared.capability in (None, *OF_EVERYBODY) or "GET" not in declared.methods:
            continue
        allowed = may(actor, declared.capability, campaign=world.campaign)
        if allowed and who not in (*LOOKING, *OUTSIDE):
            continue
        if of_an_item(entry):
            status, text = ask(client, item_address(entry, visit))
            fits = status < 500 if allowed else status == 403
            if allowed and who in OUTSIDE:  # what lies outside cannot be told from what does not exist
                absent, _text = ask(client, item_address(entry, nothing))
                fits = status == absent and visit.title not in text
        elif allowed and who not in LOOKING:
            continue
        else:
            given = examples(entry, pack, ("F1",))[:1]
            status = ask(client, reverse(str(entry.name), kwargs=given[0]))[0] if given else 0
            fits = not given or (status < 500 if allowed else status == 403)
        asked += 1
        if not fits:
            odd.append((str(entry.name), declared.capability, status))
    assert odd == []
    assert asked > 5
