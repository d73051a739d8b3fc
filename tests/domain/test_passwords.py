"""What a password must be, and what is said of one that is not."""

from __future__ import annotations

import pytest

from guatu.domain.errors import BadInput
from guatu.domain.passwords import refuse_weak


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "只有 5 个字符"),
        ("九个字还是不够长啊", "至少用 10 个字符"),
        ("aaaaaaaaaaaa", "过于简单"),
        ("ababababababab", "过于简单"),
        ("my-LINXIAOLAN-2026", "含有账号"),
        ("linxiaolan", "含有账号"),
        ("x1y2z3" * 40, "超过 200 个字符"),
    ],
)
def test_a_weak_password_is_refused_in_a_sentence_that_does_not_repeat_it(password: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        refuse_weak(password, "linxiaolan")
    assert password == "linxiaolan" or password not in str(refused.value)
    assert "请" in str(refused.value)


@pytest.mark.parametrize("password", ["Mountain-2026", "山高水长人来人往二六", "0123456789"])
def test_ten_characters_that_are_not_all_the_same_are_enough(password: str) -> None:
    refuse_weak(password, "linxiaolan")
