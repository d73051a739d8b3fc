"""The saved views above a list: links, the form that keeps the present address, and what their owner can change."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from guatu.queries.saved_views import ViewShown
from guatu.web.here import Here
from guatu.web.registers.forms import OF_THE_PAGE


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view with its addresses; `change` is where its owner changes it."""

    view: ViewShown
    href: str
    change: str
    current: bool


@dataclass(frozen=True, slots=True)
class SavedShown:
    """All views of the list. `query` is the present address as it would be kept, empty when there is nothing to keep."""

    links: tuple[ViewLink, ...]
    mine: tuple[ViewLink, ...]
    every: str
    every_current: bool
    query: str
    save: str
    current_mine: bool


def saved_shown(at: Here, key: str, views: tuple[ViewShown, ...], every: str) -> SavedShown:
    """The views offered on this list, the present one marked."""
    query = kept_query(at)
    links = tuple(
        ViewLink(
            view=view,
            href=view_address(at, key, view.query),
            change=at.to("list_view", key, view.id),
            current=view.query == query and bool(query),
        )
        for view in views
    )
    return SavedShown(
        links=links,
        mine=tuple(link for link in links if link.view.mine),
        every=every,
        every_current=not query,
        query=query,
        save=at.to("list_views", key),
        current_mine=any(link.current and link.view.mine for link in links),
    )


def kept_query(at: Here) -> str:
    """The filters, columns and sort of this address, in a fixed order; not the page, the day or the campaign."""
    pairs = sorted((name, value) for name, value in at.params if name not in OF_THE_PAGE and value)
    return encoded(pairs)


def encoded(pairs: list[tuple[str, str]]) -> str:
    """The pairs as the query part of an address."""
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return query.urlencode()


def view_address(at: Here, key: str, query: str) -> str:
    """The list with a kept query, on the day and in the campaign that are shown."""
    return at.framed(reverse("list", args=[key]), QueryDict(query, mutable=True))
