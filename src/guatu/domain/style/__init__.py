"""The linter of style (文字规范): numbers, days, punctuation, headings and references as official Chinese writes them."""

from guatu.domain.style.finding import Rule, StyleFinding
from guatu.domain.style.linting import lint
from guatu.domain.style.table import BY_KEY, RULES

__all__ = ["BY_KEY", "RULES", "Rule", "StyleFinding", "lint"]
