"""docs/packs.md names every key of the pack format, and its examples are valid."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from guatu.domain.figures.grammar import Figure, Show
from guatu.domain.pack import FIELD_TYPES, ROLES, STANDARD_ATTRIBUTES
from guatu.domain.pack.base import Choice
from guatu.domain.pack.collection import Collection, Held
from guatu.domain.pack.desk import Desk
from guatu.domain.pack.letterhead import Letterhead
from guatu.domain.pack.loop import Findings, Loop, Notice, Reinspection, Satisfaction, SelfCheck
from guatu.domain.pack.register import Field, Register
from guatu.domain.pack.schema import FigureFile, HeadCountKind, LightRule, PackHead, Wall, Words
from guatu.domain.pack.template import NAMES, Block, Case, Condition, ReportTemplate, SentenceCases
from guatu.domain.pack.workflow import PHASES, State, Transition, Workflow

MODELS: tuple[type[BaseModel], ...] = (
    *(
        PackHead,
        Words,
        HeadCountKind,
        LightRule,
        Wall,
        Desk,
        Letterhead,
        Register,
        Field,
        Choice,
        Held,
        Workflow,
        State,
        Transition,
    ),
    *(Loop, Notice, Reinspection, SelfCheck, Satisfaction, Findings, Collection),
    *(Figure, Show, FigureFile, ReportTemplate, Block, SentenceCases, Case, Condition),
)
EXAMPLES: dict[str, type[BaseModel]] = {
    "registers": Register,
    "workflows": Workflow,
    "figures": FigureFile,
    "reports": ReportTemplate,
}


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "packs.md").read_text(encoding="utf-8")


def named(page: str) -> set[str]:
    """Every word in code marks, and every word of the examples."""
    code = re.findall(r"`([^`\n]+)`", page) + re.findall(r"```yaml \w+\n(.*?)```", page, flags=re.DOTALL)
    return {word for piece in code for word in re.findall(r"[a-z][a-z_0-9]*", piece)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_a_pack_may_write_is_on_the_page(page: str, model: type[BaseModel]) -> None:
    keys = {field.alias or name for name, field in model.model_fields.items()}
    assert keys <= named(page)


def test_every_field_type_has_its_row(page: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE)
    assert [row for row in rows if row in FIELD_TYPES] == list(FIELD_TYPES)


def test_phases_names_and_attributes_are_on_the_page(page: str) -> None:
    assert {*PHASES, *NAMES, *STANDARD_ATTRIBUTES} <= named(page)
    assert len(ROLES) == 13
    assert "十三个角色" in page


@pytest.mark.parametrize("kind", EXAMPLES)
def test_the_examples_are_valid(page: str, kind: str) -> None:
    found = re.search(rf"```yaml {kind}\n(.*?)```", page, flags=re.DOTALL)
    assert found is not None
    content = YAML(typ="safe", pure=True).load(found.group(1))
    text = json.dumps(content, ensure_ascii=False, default=str)
    assert EXAMPLES[kind].model_validate_json(text) is not None
