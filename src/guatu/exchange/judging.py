"""How a text is judged, wherever it is: on the pages of the check, by the command, inside the editor of documents."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from guatu.domain.checker import Checked, check
from guatu.domain.checker.offers import offers
from guatu.domain.style import StyleFinding, lint
from guatu.exchange.check_remarks import Remark, remarks_of
from guatu.queries.statements_now import Stated


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts on a text, what is to be said of its style, and both as numbered remarks."""

    checked: Checked
    style: tuple[StyleFinding, ...]
    remarks: tuple[Remark, ...]


def judge(text: str, known: Stated) -> Judgement:
    """Check `text` against what is `known`, against itself and the rules of style."""
    checked = _checked(text, known)
    style = tuple(lint(text, checked.findings))
    nouns = tuple(dict.fromkeys(noun for one in known.compared for noun in one.say.nouns[:1]))
    offered = offers(text, checked, partial(_checked, known=known), nouns)
    return Judgement(checked, style, remarks_of(text, checked, known.statements, style, offered))


def _checked(text: str, known: Stated) -> Checked:
    return check(
        text,
        known.compared,
        known.relations,
        known.day,
        known.own_names,
        known.campaign_names,
        known.decided,
    )
