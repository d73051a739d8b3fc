"""Sentences that are kept and read later, by whom ever, in whatever language."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.errors import BadInput
from guatu.domain.said import Said, heard, of_failure, overheard, read
from guatu.domain.words import gettext, ngettext

LEFT = "还差 {n} 格：{fields}。请填写后再报送。"


@given(values=st.dictionaries(st.sampled_from("abc"), st.one_of(st.integers(), st.text(max_size=5))))
def test_what_is_kept_is_heard_again(values: dict[str, Any]) -> None:
    said = Said("甲{a}乙{b}丙{c}", {"inside": Said("丁"), **values}, 3)
    assert heard(said.kept()) == said


@pytest.mark.parametrize("kept", [None, "", 3, [], {}, {"said": 1}])
def test_of_what_was_never_kept_so_the_finished_text_is_read(kept: object) -> None:
    assert read(kept, "旧的一句话") == "旧的一句话"


def test_one_and_many_are_told_apart_where_the_language_does() -> None:
    one, many = Said(LEFT, {"n": 1, "fields": "甲"}, 1), Said(LEFT, {"n": 2, "fields": "甲"}, 2)
    assert str(one) == "还差 1 格：甲。请填写后再报送。"
    with override("en"):
        assert "1 cell is" in str(one)
        assert "2 cells are" in str(many)


def test_a_sentence_whose_places_are_not_filled_stands_as_it_is() -> None:
    assert str(Said("甲{a}乙", {"b": 1})) == "甲{a}乙"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_failure_keeps_its_original_whatever_language_it_came_about_in(language: str) -> None:
    with override(language), overheard() as noted:
        plain = BadInput(gettext("文件设有打开密码，无法读取。请去除密码后重新上传。"))
        counted = BadInput(ngettext(LEFT, LEFT, 2), n=2, fields="甲")
        kept = of_failure(plain, noted), of_failure(counted, noted)
    assert [str(one) for one in kept] == [
        "文件设有打开密码，无法读取。请去除密码后重新上传。",
        "还差 2 格：甲。请填写后再报送。",
    ]
    with override("en"):
        assert "2 cells are" in str(kept[1])
