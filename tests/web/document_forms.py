"""Documents for the tests of their pages: begun by the office, written by forms as the page sends them."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from guatu.actions.documents import create_document
from guatu.domain.writing.body import Body
from guatu.queries.documents import body_in
from guatu.records.models import Item
from tests.people import World

DAY = date(2023, 11, 30)


def begun(world: World, **more: object) -> Item:
    """An empty report of the office as of 30 November."""
    given = {"unit": "HY", "kind": "report", "as_of": DAY, "title": "关于整改情况的报告", **more}
    return create_document(world.actor("lin"), campaign=world.campaign, **given)  # type: ignore[arg-type]


def at(name: str, item: Item, *more: str) -> str:
    """The address of a page of the document."""
    return reverse(name, args=[item.public_id, *more])


def form(item: Item, *texts: str, **more: object) -> dict[str, object]:
    """The form of a document of these paragraphs."""
    told: dict[str, object] = {"base": str(item.version), "block": [f"b{n}" for n, _t in enumerate(texts)]}
    for number, text in enumerate(texts):
        told |= {f"kind-b{number}": "text", f"style-b{number}": "p", f"text-b{number}": text}
    return told | more


def stored(item: Item) -> Body:
    """The body as it was saved."""
    return body_in(Item.objects.get(pk=item.pk))


def texts(item: Item) -> list[str]:
    """The texts of its blocks as they were saved."""
    return [str(getattr(block, "text", "")) for block in stored(item).blocks]
