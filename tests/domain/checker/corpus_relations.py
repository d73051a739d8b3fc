"""Relations between labelled figures as the marked texts give them below `%%`: `sum a = b + c`, `share p = b / a`, …

`meant ` before one says that it is true but that the words of the text do not tell it (corpus/README.md says when).
"""

from __future__ import annotations

import re
from typing import Any

_TYPES = {
    "sum": "part_whole",
    "share": "share",
    "difference": "difference",
    "growth": "growth",
    "growth_by": "growth_by",
    "decline": "decline",
    "mean": "mean",
    "mean_of": "mean",
    "ratio": "ratio",
    "at_most": "subset",
    "same": "same",
}


def relate(
    line: str, named: dict[str, dict[str, Any]], relations: list[dict[str, Any]], problems: list[str]
) -> None:
    """Read one line such as `share p = b / a` into `relations`; what it names wrongly goes into `problems`."""
    told = not line.startswith("meant ")
    kind, _, rest = line.removeprefix("meant ").partition(" ")
    left, _, right = rest.partition(" = ")
    terms = right.split()[::2]
    names = [left, *(t for t in terms if not re.fullmatch(r"[\d.]+", t))]
    if missing := [n for n in names if n not in named]:
        problems.append(f"{line}: no {missing}")
        return
    shown = {n: _shown(named[n]) for n in names}
    sign = {
        "growth": "/",
        "decline": "/",
        "share": "/",
        "mean": "/",
        "mean_of": "/",
        "ratio": "/",
        "growth_by": "/",
    }
    parts = [shown.get(t, t) for t in terms]
    if kind == "sum":
        expression = f"{'+'.join(parts)}={shown[left]}"
    elif kind == "difference":
        expression = f"{'-'.join(parts)}={shown[left]}"
    elif kind in ("same",):
        expression = f"{shown[left]}={parts[0]}"
    elif kind == "at_most":
        expression = f"{shown[left]}<={parts[0]}"
    elif kind == "growth_by":
        expression = f"{parts[0]}/({parts[1]}-{parts[0]})={shown[left]}"
    elif kind in ("growth", "decline"):
        expression = f"{sign[kind].join(parts)}{'-1' if kind == 'growth' else ''}={shown[left]}"
        if kind == "decline":
            expression = f"1-{parts[0]}/{parts[1]}={shown[left]}"
    else:
        expression = f"{sign[kind].join(parts)}={shown[left]}"
    relation = {
        "type": _TYPES[kind],
        "expr": expression,
        "holds": True,
        "told": told,
        "whole" if kind == "sum" else "result": named[left]["offset"],
        "parts" if kind == "sum" else "terms": [
            named[t]["offset"] if t in named else float(t) for t in terms
        ],
    }
    relations.append(relation)
    for name in names:
        item = named[name]
        item["relation"] = "; ".join(filter(None, (item["relation"], expression)))


def _shown(item: dict[str, Any]) -> str:
    value = item["value"]
    return f"{value}%" if item["kind"] == "percent" else str(value)
