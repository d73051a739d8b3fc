"""What our records say on two days: for telling a text of the one for the other (换期更新)."""

from __future__ import annotations

import hashlib
from datetime import date

from guatu.access import Actor
from guatu.domain.document import canonical
from guatu.domain.issuing import kept_figure, number_words
from guatu.domain.rolling import Asked, Own, own_text
from guatu.domain.words import gettext as _
from guatu.queries.figures import evaluate
from guatu.queries.issued import issued_rows
from guatu.queries.phrases import decided_for
from guatu.queries.statements import as_written, campaign_names, own_names, relations
from guatu.records.models import Campaign, IssuedDocument

_LOOKED_INTO = 8
"""So many issued texts of the same title are compared with a file, the latest first."""


def asked(
    campaign: Campaign,
    text: str,
    *,
    old: date,
    new: date,
    known_at: int | None = None,
    own: Own | None = None,
    actor: Actor,
) -> Asked:
    """The text with all figures and claims of both days, as known now. Raises NotAllowed without `see_figures`.

    `own`: the text as we issued it (`own_issue`).
    """
    days = (old, new) if old != new else (new,)
    table = evaluate(campaign, None, days=days, known_at=known_at, actor=actor)
    now = [table.statement(key, day=new) for key in table.figures]
    then = [table.statement(key, day=old) for key in table.figures]
    told = as_written(campaign, now)
    return Asked(
        text,
        old,
        new,
        then,
        now,
        relations(campaign),
        own_names(campaign),
        campaign_names(campaign),
        decided_for(campaign),
        {one.key: one.label for one in told},
        own,
    )


def own_issue(campaign: Campaign, text: str, data: bytes, *, actor: Actor) -> Own | None:
    """Which of the texts that we issued a file is: by its bytes, else by its title and its paragraphs as they were printed.

    Only those in the reader's reach, and only of the whole campaign: the figures of a unit's own document are others.
    """
    light = issued_rows(actor, campaign).defer("figures", "shown", "official", "changes", "body")
    rows = [
        row
        for row in light.order_by("-pk")
        if row.document is None or row.document.unit_id == campaign.root_id
    ]
    sha256 = hashlib.sha256(data).hexdigest()
    same = [row for row in rows if any(kept[0] == sha256 for kept in row.files.values())]
    flat = "".join(text.split())
    titled = [row for row in rows if "".join(row.title.split()) in flat]
    best: Own | None = None
    for row in (same or titled)[:_LOOKED_INTO]:
        found = _found(text, row)
        if found is not None and (best is None or len(found.printed) > len(best.printed)):
            best = found
    return best


def _found(text: str, row: IssuedDocument) -> Own | None:
    figures = [kept_figure(told) for told in row.figures]
    name = _("《{title}》{number}").format(title=row.title, number=number_words(row.number, row.total))
    ours = (_("数据来源说明"), _("本期数字变化说明"))
    return own_text(text, canonical.read(row.official), figures, name=name, day=row.as_of, ours=ours)
