"""A page's own address with one thing changed: how every filter, column and sort of a list is a link."""

from __future__ import annotations

from django.http import QueryDict
from django.urls import reverse

from guatu.web.here import Here
from guatu.web.registers.forms import OF_THE_PAGE


def changed(at: Here, **values: str) -> str:
    """This address with single values changed; empty takes one out."""
    pairs = [(name, value) for name, value in at.params if name not in values]
    pairs += [(name, value) for name, value in values.items() if value]
    return address_of(at, pairs)


def without(at: Here, name: str, value: str) -> str:
    """This address without one filter value, from the first page."""
    return address_of(at, [pair for pair in at.params if pair != (name, value) and pair[0] != "page"])


def toggled(at: Here, name: str, value: str) -> str:
    """This address with one filter value put in or taken out, from the first page."""
    pairs = [pair for pair in at.params if pair[0] != "page"]
    return address_of(
        at, [p for p in pairs if p != (name, value)] if (name, value) in pairs else [*pairs, (name, value)]
    )


def address_of(at: Here, pairs: list[tuple[str, str]]) -> str:
    """This page with other parameters, in the same frame."""
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, value)
    return at.framed(at.path, query)


def elsewhere(at: Here, name: str, *args: object) -> str:
    """The page `name` with this page's filters, columns and sort."""
    query = QueryDict(mutable=True)
    for parameter, value in at.params:
        if parameter not in OF_THE_PAGE:
            query.appendlist(parameter, value)
    return at.framed(reverse(name, args=args), query)
