"""What has changed since an item was last sent back: what a verifier looks at first when it comes again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from guatu.queries.pages import Event, FieldChange


@dataclass(frozen=True, slots=True)
class SinceReturn:
    """The last return (who, when, why) and what came after it: every field from its value then to its value now.

    `added`: evidence that came, `said`: what was written with the steps since, `times` how often it came back at all.
    """

    who: str
    at: datetime
    reason: str
    changes: tuple[FieldChange, ...]
    added: tuple[str, ...]
    said: tuple[str, ...]
    times: int


def since_return(timeline: Sequence[Event], state_label: str, evidence_label: str) -> SinceReturn | None:
    """From an item's events, the latest first; None if it was never sent back.

    `state_label` and `evidence_label` are the labels under which events tell of states and evidence.
    """
    backs = [place for place, event in enumerate(timeline) if event.moved and event.tone == "back"]
    if not backs:
        return None
    back, later = timeline[backs[0]], timeline[: backs[0]]
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    added = []
    for event in reversed(later):
        for change in event.changes:
            if change.label == state_label:
                continue
            if change.label == evidence_label:
                added.append(change.after or change.before)
                continue
            before.setdefault(change.label, change.before)
            after[change.label] = change.after
    return SinceReturn(
        who=back.who,
        at=back.recorded,
        reason=back.reason,
        changes=tuple(
            FieldChange(label, before[label], after[label])
            for label in after
            if before[label] != after[label]
        ),
        added=tuple(added),
        said=tuple(dict.fromkeys(event.reason for event in reversed(later) if event.reason)),
        times=len(backs),
    )
