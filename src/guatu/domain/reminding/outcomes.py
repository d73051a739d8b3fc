"""What came of an attempt to send, as the service's answer is judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """SENT: taken. LATER: to be tried again. REFUSED: trying again changes nothing. UNKNOWN: it may have been taken."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`said`: the sentence for the administrator, without any secret. `whole`: it concerns the channel, not this letter.

    `after`: seconds for which the service wants to be left alone (0: as usual).
    """

    verdict: Verdict
    said: str = ""
    after: int = 0
    whole: bool = False


SENT = Outcome(Verdict.SENT)
