"""What a pack says of its documents names registers, fields, states and steps that it has."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.domain.pack import builtin_pack
from guatu.domain.pack.document_checks import document_mistakes
from guatu.domain.pack.schema import Pack

pytestmark = pytest.mark.sqlite


def saying(**changed: Any) -> Pack:
    """The built-in pack with another `loop.documents`."""
    pack = builtin_pack("theme-education")
    spec = pack.loop.documents
    assert spec is not None
    loop = pack.loop.model_copy(update={"documents": spec.model_copy(update=changed)})
    return pack.model_copy(update={"head": pack.head.model_copy(update={"loop": loop})})


@pytest.mark.parametrize(
    ("changed", "written"),
    [
        ({"register_key": "papers"}, "papers"),
        ({"as_of": "data_day"}, "data_day"),
        ({"kinds": {"poem": "plain"}}, "poem"),
        ({"written_in": ("begun",)}, "begun"),
        ({"stages": {"printed": "final"}}, "printed"),
        ({"sign": "stamp"}, "stamp"),
        ({"check": ("glance",)}, "glance"),
    ],
)
def test_a_key_that_the_pack_does_not_have_is_named(changed: dict[str, Any], written: str) -> None:
    [mistake] = document_mistakes(saying(**changed))
    assert mistake.file == "pack.yaml"
    assert f"“{written}”" in mistake.sentence


def test_the_built_in_packs_have_documents_that_units_are_not_asked_to_hand_in() -> None:
    for key in ("theme-education", "safety-drive"):
        pack = builtin_pack(key)
        assert list(document_mistakes(pack)) == []
        assert pack.loop.documents is not None
        assert pack.loop.documents.register_key in pack.loop.by_steps


def test_a_pack_without_documents_has_no_mistake_in_them() -> None:
    pack = builtin_pack("theme-education")
    loop = pack.loop.model_copy(update={"documents": None})
    bare = pack.model_copy(update={"head": pack.head.model_copy(update={"loop": loop})})
    assert list(document_mistakes(bare)) == []
