"""The checker (校核): reads the numbers of a text, binds them to our figures and judges the text itself."""

from guatu.domain.checker.checking import check
from guatu.domain.checker.decided import Decided, phrase_of
from guatu.domain.checker.numerals import extract
from guatu.domain.checker.readings import (
    Checked,
    CheckedClaim,
    CheckedFigure,
    Finding,
    Numeral,
    TimeExpression,
)
from guatu.domain.checker.times import times

__all__ = [
    "Checked",
    "CheckedClaim",
    "CheckedFigure",
    "Decided",
    "Finding",
    "Numeral",
    "TimeExpression",
    "check",
    "extract",
    "phrase_of",
    "times",
]
