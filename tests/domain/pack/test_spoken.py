"""A pack in another language: the same pack to everything but a reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guatu.domain.pack.load import builtin_packs, load_pack
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.spoken import spoken, texts

CHINESE = re.compile("[\u4e00-\u9fff]")
PACKS = sorted(builtin_packs().items())


@pytest.fixture(params=[folder for _key, folder in PACKS], ids=[key for key, _folder in PACKS])
def pack(request: pytest.FixtureRequest) -> Pack:
    folder: Path = request.param
    return load_pack(folder)


def test_every_text_of_a_built_in_pack_has_its_english_and_none_is_left_over(pack: Pack) -> None:
    said, written = pack.translations["en"], texts(pack)
    assert [text for text in written if text not in said] == []
    assert sorted(said.keys() - set(written)) == []
    assert [(text, english) for text, english in said.items() if CHINESE.search(english)] == []


def test_a_pack_in_english_has_no_chinese_on_its_pages(pack: Pack) -> None:
    english = spoken(pack, "en")
    assert [text for text in texts(english) if CHINESE.search(text)] == []
    assert all(not CHINESE.search(figure.measure) for figure in english.figures.values())


def test_it_is_the_same_pack_to_everything_but_a_reader(pack: Pack) -> None:
    english = spoken(pack, "en")
    assert english.sha256 == pack.sha256
    assert english.canonical == pack.canonical
    assert list(english.registers) == list(pack.registers)
    assert [f.say for f in english.figures.values()] == [f.say for f in pack.figures.values()]
    assert english.relation_texts == pack.relation_texts


def test_a_language_without_translations_is_the_original(pack: Pack) -> None:
    assert spoken(pack, "fr") is pack
    assert spoken(pack, "zh-hans") is pack
