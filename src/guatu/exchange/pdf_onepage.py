"""一页纸 as a PDF: one A4 sheet, with the reader's name faintly over it."""

from __future__ import annotations

from django.utils.translation import get_language

from guatu.domain.words import gettext as _
from guatu.exchange.typesetting import typeset
from guatu.queries.todo_sheet import OnePage


def render(page: OnePage) -> bytes:
    """The PDF. Raises BadInput when the fonts are not there."""
    english = (get_language() or "zh").startswith("en")
    return typeset(
        "onepage.typ",
        {
            "title": page.title,
            "under": _("{organisation} · 数据截至 {day} · {since}").format(
                organisation=page.organisation, day=page.day, since=page.since
            ),
            "sentences": (" " if english else "").join(page.sentences),
            "numbers": [[one.label, one.value, one.measure, one.change] for one in page.numbers],
            "calls_head": _("先过问这几家"),
            "calls": [[one.unit, one.why, one.whom] for one in page.calls],
            "no_calls": _("没有红灯，不需要过问。"),
            "waiting_head": _("等您定的"),
            "waiting": [list(one) for one in page.waiting],
            "no_waiting": _("没有等您决定的事项。"),
            "coming_head": _("接下来七天到期"),
            "coming": [list(one) for one in page.coming],
            "no_coming": _("七天内没有到期的事项。"),
            "stamp": page.stamp,
            "lang": "en" if english else "zh",
        },
    )
