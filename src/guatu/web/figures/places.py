"""用在哪里: where a figure is used, each place with the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guatu.domain.pack.figure_uses import PackUse, pack_uses
from guatu.domain.pack.figure_words import relation_words
from guatu.queries import figure_uses
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class UseShown:
    """One place: what kind it is, what it is called, where it leads (empty: nowhere)."""

    kind: str
    label: str
    href: str


def uses_shown(at: Here, key: str) -> tuple[UseShown, ...]:
    """The places that the pack itself names."""
    return tuple(_shown(at, use) for use in pack_uses(at.pack).get(key, ()))


def _shown(at: Here, use: PackUse) -> UseShown:
    match use.kind:
        case "report":
            return UseShown(_("文稿模板"), use.label, at.to("report", use.key))
        case "figure":
            figure = at.pack.figures[use.key]
            open_to_all = not figure.internal or figure.retired
            return UseShown(_("统计项"), use.label, at.to("figure", use.key) if open_to_all else "")
        case "desk":
            return UseShown(_("页面"), use.label, at.to("todo"))
        case "relation":
            words = relation_words(at.pack, at.pack.relations[int(use.key)])
            return UseShown(_("关系式"), words, f"{at.to('figure-relations')}#r{use.key}")
    return UseShown(_("页面"), use.label, "")


def written_uses(at: Here, key: str) -> tuple[UseShown, ...]:
    """What people wrote and sent with the figure, as far as the reader sees it."""
    kinds = {"document": _("文稿"), "issued": _("定稿"), "form": _("上级表样"), "sent": _("上报")}
    pages = {"document": "document", "issued": "issued", "form": "superior-form", "sent": "sent-figure"}
    return tuple(
        UseShown(kinds[one.kind], one.label, at.to(pages[one.kind], one.ref))
        for one in figure_uses.written_uses(at.actor, at.campaign, key)
    )
