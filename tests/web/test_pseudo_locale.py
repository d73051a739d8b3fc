"""Every page in a language that nobody speaks: what is still Chinese there was never given to the translators.

Each sentence of the program and each text of the pack is put into ⟦brackets⟧. What people typed (names, titles,
reasons) stays as it is; everything else outside brackets is a leak.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse

from guatu.domain import clock
from guatu.domain.pack.spoken import texts
from guatu.records.models import Item, Person
from scripts.messages import places, sentences
from tests.people import World, small_world, theme_pack
from tests.web.conftest import BACKEND, DAY

NOWHERE = "eo"  # a language that Django knows and we do not speak
CHINESE = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff，。：；、“”（）]*")
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
HIDDEN = re.compile(r"<script.*?</script>|<style.*?</style>|<!--.*?-->", re.DOTALL)
IN_CHINESE = re.compile(
    r'<(\w+)[^>]*\slang="zh[^"]*".*?</\1>', re.DOTALL
)  # said to be so: documents, 简体中文


def bracketed(text: str) -> str:
    """The sentence as somebody from nowhere says it, its places kept."""
    return f"⟦{text}⟧"


@pytest.fixture
def nowhere(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    """The program speaks Nowherish."""
    catalogue = Catalog(locale="en", charset="utf-8")
    for _file, _line, message, context in sentences():
        forms = message if isinstance(message, tuple) else (message,)
        said = tuple(bracketed(form) for form in forms)
        catalogue.add(message, said if len(said) > 1 else said[0], context=context)
    folder = tmp_path / NOWHERE / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "django.mo").open("wb") as out:
        write_mo(out, catalogue)
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("zh-hans", "简体中文"), (NOWHERE, "Nowherish")]


@pytest.fixture
def world(db: None, nowhere: None) -> Iterator[World]:
    pack = theme_pack()
    said = {text: bracketed(text) for text in texts(pack)}
    found = small_world(pack.model_copy(update={"translations": {NOWHERE: said}}))
    with clock.fixed(DAY):
        yield found


@pytest.fixture
def visitor(world: World) -> Client:
    """Lin of the office, speaking Nowherish."""
    client = Client()
    client.force_login(Person.objects.get(username="lin"), backend=BACKEND)
    client.cookies["django_language"] = NOWHERE
    return client


def typed() -> list[str]:
    """What people typed: every text in the tables, longest first, so that no part of one hides another."""
    found: set[str] = set()
    for model in apps.get_app_config("records").get_models():
        if model.__name__ in ("Revision", "PackVersion"):
            continue
        names = [
            f.name for f in model._meta.concrete_fields if isinstance(f, models.CharField | models.TextField)
        ]
        names += [f.name for f in model._meta.concrete_fields if isinstance(f, models.JSONField)]
        for row in model.objects.values_list(*names) if names else ():
            for value in row:
                found.update(CHINESE.findall(str(value)))
                found.add(str(value))
    return sorted((text for text in found if CHINESE.search(text)), key=len, reverse=True)


def leaks(page: str, known: list[str]) -> list[str]:
    """The Chinese on the page that is neither typed by people nor bracketed."""
    text = html.unescape(HIDDEN.sub("", IN_CHINESE.sub("", page)))
    before = ""
    while before != text:
        before, text = text, BRACKETED.sub("", text)
    for each in known:
        text = text.replace(each, "")
    return sorted(set(CHINESE.findall(text)))


def test_the_places_of_a_sentence_can_be_told() -> None:
    assert places("第 {row} 行“{value}”，%(count)s 项") == ["%(count)s", "{row}", "{value}"]


def test_no_page_speaks_chinese_to_a_foreigner(world: World, visitor: Client) -> None:
    problem = world.problem("F1", date(2023, 10, 12))
    task = world.task("F1", date(2023, 10, 12), date(2023, 10, 12), date(2023, 12, 20))
    names: dict[str, tuple[str, ...]] = {
        "todo": (),
        "todo_sheet": (),
        "wall": (),
        "registers": (),
        "list": ("problems",),
        "find": (),
        "figures": (),
        "trends": (),
        "figure": ("issues_total",),
        "report": ("summary",),
        "check": (),
    }
    addresses = [reverse(name, args=args) for name, args in names.items()]
    addresses += [
        reverse(name, args=[one.public_id]) for one in (problem, task) for name in ("item", "todo_item")
    ]
    addresses += [reverse("edit", args=[problem.public_id]), reverse("wall") + "?as_of=2023-11-01"]
    found = {}
    for address in addresses:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        if left := leaks(answer.content.decode(), typed()):
            found[address] = left
    assert not found, "\n".join(f"{address}: {left}" for address, left in found.items())


def test_an_error_speaks_the_readers_language(world: World, visitor: Client) -> None:
    answer = visitor.get(reverse("wall"), {"as_of": "gestern"})
    assert answer.status_code == 422
    assert leaks(answer.content.decode(), typed()) == []
    assert Item.objects.count() == 0
