"""How well and how fast numerals are read in a folder of labelled texts (`guatu bench --extract`)."""

from __future__ import annotations

import json
import statistics
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from guatu.domain.checker import extract, times
from guatu.domain.checker.bound_scoring import BindingTally, bound_tally
from guatu.domain.checker.scoring import Score, Tally, labels_of, score
from guatu.domain.errors import GuatuError
from guatu.domain.figures.results import Gathered, Result, settle, statement
from guatu.domain.pack import Pack, builtin_pack
from guatu.domain.statements import Statement
from guatu.domain.words import gettext as _

REPEATS = 5
PER = 3000
"""The time is told for so many characters."""


def measured(folder: Path) -> dict[str, Any]:
    """Precision and recall by kind over `folder`'s texts (x.txt beside x.json), and milliseconds per 3,000 characters."""
    total, characters, seconds = Score(), 0, 0.0
    rows = []
    for labels in sorted(folder.glob("*.json")):
        text, data = _read(labels)
        passes = []
        for _pass in range(REPEATS):
            began = time.perf_counter()
            found = extract(text)
            passes.append(time.perf_counter() - began)
        one = score(labels_of(data), found, times(text))
        rows.append({"text": labels.stem, **_row(one.all)})
        total.add(one)
        characters += len(text)
        seconds += statistics.median(passes)
    if not rows:
        raise GuatuError(
            _("文件夹“{folder}”里没有标注过的文稿（.txt 和同名的 .json）。请换一个文件夹。").format(
                folder=folder
            )
        )
    return {
        "texts": rows,
        "characters": characters,
        "ms_per_3000": round(seconds * 1000 * PER / characters, 1) if characters else 0.0,
        "kinds": [{"kind": kind, **_row(tally)} for kind, tally in sorted(total.kinds.items())],
        "all": _row(total.all),
        "times": _row(total.times),
        "binding": _binding_row(bound(folder / "bindings")),
    }


def bound(folder: Path) -> BindingTally:
    """The sentences of `folder`'s files, each bound to the figures of the built-in pack that its file names.

    No value decides what a number is bound to, so every figure has the same one.
    """
    total = BindingTally()
    for file in sorted(folder.glob("*.json")):
        data = json.loads(file.read_text(encoding="utf-8"))
        pack, day = builtin_pack(data["pack"]), date.fromisoformat(data["day"])
        said = _statements(pack, day)
        for sentence in data["sentences"]:
            total.add(bound_tally(sentence, said, day, data["own_names"], pack.words.campaign_names))
    return total


def _statements(pack: Pack, day: date) -> list[Statement]:
    """The pack's figures said of that day, every count the same and every share that of its parts."""
    figures = {k: f for k, f in pack.figures.items() if not f.is_claim}
    results = {k: Result(Decimal(7), Decimal(7)) for k, f in figures.items() if f.agg.kind != "ratio"}
    for key, figure in figures.items():
        if figure.agg.kind == "ratio" and set(figure.parts) <= set(results):
            results[key] = settle(figure, Gathered(), day, results)
    return [statement(figures[k], result, day) for k, result in results.items() if not figures[k].internal]


def _binding_row(tally: BindingTally) -> dict[str, Any]:
    return {
        "numbers": tally.all,
        "own": tally.own,
        "neighbours": tally.neighbours,
        "right": round(tally.share(tally.right), 4),
        "asked": round(tally.share(tally.asked), 4),
        "left": round(tally.share(tally.left), 4),
        "wrong": round(tally.share(tally.wrong), 4),
        "mistaken": tally.mistaken,
    }


def _read(labels: Path) -> tuple[str, dict[str, Any]]:
    data = json.loads(labels.read_text(encoding="utf-8"))
    return (labels.parent / data["source"]).read_text(encoding="utf-8"), data


def _row(tally: Tally) -> dict[str, Any]:
    return {
        "wanted": tally.wanted,
        "found": tally.found,
        "right": tally.right,
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
    }


def printed(found: dict[str, Any]) -> str:
    """What `guatu bench --extract` prints without --json."""
    count = len(found["texts"])
    heads = (_("标注数"), _("准确率"), _("召回率"), _("类别"))
    lines = [
        _("{count} 篇文稿，{characters} 字，每 3000 字 {ms} 毫秒").format(
            count=count, characters=found["characters"], ms=found["ms_per_3000"]
        ),
        "{:>8} {:>8} {:>8}  {}".format(*heads),
    ]
    rows = [*found["kinds"], {"kind": _("时间"), **found["times"]}, {"kind": _("全部数字"), **found["all"]}]
    for row in rows:
        lines.append(f"{row['wanted']:>10} {row['precision']:>10.4f} {row['recall']:>10.4f}  {row['kind']}")
    binding = found["binding"]
    if binding["numbers"]:
        lines.append(
            _(
                "认领：{numbers} 个数，其中本系统的 {own} 个、相邻而不是的 {neighbours} 个；认对 {right}，列出候选 {asked}，没认出 {left}，认错 {wrong}"
            ).format(
                numbers=binding["numbers"],
                own=binding["own"],
                neighbours=binding["neighbours"],
                right=f"{binding['right']:.1%}",
                asked=f"{binding['asked']:.1%}",
                left=f"{binding['left']:.1%}",
                wrong=f"{binding['wrong']:.1%}",
            )
        )
        lines += binding["mistaken"]
    return "\n".join(lines)
