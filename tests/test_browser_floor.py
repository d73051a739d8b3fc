"""The oldest browsers of sealed sites (Chromium 109, Firefox 115) read every rule of our style sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tinycss2

STATIC = Path(__file__).resolve().parent.parent / "src/guatu/web/static"
SHEETS = sorted(path for path in STATIC.rglob("*.css") if "vendor" not in path.parts)
SCRIPTS = sorted(path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)

# What the floor lacks. :has (Firefox 121), nesting (120/117), color-mix and relative colours (111/113),
# light-dark (123/120), subgrid (117), @scope, @starting-style, text-wrap: balance is harmless and so allowed.
LATE_FUNCTIONS = {
    "color-mix",
    "light-dark",
    "linear",
    "sin",
    "cos",
    "round",
    "anchor",
    "calc-size",
    "if",
    "attr-type",
}
LATE_SELECTORS = re.compile(r":(has|state|popover-open|open|user-valid|user-invalid|dir)\b")
LATE_AT_RULES = {"scope", "starting-style", "view-transition", "position-try", "function", "property"}
LATE_VALUES = {"subgrid", "allow-discrete", "match-parent-size"}
LATE_UNITS = {"rlh", "rex", "rch", "rcap", "ric", "cap"}
LATE_SCRIPT = re.compile(
    r"\.(toSorted|toReversed|toSpliced|with)\(|Object\.groupBy|Map\.groupBy|Promise\.withResolvers|"
    r"\bshowPopover\(|\bstartViewTransition\(|Array\.fromAsync|\bURL\.canParse\(|\bnew Set\([^)]*\)\.(union|intersection)\("
)


def walk(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens or ():
        yield token
        for inner in ("arguments", "content"):
            yield from walk(getattr(token, inner, None) or [])


def late_in_values(tokens: list[Any], where: str) -> Iterator[str]:
    for token in walk(tokens):
        if token.type == "function" and token.lower_name in LATE_FUNCTIONS:
            yield f"{where}:{token.source_line}: {token.lower_name}()"
        if token.type == "ident" and token.lower_value in LATE_VALUES:
            yield f"{where}:{token.source_line}: {token.lower_value}"
        if token.type == "dimension" and token.lower_unit in LATE_UNITS:
            yield f"{where}:{token.source_line}: unit {token.lower_unit}"


def late_in_rules(rules: list[Any], where: str, *, inside_style: bool = False) -> Iterator[str]:
    """Everything in `rules` that a browser at the floor would drop, as “file:line: what”."""
    for rule in rules:
        if rule.type == "error":
            yield f"{where}:{rule.source_line}: {rule.message}"
        elif rule.type == "at-rule":
            if rule.lower_at_keyword in LATE_AT_RULES:
                yield f"{where}:{rule.source_line}: @{rule.at_keyword}"
            if inside_style:
                yield f"{where}:{rule.source_line}: @{rule.at_keyword} nested in a rule"
            elif rule.content is not None and rule.lower_at_keyword in {
                "media",
                "supports",
                "layer",
                "container",
            }:
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                yield from late_in_rules(inner, where)
            elif rule.content is not None:
                yield from late_in_values(rule.content, where)
        elif rule.type == "qualified-rule":
            selector = tinycss2.serialize(rule.prelude)
            if inside_style:
                yield f"{where}:{rule.source_line}: nested rule {selector.strip()}"
                continue
            if LATE_SELECTORS.search(selector) or "&" in selector:
                yield f"{where}:{rule.source_line}: selector {selector.strip()}"
            body = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            yield from late_in_rules(body, where, inside_style=True)
        elif rule.type == "declaration":
            yield from late_in_values(rule.value, where)


def late(css: str, where: str = "sheet") -> list[str]:
    return list(
        late_in_rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), where)
    )


def test_the_oldest_browser_reads_every_rule() -> None:
    assert SHEETS
    assert [line for sheet in SHEETS for line in late(sheet.read_text(encoding="utf-8"), sheet.name)] == []


def test_the_oldest_browser_runs_every_script() -> None:
    texts = {script.name: script.read_text(encoding="utf-8") for script in SCRIPTS}
    assert {name: LATE_SCRIPT.findall(text) for name, text in texts.items() if LATE_SCRIPT.search(text)} == {}


@pytest.mark.parametrize(
    ("css", "said"),
    [
        (".a { .b { color: red } }", "nested rule .b"),
        (".a { &:hover { color: red } }", "nested rule &:hover"),
        (".a { @media print { color: red } }", "@media nested"),
        ("@media print { .a { & b { color: red } } }", "nested rule & b"),
        (".a:has(b) { color: red }", ":has"),
        (".a { color: color-mix(in srgb, red, blue) }", "color-mix()"),
        (":root { --x: light-dark(red, blue) }", "light-dark()"),
        (".a { grid-template-rows: subgrid }", "subgrid"),
        ("@scope (.a) { b { color: red } }", "@scope"),
    ],
)
def test_what_the_oldest_browser_would_drop_is_found(css: str, said: str) -> None:
    found = late(css)
    assert len(found) >= 1
    assert said in found[0]


def test_plain_rules_pass() -> None:
    assert (
        late(
            "@media (min-width: 40em) { .a > b:not(.c):focus-visible { inset: 0; color: rgb(0 0 0 / 50%) } }"
        )
        == []
    )
