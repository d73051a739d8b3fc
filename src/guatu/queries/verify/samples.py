"""Samples against their revisions: what was drawn, by which rule, and that the rule draws the same again."""

from __future__ import annotations

import json
from collections.abc import Iterator

from guatu.domain.words import gettext as _
from guatu.queries.sample_draw import drawn_again
from guatu.records.models import Revision, Sample, SampleItem


def check_samples() -> str:
    """The first sample that differs from its revision, or that its rule and seed no longer draw; empty if none does."""
    return next(_compare(), "")


def _compare() -> Iterator[str]:
    rows = Revision.objects.filter(subject_kind="sample")
    said = {
        subject: (batch, json.loads(body)["plain"])
        for subject, batch, body in rows.values_list("subject_id", "batch_id", "body")
    }
    drawn: dict[int, list[list[object]]] = {}
    for key, *row in (
        SampleItem.objects.order_by("pk").values_list("sample_id", "item_id", "ground", "team_id").iterator()
    ):
        drawn.setdefault(key, []).append(row)
    stored = {sample.pk: sample for sample in Sample.objects.select_related("campaign", "campaign__pack")}
    for pk in sorted(said.keys() | stored.keys() | drawn.keys()):
        sample = stored.get(pk)
        told = None if sample is None else (sample.batch_seq, _plain(sample, drawn.get(pk, [])))
        if said.get(pk) != told:
            yield _("{name}（内部号 {pk}）与其修订记录不符。").format(name=_("回头看抽查"), pk=pk)
        elif sample is not None and drawn_again(sample.campaign, sample) != tuple(
            row[0] for row in drawn.get(pk, [])
        ):
            yield _("回头看抽查“{title}”按原规则和种子重抽，结果与当时不一致。").format(title=sample.title)


def _plain(sample: Sample, items: list[list[object]]) -> dict[str, object]:
    return {
        "campaign": sample.campaign_id,
        "public_id": str(sample.public_id),
        "title": sample.title,
        "seed": sample.seed,
        "rule": sample.rule,
        "known_at": sample.known_at,
        "population": sample.population,
        "items": items,
    }
