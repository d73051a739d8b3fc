"""An archive as if it came from another house, so that it can be loaded beside the campaign that it was made of."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from guatu.domain.campaign_archive import Archive


def elsewhere(archive: Archive) -> Archive:
    """The same archive as from a house of its own: other codes, other accounts, other identities."""
    text = json.dumps({name: getattr(archive, name) for name in PARTS}, ensure_ascii=False)
    for row in (*archive.items, *archive.outside):
        text = text.replace(row["public_id"], f"f{row['public_id'][1:]}")
    told = json.loads(text, object_hook=_renamed)
    issued, phrases = _issued(archive)
    return replace(
        archive,
        issued=issued,
        phrases=phrases,
        **{name: value if name == "head" else tuple(value) for name, value in told.items()},
    )


def _issued(archive: Archive) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Issued documents and phrases with the same other names, which in issued documents stand within texts, too."""
    text = json.dumps(archive.issued, ensure_ascii=False)
    for row in (*archive.items, *archive.issued):
        text = text.replace(row["public_id"], f"f{row['public_id'][1:]}")
    codes = "|".join(row["code"] for row in archive.units)
    text = re.sub(rf'(?<=["~|])({codes})(?=["~|\\\\])', r"X\1", text)
    phrases = json.loads(json.dumps(archive.phrases), object_hook=_renamed)
    for row in phrases:
        row["public_id"] = f"f{row['public_id'][1:]}"
    issued = [
        {**row, "official": kept["official"]}
        for row, kept in zip(json.loads(text), archive.issued, strict=True)
    ]
    return tuple(issued), tuple(phrases)


PARTS = ("head", "units", "people", "teams", "posts", "items", "links", "comments", "readers", "outside")


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    """Unit codes, user names and the tree's key in their places."""
    for key in ("code", "parent", "successor", "root", "unit", "home"):
        value = row.get(key)
        if isinstance(value, str) and value and len(value) < 30:
            row[key] = f"X{value}"
    for key in ("username", "person"):
        if row.get(key):
            row[key] = f"x.{row[key]}"
    if row.get("units") and isinstance(row["units"][0], list):
        row["units"] = [[f"X{one[0]}", *one[1:]] for one in row["units"]]
    if "places" in row or set(row) == {"key", "name"}:
        row["key"] = f"x{row['key']}" if "key" in row else None
        row = {key: value for key, value in row.items() if value is not None}
    return row
