"""Tables, lists of units and charts as the editor shows them: with the values that they print on the document's day."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guatu.domain.document import Block
from guatu.domain.errors import BadInput
from guatu.domain.writing.body import Body
from guatu.domain.writing.body_json import body_of
from guatu.exchange.official_html import inner
from guatu.queries.documents import Written, body_in, written
from guatu.records.models import Item
from guatu.web.documents.names import names_of
from guatu.web.documents.remarks import anchors
from guatu.web.documents.shape import Told, stored_body
from guatu.web.documents.unit_names import with_units
from guatu.web.here import Here

KINDS = ("figures", "units", "chart", "table")


def said_in(said: Written, block: str, body: Body) -> SafeString:
    """What the block of the body prints, and why it cannot print something."""
    found = said.computed.get(block)
    parts = inner(found.parts if found is not None else _typed(said, block, body))
    gaps = format_html_join(
        "\n", '<p class="why y">{}</p>', ((gap.why,) for gap in said.unsaid if gap.block == block)
    )
    return mark_safe(parts) + gaps  # noqa: S308  # escaped piece by piece where it is made


def _typed(said: Written, block: str, body: Body) -> tuple[Block, ...]:
    """The parts of a block that is typed, among those of the whole text."""
    inside, annexes = anchors(body, said)
    rows = [(inside, said.official.blocks)]
    rows += [(ids, annex.blocks) for ids, annex in zip(annexes, said.official.annexes, strict=False)]
    return tuple(
        part
        for ids, parts in rows
        if len(ids) == len(parts)
        for one, part in zip(ids, parts, strict=True)
        if one == block
    )


def looked_at(at: Here, item: Item, told: Told, block: str) -> SafeString:
    """What one block of a form prints as its choices stand, saved or not; else the sentence what is still to be chosen."""
    alone: Told = {"blocks": [one for one in every(told) if one["id"] == block]}
    names = with_units(at, item, names_of(at.campaign, body_in(item)), alone)
    made, errors = stored_body(names, alone)
    sentence = next(iter(errors.values()), "")
    if not sentence and not _chosen(made["blocks"]):
        sentence = _("选好统计项后，这里显示数值。")
    if not sentence:
        try:
            body = body_of(made)
            return said_in(written(at.campaign, item, actor=at.actor, body=body), block, body)
        except BadInput as failure:
            sentence = str(failure)
    return format_html_join("", '<p class="muted small">{}</p>', ((sentence,),))


def every(told: Told) -> list[Told]:
    """The blocks of the text and of its annexes."""
    return [*told["blocks"], *(one for annex in told.get("annexes", ()) for one in annex["blocks"])]


def _chosen(blocks: list[Mapping[str, object]]) -> bool:
    """Whether there is a figure in each that needs one."""
    return all(
        bool(one.get("figures") or one.get("figure"))
        or one.get("chart") in ("lights", "wall")
        or one["kind"] == "table"
        for one in blocks
    )
