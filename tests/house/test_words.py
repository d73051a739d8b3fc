"""The words of the program: every sentence goes through gettext, and every sentence has its English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.messages import extracted, kept, missing, places

SOURCE = Path(__file__).resolve().parents[2] / "src" / "guatu"
CHINESE = re.compile("[\u4e00-\u9fff]")
TRANSLATED = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}

# Chinese that is no sentence of ours: packs and their demos, the language that is read and written in documents.
OF_THE_LANGUAGE = (
    "packs/",
    "demo/",
    "domain/checker/",
    "domain/style/",  # what official Chinese looks like, right and wrong
    "domain/fields/",  # what people type: 是, 万元
    "domain/figures/phrasing.py",
    "domain/figures/grammar.py",
    "domain/imports/",  # headings as people write them
    "domain/holiday_notice.py",  # the words of the official notice
    "domain/report.py",
    "domain/rolling/days.py",  # how days and numbers are written in Chinese
    "domain/rolling/printing.py",
    "domain/telephones.py",  # 转 before an extension
    "exchange/word_page.py",
    "exchange/word_styles.py",  # names of fonts and styles in a Chinese document
    "exchange/checked_copy.py",
    "exchange/text_shape.py",
    "exchange/official_",  # names of styles, 签发人
    "domain/document/",  # 附件, 抄送, 特急: words that a Chinese document is set with
    "domain/writing/body.py",  # 加急, 特急
    "domain/writing/saying.py",  # what stands in a document where a number is still open
    "exchange/report_html.py",
    "exchange/fonts.py",
    "project/settings.py",  # read before there is a translator
)
MEASURES = {"{measure}", "%(measure)s"}
PARTS_OF_SPEECH = {"简体中文", "亿", "完成", "挂图 Guatu"}


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Chinese string literals of a module that no translator sees, with their line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    seen: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in TRANSLATED or name == "compile":  # a pattern is read, not said
                seen.update(id(inner) for inner in ast.walk(node))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            seen.update(
                id(one.value)
                for one in node.body
                if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)
            )
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in seen:
            continue
        if CHINESE.search(node.value) and node.value not in PARTS_OF_SPEECH:
            yield node.lineno, node.value


def hidden_calls(path: Path) -> Iterator[int]:
    """Lines where a sentence is asked for inside an f-string: no extractor finds it there."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            for inner in ast.walk(node):
                if not isinstance(inner, ast.Call) or getattr(inner.func, "id", "") not in TRANSLATED:
                    continue
                if inner.args and isinstance(inner.args[0], ast.Constant):
                    yield inner.lineno


def modules() -> list[Path]:
    """Every module of the program that says something."""
    return [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]


def test_no_sentence_goes_around_the_translators() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line} {text[:40]}"
        for path in modules()
        if not path.relative_to(SOURCE).as_posix().startswith(OF_THE_LANGUAGE)
        for line, text in literals(path)
    ]
    assert not found, "\n".join(found)


def test_the_help_of_a_command_is_no_docstring() -> None:
    found = [
        f"{path.name}: {node.name}"
        for path in sorted((SOURCE / "console").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and CHINESE.search(ast.get_docstring(node) or "")
    ]
    assert not found, "请写成 help=_(…) · write help=_(…): " + "、".join(found)


def test_no_sentence_hides_in_an_f_string() -> None:
    found = [f"{path.relative_to(SOURCE)}:{line}" for path in modules() for line in hidden_calls(path)]
    assert not found, "\n".join(found)


def test_scripts_of_pages_bring_no_sentences_of_their_own() -> None:
    scripts = sorted((SOURCE / "web" / "static" / "js").glob("*.js"))
    code = {
        path.name: re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.S) for path in scripts
    }
    assert scripts
    assert not [name for name, text in code.items() if CHINESE.search(text)]


def test_the_catalogue_holds_exactly_the_sentences_of_the_source() -> None:
    source = {(m.id, m.context) for m in extracted() if m.id}
    ours = {(m.id, m.context) for m in kept() if m.id}
    assert source == ours, "请运行 make messages，再补上英文 · run make messages, then add the English"


def test_every_sentence_has_its_english() -> None:
    assert [message.id for message in missing(kept())] == []


def test_english_has_the_places_of_the_chinese_and_no_chinese() -> None:
    wrong = []
    for message in kept():
        if not message.id or not message.string:
            continue
        chinese = message.id if isinstance(message.id, str) else message.id[-1]
        one, *more = (message.string,) if isinstance(message.string, str) else message.string
        wanted = set(places(chinese))
        # “One place needs correcting” may leave its number out; the plural may not. English has no measure words.
        left_out = wanted - set(places((more or [one])[-1])) - MEASURES
        if left_out or not {*places(one), *(place for form in more for place in places(form))} <= wanted:
            wrong.append((chinese, message.string))
        if CHINESE.search(re.sub("[万转]", "", " ".join((one, *more)))):  # as packs and lists write them
            wrong.append((chinese, message.string))
    assert wrong == []


@pytest.mark.parametrize("bad", ["！", "亲", "非法", "禁止"])
def test_sentences_keep_their_manners(bad: str) -> None:
    said = [m.id if isinstance(m.id, str) else m.id[0] for m in kept() if m.id]
    words = [s for s in said if bad in s and not s.startswith("亲")]
    assert words == []
