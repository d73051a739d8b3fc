"""A language that nobody speaks: what is still Chinese on a page in it was never given to the translators.

Each sentence of the program and each text of the pack is put into ⟦brackets⟧. What people typed (names, titles,
reasons) stays as it is; everything else outside brackets is a leak.
"""

from __future__ import annotations

import html
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.apps import apps
from django.db import models

from scripts.messages import kept, sentences

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


@cache
def _compiled() -> dict[str, bytes]:
    """The catalogues of Nowherish and English by language; made once, as all of the source is read for them."""
    catalogue = Catalog(locale="en", charset="utf-8")
    for _file, _line, message, context in sentences():
        forms = message if isinstance(message, tuple) else (message,)
        answers = tuple(bracketed(form) for form in forms)
        catalogue.add(message, answers if len(answers) > 1 else answers[0], context=context)
    found = {}
    for language, said in ((NOWHERE, catalogue), ("en", kept())):
        out = io.BytesIO()
        write_mo(out, said)
        found[language] = out.getvalue()
    return found


def speak_nowherish(tmp_path: Path, settings: Any) -> None:
    """The program knows Nowherish and English from now on; the catalogues stand in `tmp_path`."""
    for language, compiled in _compiled().items():
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.mo").write_bytes(compiled)
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("zh-hans", "简体中文"), ("en", "English"), (NOWHERE, "Nowherish")]


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
    if set(CHINESE.findall(text)) <= set(known):
        return []  # all of it whole, the usual case: no need to look for what was typed inside longer texts
    for each in known:
        text = text.replace(each, "")
    return sorted(set(CHINESE.findall(text)))
