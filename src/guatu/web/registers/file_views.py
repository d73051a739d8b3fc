"""A list as a file: the filters, columns and sort of the address, every row of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from guatu.exchange.kept_filters import filters_kept
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.registers.forms import read_query


@policy("see_items")
def list_file(request: HttpRequest, at: Here, key: str, form: str) -> HttpResponse:
    """The whole list as an Excel workbook (or another format that lists are offered in)."""
    asked = read_query(request.GET)
    params = {
        "register": key,
        "filters": filters_kept(asked.filters),
        "columns": list(asked.columns),
        "sort": asked.sort,
    }
    return hand_out(at, kind="list", form=form, params=params)
