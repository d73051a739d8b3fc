"""`guatu bench --extract`: the reading of numerals measured on a folder of labelled texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from guatu.console.bench.extraction import measured, printed
from guatu.domain.errors import GuatuError

TEXT = "发现问题12个，整改９个。\n"
LABELS = {
    "source": "a.txt",
    "items": [
        {"phrase": "12个", "offset": 4, "end": 7, "low": 12, "high": 12, "kind": "exact", "class": "figure"},
        {"phrase": "９个", "offset": 10, "end": 12, "low": 8, "high": 8, "kind": "exact", "class": "figure"},
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps(LABELS), encoding="utf-8")
    return tmp_path


def test_a_figure_that_is_read_otherwise_costs_both_precision_and_recall(folder: Path) -> None:
    found = measured(folder)
    assert found["all"] == {"wanted": 2, "found": 2, "right": 1, "precision": 0.5, "recall": 0.5}
    assert found["characters"] == len(TEXT)
    assert [row["kind"] for row in found["kinds"]] == ["exact"]


def test_the_table_gives_every_kind_a_line(folder: Path) -> None:
    lines = printed(measured(folder)).splitlines()
    assert len(lines) == 2 + 1 + 2
    assert "0.5000" in lines[2] and lines[2].endswith("exact")


def test_a_folder_without_labels_is_answered_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GuatuError, match="没有标注过的文稿"):
        measured(tmp_path)
