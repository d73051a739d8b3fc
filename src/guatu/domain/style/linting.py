"""`lint`: every place of a text that breaks a rule of style."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.domain.checker.readings import Finding
from guatu.domain.style.finding import StyleFinding
from guatu.domain.style.table import RULES
from guatu.domain.style.text import read


def lint(source: str, told: Sequence[Finding] = ()) -> tuple[StyleFinding, ...]:
    """The findings of style in the order of the text; offsets are code points of `source`.

    `told` is what the checker has said of the same text: a measure word that breaks a sum is not reported again.
    """
    text = read(source)
    finders = dict.fromkeys(rule.find for rule in RULES)
    drifts = {finding.start for finding in told if finding.kind == "measure_drift"}
    kept: dict[tuple[str, int], StyleFinding] = {}
    for find in finders:
        for finding in find(text):
            if finding.rule == "mixed_measures" and finding.start in drifts:
                continue
            kept.setdefault((finding.rule, finding.start), finding)
    return tuple(sorted(kept.values(), key=lambda one: (one.start, one.end, one.rule)))
