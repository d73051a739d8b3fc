"""A pack that grows by a register while its campaign runs."""

from __future__ import annotations

import pytest

from guatu.domain.errors import BadInput
from guatu.domain.pack import Pack, builtin_pack
from guatu.domain.pack.growing import MOST, free_key, free_prefix, next_version, with_register
from guatu.domain.pack.register import Field
from tests.new_registers import new_register

PACK = builtin_pack("theme-education")


def test_versions_count_how_often_the_pack_has_grown() -> None:
    assert [next_version("1.0"), next_version("1.0+1"), next_version("2.11+9")] == [
        "1.0+1",
        "1.0+2",
        "2.11+10",
    ]


def test_the_grown_pack_says_all_that_it_said_and_the_register() -> None:
    register = new_register(PACK)
    grown = with_register(PACK, register)
    assert grown.version == f"{PACK.version}+1"
    assert grown.register(register.key) == register
    assert grown.head.registers == (*PACK.head.registers, register.key)
    assert {**grown.registers} == {**PACK.registers, register.key: register}
    assert Pack.model_validate_json(grown.canonical) == grown
    assert grown.sha256 != PACK.sha256


def test_keys_and_prefixes_are_the_first_free_ones() -> None:
    assert free_key(()) == "sheet_1"
    assert free_key({"sheet_1", "sheet_3"}) == "sheet_2"
    assert free_prefix(()) == "BA"
    taken = {f"B{chr(65 + place)}" for place in range(26)}
    assert free_prefix(taken) == "BAA"
    grown = with_register(PACK, new_register(PACK))
    again = with_register(grown, new_register(grown, label="第二张表"))
    assert list(again.registers)[-2:] == ["sheet_1", "sheet_2"]
    assert again.version == f"{PACK.version}+2"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "problems"}, "已有标识为“problems”的清单"),
        ({"label": PACK.register("problems").label}, "已有名称为"),
        ({"workflow": "nowhere"}, "流转“nowhere”不在专项模板中"),
        ({"prefix": PACK.register("problems").prefix}, "编号前缀"),
        ({"fields": (Field(key="kind", label="类别", type="choice"),)}, "却没有 choices"),
        ({"columns": ("number", "nothing")}, "nothing"),
    ],
)
def test_a_register_that_does_not_fit_is_refused_with_the_reason(
    change: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        with_register(PACK, new_register(PACK, **change))  # type: ignore[arg-type]


def test_a_campaign_has_no_more_registers_than_a_page_can_list() -> None:
    pack = PACK
    while len(pack.registers) < MOST:
        key = free_key(pack.registers)
        register = new_register(pack, label=key)
        pack = pack.model_copy(update={"registers": {**pack.registers, key: register}})
    with pytest.raises(BadInput, match="不能再增加"):
        with_register(pack, new_register(pack))
