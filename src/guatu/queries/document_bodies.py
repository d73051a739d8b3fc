"""Bodies to begin with: from a pack's report template, said as of a day, and a template said anew for a document."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import override

from guatu.access import Actor
from guatu.domain.errors import BadInput
from guatu.domain.figures.references import key_of
from guatu.domain.pack.template import places
from guatu.domain.report import taken_texts
from guatu.domain.words import gettext as _
from guatu.domain.writing.body import Body
from guatu.domain.writing.from_template import TakenAgain, body_from, struck_out, taken_again
from guatu.domain.writing.saying import Sayable
from guatu.queries.documents import body_in, day_of, require_day
from guatu.queries.figures import evaluate, row_of
from guatu.queries.reports import WRITTEN, names_of, template_of
from guatu.records.models import Campaign, Item, Unit
from guatu.records.packs import pack_of


def body_of_template(campaign: Campaign, key: str, *, unit: Unit, day: date, actor: Actor) -> Body:
    """The report template `key` as a body for a document of `unit`: each sentence decided as of `day`.

    An empty `key` means the pack's first. Raises NotFound for an unknown template, BadInput for a day before the campaign.
    """
    with override(WRITTEN):
        pack = pack_of(campaign)
        template = template_of(pack, key)
        require_day(campaign, day)
        keys = [
            *(figure for figure in pack.figures if figure in template.keys),
            *sorted(asked for asked in template.keys if asked != key_of(asked)),
        ]
        table = evaluate(campaign, keys, rows=[row_of(unit)], days=(day,), actor=actor)
        texts = taken_texts(
            template,
            [table.statement(one) for one in keys],
            names=names_of(campaign, unit),
            as_of=day,
        )
    return body_from(template.key, texts, salutation=template.salutation, signature=template.signature)


def title_of_template(campaign: Campaign, key: str, *, unit: Unit) -> str:
    """The title that a document of `unit` begins with; what it cannot say without a day is left out."""
    template = template_of(pack_of(campaign), key)
    names = names_of(campaign, unit)
    return Sayable({}, {place.key: names.get(place.key, "") for place in places(template.title)}, {}).words(
        template.title
    )


def body_taken_again(
    campaign: Campaign,
    document: Item,
    *,
    actor: Actor,
    body: Body | None = None,
    chosen: Iterable[str] | None = None,
    struck_too: bool = False,
) -> TakenAgain:
    """The document's body with what came from its template said anew as of its day; nothing is saved.

    `body`: the text at hand instead of the stored one; `chosen`: ids of the blocks to take, None for all. What a writer has
    struck out, in any version of this document or of the one it was copied from, stays out and is told in `left`;
    `struck_too` brings it back. Raises BadInput for a document that was not made from a template.
    """
    stored = body_in(document)
    now = stored if body is None else body
    if not now.head.template:
        raise BadInput(_("{number} 不是由模板生成的，没有可以重取的内容。"), number=document.number)
    fresh = body_of_template(
        campaign, now.head.template, unit=document.unit, day=day_of(campaign, document), actor=actor
    )
    return taken_again(now, fresh, chosen, dropped=() if struck_too else struck_out(stored, now))
