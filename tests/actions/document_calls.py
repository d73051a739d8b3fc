"""The actions of those who write documents, each called once (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guatu.actions.document_sections import assign_sections, finish_section
from guatu.actions.documents import Saved, create_document, save_body
from guatu.domain.clock import today
from guatu.records.models import Item
from tests.people import World

TEXT: Mapping[str, Any] = {
    "blocks": [
        {"id": "h", "kind": "heading", "text": "总体情况"},
        {"id": "p", "kind": "paragraph", "text": "截至{as_of}，共查出问题{issues_total}。"},
    ]
}


def begun(world: World, who: str = "lin", **more: Any) -> Item:
    """An empty report of the group as of today."""
    given: dict[str, Any] = {
        "unit": "HY",
        "kind": "report",
        "as_of": today(),
        "title": "关于进展的报告",
        **more,
    }
    return create_document(world.actor(who), campaign=world.campaign, **given)


def saved(world: World, who: str = "lin", body: Mapping[str, Any] = TEXT, **more: Any) -> Saved:
    """The same with a text."""
    item = begun(world, who)
    return save_body(
        world.actor(who),
        campaign=world.campaign,
        document=item.pk,
        body=body,
        base_version=item.version,
        **more,
    )


def shared(world: World) -> Item:
    """The same with its section given to Lin herself."""
    document = saved(world).document
    return assign_sections(
        world.actor("lin"),
        campaign=world.campaign,
        document=document.pk,
        people={"h": world.actor("lin").person},
    )


CALLS: dict[str, Callable[[World], Any]] = {
    "create_document": begun,
    "save_body": saved,
    "assign_sections": shared,
    "finish_section": lambda world: finish_section(
        world.actor("lin"), campaign=world.campaign, document=shared(world).pk, heading="h"
    ),
}
