"""Fields that are required by the value of a choice, kinds of evidence, and what a step fills in: declared and checked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guatu.domain.pack import Pack, PackError, builtin_pack, builtin_packs, load_pack

HAZARDS, FLOW = "registers/hazards.yaml", "workflows/hazard.yaml"
MISTAKES = [
    (HAZARDS, "required_when: {grade: [major]}", "required_when: {grades: [major]}", "required_when.grades", "填的是“grades”。可用：grade、category、handling"),
    (HAZARDS, "required_when: {grade: [major]}", "required_when: {grade: [worst]}", "required_when.grade", "填的是“worst”。可用：common、major"),
    (HAZARDS, "required_when: {grade: [major]}", "required_when: {place: [major]}", "required_when.place", "填的是“place”。可用：grade"),
    (HAZARDS, "    required_in: [doing, signing, applied, verifying, closed]\n", "", "required_when", "没有写 required_in"),
    (FLOW, "evidence_kinds: [before_photo, after_photo]", "evidence_kinds: [before_photo, photo]", "evidence_kinds[1]", "填的是“photo”。可用：before_photo、after_photo"),
    (FLOW, "evidence_kinds: [before_photo, after_photo]", "evidence_kinds: [after_photo, after_photo]", "evidence_kinds", "“after_photo”写了两次"),
    (FLOW, "key: after_photo, label", "key: before_photo, label", "evidence_kinds", "“before_photo”写了两次"),
    (FLOW, "sets: {handling: on_spot}", "sets: {handling: at_once}", "sets.handling", "填的是“at_once”。可用：on_spot、limited"),
    (FLOW, "sets: {handling: on_spot}", "sets: {place: on_spot}", "sets.place", "填的是“place”。可用：grade"),
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "safety"
    shutil.copytree(builtin_packs()["safety-drive"], target, ignore=shutil.ignore_patterns("demo", "*.py*"))
    return target


@pytest.fixture(scope="module")
def pack() -> Pack:
    return builtin_pack("safety-drive")


@pytest.mark.parametrize(("file", "old", "new", "key", "said"), MISTAKES)
def test_a_mistake_is_named_with_its_file_line_and_what_is_allowed(
    folder: Path, file: str, old: str, new: str, key: str, said: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError) as refusal:
        load_pack(folder)
    assert refusal.value.file == file
    assert key in refusal.value.key
    assert refusal.value.line > 1
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("state", "grade", "required"),
    [("doing", "major", True), ("doing", "common", False), ("doing", None, False), ("open", "major", False)],
)
def test_a_field_is_required_by_state_and_grade(pack: Pack, state: str, grade: str, required: bool) -> None:
    field = pack.register("hazards").field("funds")
    assert field is not None
    assert field.is_required(state, {"grade": grade}) is required


def test_a_step_asks_for_evidence_of_any_kind_or_of_certain_ones(pack: Pack) -> None:
    flow = pack.workflow("hazard")
    spot, start = flow.transition("fix_at_once"), flow.transition("start")
    assert spot is not None
    assert start is not None
    assert (spot.proves, start.proves) == (True, False)
    assert [flow.kind_label(kind) for kind in spot.evidence_kinds] == ["整改前照片", "整改后照片"]


def test_the_stored_pack_is_the_same_pack(pack: Pack) -> None:
    assert Pack.model_validate_json(pack.canonical) == pack
