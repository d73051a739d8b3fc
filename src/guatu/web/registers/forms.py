"""The address of a list ↔ its filters. Every filter is in the address, so a list can be sent as a link."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.queries.pages import ItemFilters
from guatu.web.days import typed_day

SINGLE = ("unit", "own", "sector", "task", "parent", "q", "role")
SEVERAL = {"state": "states", "phase": "phases", "light": "lights", "item": "numbers"}
DAYS = ("due_from", "due_to", "changed_from")
OF_THE_PAGE = frozenset({"page", "choose", "view"})
"""What an address says beside the list itself: which page, which menu stands open, that no usual view is wanted."""
MOST_DIGITS = 9
FIELD = "f_"  # f_category=livelihood


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list's address asks for. `columns` are keys in order, none for the pack's."""

    filters: ItemFilters
    sort: str
    page: int
    columns: tuple[str, ...] = ()


def read_query(get: QueryDict) -> ListQuery:
    """The query of an address. Raises BadInput for a day or a page number that is none."""
    single = {name: get.get(name, "").strip() for name in SINGLE}
    several = {
        attribute: tuple(dict.fromkeys(value for value in get.getlist(name) if value))
        for name, attribute in SEVERAL.items()
    }
    fields = tuple(
        (name.removeprefix(FIELD), value)
        for name, values in get.lists()
        if name.startswith(FIELD)
        for value in values
        if value
    )
    filters = ItemFilters(
        **single,
        **several,
        fields=fields,
        late=get.get("late", "") == "1",
        review_overdue=get.get("review_overdue", "") == "1",
        **{name: typed_day(get.get(name, "")) for name in DAYS},
    )
    columns = tuple(key for key in get.get("cols", "").split(",") if key)
    return ListQuery(filters, get.get("sort", ""), page_number(get.get("page", "")), columns)


def page_number(text: str) -> int:
    """The page asked for, 1 without one."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit()) or len(text) > MOST_DIGITS or int(text) < 1:
        raise BadInput(_("“{value}”不是页码。请填 1 或更大的数。"), value=text[:20])
    return int(text)
