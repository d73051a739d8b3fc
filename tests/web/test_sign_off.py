"""Sign-off on paper: what is printed, what is taken, and what is said when the data have changed since."""

from __future__ import annotations

import io
from datetime import date

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from guatu.actions.items import Edit, edit_items
from guatu.domain.errors import NotAllowed
from guatu.queries.signed_versions import current_code
from guatu.queries.verify import verify
from guatu.records.models import Batch, Evidence, Item
from tests.people import PAPER, World
from tests.web.conftest import Walk

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 30)


@pytest.fixture
def signing(world: World) -> Item:
    """A problem of 一厂 that waits for Ren's signature."""
    item = world.problem("F1", DAY)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    fields = {"measures_text": "加开窗口", "cause": "人手不足"}
    return world.move("lu", "submit_for_signature", [item], DAY, fields=fields, evidence=(PAPER,))[0]


def scan() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "PNG")
    return SimpleUploadedFile("签章件.png", content.getvalue(), content_type="image/png")


def upload(client: Client, item: Item, code: str, **more: object) -> HttpResponse:
    version = Item.objects.values_list("version", flat=True).get(pk=item.pk)
    form = {"code": code, "version": version, "files": scan(), **more}
    return client.post(reverse("sign-off", args=[item.public_id]), form)


def change(world: World, item: Item, **fields: str) -> None:
    edit_items(world.actor("lu"), campaign=world.campaign, edits=[Edit(item.pk, fields)])


def test_the_sheet_carries_its_version_code_in_words(walk: Walk, signing: Item) -> None:
    answer = walk("ren").get(reverse("sign-sheet", args=[signing.public_id]))
    content = b"".join(answer.streaming_content)
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert answer["Content-Type"] == "application/pdf"
    assert str(current_code(signing)) in text and "第 3 版" in text
    assert "加开窗口" in text and "会议纪要" in text and "单位（盖章）" in text


def test_a_scan_with_its_code_counts_as_the_heads_signature(walk: Walk, signing: Item) -> None:
    answer = upload(walk("lu"), signing, str(current_code(signing)))
    assert answer.status_code == 302
    item = Item.objects.get(pk=signing.pk)
    assert (item.state, item.data["@applied_on"]) == ("applied", DAY.isoformat())
    assert Evidence.objects.get(item=item, kind="signed_sheet").title == "签章件.png"
    assert verify().broken == ""


def test_whoever_uploaded_the_scan_has_filled_for_the_unit(world: World, walk: Walk, signing: Item) -> None:
    upload(walk("zhou"), signing, str(current_code(signing)))
    assert Item.objects.get(pk=signing.pk).state == "applied"
    batch = Batch.objects.order_by("-seq")[0]
    assert batch.action == "items.move:sign_on_paper" and batch.post_name == "甲公司联络员"


def test_a_sheet_of_another_version_is_told_with_both_ways_out(
    world: World, walk: Walk, signing: Item
) -> None:
    code = str(current_code(signing))
    change(world, signing, measures_text="加开窗口并延长供餐", cause="人手和场地不足")
    page = upload(walk("lu"), signing, code)
    assert page.status_code == 422
    text = page.content.decode()
    assert "签字版为第 3 版，数据已改至第 4 版（2 处）。请重新打印签字，或恢复第 3 版。" in text
    assert "不同之处：原因分析、整改措施" in text and "签章件.png" in text
    restored = walk("lu").post(reverse("sign-restore", args=[signing.public_id]), {"version": 3, "seen": 4})
    assert restored.status_code == 302
    item = Item.objects.get(pk=signing.pk)
    assert (item.version, item.data["measures_text"], item.state) == (5, "加开窗口", "signing")
    assert upload(walk("lu"), signing, code).status_code == 302  # what was signed stands again
    assert verify().broken == ""


def test_evidence_that_came_later_cannot_be_restored_away(world: World, walk: Walk, signing: Item) -> None:
    code = str(current_code(signing))
    walk("lu").post(
        reverse("evidence", args=[signing.public_id]), {"title": "照片", "place": "柜", "keeper": "白露"}
    )
    text = upload(walk("lu"), signing, code).content.decode()
    assert "（1 处：佐证材料）。请重新打印签字。" in text and "恢复第 3 版" not in text
    refused = walk("lu").post(reverse("sign-restore", args=[signing.public_id]), {"version": 3, "seen": 4})
    assert refused.status_code == 422 and "不能恢复" in refused.content.decode()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "没有填写版本码"),
        ("第三版", "无法识别"),
        ("WT-0009-3-1a2b3c4d", "是 WT-0009 的，不是 WT-0001 的"),
        ("WT-0001-3-00000000", "任何一版都对不上"),
        ("WT-0001-99-1a2b3c4d", "任何一版都对不上"),
    ],
)
def test_a_wrong_code_is_refused_with_a_sentence_and_the_scan_is_kept(
    walk: Walk, signing: Item, code: str, sentence: str
) -> None:
    page = upload(walk("lu"), signing, code)
    assert page.status_code == 422
    assert sentence in page.content.decode() and "已上传，不必再选" in page.content.decode()
    assert Item.objects.get(pk=signing.pk).state == "signing"


def test_no_scan_no_version_no_signature(walk: Walk, signing: Item) -> None:
    code = str(current_code(signing))
    without = walk("lu").post(
        reverse("sign-off", args=[signing.public_id]), {"code": code, "version": signing.version}
    )
    assert without.status_code == 422 and "没有选择签章件" in without.content.decode()
    assert "没有收到您看到的是第几版" in upload(walk("lu"), signing, code, version="").content.decode()
    lost = walk("lu").post(reverse("sign-restore", args=[signing.public_id]), {"version": "三"})
    assert lost.status_code == 422


def test_the_step_is_not_made_by_the_form_of_other_steps(walk: Walk, signing: Item) -> None:
    form = {
        "version": signing.version,
        "title": "签章件",
        "place": "柜",
        "keeper": "白露",
        "kind": "signed_sheet",
    }
    page = walk("lu").post(reverse("move", args=[signing.public_id, "sign_on_paper"]), form)
    assert page.status_code == 422
    assert Item.objects.get(pk=signing.pk).state == "signing"


def test_who_may_not_sign_is_told_who_does_and_a_rival_finds_nothing(walk: Walk, signing: Item) -> None:
    address = reverse("sign-off", args=[signing.public_id])
    assert walk("ren").get(address).status_code == 200
    assert "签章件由填报员、二级公司联络员上传" in walk("ren").get(address).content.decode()
    assert walk("xu").get(address).status_code == 403
    assert walk("ji").get(address).status_code == 404
    assert walk("ji").get(reverse("sign-sheet", args=[signing.public_id])).status_code == 404
    assert walk("ji").post(reverse("sign-restore", args=[signing.public_id])).status_code == 404


def test_the_item_page_leads_there_while_it_waits_to_be_signed(
    world: World, walk: Walk, signing: Item
) -> None:
    address = reverse("sign-off", args=[signing.public_id])
    assert address in walk("ren").get(reverse("item", args=[signing.public_id])).content.decode()
    world.move("ren", "sign_off", [signing], DAY)
    assert address not in walk("ren").get(reverse("item", args=[signing.public_id])).content.decode()
    told = walk("ren").get(address)
    assert told.status_code == 422 and "不在审签环节" in told.content.decode()


def test_the_uploader_does_not_verify(world: World, signing: Item) -> None:
    world.move("ren", "sign_off", [signing], DAY)
    world.move("xu", "take_up", [signing], DAY)
    with pytest.raises(NotAllowed):
        world.move("zhou", "approve", [signing], DAY, fields={"verification": "已看"}, reason="内部事项")
