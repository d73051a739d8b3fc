"""Whatever an address or a form says: an answer or one sentence, never a fault of ours."""

from __future__ import annotations

import os
from datetime import date
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.urls.converters import IntConverter, UUIDConverter

from guatu.records.models import Item
from tests.people import World
from tests.web.conftest import Walk
from tests.web.test_access_table import patterns

LONG = "长" * 60_000
TOLD = ("\x00", "9" * 5_000, "²", "%", "\\", "0001-01-01")
"""What a database might take amiss. The rest, which our own code reads first, is asked on SQLite only."""
ODD = (
    TOLD
    if os.environ.get("GUATU_DATABASE_URL")
    else (*TOLD, "x", "-", LONG, "'\"><script>", "😀", "9999-12-31")
)
NAMES = {
    "wall": ("as_of", "zoom", "sector", "aspect", "light", "open", "cell"),
    "registers": ("as_of",),
    "list": (
        *("as_of", "page", "sort", "unit", "own", "sector", "task", "parent", "q", "state", "phase", "light"),
        *("due_from", "due_to", "f_category", "f_", "f_nothing", "f_category__gt"),
        *("changed_from", "late", "role", "item", "cols", "choose", "view", "campaign"),
    ),
    "list_file": ("as_of", "sort", "cols", "unit", "due_from", "item"),
    "list_due": ("as_of", "item", "due", "document", "reason"),
    "movement": ("as_of", "from", "to", "unit", "row", "column"),
    "movement_file": ("from", "to", "unit"),
    "todo": ("as_of", "all", "campaign"),
    "todo_item": ("as_of",),
    "todo_sheet": ("as_of",),
    "new": ("parent", "unit", "title", "due", "then"),
    "hand-down": ("level", "company", "codes", "without", "title", "start", "due", "key"),
    "contacts": ("as_of", "company", "role", "q"),
    "contacts-file": ("company", "role", "q"),
    "units": ("as_of", "q"),
    "unit": ("as_of",),
    "jobs": ("as_of",),
    "exports": ("page", "q"),
    "export": ("zoom", "sector", "aspect", "light", "open"),
    "setup-units": ("pack",),
    "setup-campaign": ("pack",),
    "setup-people": ("campaign",),
    "setup-check": ("campaign",),
    "find": ("as_of", "q"),
    "figures": ("as_of", "unit", "kind"),
    "trends": ("as_of", "unit", "kind"),
    "figure": ("as_of", "unit", "side", "page"),
    "report": ("as_of", "figure"),
    "report_file": ("as_of",),
    "check": ("as_of",),
    "item": ("as_of",),
    "edit": ("as_of",),
}
SENTENCE = "请"  # every refusal says what to do


def address(name: str, item: Item) -> str:
    args = {
        "list": ["problems"],
        "figure": ["issues_total"],
        "report": ["summary"],
        "report_file": ["summary", "txt"],
        "item": [item.public_id],
        "edit": [item.public_id],
        "list_file": ["problems", "csv"],
        "list_due": ["problems"],
        "movement": ["problems"],
        "movement_file": ["problems", "csv"],
        "todo_item": [item.public_id],
        "new": ["problems"],
        "hand-down": [item.public_id],
        "contacts-file": ["csv"],
        "unit": ["F1"],
        "export": ["wall", "zip"],
    }
    return reverse(name, args=args.get(name, ()))


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_address_gets_an_answer_or_a_sentence(walk: Walk, problem: Item, name: str) -> None:
    client = walk("lin")
    wrong = {}
    for key in NAMES[name]:
        for value in ODD:
            answer = client.get(f"{address(name, problem)}?{urlencode({key: value})}")
            text = answer.content.decode()
            if answer.status_code not in (200, 302) and SENTENCE not in text:
                wrong[key, value[:12]] = answer.status_code
            assert "<script>" not in text.replace("<script src", ""), (key, value[:12])
    assert wrong == {}


@pytest.mark.parametrize("fields", [{"title": "坏\x00字"}, {"version": "9" * 5_000}, {"version": "²"}])
def test_an_odd_form_is_refused_in_a_sentence(walk: Walk, visit: Item, fields: dict[str, str]) -> None:
    client = walk("lu")
    form = {"title": visit.title, "version": "1", "held_on": "2023-11-10", "visited_body": "二车间"}
    answer = client.post(reverse("edit", args=[visit.public_id]), {**form, "solved": "3", **fields})
    assert answer.status_code in (409, 422)
    assert SENTENCE in answer.content.decode()
    assert Item.objects.get(pk=visit.pk).version == 1


@pytest.mark.parametrize("odd", ["²", "9" * 40, "-1"])
def test_a_key_that_is_no_number_names_nobody(walk: Walk, problem: Item, odd: str) -> None:
    answer = walk("lin").post(reverse("readers", args=[problem.public_id]), {"reader": odd, "reason": "个人"})
    assert answer.status_code == 422
    claimed = {"above": odd, "version": odd, "due": "2023-12-31"}
    assert walk("zhou").post(reverse("claim", args=[problem.public_id]), claimed).status_code in (
        403,
        404,
        422,
    )
    assert not Item.objects.get(pk=problem.pk).restricted


def test_an_edit_without_the_version_that_was_seen_overwrites_nothing(walk: Walk, visit: Item) -> None:
    form = {"title": visit.title, "held_on": "2023-11-10", "visited_body": "二车间", "solved": "9"}
    answer = walk("lu").post(reverse("edit", args=[visit.public_id]), form)
    assert answer.status_code == 409
    assert Item.objects.get(pk=visit.pk).version == 1


def test_a_move_is_refused_when_the_item_was_changed_since_it_was_seen(
    walk: Walk, world: World, task: Item
) -> None:
    client = walk("lu")
    page = client.get(reverse("item", args=[task.public_id])).content.decode()
    assert f'name="version" value="{task.version}"' in page
    client.post(reverse("comment", args=[task.public_id]), {"text": "看过"})  # a remark changes no version
    answer = client.post(
        reverse("move", args=[task.public_id, "acknowledge"]), {"version": str(task.version + 1)}
    )
    assert answer.status_code == 409
    assert Item.objects.get(pk=task.pk).state == "issued"
    answer = client.post(
        reverse("move", args=[task.public_id, "acknowledge"]), {"version": str(task.version)}
    )
    assert answer.status_code == 302


def test_a_move_that_was_clicked_twice_happens_once(walk: Walk, task: Item) -> None:
    client, there = walk("lu"), reverse("move", args=[task.public_id, "acknowledge"])
    statuses = [client.post(there, {"version": "1"}).status_code for _click in range(2)]
    assert statuses == [302, 422]
    assert Item.objects.get(pk=task.pk).version == 2


def test_a_remark_that_was_sent_twice_stands_once(walk: Walk, visit: Item) -> None:
    client, there = walk("lu"), reverse("comment", args=[visit.public_id])
    page = client.get(reverse("item", args=[visit.public_id])).content.decode()
    key = page.partition('name="key" value="')[2].partition('"')[0]
    assert key
    statuses = [client.post(there, {"text": "已阅", "key": key}).status_code for _click in range(2)]
    assert statuses == [302, 302]
    assert visit.comments.count() == 1


@pytest.mark.parametrize("method", ["head", "get", "put", "delete"])
def test_only_a_post_writes(walk: Walk, task: Item, method: str) -> None:
    client = walk("lu")
    for name, args in (("move", ["acknowledge"]), ("comment", [])):
        there = reverse(name, args=[task.public_id, *args])
        assert getattr(client, method)(there).status_code in (
            302,
            405,
        )  # its address, opened anew, is the item
    assert getattr(client, method)(reverse("leave")).status_code == 405
    assert client.get(reverse("wall")).status_code == 200
    assert Item.objects.get(pk=task.pk).state == "issued"
    assert task.comments.count() == 0


def test_every_form_wants_its_token(world: World, task: Item, walk: Walk) -> None:
    client = walk("lu")
    client.handler.enforce_csrf_checks = True
    rows = dict.fromkeys(("view", "pk", "page", "delegation", "report", "post"), 1)

    def filled(name: str, converter: object) -> object:
        """What a place of an address may hold: an id where the address wants one."""
        if isinstance(converter, IntConverter):
            return 1
        return task.public_id if isinstance(converter, UUIDConverter) else rows.get(name, "x")

    tried = []
    for entry in patterns():
        if "POST" not in entry.callback.policy.methods:
            continue
        named = {name: filled(name, converter) for name, converter in entry.pattern.converters.items()} or {
            name: filled(name, None) for name in entry.pattern.regex.groupindex
        }
        answer = client.post(reverse(entry.name, kwargs=named), {"text": "x", "version": "1"})
        assert answer.status_code == 403, entry.name
        assert SENTENCE in answer.content.decode(), entry.name
        tried.append(entry.name)
    assert len(tried) > 25
    assert Item.objects.get(pk=task.pk).version == 1


def test_what_is_behind_the_door_is_kept_by_no_cache(walk: Walk, visit: Item) -> None:
    client = walk("lin")
    for name in (*NAMES, "entry", "home"):
        found = client.get(address(name, visit)).headers["Cache-Control"]
        assert "no-store" in found, name


def test_a_day_before_all_records_shows_an_empty_wall_not_a_fault(walk: Walk, task: Item) -> None:
    answer = walk("lin").get(reverse("wall"), {"as_of": date(2020, 1, 1).isoformat()})
    assert answer.status_code == 200


@pytest.mark.parametrize("how", ["text", "file"])
def test_a_text_without_end_is_refused_before_the_work_begins(walk: Walk, world: World, how: str) -> None:
    text = "列入问题清单3个。" * 30_000
    given = {"text": text} if how == "text" else {"file": SimpleUploadedFile("长.txt", text.encode())}
    answer = walk("lin").post(reverse("check"), given)
    assert answer.status_code == 422
    assert "270000 个字" in answer.content.decode()
