"""Roll forward (换期更新): last period's text with the figures and days of another day, as far as it is sure."""

from guatu.domain.rolling.days import guess_day
from guatu.domain.rolling.own import Own, own_text
from guatu.domain.rolling.planning import Asked, Broken, Choice, Left, Plan, Recheck, Swap, plan

__all__ = [
    "Asked",
    "Broken",
    "Choice",
    "Left",
    "Own",
    "Plan",
    "Recheck",
    "Swap",
    "guess_day",
    "own_text",
    "plan",
]
