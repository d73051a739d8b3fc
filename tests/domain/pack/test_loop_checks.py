"""What a pack says of referral and self-check must name registers, fields and steps that are there."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.domain.pack import builtin_pack
from guatu.domain.pack.loop_checks import loop_mistakes
from guatu.domain.pack.schema import Pack


def with_part(part: str, **changed: Any) -> Pack:
    """The theme pack with one part of its loop changed."""
    pack = builtin_pack("theme-education")
    loop = pack.loop.model_copy(update={part: getattr(pack.loop, part).model_copy(update=changed)})
    return pack.model_copy(update={"head": pack.head.model_copy(update={"loop": loop})})


def test_the_built_in_packs_make_no_mistake() -> None:
    for key in ("theme-education", "safety-drive"):
        assert list(loop_mistakes(builtin_pack(key))) == []


@pytest.mark.parametrize(
    ("part", "changed", "path"),
    [
        ("referral", {"register_key": "nowhere"}, ("loop", "referral", "register")),
        ("referral", {"asked": "answers"}, ("loop", "referral", "asked")),
        ("referral", {"claim": "take"}, ("loop", "referral", "claim")),
        ("referral", {"answer": "take"}, ("loop", "referral", "answer")),
        ("self_check", {"register_key": "nowhere"}, ("loop", "self_check", "register")),
        ("self_check", {"cases": ("cases", "nowhere")}, ("loop", "self_check", "cases", 1)),
        ("self_check", {"item": "question"}, ("loop", "self_check", "item")),
        ("self_check", {"answer": "explanation"}, ("loop", "self_check", "answer")),
        ("self_check", {"answers": "reply"}, ("loop", "self_check", "answers")),
        ("self_check", {"opens": "nowhere"}, ("loop", "self_check", "opens")),
        ("self_check", {"sets": {"cause": "x"}}, ("loop", "self_check", "sets", "cause")),
        ("self_check", {"sets": {"source": "hearsay"}}, ("loop", "self_check", "sets", "source")),
    ],
)
def test_a_name_that_is_not_there_is_named_at_its_place(
    part: str, changed: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    [mistake] = loop_mistakes(with_part(part, **changed))
    assert mistake.path == path
    assert "请" in mistake.sentence


def test_a_referral_without_a_register_of_problems_is_refused() -> None:
    pack = builtin_pack("theme-education")
    loop = pack.loop.model_copy(update={"problems": None})
    spoilt = pack.model_copy(update={"head": pack.head.model_copy(update={"loop": loop})})
    assert "problems" in next(one.sentence for one in loop_mistakes(spoilt) if "referral" in one.path)
