"""Documents: beginning one, saving its text with others, and what keeps it whole on its way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.comments import add_comment
from guatu.actions.document_drafts import drop_body_draft, keep_body_draft
from guatu.actions.documents import create_document, save_body
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, appoint
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.writing.body import HeadingBlock, ParagraphBlock
from guatu.domain.writing.body_json import plain
from guatu.queries.document_bodies import body_taken_again
from guatu.queries.document_drafters import drafters
from guatu.queries.documents import body_at, body_in, stage_of, written
from guatu.queries.verify.attachments import check_attachments
from guatu.records.models import Batch, Item
from guatu.records.models.desk import BodyDraft
from guatu.records.packs import pack_of
from tests.actions.document_calls import TEXT, begun, saved
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db
DAY = BEGIN + timedelta(days=30)


@pytest.fixture
def world() -> World:
    return small_world()


def text(*paragraphs: str) -> dict[str, Any]:
    return {
        "blocks": [
            {"id": f"p{place}", "kind": "paragraph", "text": one} for place, one in enumerate(paragraphs)
        ]
    }


def write(world: World, who: str, item: Item, body: dict[str, Any], base: int) -> Any:
    return save_body(
        world.actor(who), campaign=world.campaign, document=item.pk, body=body, base_version=base
    )


def test_a_document_begins_empty_and_asks_for_its_title(world: World) -> None:
    with clock.fixed(DAY):
        item = begun(world)
        assert (item.register, item.state, body_in(item).blocks) == ("documents", "drafted", ())
        with pytest.raises(BadInput, match="没有填写标题"):
            begun(world, title=" ")


def test_a_document_of_a_day_before_the_campaign_is_refused(world: World) -> None:
    with clock.fixed(DAY), pytest.raises(BadInput, match="早于启动日"):
        begun(world, as_of=BEGIN - timedelta(days=1))


def test_a_document_from_a_template_has_its_sentences_with_live_figures(world: World) -> None:
    world.problem("F1", BEGIN)
    with clock.fixed(DAY):
        item = begun(world, title="", template="summary")
        body = body_in(item)
        assert item.title and body.head.template == "summary"
        assert isinstance(body.blocks[1], HeadingBlock | ParagraphBlock)
        assert "issues_total" in body.keys
        assert all(block.source.startswith("summary/") for block in body.blocks)


def test_a_copy_takes_the_text_and_not_the_number(world: World) -> None:
    with clock.fixed(DAY):
        earlier = saved(world).document
        copied = create_document(
            world.actor("lin"),
            campaign=world.campaign,
            unit="HY",
            kind="report",
            as_of=DAY,
            copy_of=earlier.pk,
        )
        assert body_in(copied) == body_in(Item.objects.get(pk=earlier.pk))
        assert (copied.title, copied.data.get("document_number")) == (earlier.title, None)


def test_a_copy_of_a_briefing_is_a_briefing_of_the_same_unit_with_the_next_number(world: World) -> None:
    more = {"series": "工作简报", "issue": 2}
    with clock.fixed(DAY):
        earlier = begun(world, kind="briefing", fields=more)
        copied = create_document(
            world.actor("lin"), campaign=world.campaign, as_of=DAY, copy_of=earlier.pk, title="第三期"
        )
        assert (copied.unit, copied.data["kind"]) == (earlier.unit, "briefing")
        assert (copied.data["series"], copied.data["issue"]) == ("工作简报", 3)
        report = create_document(
            world.actor("lin"), campaign=world.campaign, kind="report", as_of=DAY, copy_of=earlier.pk
        )
        assert (report.data["kind"], report.data.get("issue")) == ("report", None)
        assert begun(world, kind="briefing", fields={"series": "快报"}).data["issue"] == 1


def test_a_briefing_begins_from_its_template_without_salutation_and_signature(world: World) -> None:
    world.problem("F1", BEGIN)
    with clock.fixed(DAY):
        item = begun(world, title="", kind="", template="work_briefing")
        body = body_in(item)
        assert (item.data["kind"], item.data["issue"]) == ("briefing", 1)
        assert (body.salutation, body.signature) == ("", "") and "issues_total" in body.keys


def test_a_judgement_is_no_column_and_no_line(world: World) -> None:
    table = {"id": "t", "kind": "figures", "figures": ["issues_total", "contact_cov"], "by": "units"}
    with clock.fixed(DAY):
        with pytest.raises(BadInput, match="是判断，不是数"):
            saved(world, body={"blocks": [table]})
        kept = saved(world, body={"blocks": [{**table, "figures": ["issues_total"]}]})
        assert len(kept.body.blocks) == 1


def test_template_and_copy_together_are_refused(world: World) -> None:
    with clock.fixed(DAY):
        earlier = begun(world)
        with pytest.raises(BadInput, match="只能选一样"):
            begun(world, template="summary", copy_of=earlier.pk)


def test_the_same_request_begins_one_document(world: World) -> None:
    with clock.fixed(DAY):
        one = begun(world, idempotency_key="k1")
        again = begun(world, idempotency_key="k1")
        assert one.pk == again.pk


def test_whoever_does_not_write_documents_begins_none(world: World) -> None:
    with clock.fixed(DAY), pytest.raises((NotAllowed, NotFound)):
        begun(world, "lu", unit="F1")


def test_two_writers_of_different_paragraphs_both_stand(world: World) -> None:
    with clock.fixed(DAY):
        item = write(world, "lin", begun(world), text("一", "二"), 1).document
        base = item.version
        write(world, "lin", item, text("一改", "二"), base)
        merged = write(world, "lin", item, text("一", "二改"), base)
        assert body_in(merged.document) == body_in(Item.objects.get(pk=item.pk))
        assert [block.text for block in merged.body.blocks] == ["一改", "二改"]
        assert merged.clashes == ()


def test_a_paragraph_that_two_changed_stands_twice_and_is_not_handed_in(world: World) -> None:
    with clock.fixed(DAY):
        item = write(world, "lin", begun(world), text("一"), 1).document
        base = item.version
        write(world, "lin", item, text("他写"), base)
        merged = write(world, "lin", item, text("我写"), base)
        assert [clash.what for clash in merged.clashes] == ["both"]
        with pytest.raises(BadInput, match="选定一种"):
            world.move("lin", "hand_in", [merged.document], DAY)


def test_saving_the_same_text_writes_nothing(world: World) -> None:
    with clock.fixed(DAY):
        found = saved(world)
        before = Batch.objects.count()
        again = write(world, "lin", found.document, dict(TEXT), found.document.version)
        assert Batch.objects.count() == before
        assert again.document.version == found.document.version


def test_the_same_save_twice_is_one(world: World) -> None:
    with clock.fixed(DAY):
        item = begun(world)
        given: dict[str, Any] = {
            "campaign": world.campaign,
            "document": item.pk,
            "body": TEXT,
            "base_version": item.version,
            "idempotency_key": "s1",
        }
        one = save_body(world.actor("lin"), **given)
        two = save_body(world.actor("lin"), **given)
        assert (one.document.version, one.body) == (two.document.version, two.body)


def test_earlier_versions_of_the_text_can_be_read(world: World) -> None:
    with clock.fixed(DAY):
        item = write(world, "lin", begun(world), text("一"), 1).document
        write(world, "lin", item, text("二"), item.version)
        assert [block.text for block in body_at(item, 2).blocks] == ["一"]  # type: ignore[union-attr]
        assert [block.text for block in body_at(item, 3).blocks] == ["二"]  # type: ignore[union-attr]
        with pytest.raises(NotFound, match="没有第 9 版"):
            body_at(item, 9)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ([], "正文的内容无法识别"),
        ({"blocks": [{"kind": "verse", "text": "一"}]}, "第 1 段的种类“verse”无法识别"),
        ({"blocks": [{"kind": "paragraph", "text": "共{issues"}]}, "没有成对"),
        ({"blocks": [{"kind": "paragraph", "text": "共{no_such_figure}"}]}, "“no_such_figure”不是统计项"),
        ({"blocks": [{"kind": "heading", "text": "一", "level": 9}]}, "“level”填的是“9”"),
        (
            {"blocks": [{"kind": "table", "columns": ["甲"], "rows": [["1", "2"]]}]},
            "第 1 行有 2 格，应为 1 格",
        ),
        ({"blocks": [{"kind": "figures", "figures": []}]}, "统计项是 0，应在 1 至 20 之间"),
        ({"blocks": [], "extra": 1}, "“extra”，无法识别"),
        ({"blocks": [], "head": {"urgency": "火急"}}, "紧急程度填的是“火急”"),
        ({"blocks": [{"kind": "paragraph", "text": "甲", "id": "a b"}]}, "“id”填的是“a b”"),
        ({"blocks": [], "head": {"mark": "长" * 501}}, "有 501 字，超过 500 字"),
        ({"blocks": [], "annexes": [{"title": "表"}] * 51}, "文稿有 51 个附件，超过 50 个"),
        ({"blocks": [{"kind": "paragraph", "text": "甲", "source": "长" * 900_000}]}, "超过 400000 字"),
    ],
)
def test_a_body_that_is_none_is_refused_with_its_place(world: World, body: Any, sentence: str) -> None:
    with clock.fixed(DAY):
        item = begun(world)
        with pytest.raises(BadInput, match=sentence):
            write(world, "lin", item, body, 1)
        assert Item.objects.get(pk=item.pk).version == 1


def test_figures_are_said_as_of_the_documents_day_and_live(world: World) -> None:
    with clock.fixed(DAY):
        item = saved(world).document
    world.problem("F1", DAY)
    with clock.fixed(DAY):
        said = written(world.campaign, item, actor=world.actor("lin"))
    assert said.official.blocks[0].text == "一、总体情况"  # type: ignore[union-attr]
    assert "共查出问题1" in said.official.blocks[1].text  # type: ignore[union-attr]
    assert [(one.span.key, one.block, one.unit) for one in said.printed] == [("issues_total", "p", "HY")]
    with clock.fixed(DAY):
        before = written(world.campaign, item, actor=world.actor("lin"), day=DAY - timedelta(days=1))
    assert before.figures[0].statement.value == 0


def test_what_cannot_be_said_is_listed_and_never_a_number(world: World) -> None:
    with clock.fixed(DAY):
        item = saved(world, body=text("利润{yoy_profit}，共{issues_total}。")).document
        said = written(world.campaign, item, actor=world.actor("lin"))
    assert [(one.block, one.key) for one in said.unsaid] == [("p0", "yoy_profit")]
    assert "〔待定：" in said.official.blocks[0].text  # type: ignore[union-attr]
    assert "yoy_profit" not in [one.key for one in said.figures]


def test_who_drafted_neither_passes_the_checking_nor_signs(world: World) -> None:
    with clock.fixed(DAY):
        item = saved(world).document
        [item] = world.move("lin", "hand_in", [item], DAY)
        assert drafters(pack_of(world.campaign), item) == {world.actor("lin").person}
        with pytest.raises(NotAllowed, match="由您拟稿"):
            world.move("lin", "check", [item], DAY)


def test_whoever_checks_may_mend_the_wording(world: World) -> None:
    with clock.fixed(DAY):
        item = saved(world).document
        [item] = world.move("lin", "hand_in", [item], DAY)
        assert write(world, "lin", item, text("核稿时改"), item.version).clashes == ()


def test_two_versions_written_while_it_is_checked_are_settled_before_it_passes(world: World) -> None:
    with clock.fixed(DAY):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("he", "office", "HY")])
        item = write(world, "lin", begun(world), text("一"), 1).document
        [item] = world.move("lin", "hand_in", [item], DAY)
        base = item.version
        write(world, "he", item, text("一人改"), base)
        item = write(world, "lin", item, text("另一人改"), base).document
        for step in ("check", "circulate"):
            with pytest.raises(BadInput, match="同时有两种写法"):
                world.move("he", step, [item], DAY)


def test_the_name_of_a_document_follows_its_state(world: World) -> None:
    with clock.fixed(DAY):
        item = saved(world).document
    pack = pack_of(world.campaign)
    assert stage_of(pack, item) is None
    for state, stage in (("countersigning", "comments"), ("signing", "approval"), ("issued", "final")):
        item.state = state
        assert stage_of(pack, item) == stage


def test_the_text_stands_once_it_waits_for_its_signature(world: World) -> None:
    with clock.fixed(DAY):
        second = Appointment("he", "office", "HY")
        appoint(operator(), campaign=world.campaign, appointments=[second])
        item = saved(world).document
        [item] = world.move("lin", "hand_in", [item], DAY)
        [item] = world.move("he", "check", [item], DAY)
        with pytest.raises(BadInput, match="现为“待签发”，不能再改"):
            write(world, "lin", item, text("改"), item.version)
        with pytest.raises(BadInput, match="现为“待签发”，不能再改"):
            edit_items(world.actor("lin"), campaign=world.campaign, edits=[Edit(item.pk, title="改")])
        with pytest.raises(NotAllowed, match="由您拟稿"):
            world.move("lin", "sign", [item], DAY)
        [item] = world.move("gu", "sign", [item], DAY)
        assert item.state == "issued"


def test_a_draft_is_ones_own_and_gone_with_the_save(world: World) -> None:
    with clock.fixed(DAY):
        item = begun(world)
        lin = world.actor("lin")
        for words in ("写到一半", "又写了一些"):
            keep_body_draft(lin, campaign=world.campaign, document=item.pk, body=text(words), base_version=1)
        assert BodyDraft.objects.get(item=item).body["blocks"][0]["text"] == "又写了一些"
        drop_body_draft(world.actor("gu"), campaign=world.campaign, document=item.pk)
        assert BodyDraft.objects.filter(item=item).count() == 1
        write(world, "lin", item, text("写完了"), 1)
        assert not BodyDraft.objects.filter(item=item).exists()


def test_a_remark_may_be_about_one_paragraph_and_is_verified_with_it(world: World) -> None:
    with clock.fixed(DAY):
        item = saved(world).document
        given: dict[str, Any] = {"campaign": world.campaign, "item": item.pk}
        said = add_comment(world.actor("gu"), text="这个数请再核", anchor="p", **given)
        assert (said.anchor, check_attachments()) == ("p", "")
        with pytest.raises(BadInput, match="已被删去"):
            add_comment(world.actor("gu"), text="这一段", anchor="gone", **given)


def test_a_template_taken_again_keeps_what_was_written_beside_it(world: World) -> None:
    with clock.fixed(DAY):
        item = begun(world, title="", template="summary")
        body = body_in(item)
        own = ParagraphBlock(id="own", text="自己加的一段")
        changed = replace(body, blocks=(own, replace(body.blocks[0], text="改过"), *body.blocks[1:]))
        item = save_body(
            world.actor("lin"), campaign=world.campaign, document=item.pk, body=changed, base_version=1
        ).document
    world.problem("F1", DAY)
    with clock.fixed(DAY):
        anew = body_taken_again(world.campaign, item, actor=world.actor("lin")).body
        assert anew.blocks[:2] == (own, body.blocks[0])
        assert "issues_total" in anew.keys - body.keys
        kept = body_taken_again(world.campaign, item, actor=world.actor("lin"), chosen=[]).body
        assert kept == changed
        with pytest.raises(BadInput, match="不是由模板生成"):
            body_taken_again(world.campaign, begun(world), actor=world.actor("lin"))


def test_what_was_struck_out_stays_out_of_copies_too_until_it_is_asked_for(world: World) -> None:
    lin = world.actor("lin")
    with clock.fixed(DAY):
        item = begun(world, title="", template="summary")
        gone = body_in(item).blocks[0]
        shorter = replace(body_in(item), blocks=body_in(item).blocks[1:])
        item = write(world, "lin", item, plain(shorter), 1).document
        item = write(world, "lin", item, plain(replace(shorter, signature="办公室")), item.version).document
        copy = begun(world, title="下一期", copy_of=item.pk)
        for one in (item, copy):
            again = body_taken_again(world.campaign, one, actor=lin)
            assert [block.source for block in again.left] == [gone.source]
            assert gone.source not in [block.source for block in again.body.blocks]
        back = body_taken_again(world.campaign, copy, actor=lin, struck_too=True)
        assert (back.left, back.body.blocks[0].source) == ((), gone.source)
        copy = write(world, "lin", copy, plain(back.body), copy.version).document
        assert body_in(copy).dropped == ()
