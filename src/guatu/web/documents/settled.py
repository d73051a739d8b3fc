"""A document whose text has been issued: its page shows that text, and says how much of it is counted otherwise now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain.document import BriefingHead, Head, Official
from guatu.domain.document.source_annex import relinked
from guatu.exchange import official_html
from guatu.queries.documents import Written, documents_of, stage_of
from guatu.queries.issued_final import Final, final_of, final_text, said_otherwise
from guatu.records.models import Item
from guatu.web.here import Here

NOW = "now"
"""In the address: the text as it would be counted now, and not as it was issued."""


@dataclass(frozen=True, slots=True)
class FinalShown:
    """The issued text of a document, for the bar above its pages: a sentence (`when` is part of it), and where it and its files are."""

    final: Final
    when: str
    words: str
    href: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Settled:
    """What the page of an issued document shows. `paper` is None where it is counted anew; `other` leads to the other one."""

    words: str
    other: str
    other_label: str
    paper: SafeString | None = None
    figures: tuple[tuple[str, str, str, str], ...] = ()


def final_shown(at: Here, item: Item) -> FinalShown | None:
    """One statement for a document that is signed, none for any other; nothing for whoever may not see figures."""
    if stage_of(at.pack, item) != "final" or not may(at.actor, "see_figures", campaign=at.campaign):
        return None
    final = final_of(item, until=at.as_of)
    if final is None:
        return None
    spec = documents_of(at.pack)
    briefing = spec.kinds.get(str(item.data.get(spec.kind) or "")) == "briefing"
    when = _("{day} 定稿为{number}") if briefing else _("{day} 定稿")
    said = when.format(day=final.issued_on.isoformat(), number=final.number)
    return FinalShown(
        final,
        said,
        _("已于 {when}。").format(when=said),
        at.to("issued", final.public_id),
        {form: at.to("issued-file", final.public_id, form) for form in ("docx", "pdf", "html")},
    )


def settled(at: Here, item: Item, shown: FinalShown, said: Written | None) -> Settled:
    """The issued text, or with `now` in the address the sentence that the page counts anew."""
    text = final_text(at.actor, at.campaign, shown.final)
    n = said_otherwise(at.campaign, text, said) if said is not None else 0
    if dict(at.params).get(NOW):
        told = _("已于 {when}。本页按现在的记录重算，有 {n} 个数不同，期数和文号不印。")
        return Settled(
            told.format(when=shown.when, n=n),
            at.to("document", item.public_id),
            _("看定稿的正文"),
        )
    refs = {key: at.to("issued-figure", shown.final.public_id, one.ref) for key, one in text.in_text.items()}
    titles = {key: one.definition for key, one in text.in_text.items()}
    told = _("已于 {when}，本页是定稿的正文。按现在的记录重算，有 {n} 个数不同。")
    if not n:
        told = _("已于 {when}，本页是定稿的正文。按现在的记录重算，没有数不同。")
    links = [at.to("issued-figure", shown.final.public_id, one.ref) for one in text.figures]
    paper = official_html.fragment(relinked(text.official, links), refs, titles=titles)
    return Settled(
        told.format(when=shown.when, n=n),
        at.to("document", item.public_id, **{NOW: 1}) if n else "",
        _("看重算的正文"),
        mark_safe(paper),  # noqa: S308  # escaped piece by piece where it is made
        tuple((one.key, one.label, one.text, refs[key]) for key, one in text.in_text.items()),
    )


def unnumbered(official: Official) -> Official:
    """The same without its number: what is counted anew is not what was issued under it."""
    bare: dict[str, Any] = {}
    if isinstance(official.head, BriefingHead):
        bare = {"head": replace(official.head, issue=0, total=None)}
    elif isinstance(official.head, Head):
        bare = {"head": replace(official.head, number="")}
    return replace(official, **bare) if bare else official
