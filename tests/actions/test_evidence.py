"""Evidence outside a move: who may add it, what is refused, what verify says of a file that is gone or another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from guatu.actions.evidence import add_evidence
from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.domain.errors import BadInput, GuatuError, NotAllowed, NotFound
from guatu.queries.verify import verify
from guatu.records.files import keep, path_of
from guatu.records.models import Batch, Evidence, Item
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world(settings: Settings, tmp_path: Path) -> World:
    settings.GUATU_HOME = tmp_path
    return small_world()


def problem(world: World) -> Item:
    return world.problem("F1", date(2023, 10, 12))


def kept(text: str = "整改照片") -> NewEvidence:
    sha256, size = keep([text.encode()])
    return NewEvidence(title="整改照片.txt", sha256=sha256, size=size)


def add(world: World, who: str, item: Item, *evidence: NewEvidence, key: str | None = None) -> Item:
    with clock.fixed(DAY):
        return add_evidence(
            world.actor(who), campaign=world.campaign, item=item.pk, evidence=evidence, idempotency_key=key
        )


def test_files_and_papers_are_hung_on_the_item_in_one_batch(world: World) -> None:
    item = problem(world)
    before = Batch.objects.count()
    add(world, "lu", item, kept(), PAPER)
    assert Batch.objects.count() == before + 1
    rows = Evidence.objects.filter(item=item).order_by("id")
    assert [(row.title, row.sha256, row.size, row.place) for row in rows] == [
        ("整改照片.txt", kept().sha256, 12, ""),
        ("会议纪要", "", None, "办公室档案柜"),
    ]
    assert verify().broken == ""


def test_verify_names_a_file_that_is_gone(world: World) -> None:
    item = problem(world)
    add(world, "lu", item, kept())
    path_of(kept("整改照片").sha256).unlink()
    assert verify().broken == f"{item.number} 的佐证材料“整改照片.txt”的文件不见了。请从备份恢复。"


def test_verify_names_a_file_that_was_changed(world: World) -> None:
    item = problem(world)
    evidence = kept()
    add(world, "lu", item, evidence)
    path_of(evidence.sha256).write_bytes(b"another")
    assert verify().broken == f"{item.number} 的佐证材料“整改照片.txt”的文件与其哈希值不符。"


@pytest.mark.parametrize(("who", "error"), [("ji", NotFound), ("gu", NotAllowed), ("ren", NotAllowed)])
def test_only_those_who_fill_add_evidence(world: World, who: str, error: type[GuatuError]) -> None:
    item = problem(world)
    with pytest.raises(error):
        add(world, who, item, PAPER)
    assert not Evidence.objects.filter(item=item).exists()


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ((), "没有选择文件"),
        ((NewEvidence(title="会议纪要", place="档案柜"),), "须写明名称、存放处、保管人"),
    ],
)
def test_nothing_and_half_a_paper_are_refused(
    world: World, evidence: tuple[NewEvidence, ...], said: str
) -> None:
    item = problem(world)
    with pytest.raises(BadInput, match=said):
        add(world, "lu", item, *evidence)


def test_what_comes_twice_is_hung_once(world: World) -> None:
    item = problem(world)
    add(world, "lu", item, PAPER, key="k1")
    add(world, "lu", item, PAPER, key="k1")
    assert Evidence.objects.filter(item=item).count() == 1


def test_what_the_head_has_signed_gets_no_more_evidence_from_the_unit(world: World) -> None:
    item = problem(world)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    add(world, "lu", item, kept("签字以前补的"))  # the head has not signed yet
    world.move("ren", "sign_off", [item], DAY)
    signed = Item.objects.get(pk=item.pk).version
    for step in ("", "take_up", "approve"):
        if step:
            world.move("bai", step, [item], DAY, fields={"verification": "看过"} if step == "approve" else {})
        for who in ("lu", "xu"):
            with pytest.raises(NotAllowed, match=r"内容已经审签，只能由.*更正。要改的，请核验人退回"):
                add(world, who, item, kept("签字以后塞进来的"))
    assert Evidence.objects.filter(item=item).count() == 2
    assert Item.objects.get(pk=item.pk).version == signed + 2  # nothing but the two steps


def test_evidence_is_open_again_after_a_return(world: World) -> None:
    item = problem(world)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    world.move("ren", "sign_off", [item], DAY)
    with pytest.raises(NotAllowed):
        add(world, "lu", item, kept())
    world.move("bai", "send_back", [item], DAY, reason="缺回访记录")
    add(world, "lu", item, kept())
    assert Evidence.objects.filter(item=item).count() == 2


def test_who_brought_the_evidence_does_not_verify(world: World) -> None:
    item = problem(world)
    add(world, "xu", item, PAPER)
    day = date(2023, 11, 7)
    world.move("lu", "start", [item], day, fields={"owner": "陆文博"})
    world.move("lu", "submit_for_signature", [item], day, fields={"measures_text": "加开窗口"})
    world.move("ren", "sign_off", [item], day)
    world.move("bai", "take_up", [item], day)
    with pytest.raises(NotAllowed, match="按回避要求"):
        world.move("xu", "approve", [item], day, fields={"verification": "看过"})
    world.move("bai", "approve", [item], day, fields={"verification": "看过"})
