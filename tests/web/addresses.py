"""Every address of the site with examples of what its places may hold, and what an answer says in plain text.

A new address with a place in it needs an example here; one that opens an item needs none.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from guatu.domain.pack.schema import Pack
from guatu.records.models import Item
from guatu.web.policy import Policy

SPECIAL = ("problems", "measures", "supervision", "team_findings", "reinspections")
"""Registers whose items can be in a special state, and those that speak of them."""


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def policy_of(entry: URLPattern) -> Policy | None:
    """What the view declares; None if it declares nothing."""
    declared = getattr(entry.callback, "policy", None)
    return declared if isinstance(declared, Policy) else None


def undeclared(resolver: URLResolver | None = None) -> list[str]:
    """The addresses whose view declares no policy."""
    return [str(entry.pattern) for entry in patterns(resolver) if policy_of(entry) is None]


def places(entry: URLPattern) -> frozenset[str]:
    """The names of the places in an address."""
    pattern: Any = entry.pattern
    if hasattr(pattern, "converters") and pattern.converters:
        return frozenset(pattern.converters)
    return frozenset(pattern.regex.groupindex)


def of_an_item(entry: URLPattern) -> bool:
    """Whether the address opens one item; a proposal and a sample have public ids of their own."""
    others = ("proposals/", "reinspection/")
    return "public_id" in places(entry) and not str(entry.pattern).startswith(others)


ITEM_PLACES: Mapping[str, Any] = {
    "transition": "void",
    "pk": 1,
    "page": 1,
    "field": "note",
    "form": "xlsx",
    "kind": "roster",
    "return_id": "00000000-0000-7000-8000-000000000000",
}


def item_address(entry: URLPattern, item: Item, **more: Any) -> str:
    """The address of an item; `more` fills other places with what the item has."""
    given = {"public_id": item.public_id, **ITEM_PLACES, **more}
    return reverse(str(entry.name), kwargs={name: given[name] for name in places(entry)})


def examples(entry: URLPattern, pack: Pack, units: tuple[str, ...]) -> list[dict[str, Any]]:
    """What the places of an address that opens no item may hold; KeyError for one of which nothing is known."""
    names = places(entry)
    if not names:
        return [{}]
    registers = list(pack.registers)
    figures = [key for key, figure in pack.figures.items() if not figure.internal and figure.of in registers]
    told = [key for key in figures if pack.figures[key].of in SPECIAL]
    known: dict[str, list[dict[str, Any]]] = {
        "list": [{"key": key} for key in registers],
        "new": [{"key": key} for key in SPECIAL],
        "list_views": [{"key": key} for key in registers[:1]],
        "list_view": [],
        "list_due": [{"key": key} for key in SPECIAL],
        "movement": [{"key": key} for key in SPECIAL],
        "list_file": [{"key": key, "form": "csv"} for key in SPECIAL]
        + [{"key": "problems", "form": form} for form in ("xlsx", "pdf")],
        "movement_file": [{"key": "problems", "form": "xlsx"}],
        "report": [{"key": key} for key in pack.reports],
        "report_file": [
            {"key": key, "form": form} for key in pack.reports for form in ("txt", "docx", "pdf")
        ],
        "figure": [{"key": key} for key in told],
        "figure-about": [{"key": key} for key in told],
        "figure-change": [],
        "material-into": [],
        "figure-retire": [],
        "figure-difference": [
            {"key": key, "variant": way} for key in figures for way in pack.figures[key].ways
        ],
        "sent-figure": [],
        "issued": [],
        "issue-document": [],
        "issued-figure": [],
        "issued-changes": [],
        "issued-file": [],
        "issued-withdraw": [],
        "issued-sent": [],
        "issue-report": [{"key": key} for key in pack.reports],
        "sent-correct": [],
        "outside-withdraw": [],
        "unit": [{"code": code} for code in units],
        "contacts-file": [{"form": "xlsx"}],
        "export": [{"kind": "wall", "form": "xlsx"}, {"kind": "registers", "form": "zip"}],
        "propose": [{"kind": "extension"}, {"kind": "transfer"}, {"kind": "merge"}],
        "setup-units-file": [{"filled": "now"}],
        # What is made and shown one by one has tests of its own: a delegation, a burden, a job, a sample, a proposal.
        "end-delegation": [],
        "burden-answer": [],
        "person-end-post": [],
        "job": [],
        "job_file": [],
        "job_cancel": [],
        "proposal": [],
        "sample": [],
        "sample-item": [],
        "workbook-table": [],
        "fill-file": [{"key": "problems", "form": "xlsx"}],
        "fill-check": [],
        "fill-drop": [],
        "workbook-made": [],
        "superior-form": [],
        # Texts stay with whoever handed them in; tests/web/test_checking.py.
        "check-set": [],
        "rolled": [],
        "check-text": [],
        "check-word": [],
        "check-change": [],
        "check-decide": [],
        "phrase-end": [],
        "superior-form-file": [],
        "superior-form-original": [],
    }
    if str(entry.name) in known:
        return known[str(entry.name)]
    usual = {"username": "lu", "code": "F1", "key": "problems", "form": "csv", "kind": "merge"}
    return [{name: usual[name] for name in names}]


def said(answer: Any) -> str:
    """Everything that an answer says: its page, the parts of its workbook or document, the text of its PDF."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    if content[:5] == b"%PDF-":
        from pypdf import PdfReader

        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return str(content.decode("utf-8", "replace"))


def ask(client: Client, address: str, method: str = "GET", query: str = "") -> tuple[int, str]:
    """The status of an answer and what it says."""
    answer = client.get(address + query) if method == "GET" else client.post(address, {})
    return answer.status_code, said(answer)
