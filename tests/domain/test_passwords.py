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
        ("林晓岚-2026-岁岁平安", "含有本人姓名"),
        ("0123456789", "顺序相连"),
        ("9876543210987", "顺序相连"),
        ("QWERTYUIOP", "顺序相连"),
        ("1qaz2wsx3edc", "顺序相连"),
    ],
)
def test_a_weak_password_is_refused_in_a_sentence_that_does_not_repeat_it(password: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        refuse_weak(password, "linxiaolan", name="林晓岚")
    assert password == "linxiaolan" or password not in str(refused.value)
    assert "请" in str(refused.value)


@pytest.mark.parametrize("password", ["Mountain-2026", "山高水长人来人往二六", "8273640915", "0123456789x"])
def test_ten_characters_that_are_not_all_the_same_are_enough(password: str) -> None:
    refuse_weak(password, "linxiaolan")


@pytest.mark.parametrize(
    ("password", "kinds", "taken"),
    [
        ("mountainriver", 1, True),
        ("mountainriver", 2, False),
        ("Mountain2026", 3, True),
        ("Mountain2026", 4, False),
        ("Mountain-2026", 4, True),
        ("山高水长人来人往2026", 2, True),
    ],
)
def test_where_the_house_asks_for_several_kinds_of_signs_they_are_counted(
    password: str, kinds: int, taken: bool
) -> None:
    if taken:
        refuse_weak(password, "linxiaolan", kinds=kinds)
    else:
        with pytest.raises(BadInput, match=f"请至少用 {kinds} 类"):
            refuse_weak(password, "linxiaolan", kinds=kinds)


def test_the_house_may_ask_for_longer_ones() -> None:
    with pytest.raises(BadInput, match="至少用 14 个字符"):
        refuse_weak("Mountain-2026", "linxiaolan", least=14)
