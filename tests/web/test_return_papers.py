"""Files in the form of a return: in cells, as the scan of what is filled for another unit, as papers that go with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guatu.actions.pack_changes import add_register
from guatu.domain import clock
from guatu.domain.collection import Asked, Form
from guatu.domain.pack.register import Field
from guatu.queries.returns import collection_of, rows_of
from guatu.records.models import Evidence, FillDraft, Item
from guatu.records.packs import pack_of
from guatu.web.returns.papers import SALT
from tests.collecting import ask, collecting_world, visiting
from tests.new_registers import new_register
from tests.people import World
from tests.web.conftest import DAY, Walk, add_keepers

CUT_OFF = datetime(2023, 12, 5, 18, 0)
PDF = b"%PDF-1.4\n%%EOF"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = collecting_world()
    add_keepers(found)
    with clock.fixed(DAY):
        yield found


@pytest.fixture
def item(world: World) -> Item:
    """What 甲 is asked for: a number and the rules that were issued, as a file that may not be missing."""
    pack = pack_of(world.campaign)
    flow = collection_of(pack).collected
    state = pack.workflows[flow].initial[0]
    fields = (
        Field(key="count", label="制度数", type="integer"),
        Field(key="rules", label="制度文件", type="file", required_in=(state,)),
    )
    register = new_register(pack, "制度建设", fields, workflow=flow, rows="one")
    world.campaign = add_register(world.actor("lin"), campaign=world.campaign, register=register)
    asked = Form(
        register=register.key,
        fields=(Asked("count"), Asked("rules")),
        cut_off=CUT_OFF,
        rows="one",
    )
    return ask(world, ["JIA"], asked, title="制度建设情况")["JIA"]


def pdf(name: str = "制度.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def typed(item: Item, do: str = "data", **more: Any) -> dict[str, Any]:
    return {"r0-item": "", "r0-version": "", "version": item.version, "draft": "0", "do": do, **more}


def address(item: Item, name: str = "return") -> str:
    return reverse(name, args=[item.public_id])


def mark_in(text: str, name: str) -> str:
    """The mark of a file that stands in the form."""
    return text.partition(f'<input type="hidden" name="{name}" value="')[2].partition('"')[0]


def chosen(client: Client, item: Item, **more: Any) -> str:
    """What comes back for a file that was chosen in the cell."""
    answer = client.post(address(item, "return-paper"), {"box": "r0-rules", "up-r0-rules": pdf(), **more})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_missing_file_is_counted_and_named_before_handing_in(walk: Walk, item: Item) -> None:
    client = walk("tao")
    text = client.get(address(item)).content.decode()
    assert 'name="up-r0-rules"' in text
    assert 'capture="environment"' in text, "a phone takes a photograph"
    assert "还差 2 格" in text
    answer = client.post(address(item), typed(item, **{"r0-count": "3"}))
    assert answer.status_code == 422
    assert "还差 1 个文件：制度文件。请上传后再报送。" in answer.content.decode()


def test_a_file_goes_up_when_it_is_chosen_and_waits_in_the_draft(
    walk: Walk, world: World, item: Item
) -> None:
    client = walk("tao")
    mark = mark_in(chosen(client, item), "r0-rules")
    assert mark
    saved = client.post(address(item, "return-save"), typed(item, "", **{"r0-rules": mark}))
    assert "草稿已存" in saved.content.decode()
    text = client.get(address(item)).content.decode()
    assert "制度.pdf" in text
    assert "还差 1 格" in text
    again = mark_in(text, "r0-rules")
    said = typed(item, draft="1", **{"r0-count": "3", "r0-rules": again})
    assert client.post(address(item), said).status_code == 302
    [row] = rows_of(world.campaign, [item])
    download = client.get(reverse("field_file", args=[row.public_id, "rules"]))
    assert b"".join(download.streaming_content) == PDF  # type: ignore[attr-defined]
    read = client.get(address(item)).content.decode()
    assert reverse("field_file", args=[row.public_id, "rules"]) in read
    assert row.data["rules"] not in read, "nobody reads a hash"


def test_without_a_script_the_file_comes_with_the_form_and_survives_a_refusal(
    walk: Walk, world: World, item: Item
) -> None:
    client = walk("tao")
    answer = client.post(address(item), typed(item, **{"r0-count": "三", "up-r0-rules": pdf()}))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "制度.pdf" in text
    mark = mark_in(text, "r0-rules")
    gone = client.post(address(item), typed(item, "drop-r0-rules", **{"r0-count": "3", "r0-rules": mark}))
    assert "制度.pdf" not in gone.content.decode()
    assert 'value="3"' in gone.content.decode()
    good = typed(item, **{"r0-count": "3", "r0-rules": mark})
    assert client.post(address(item), good).status_code == 302
    assert len(rows_of(world.campaign, [item])) == 1


def test_another_ones_mark_and_a_bare_hash_bring_no_file(walk: Walk, item: Item) -> None:
    mark = mark_in(chosen(walk("zhou"), item), "r0-rules")
    for told in (mark, "0" * 64, f"x:{SALT}"):
        answer = walk("tao").post(address(item), typed(item, **{"r0-count": "3", "r0-rules": told}))
        assert answer.status_code == 422
        assert "还差 1 个文件" in answer.content.decode()


def test_a_file_that_is_none_is_refused_beside_its_cell(walk: Walk, item: Item) -> None:
    bad = {"up-r0-rules": pdf("制度.pdf", b"MZ\x90\x00")}
    text = chosen(walk("tao"), item, **bad)
    assert 'class="err"' in text
    assert not mark_in(text, "r0-rules")
    assert not FillDraft.objects.exists()
    answer = walk("tao").post(address(item, "return-paper"), {"box": "r0-count", "up-r0-count": pdf()})
    assert answer.status_code == 404


def test_a_row_that_is_changed_keeps_its_file(walk: Walk, world: World, item: Item) -> None:
    client = walk("tao")
    client.post(address(item), typed(item, **{"r0-count": "3", "up-r0-rules": pdf()}))
    client.post(address(item, "return-amend"), {"reason": "少一项"})
    [row] = rows_of(world.campaign, [item])
    text = client.get(address(item)).content.decode()
    assert reverse("field_file", args=[row.public_id, "rules"]) in text
    now = Item.objects.get(pk=item.pk)
    said = {"r0-item": row.public_id, "r0-version": Item.objects.get(pk=row.pk).version, "r0-count": "4"}
    kept = typed(now, **{**said, "r0-rules": mark_in(text, "r0-rules")})
    assert client.post(address(item), kept).status_code == 302
    [after] = rows_of(world.campaign, [item])
    assert (after.data["count"], after.data["rules"]) == (4, row.data["rules"])


def test_the_bar_counts_the_scan_of_what_is_filled_for_another_unit(walk: Walk, world: World) -> None:
    item = ask(world, ["F1"], visiting(cut_off=CUT_OFF), title="十一月走访台账")["F1"]
    client = walk("zhou")
    text = client.get(address(item)).content.decode()
    assert "还差 3 格和签字的纸质表" in text.partition('id="left"')[2].partition("</p>")[0]
    scan = client.post(address(item, "return-paper"), {"box": "kept", "files": pdf("签字表.pdf")})
    mark = mark_in(scan.content.decode(), "kept")
    row = {"r0-item": "", "r0-title": "走访", "r0-held_on": "2023-11-20", "r0-visited_body": "一车间"}
    said = {"version": item.version, **row, "r0-solved": "2"}
    bare = client.post(address(item), {**said, "do": "data"}).content.decode()
    assert "还差：签字的纸质表" in bare.partition('id="left"')[2].partition("</p>")[0]
    client.post(address(item, "return-save"), {**said, "kept": mark})
    text = client.get(address(item)).content.decode()
    assert "签字表.pdf" in text
    assert "已填齐" in text.partition('id="left"')[2].partition("</p>")[0]
    nil = {"version": item.version, "draft": "1", "do": "nil", "kept": mark_in(text, "kept")}
    assert client.post(address(item), nil).status_code == 302
    assert Evidence.objects.get(item=item).title == "签字表.pdf"


def test_papers_may_go_with_a_return_of_ones_own(walk: Walk, world: World) -> None:
    item = ask(world, ["F1"], visiting(cut_off=CUT_OFF), title="十一月走访台账")["F1"]
    client = walk("lu")
    assert "没有要求的，不用传。" in client.get(address(item)).content.decode()
    said = {"version": item.version, "do": "nil", "files": pdf("说明.pdf")}
    assert client.post(address(item), said).status_code == 302
    assert Evidence.objects.get(item=item).title == "说明.pdf"


def test_a_draft_of_papers_alone_leaves_a_row_to_be_filled_in(walk: Walk, world: World) -> None:
    item = ask(world, ["F1"], visiting(cut_off=CUT_OFF), title="十一月走访台账")["F1"]
    client = walk("lu")
    chosen = client.post(address(item, "return-paper"), {"box": "kept", "files": pdf("说明.pdf")})
    mark = mark_in(chosen.content.decode(), "kept")
    client.post(address(item, "return-save"), {"version": item.version, "kept": mark})
    text = client.get(address(item)).content.decode()
    assert "说明.pdf" in text
    assert 'name="r0-title"' in text
