"""One function moves items from state to state; whatever else writes a state is named here, with the reason why."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

MAY_WRITE = {
    "actions/workflow.py:move_items": "every step, from page, bulk, import, console and the worker",
    "actions/item_drafts.py:draft": "the state in which an item is created, one of the workflow's initial ones",
    "actions/item_drafts.py:apply_edit": "the one state of a logged fact, dated anew with its day",
    "actions/standing.py:correct_item": "a state that was written before, dated anew or taken back",
    "actions/restructuring.py:_part": "the state in which a part of a split item is created",
}
OUTSIDE = ("actions", "exchange", "web", "api", "console", "demo", "packs")


def writers(tree: ast.Module) -> Iterator[str]:
    """Functions that put something on the track of states, or set a row's state or phase."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and any(_writes(node) for node in ast.walk(function)):
            yield function.name


def _writes(node: ast.AST) -> bool:
    if isinstance(node, ast.Dict):
        return any(isinstance(key, ast.Name) and key.id == "STATE" for key in node.keys)
    if isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(_is_state(target) for target in targets)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        of_items = any(
            isinstance(one, ast.Name) and one.id in ("Item", "Spell") for one in ast.walk(node.func)
        )
        return of_items and any(word.arg in ("state", "phase") for word in node.keywords)
    return False


def _is_state(target: ast.AST) -> bool:
    if isinstance(target, ast.Subscript):
        return isinstance(target.slice, ast.Name) and target.slice.id == "STATE"
    item = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id
    return item in ("item", "draft", "found") and getattr(target, "attr", "") in ("state", "phase")


def test_nothing_else_writes_a_state(repository: Path) -> None:
    source = repository / "src" / "guatu"
    found = {
        f"{file.relative_to(source).as_posix()}:{name}"
        for folder in OUTSIDE
        for file in sorted((source / folder).rglob("*.py"))
        for name in writers(ast.parse(file.read_text(encoding="utf-8")))
    }
    assert found == set(MAY_WRITE)


def test_the_test_sees_a_state_that_is_written() -> None:
    for text in ("def f():\n  d = {STATE: 1}", "def f():\n  d[STATE] = 1", "def f():\n  item.state = 'x'"):
        assert list(writers(ast.parse(text))) == ["f"]
    assert list(writers(ast.parse("def f():\n  Item.objects.filter(pk=1).update(state='closed')"))) == ["f"]
    assert list(writers(ast.parse("def f():\n  return tracks[STATE], item.state"))) == []
