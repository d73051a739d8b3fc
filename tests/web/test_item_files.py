"""Evidence on the pages: files with a move and on their own, downloads within scope, pictures without their place."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from guatu.domain import clock
from guatu.domain.pack.base import Option
from guatu.queries.verify import verify
from guatu.records.files import path_of
from guatu.records.models import Evidence, Item, Person
from tests.people import World, small_world, theme_pack
from tests.web.conftest import BACKEND, DAY, Walk

PAPER = {"title": "总结", "place": "档案柜", "keeper": "陆文博"}


@pytest.fixture(autouse=True)
def store(settings: Settings, tmp_path: Path) -> None:
    settings.GUATU_HOME = tmp_path


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "MAKER-OF-THE-CAMERA"
    Image.new("RGB", (40, 20), "red").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile(name, out.getvalue())


def pdf(name: str = "通知.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n")


def hang(client: Client, item: Item, **values: object) -> HttpResponse:
    return client.post(reverse("evidence", args=[item.public_id]), values)


def moved(client: Client, item: Item, transition: str, **values: object) -> HttpResponse:
    version = Item.objects.values_list("version", flat=True).get(pk=item.pk)
    return client.post(reverse("move", args=[item.public_id, transition]), {"version": version, **values})


def content(answer: HttpResponse) -> bytes:
    assert isinstance(answer, FileResponse)
    return b"".join(answer.streaming_content)  # type: ignore[arg-type]


def test_files_are_hung_on_an_item_and_handed_out_again(walk: Walk, problem: Item) -> None:
    client = walk("lu")
    answer = hang(client, problem, files=[photo(), pdf()])
    assert answer["Location"].endswith("#evidence")
    page = client.get(reverse("item", args=[problem.public_id])).content.decode()
    assert "添加 2 份佐证材料" in page
    assert "添加佐证材料" in page  # the timeline tells it too
    picture, paper = Evidence.objects.filter(item=problem).order_by("id")
    image = reverse("evidence_image", args=[problem.public_id, picture.pk])
    assert f'<img src="{image}"' in page
    shown = client.get(image)
    assert shown["Content-Type"] == "image/jpeg"
    assert b"MAKER-OF-THE-CAMERA" not in content(shown)
    saved = client.get(reverse("evidence_file", args=[problem.public_id, paper.pk]))
    assert content(saved) == b"%PDF-1.7\n"
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["X-Content-Type-Options"] == "nosniff"
    assert client.get(reverse("evidence_image", args=[problem.public_id, paper.pk])).status_code == 404
    assert verify().broken == ""


@pytest.mark.parametrize(
    ("who", "status"), [("ji", 404), ("he", 404), ("guest", 403), ("meng", 200), ("gu", 200)]
)
def test_a_file_is_handed_out_within_the_scope_only(walk: Walk, problem: Item, who: str, status: int) -> None:
    hang(walk("lu"), problem, files=[photo()])
    kept = Evidence.objects.get(item=problem)
    for name in ("evidence_file", "evidence_image"):
        assert walk(who).get(reverse(name, args=[problem.public_id, kept.pk])).status_code == status


def test_a_file_belongs_to_its_item_and_a_paper_has_none(walk: Walk, world: World, problem: Item) -> None:
    client, other = walk("lu"), world.problem("F1", date(2023, 10, 13))
    hang(client, problem, files=[pdf()])
    hang(client, problem, **PAPER)
    file, paper = Evidence.objects.filter(item=problem).order_by("id")
    assert client.get(reverse("evidence_file", args=[other.public_id, file.pk])).status_code == 404
    assert client.get(reverse("evidence_file", args=[problem.public_id, paper.pk])).status_code == 404
    assert client.get(reverse("field_file", args=[problem.public_id, "cause"])).status_code == 404


def test_a_lost_file_is_one_sentence(walk: Walk, problem: Item) -> None:
    client = walk("lu")
    hang(client, problem, files=[pdf()])
    kept = Evidence.objects.get(item=problem)
    path_of(kept.sha256).unlink()
    answer = client.get(reverse("evidence_file", args=[problem.public_id, kept.pk]))
    assert answer.status_code == 404
    assert "文件已不在系统中。请联系系统管理员从备份恢复。" in answer.content.decode()


def test_of_several_files_the_good_ones_are_kept_when_one_is_refused(walk: Walk, problem: Item) -> None:
    client = walk("lu")
    refused = hang(client, problem, files=[pdf("好.pdf"), SimpleUploadedFile("页.pdf", b"<html>")], **PAPER)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "文件“页.pdf”的内容是网页" in page
    assert 'value="档案柜"' in page
    assert not Evidence.objects.filter(item=problem).exists()
    [mark] = re.findall(r'name="kept" value="([^"]*)"', page)
    hang(client, problem, kept=mark, **PAPER)
    titles = Evidence.objects.filter(item=problem).order_by("id").values_list("title", flat=True)
    assert list(titles) == ["好.pdf", "总结"]


def test_nothing_chosen_is_told(walk: Walk, problem: Item) -> None:
    answer = hang(walk("lu"), problem)
    assert answer.status_code == 422
    assert "没有选择文件。请选择文件，或填写线下备查" in answer.content.decode()


def test_what_is_uploaded_twice_hangs_once(walk: Walk, problem: Item) -> None:
    client = walk("lu")
    page = client.get(reverse("item", args=[problem.public_id])).content.decode()
    key = page.partition('id="evidence"')[2].partition('name="key" value="')[2].partition('"')[0]
    for _click in range(2):
        assert hang(client, problem, files=[pdf()], key=key).status_code == 302
    assert Evidence.objects.filter(item=problem).count() == 1


def test_a_move_takes_files_as_its_evidence(walk: Walk, task: Item) -> None:
    client = walk("lu")
    moved(client, task, "acknowledge")
    assert moved(client, task, "submit", files=[photo(), pdf()]).status_code == 302
    assert Evidence.objects.filter(item=task).count() == 2
    assert Item.objects.get(pk=task.pk).phase == "review"


def test_a_move_that_is_refused_keeps_its_files(walk: Walk, world: World, problem: Item) -> None:
    day = date(2023, 11, 20)
    world.move("lu", "start", [problem], day, fields={"owner": "陆文博"})
    client = walk("lu")
    refused = moved(client, problem, "submit_for_signature", files=[pdf()], **{"field-measures_text": " "})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "还缺：整改措施" in page
    [mark] = re.findall(r'name="kept" value="([^"]*)"', page)
    done = moved(client, problem, "submit_for_signature", kept=mark, **{"field-measures_text": "加开窗口"})
    assert done.status_code == 302
    assert Evidence.objects.get(item=problem).title == "通知.pdf"


def test_a_move_without_the_version_that_was_seen_is_refused(walk: Walk, task: Item) -> None:
    answer = walk("lu").post(reverse("move", args=[task.public_id, "acknowledge"]))
    assert answer.status_code == 409
    assert "没有收到您看到的是第几版，未予保存。" in answer.content.decode()
    assert Item.objects.get(pk=task.pk).version == 1


@pytest.mark.parametrize("count", [21])
def test_more_files_than_an_act_takes_are_told(walk: Walk, problem: Item, count: int) -> None:
    answer = hang(
        walk("lu"), problem, files=[SimpleUploadedFile(f"{n}.txt", f"{n}".encode()) for n in range(count)]
    )
    assert answer.status_code == 422
    assert "一次最多上传 20 个文件" in answer.content.decode()
    assert not Evidence.objects.filter(item=problem).exists()


def test_a_move_that_asks_for_a_kind_has_a_place_for_it(db: None) -> None:
    pack = theme_pack()
    flow = pack.workflow("task")
    kinds = (Option(key="before", label="整改前照片"), Option(key="after", label="整改后照片"))
    ways = tuple(
        way.model_copy(update={"evidence_kinds": ("before", "after")}) if way.key == "submit" else way
        for way in flow.transitions
    )
    changed = flow.model_copy(update={"evidence_kinds": kinds, "transitions": ways})
    world = small_world(pack.model_copy(update={"workflows": {**pack.workflows, "task": changed}}))
    with clock.fixed(DAY):
        task = world.task("F1", date(2023, 10, 12), date(2023, 10, 12), date(2023, 12, 20))
        client = Client()
        client.force_login(Person.objects.get(username="lu"), backend=BACKEND)
        moved(client, task, "acknowledge")
        page = client.get(reverse("item", args=[task.public_id])).content.decode()
        assert 'name="files-before"' in page
        half = moved(client, task, "submit", **{"files-before": [photo("前.jpg")]})
        assert half.status_code == 422
        told = half.content.decode()
        assert "缺少佐证材料：整改后照片" in told
        [mark] = re.findall(r'name="kept" value="([^"]*)"', told)
        assert (
            moved(client, task, "submit", kept=mark, **{"files-after": [photo("后.jpg")]}).status_code == 302
        )
        assert set(Evidence.objects.filter(item=task).values_list("kind", "title")) == {
            ("before", "前.jpg"),
            ("after", "后.jpg"),
        }
        assert "整改后照片" in client.get(reverse("item", args=[task.public_id])).content.decode()
