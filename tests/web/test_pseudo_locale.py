"""Every page, file and refusal in a language that nobody speaks: nothing of the program's is left in Chinese there.

Each sentence of the program and each text of the pack is put into ⟦brackets⟧. What people typed (names, titles,
reasons) stays as it is; everything else outside brackets is a leak. Told on SQLite only: which language a page speaks
is no matter of the database.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from guatu.actions.beside import set_units_beside
from guatu.actions.comments import add_comment
from guatu.actions.links import link_items
from guatu.domain import clock
from guatu.domain.pack import builtin_pack, builtin_packs
from guatu.domain.pack.spoken import texts
from guatu.records.models import Item, Person
from scripts.messages import places
from tests.people import PAPER, World, small_world, theme_pack
from tests.web.conftest import BACKEND, DAY, add_keepers
from tests.web.nowhere import NOWHERE, bracketed, leaks, speak_nowherish, typed
from tests.web.scene import everything

pytestmark = pytest.mark.sqlite
BEGUN = date(2023, 10, 12)
REASON = "缺少制度文件"
SOUGHT = "食堂"
ROLES = ("gu", "zhou", "lu", "ren", "xu", "meng", "shen", "root")
LOOP = ("lin", "xu", "ren", "zhou", "ji")
WHOLE = ("lin", "xu")  # those to whom the most pages are open; the others see the same items in their ways
PLAIN = (
    "todo",
    "todo_sheet",
    "wall",
    "registers",
    "find",
    "figures",
    "trends",
    "documents",
    "check",
    "units",
    "jobs",
    "exports",
    "contacts",
    "setup",
    "setup-house",
    "setup-units",
    "setup-campaign",
    "setup-people",
    "setup-check",
    "setup-start",
)


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> Iterator[World]:
    """The small world in Nowherish, with a task, a problem and a problem with all that an item can have."""
    settings.GUATU_HOME = tmp_path
    speak_nowherish(tmp_path, settings)
    pack = theme_pack()
    said = {text: bracketed(text) for text in texts(pack)}
    found = small_world(pack.model_copy(update={"translations": {NOWHERE: said}}))
    add_keepers(found)
    with clock.fixed(DAY):
        yield found


@pytest.fixture
def items(world: World) -> dict[str, Item]:
    """A problem just opened, one with everything (returned, linked, commented), one long closed, a late task."""
    full, closed = world.problem("F1", BEGUN), world.problem("F1", BEGUN)
    world.move("lu", "start", [full], date(2023, 10, 13), fields={"owner": "陆文博"})
    world.create("lu", "measures", "F1", "加开窗口", date(2023, 10, 14), parent=full.pk, due=DAY)
    texts_of = {"measures_text": "加开窗口"}
    day = date(2023, 10, 20)
    world.move("lu", "submit_for_signature", [full], day, fields=texts_of, evidence=(PAPER,))
    world.move("ren", "sign_off", [full], day)
    world.move("xu", "take_up", [full], day)
    world.move("xu", "send_back", [full], date(2023, 10, 25), reason=REASON)
    world.close(closed, date(2023, 10, 30))
    office = world.actor("lin")
    set_units_beside(office, campaign=world.campaign, item=full.pk, contributing=["F2"])
    link_items(office, campaign=world.campaign, kind="same_as", source=full.pk, target=closed.pk)
    add_comment(world.actor("lu"), campaign=world.campaign, item=full.pk, text="下周完成")
    return {
        "open": world.problem("F1", BEGUN),
        "full": full,
        "closed": closed,
        "task": world.task("F1", BEGUN, BEGUN, date(2023, 11, 20)),
        "key": world.key_task(BEGUN),
    }


def visitor(username: str, language: str = NOWHERE) -> Client:
    """Somebody of the small world, speaking Nowherish."""
    client = Client()
    client.force_login(Person.objects.get(username=username), backend=BACKEND)
    client.cookies["django_language"] = language
    return client


def addresses(items: dict[str, Item]) -> list[str]:
    """Every page of the program, with what can be chosen on it."""
    found = [reverse(name) for name in PLAIN]
    found += [
        reverse("list", args=["problems"]),
        reverse("list", args=["problems"]) + "?late=1&unit=JIA&by=unit",
    ]
    found += [
        reverse("list", args=["visits"]),
        reverse("movement", args=["problems"]) + "?row=total&column=new",
    ]
    found += [reverse("list_due", args=["problems"]) + f"?item={items['open'].number}&due=2024-01-31"]
    found += [reverse("new", args=[key]) for key in ("problems", "visits", "unit_tasks")]
    found += [reverse("figure", args=[key]) for key in ("issues_total", "units_l3", "unit_tasks_rate")]
    found += [reverse("report", args=["summary"]) + "?figure=issues_total"]
    found += [reverse("unit", args=[code]) for code in ("HY", "JIA", "F1")]
    found += [
        reverse("units") + f"?q={SOUGHT}",
        reverse("find") + f"?q={SOUGHT}",
        reverse("contacts") + f"?q={SOUGHT}",
    ]
    found += [
        reverse("wall") + "?as_of=2023-11-01",
        reverse("wall") + "?open=JIA",
        reverse("todo") + "?as_of=2023-11-01",
    ]
    found += [
        reverse(name, args=[item.public_id])
        for item in items.values()
        for name in ("item", "todo_item", "edit")
    ]
    found += [reverse("hand-down", args=[items["key"].public_id]) + "?level=third"]
    return found


def given() -> list[str]:
    """What is not the program's to say: what people typed, and the packs to choose from, which speak no Nowherish."""
    packs = [text for key in builtin_packs() for text in texts(builtin_pack(key))]
    return sorted([*typed(), REASON, SOUGHT, *packs], key=len, reverse=True)


def unspoken(client: Client, wanted: list[str], reached: list[str] | None = None) -> dict[str, list[str]]:
    """What each address says that is neither typed nor translated, refusals included; `reached` takes those shown."""
    found, known = {}, given()
    led_to: set[str] = set()
    for address in wanted:
        answer = client.get(address)
        if answer.status_code == 302:
            if answer["Location"] in led_to:  # looked at before
                continue
            led_to.add(answer["Location"])
            answer = client.get(answer["Location"], follow=True)
        assert answer.status_code < 500, address
        if reached is not None and answer.status_code == 200:
            reached.append(address)
        if left := leaks(answer.content.decode(), known):
            found[address] = left
    return found


def test_the_places_of_a_sentence_can_be_told() -> None:
    assert places("第 {row} 行“{value}”，%(count)s 项") == ["%(count)s", "{row}", "{value}"]


def test_no_page_speaks_chinese_to_a_foreigner_of_the_office(world: World, items: dict[str, Item]) -> None:
    reached: list[str] = []
    found = unspoken(visitor("lin"), addresses(items), reached)
    assert len(reached) >= len(PLAIN) + 20
    assert not found, "\n".join(f"{address}: {left}" for address, left in found.items())


@pytest.mark.parametrize("who", ROLES)
def test_no_page_speaks_chinese_to_foreigners_of_other_posts(
    world: World, items: dict[str, Item], who: str
) -> None:
    wanted = [reverse(name) for name in PLAIN] + [
        reverse(name, args=[items[key].public_id])
        for key in ("open", "full", "task")
        for name in ("item", "todo_item")
    ]
    found = unspoken(visitor(who), wanted)
    assert not found, "\n".join(f"{address}: {left}" for address, left in found.items())


@pytest.mark.parametrize("who", LOOP)
def test_no_page_of_the_loop_speaks_chinese_to_foreigners(world: World, who: str) -> None:
    scene = everything(world)
    wanted = scene.addresses() if who in WHOLE else scene.pages_of("item", "todo_item", "queue-item")
    found = unspoken(visitor(who), wanted)
    assert not found, "\n".join(f"{address}: {left}" for address, left in found.items())


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/wall/?as_of=gestern", 422),
        ("/nowhere/", 404),
        ("/registers/nothing/", 404),
        ("/registers/problems/?sort=colour", 422),
        ("/figures/nothing/", 404),
        ("/units/NOTHING/", 404),
        ("/items/00000000-0000-7000-8000-000000000000/", 404),
        ("/documents/nothing/", 404),
        ("/find/?q=没有的词", 200),
    ],
)
def test_an_error_speaks_the_readers_language(world: World, address: str, status: int) -> None:
    answer = visitor("lin").get(address)
    assert answer.status_code == status
    assert leaks(answer.content.decode(), [*typed(), "没有的词"]) == []


def test_a_refused_action_is_refused_in_the_readers_language(world: World, items: dict[str, Item]) -> None:
    """Moves that are not due, not allowed or not complete; a new item with nothing in it; days that are none."""
    full, late = items["full"].public_id, items["task"].public_id
    wanted = [
        ("lu", reverse("move", args=[full, "approve"]), {"version": "1"}),
        ("lu", reverse("move", args=[items["open"].public_id, "start"]), {"version": "1"}),
        ("xu", reverse("move", args=[full, "send_back"]), {"version": "9"}),
        ("meng", reverse("comment", args=[full]), {"text": ""}),
        ("lu", reverse("new", args=["problems"]), {"title": ""}),
        ("lu", reverse("edit", args=[full]), {"title": "", "version": "1"}),
        ("lin", reverse("hand-down", args=[items["key"].public_id]), {"due": "年底", "level": "third"}),
        ("lin", reverse("list_due", args=["problems"]), {"item": "WT-0001", "due": "年底"}),
        ("ren", reverse("todo_move", args=[late, "start"]), {"version": "0"}),
        ("lin", reverse("link", args=[full]), {"kind": "same_as", "number": "WT-9999"}),
        ("lin", reverse("contacts-telephone"), {"account": "lu", "telephone": "zwei"}),
        ("lin", reverse("setup-units-typed"), {"code-0": "F9", "name-0": ""}),
        ("lin", reverse("evidence", args=[full]), {"title": "", "place": ""}),
    ]
    refused = 0
    for who, address, form in wanted:
        answer = visitor(who).post(address, form, follow=True)
        assert answer.status_code < 500, address
        refused += answer.status_code in (403, 404, 409, 422)
        assert leaks(answer.content.decode(), [*given(), "年底"]) == [], address
    assert refused >= 8


@pytest.mark.parametrize("name", ["list_file", "movement_file", "contacts-file", "export"])
def test_the_headings_of_a_workbook_are_in_the_readers_language(
    world: World, items: dict[str, Item], name: str
) -> None:
    args = {
        "list_file": ["problems", "xlsx"],
        "movement_file": ["problems", "xlsx"],
        "contacts-file": ["xlsx"],
    }
    answer = visitor("lin").get(reverse(name, args=args.get(name, ["wall", "xlsx"])))
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    cells = [str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row if cell]
    heads = "\n".join([*cells, *(page.title for page in book)])
    assert "⟦" in heads
    assert leaks(heads, typed()) == []


def test_a_pdf_says_in_english_what_people_did_not_type(
    world: World, items: dict[str, Item], settings: Any
) -> None:
    answer = visitor("lin", "en").get(reverse("list_file", args=["problems", "pdf"]))
    assert answer.status_code == 200
    said = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(b"".join(answer))).pages)
    assert "Number" in said
    # The pack of this world speaks Nowherish and so stays Chinese; the program's own words may not.
    assert leaks(said.replace("\n", ""), given()) == []
