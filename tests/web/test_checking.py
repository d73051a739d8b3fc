"""Checking texts: several at once, whose they are, what is decided of a phrase, the Word copy, a corrected version."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from docx import Document

from guatu.actions.phrases import decide_phrase
from guatu.exchange.documents_in import read_bytes
from guatu.exchange.kept_uploads import keep_upload
from guatu.queries import phrases as phrase_queries
from guatu.queries.statements import as_written, statements
from guatu.records.models import Item, PhraseDecision
from guatu.web.phrases import views as phrase_views
from tests.people import World
from tests.web.conftest import Walk

MOST = 12
DOUBTFUL = "基层单位建立台账，列入3个。"
WRONG = "列入问题清单4个，已销号1个。"


@pytest.fixture
def problems(world: World) -> list[Item]:
    """Three problems of 一厂, one of them closed."""
    rows = [world.problem("F1", date(2023, 10, day)) for day in (12, 13, 14)]
    world.close(rows[0], date(2023, 11, 20))
    return rows


def word_file(*paragraphs: str) -> bytes:
    word = Document()
    for words in paragraphs:
        word.add_paragraph(words)
    content = io.BytesIO()
    word.save(content)
    return content.getvalue()


def upload(client: Client, *files: tuple[str, bytes], **more: str) -> str:
    """The address where the handed-in files are shown."""
    given = [SimpleUploadedFile(name, content) for name, content in files]
    answer = client.post(reverse("check"), {"file": given, **more})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def paste(client: Client, text: str, **more: str) -> str:
    answer = client.post(reverse("check"), {"text": text, **more})
    assert answer.status_code == 302
    return str(answer["Location"])


def place(page: str, number: int) -> dict[str, str]:
    """What the forms of a remark send."""
    (found,) = re.findall(rf'<li class="\w+" id="f{number}">(.*?)</li>', page, re.S)
    return dict(re.findall(r'<input type="hidden" name="(start|end|found)" value="(\d+)">', found))


def test_a_text_stays_with_whoever_handed_it_in(walk: Walk, problems: list[Item]) -> None:
    address = paste(walk("lin"), WRONG)
    assert walk("lin").get(address).status_code == 200
    for who in ("zhou", "gu", "lu"):
        for way in ("", "word/"):
            assert walk(who).get(address + way).status_code == 404


@pytest.mark.parametrize("token", ["0" * 32, "nothing", "ffffffffffffffffffffffffffffffff"])
def test_what_is_kept_no_longer_is_one_sentence(walk: Walk, world: World, token: str) -> None:
    client = walk("lin")
    for name, more in (("check-set", []), ("check-text", [1]), ("check-word", [1])):
        answer = client.get(reverse(name, args=[token, *more]))
        assert answer.status_code == 404
        assert "请重新上传" in answer.content.decode()


def test_a_file_that_waits_elsewhere_is_no_list_of_texts(walk: Walk, world: World) -> None:
    client = walk("lin")
    for content in (b"[]", b"1", b"{", b'{"owner": "person 1"}', b"\xff"):
        token = keep_upload("x", [content], most=100)
        assert client.get(reverse("check-set", args=[token])).status_code == 404


def test_another_day_is_asked_for_without_another_upload(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    address = paste(client, "列入问题清单3个，已销号1个。")
    assert [one.count for one in client.get(address).context["page"].verdicts if one.kind == "bad"] == [0]
    page = client.get(address, {"day": "2023-11-01"})
    assert "按 2023-11-01 的数据核对" in " ".join(page.content.decode().split())
    assert [one.count for one in page.context["page"].verdicts if one.kind == "bad"] == [1]
    assert client.get(address, {"day": "2024-11-01"}).status_code == 422


def test_several_texts_stand_beside_each_other_with_what_they_say_differently(
    walk: Walk, problems: list[Item]
) -> None:
    client = walk("lin")
    address = upload(
        client,
        ("汇报.docx", word_file("列入问题清单3个，已销号1个。")),
        ("简报.md", "# 简报\n\n列入问题清单4个。\n".encode()),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"),
    )
    answer = client.get(address)
    page = answer.context["page"]
    assert [one.name for one in page.texts] == ["汇报.docx", "简报.md", "旧.doc"]
    assert [one.wanting for one in page.texts] == [0, 1, 0]
    assert "旧版 Word" in page.texts[2].sentence
    (row,) = page.differing
    assert (row.label, row.ours) == ("问题清单", "3个")
    assert [(one.name, one.text) for one in row.sayings] == [("汇报.docx", "3个"), ("简报.md", "4个")]
    assert client.get(row.sayings[1].href).status_code == 200
    assert client.get(address + "3/").status_code == 422
    assert client.get(address + "4/").status_code == 404


def test_texts_that_say_the_same_contradict_nothing(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    same = "列入问题清单3个，销售门店12家。".encode()
    address = upload(client, ("甲.txt", same), ("乙.txt", same))
    assert client.get(address).context["page"].differing == ()
    other = "列入问题清单3个，销售门店13家。".encode()
    address = upload(client, ("甲.txt", same), ("乙.txt", other))
    (row,) = client.get(address).context["page"].differing
    assert row.label == "销售门店□家"


def test_texts_that_are_too_long_together_are_told_and_the_first_are_checked(
    walk: Walk, world: World
) -> None:
    long = ("情况如下。\n" * 30_000).encode()
    client = walk("lin")
    token = upload(client, ("甲.txt", long), ("乙.txt", long), ("丙.txt", long)).split("/")[2]
    refused = client.get(reverse("check-text", args=[token, 3]))
    assert refused.status_code == 422
    assert "加上“丙.txt”，这一次超过 400000 个字" in refused.content.decode()


def test_files_none_of_which_can_be_read_are_told_one_by_one(walk: Walk, world: World) -> None:
    files = [SimpleUploadedFile("a.pdf", b"%PDF-1.7"), SimpleUploadedFile("b.rtf", b"{\\rtf1 x}")]
    answer = walk("lin").post(reverse("check"), {"file": files})
    assert answer.status_code == 422
    said = answer.context["page"].sentence
    assert "a.pdf" in said and "b.rtf" in said
    many = [SimpleUploadedFile(f"{n}.txt", b"1") for n in range(13)]
    assert "最多校核 12 份" in walk("lin").post(reverse("check"), {"file": many}).content.decode()


def test_a_number_in_doubt_is_decided_once_and_agrees_from_then_on_for_everybody(
    walk: Walk, problems: list[Item]
) -> None:
    client = walk("lin")
    address = paste(client, DOUBTFUL)
    page = client.get(address).content.decode()
    given = {**place(page, 1), "figure": "issues_total"}
    answer = client.post(address + "decide/", given, follow=True)
    assert "以后照此核对" in answer.content.decode()
    row = PhraseDecision.objects.get()
    assert (row.figure, row.person.name) == ("issues_total", "林晓岚")
    assert answer.context["page"].remarks == ()
    assert "林晓岚的认定" in answer.content.decode()
    other = walk("zhou")
    again = other.get(paste(other, "基层单位建立台账，列入5个。"))
    (found,) = again.context["page"].remarks
    assert (found.remark.kind, found.remark.key) == ("bad", "issues_total")
    assert "林晓岚的认定" in again.content.decode()
    listed = client.get(reverse("phrases")).content.decode()
    assert "林晓岚" in listed and "2 份稿子" in " ".join(listed.split())


def test_a_number_of_ones_own_asks_for_no_attention_any_more(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    address = paste(client, "销售门店12家。")
    page = client.get(address).content.decode()
    answer = client.post(address + "decide/", {**place(page, 1), "figure": ""}, follow=True)
    counts = {one.kind: one.count for one in answer.context["page"].verdicts}
    assert (counts["no"], counts["own"]) == (0, 1)


def test_who_may_not_decide_is_offered_no_button_and_refused(walk: Walk, problems: list[Item]) -> None:
    client = walk("lu")
    address = paste(client, DOUBTFUL)
    page = client.get(address).content.decode()
    assert "标为人工数" not in page
    remark = client.get(address).context["page"].remarks[0].remark
    given = {"start": remark.start, "end": remark.end, "figure": ""}
    assert client.post(address + "decide/", given).status_code == 403
    assert client.get(reverse("phrases")).status_code == 200


def test_a_decision_is_taken_back_on_its_page_with_a_reason(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    address = paste(client, DOUBTFUL)
    page = client.get(address).content.decode()
    client.post(address + "decide/", {**place(page, 1), "figure": "issues_total"})
    row = PhraseDecision.objects.get()
    end = reverse("phrase-end", args=[row.public_id])
    refused = client.post(end, {"reason": ""})
    assert refused.status_code == 422 and "没有写明撤销的原因" in refused.content.decode()
    assert walk("zhou").post(end, {"reason": "不对"}).status_code == 403
    assert client.post(end, {"reason": "口径已改"}, follow=True).status_code == 200
    assert client.get(address).context["page"].remarks
    ended = client.get(reverse("phrases"), {"show": "ended"}).content.decode()
    assert "口径已改" in ended


def test_a_kept_judgement_is_never_stale(walk: Walk, world: World, problems: list[Item]) -> None:
    """Not after a record, nor after a decision has changed."""
    client = walk("lin")
    address = paste(client, DOUBTFUL)
    kinds = [one.remark.kind for one in client.get(address).context["page"].remarks]
    assert kinds == [one.remark.kind for one in client.get(address).context["page"].remarks] == ["amb"]
    page = client.get(address).content.decode()
    client.post(address + "decide/", {**place(page, 1), "figure": "issues_total"})
    assert client.get(address).context["page"].remarks == ()
    world.problem("F1", date(2023, 10, 15))
    assert [one.remark.kind for one in client.get(address).context["page"].remarks] == ["bad"]


def test_more_decisions_than_a_page_holds_are_paged_with_their_count(
    walk: Walk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (phrase_queries, phrase_views):
        monkeypatch.setattr(module, "SIZE", 2)
    names = [f"{place}走访□个" for place in ("东片区", "西片区", "南片区")]
    for phrase in names:
        decide_phrase(
            world.actor("lin"), campaign=world.campaign, phrase=phrase, measure="个", figure="issues_total"
        )
    client = walk("lin")
    page = " ".join(client.get(reverse("phrases"), {"words": "走访"}).content.decode().split())
    assert "第 1–2 条，共 3 条" in page and "南片区" in page and "东片区" not in page
    (more,) = re.findall(r'rel="next" href="([^"]*)"', page)
    page = " ".join(client.get(more.replace("&amp;", "&")).content.decode().split())
    assert "第 3–3 条，共 3 条" in page and "东片区" in page
    for wrong in ("0", "3", "x", "９"):
        assert client.get(reverse("phrases"), {"page": wrong}).status_code == 422


def test_the_word_copy_has_a_comment_at_the_number(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    address = upload(client, ("汇报.docx", word_file("开头。", WRONG)))
    answer = client.get(address + "word/")
    assert "%EF%BC%88%E6%A0%A1%E6%A0%B8%E6%89%B9%E6%B3%A8" in answer["Content-Disposition"]
    made = Document(io.BytesIO(answer.content))
    (comment,) = made.comments
    assert "不一致" in comment.text and "3个" in comment.text
    assert read_bytes(answer.content, "x.docx").text == "开头。\n" + WRONG + "\n"


def test_of_a_pasted_text_a_word_file_is_made_with_the_same_comments(
    walk: Walk, problems: list[Item]
) -> None:
    client = walk("lin")
    text = f"标题\n\n{WRONG}\n\t甲\t乙"
    answer = client.get(paste(client, text, name="十一月") + "word/")
    made = Document(io.BytesIO(answer.content))
    assert [one.text.split("\n")[0] for one in made.comments] == ["不一致：问题清单"]
    assert read_bytes(answer.content, "x.docx").text.rstrip("\n") == text


def test_a_correction_is_a_tracked_change_in_the_copy_and_can_be_let_go(
    walk: Walk, problems: list[Item]
) -> None:
    client = walk("lin")
    address = upload(client, ("汇报.docx", word_file(WRONG)))
    given = place(client.get(address).content.decode(), 1)
    page = client.post(address + "change/", {**given, "do": "change"}, follow=True).content.decode()
    assert "<del>4个</del><ins>3个</ins>" in page
    content = client.get(address + "word/").content
    assert read_bytes(content, "x.docx").text == WRONG.replace("4个", "3个") + "\n"
    assert b"w:del " in _part(content) and b"w:ins " in _part(content)
    page = client.post(address + "change/", {**given, "do": "undo"}, follow=True).content.decode()
    assert "<del>" not in page


def test_every_correction_can_be_let_go_when_its_remark_is_no_more(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    address = paste(client, "列入问题清单2个。")
    given = place(client.get(address).content.decode(), 1)
    client.post(address + "change/", {**given, "do": "change"})
    page = client.get(address, {"day": "2023-10-13"})
    assert page.context["page"].wanting == 0 and "改过的全部恢复原文" in page.content.decode()
    page = client.post(address + "change/", {"do": "none"}, follow=True)
    assert page.context["page"].edits == 0 and "改过的全部恢复原文" not in page.content.decode()


def test_a_sum_can_be_mended_on_either_side_and_one_side_is_enough(walk: Walk, world: World) -> None:
    client = walk("lin")
    text = "全年立项48个，已结题31个，其余16个推进。"
    address = upload(client, ("汇报.docx", word_file(text)))
    page = client.get(address).content.decode()
    assert "改成“17个”" in page and "“48个”改成“47个”" in page
    (number,) = (one.remark.number for one in client.get(address).context["page"].remarks if one.corrections)
    given = place(page, number)
    for which, mended in (("0", text.replace("16个", "17个")), ("1", text.replace("48个", "47个"))):
        answer = client.post(address + "change/", {**given, "do": "change", "which": which}, follow=True)
        assert answer.context["page"].edits == 1
        assert read_bytes(client.get(address + "word/").content, "x.docx").text == mended + "\n"
    assert "<del>48个</del><ins>47个</ins>" in answer.content.decode()
    answer = client.post(address + "change/", {**given, "do": "undo", "which": "1"}, follow=True)
    assert answer.context["page"].edits == 0


def test_a_noun_that_drifted_is_changed_with_its_number(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = paste(client, "建立整改方案60个。已销号12个任务，其余48个方案按期推进。")
    page = client.get(address)
    row = next(one for one in page.context["page"].remarks if one.remark.offers)
    given = {"start": row.remark.start, "end": row.remark.end, "found": "1", "do": "change"}
    which = next(one.which for one in row.corrections if one.new == "12个方案")
    answer = client.post(address + "change/", {**given, "which": str(which)}, follow=True)
    assert "<del>12个任务</del><ins>12个方案</ins>" in answer.content.decode()
    assert client.post(address + "change/", {**given, "which": "九"}).status_code == 302


def _part(content: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml")


def test_a_corrected_version_says_how_much_is_settled(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    first = paste(client, "列入问题清单4个，已销号2个。")
    token = first.split("/")[2]
    second = client.get(paste(client, "列入问题清单3个，已销号2个。", before=token))
    assert second.context["page"].settled == 1
    assert "已改好 1 处" in " ".join(second.content.decode().split())
    other = walk("zhou")
    assert other.get(paste(other, WRONG, before=token)).context["page"].settled is None


def test_tables_headings_and_notes_of_a_word_file_keep_their_form(walk: Walk, problems: list[Item]) -> None:
    word = Document()
    word.add_paragraph("情况汇报", style="Title")
    word.add_heading("一、总体", 1)
    word.add_paragraph("列入问题清单3个。")
    table = word.add_table(2, 2)
    for cell, words in zip(
        [cell for row in table.rows for cell in row.cells], ["事项", "数量", "已销号", "1个"], strict=True
    ):
        cell.text = words
    word.add_paragraph("以上。")
    content = io.BytesIO()
    word.save(content)
    client = walk("lin")
    page = client.get(upload(client, ("汇报.docx", content.getvalue()))).context["page"]
    assert [line.kind for line in page.lines] == ["title", "heading", "plain", "table", "plain"]
    cells = ["".join(piece.text for piece in cell.pieces) for row in page.lines[3].rows for cell in row]
    assert cells == ["事项", "数量", "已销号", "1个"]


def test_the_pages_of_the_check_ask_few_statements(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    one = paste(client, f"{WRONG}{DOUBTFUL}")
    two = upload(client, ("甲.txt", WRONG.encode()), ("乙.txt", DOUBTFUL.encode()))
    client.get(one)
    for address in (one, two, one + "word/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= MOST, [row["sql"] for row in asked]


def test_texts_are_compared_under_the_names_of_the_pack_whoever_reads_the_answer(world: World) -> None:
    def labels(language: str) -> tuple[list[str], list[str]]:
        with override(language):
            said = statements(world.campaign, day=date(2023, 11, 30), actor=world.actor("lin"))
            return [one.label for one in said], [one.label for one in as_written(world.campaign, said)]

    chinese, english = labels("zh-hans"), labels("en")
    assert chinese[0] == chinese[1] == english[1]
    assert english[0] != english[1]


def test_a_pasted_text_is_called_so_in_the_language_of_whoever_reads_it(walk: Walk) -> None:
    client = walk("lin")
    address = paste(client, "列入问题清单3个。")
    assert "<h1>校核：粘贴的文字</h1>" in client.get(address).content.decode()
    client.cookies["django_language"] = "en"
    english = client.get(address).content.decode()
    assert "粘贴的文字" not in english and "Pasted text" in english
