"""Comparing many problems in the background: the work and its result, which the page of common causes reads back."""

from __future__ import annotations

from guatu.access import resolve
from guatu.actions.jobs import Made, Work
from guatu.domain.errors import NotFound
from guatu.domain.said import Said
from guatu.domain.words import gettext_noop
from guatu.queries.common_causes import as_kept, kept_apart, suggestions, texts_of
from guatu.records.models import Campaign, Person


def compare_problems(work: Work) -> Made:
    """Compare what the owner may see, in this campaign and the others named in `campaigns` (keys)."""
    if work.campaign is None:
        raise NotFound()
    person = resolve(Person.objects.get(pk=work.actor.person))
    others = Campaign.objects.filter(key__in=work.params.get("campaigns", ())).select_related("pack", "root")
    texts = texts_of(person, work.campaign, {work.campaign, *others})
    work.progress.step(0, 2)
    found = suggestions(texts, kept_apart([text.pk for text in texts]))
    work.progress.step(1, 2)
    path = work.folder / "found.json"
    path.write_text(as_kept(found), encoding="utf-8")
    return Made(
        path,
        "causes.json",
        Said(
            gettext_noop("比对了 {n} 项，找到 {groups} 组相近的问题。请到“共性问题”页查看。"),
            {"n": len(texts), "groups": len(found)},
        ),
    )
