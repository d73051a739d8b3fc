"""What the form of a document sends: its blocks in the order in which they stand, and what a button asks to be done to them.

The names of the inputs: `block` lists the ids in order; what a block holds is under its id (`text-b1`, `style-b1`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.http import QueryDict

from guatu.domain.writing.body import next_id
from guatu.web.documents.shape import Told
from guatu.web.numbers import typed_number

LISTED = ("signers", "copies_to", "reported", "sent", "issued")
LINES = ("mark", "urgency", "editors_note", "remark", "printer")
NUMBERS = ("copies", "total")
_CELL = re.compile(r"[\t｜|]")
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_DO = re.compile(
    r"(?P<deed>add|up|down|remove|keep|drop|both)(?:-(?P<kind>[a-z]+[1-3]?))?:(?P<id>[A-Za-z0-9_-]{0,40})"
)


def read_form(post: QueryDict) -> Told:
    """The body as the page shows it (`shape.shown_body`)."""
    told: Told = {
        "head": _head(post),
        "salutation": post.get("salutation", "").strip(),
        "signature": post.get("signature", "").strip(),
        "blocks": [],
        "annexes": [],
    }
    annexes: dict[str, Told] = {}
    for annex in post.getlist("annex"):
        if _ID.fullmatch(annex) and annex not in annexes:
            made = {"id": annex, "title": post.get(f"title-{annex}", "").strip(), "blocks": []}
            annexes[annex] = made | _kept(post, annex)
    for block in dict.fromkeys(post.getlist("block")):
        if not _ID.fullmatch(block):
            continue
        inside = annexes.get(post.get(f"in-{block}", ""))
        (inside or told)["blocks"].append(_block(post, block))
    told["annexes"] = list(annexes.values())
    return told


def _kept(post: QueryDict, block: str) -> Told:
    return {name: post[f"{name}-{block}"] for name in ("beside", "source") if post.get(f"{name}-{block}")}


def _head(post: QueryDict) -> Told:
    head: Told = {name: post.get(f"head-{name}", "").strip() for name in LINES if f"head-{name}" in post}
    head |= {name: split(post.get(f"head-{name}", "")) for name in LISTED if f"head-{name}" in post}
    head |= {name: typed_number(post[f"head-{name}"], 6) for name in NUMBERS if post.get(f"head-{name}")}
    if "head-here" in post:
        head["seal"] = "head-seal" in post
    if post.get("head-template"):
        head["template"] = post["head-template"]
    return head


def split(text: str) -> list[str]:
    """Names written one below the other or with commas between."""
    return [one.strip() for one in re.split(r"[\n，,、；;]", text) if one.strip()]


def _lines(text: str) -> list[str]:
    return [one.strip() for one in text.splitlines() if one.strip()]


def _block(post: QueryDict, block: str) -> Told:
    def given(name: str) -> str:
        return post.get(f"{name}-{block}", "").strip()

    def number(name: str, usual: int) -> int:
        found = typed_number(given(name), 4)
        return usual if found is None else found

    kind, style = given("kind"), given("style")
    made: Told = {"id": block, **_kept(post, block)}
    if kind in ("text", "heading", "paragraph"):
        words = " ".join(given("text").split("\n")).replace("\r", "")
        if style in ("1", "2", "3"):
            return {**made, "kind": "heading", "text": words, "level": int(style)}
        return {**made, "kind": "paragraph", "text": words, "indent": f"flush-{block}" not in post}
    made |= {"kind": kind, "caption": given("caption")}
    if kind == "figures":
        made |= {"figures": _lines(given("figures")), "by": given("by") or "total"}
        made |= {"units": split(given("units")), "days": split(given("days"))}
    elif kind == "units":
        made |= {"figure": given("figure"), "order": given("order") or "most"}
        made |= {"count": number("count", 5), "level": given("level")}
    elif kind == "chart":
        made |= {"chart": given("chart") or "trend", "figures": _lines(given("figures"))}
        made |= {"days": number("days", 30), "step": number("step", 1)}
        made |= {"count": number("count", 10), "level": given("level")}
    elif kind == "table":
        columns, rows = cells_in(post.get(f"cells-{block}", ""))
        made |= {"columns": columns, "rows": rows, "note": given("note")}
    return made


def cells_in(text: str) -> tuple[list[str], list[list[str]]]:
    """Columns and rows of a table that was typed: a row a line, cells parted by ｜ or a tab; the first line are the heads."""
    lines = [[cell.strip() for cell in _CELL.split(line)] for line in text.splitlines() if line.strip()]
    if not lines:
        return [""], []
    wide = max(len(line) for line in lines)
    whole = [line + [""] * (wide - len(line)) for line in lines]
    return whole[0], whole[1:]


def cells_out(block: Told) -> str:
    """The same as the page writes it."""
    return "\n".join(" ｜ ".join(row) for row in (block["columns"], *block.get("rows", ())))


def done(told: Told, do: str) -> tuple[Told, str] | None:
    """The body after a button that changes its blocks, and the id to go to; None for a button that does something else.

    add-text:b3, add-chart:b3 (behind b3; behind the last without one; at the end of the annex b3), add-annex:, up:b3, down:b3, remove:b3; of two
    versions keep:b4 (this one instead of the other), drop:b4 (the other), both:b4.
    """
    found = _DO.fullmatch(do)
    if found is None:
        return None
    deed, block = found["deed"], found["id"]
    if deed == "add" and found["kind"] == "annex":
        made = next_id([one["id"] for one in told["annexes"]], "annex")
        told["annexes"].append({"id": made, "title": "", "blocks": []})
        return told, made
    annex = next((one for one in told["annexes"] if one["id"] == block), None)
    if deed == "add" and annex is not None:
        made = next_id(_ids(told))
        annex["blocks"].append(blank(found["kind"] or "text", made))
        return told, made
    row, place = _where(told, block)
    if deed == "add":
        made = next_id(_ids(told))
        row.insert(len(row) if place is None else place + 1, blank(found["kind"] or "text", made))
        return told, made
    if place is None:
        return told, ""
    if deed in ("up", "down"):
        other = place + (-1 if deed == "up" else 1)
        if 0 <= other < len(row):
            row[place], row[other] = row[other], row[place]
    elif deed in ("keep", "drop", "both"):
        _settle(row, place, deed)
    else:
        row.pop(place)
    return told, block


def _settle(row: list[Told], place: int, deed: str) -> None:
    mine = row[place]
    other = next((at for at, one in enumerate(row) if one["id"] == mine.get("beside")), None)
    if deed == "drop":
        row.pop(place)
        return
    mine.pop("beside", None)
    if deed == "keep" and other is not None:
        mine["id"] = row[other]["id"]
        row.pop(other)


def _where(told: Told, block: str) -> tuple[list[Told], int | None]:
    rows: Sequence[list[Told]] = (told["blocks"], *(one["blocks"] for one in told["annexes"]))
    for row in rows:
        for place, one in enumerate(row):
            if one["id"] == block:
                return row, place
    if any(one["id"] == block for one in told["annexes"]):
        annex = next(place for place, one in enumerate(told["annexes"]) if one["id"] == block)
        return told["annexes"], annex
    return told["blocks"], None


def _ids(told: Told) -> list[str]:
    inside = [one for annex in told["annexes"] for one in (annex, *annex["blocks"])]
    return [one["id"] for one in (*told["blocks"], *inside)]


def blank(kind: str, block: str) -> Told:
    """A new block of the kind, with nothing in it."""
    made: dict[str, Any] = {"id": block, "kind": kind, "caption": ""}
    match kind:
        case "figures":
            return {**made, "figures": [], "by": "total", "units": [], "days": []}
        case "units":
            return {**made, "figure": "", "order": "most", "count": 5, "level": ""}
        case "chart":
            return {**made, "chart": "trend", "figures": [], "days": 30, "step": 1, "count": 10, "level": ""}
        case "table":
            return {**made, "columns": [""], "rows": [], "note": ""}
        case "heading1" | "heading2" | "heading3":
            return {"id": block, "kind": "heading", "text": "", "level": int(kind[-1])}
    return {"id": block, "kind": "paragraph", "text": "", "indent": True}
