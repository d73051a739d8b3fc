"""Last period's Word file comes back with this period's numbers as tracked changes, and says what it left."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from guatu.domain import clock
from guatu.domain.rolling import plan
from guatu.exchange.documents_in import read_bytes
from guatu.queries.rolling import asked
from guatu.records.files import opened
from guatu.records.models import PhraseDecision
from tests.actions.issuing_calls import issued
from tests.exchange.test_word_changes import AUTHOR, without
from tests.exchange.word_samples import BOLD, note_mark, paragraph, parts_of, run, table, word_file
from tests.people import World
from tests.web.conftest import Walk

REPORT = word_file(
    paragraph(run("问题整改月报", BOLD)),
    paragraph(
        run("截至11月1"), run("5日，列入问题清单"), run("3", BOLD), run("个"), note_mark(), run("，已销号问题1个，走访企业85家。")
    ),
    paragraph(run("梳理问题3个。")),
    table((run("事项"), run("数量（个）")), (run("列入问题清单"), run("3"))),
    paragraph(run("2023年11月15日")),
    footnotes=(run("列入问题清单共3个。"),),
)  # fmt: skip


@pytest.fixture(autouse=True)
def problems(world: World) -> None:
    """Three problems by 15 November, one of them closed; five and two by the 30th."""
    rows = [world.problem("F1", date(2023, 10, day)) for day in (12, 13, 14)]
    world.close(rows[0], date(2023, 11, 2))
    rows += [world.problem("F1", date(2023, 11, day)) for day in (20, 21)]
    world.close(rows[1], date(2023, 11, 22))


def handed_in(client: Client, data: bytes = REPORT, name: str = "月报.docx") -> str:
    """The address of the plan."""
    answer = client.post(reverse("roll"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302
    return str(answer["Location"])


def ticks(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands."""
    offered = re.findall(r'name="offered" value="(\d+)"', page)
    taken = re.findall(r'name="take" value="(\d+)" id="take-\d+" checked', page)
    return {"offered": offered, "take": taken, "comments": ["yes"]}


def test_the_plan_shows_what_changes_where_and_why(walk: Walk) -> None:
    client = walk("lin")
    page = client.get(handed_in(client)).content.decode()
    assert "从文中看出截至 2023-11-15，现在更新到 2023-11-30" in page
    swaps = re.findall(r"<del>([^<]+)</del> <span[^>]*>→</span> <ins>([^<]+)</ins>", page)
    assert swaps == [
        ("15", "30"), ("3", "5"), ("1", "2"), ("3", "5"), ("15", "30"), ("3", "5")
    ]  # fmt: skip
    assert "2023-11-15 3个，2023-11-30 5个。" in page and "<b>85家</b>" in page
    assert reverse("figure", args=["issues_total"]) in page


def test_the_word_file_has_the_new_numbers_as_tracked_changes(walk: Walk) -> None:
    client = walk("lin")
    address = handed_in(client)
    answer = client.post(address, {**ticks(client.get(address).content.decode()), "do": "word"})
    assert unquote(answer["Content-Disposition"]).endswith("月报（换期 2023-11-30）.docx")
    text = read_bytes(answer.content, "月报.docx").text
    assert "截至11月30日，列入问题清单5个，已销号问题2个，走访企业85家。" in text
    assert "列入问题清单\t5\n" in text and "2023年11月30日" in text and "列入问题清单共5个。" in text
    assert read_bytes(without(answer.content, AUTHOR), "a.docx").text == read_bytes(REPORT, "a.docx").text
    comments = parts_of(answer.content)["word/comments.xml"].decode()
    assert "脚注“5”：" in comments and "2023-11-15 3个，2023-11-30 5个。" in comments


def test_what_is_unticked_stays_and_comments_can_be_left_out(walk: Walk) -> None:
    client = walk("lin")
    address = handed_in(client)
    said = ticks(client.get(address).content.decode())
    kept = client.post(address, {"offered": said["offered"], "take": said["take"][1:2], "do": "keep"})
    assert kept.status_code == 302
    page = client.get(kept["Location"]).content.decode()
    assert ticks(page)["take"] == said["take"][1:2]
    answer = client.post(
        kept["Location"], {"offered": said["offered"], "take": said["take"][1:2], "do": "word"}
    )
    assert "截至11月15日，列入问题清单5个，已销号问题1个" in read_bytes(answer.content, "a.docx").text
    assert "word/comments.xml" not in parts_of(answer.content)


def test_what_was_ticked_for_one_day_unticks_nothing_of_another(walk: Walk) -> None:
    client = walk("lin")
    address = handed_in(client)
    page = client.get(address, {"as_of": "2023-11-20"}).content.decode()
    assert "更新到 2023-11-20" in page and "<ins>2</ins>" not in page
    kept = client.post(f"{address}?as_of=2023-11-20", {**ticks(page), "do": "keep"})
    assert kept.status_code == 302
    said = ticks(client.get(address).content.decode())
    assert said["take"] == said["offered"] and len(said["take"]) == 6


def test_a_corrected_day_is_the_one_that_counts(walk: Walk) -> None:
    client = walk("lin")
    address = handed_in(client)
    page = client.get(address, {"old": "2023-11-25"}).content.decode()
    assert "从 2023-11-25 更新到 2023-11-30" in page
    assert "2023-11-25 我们的数是 5个，与文中不同" in page


def test_a_day_that_is_none_and_the_same_day_are_one_sentence(walk: Walk) -> None:
    client = walk("lin")
    address = handed_in(client)
    wrong = client.get(address, {"old": "十五日"})
    assert wrong.status_code == 422 and "不是日期" in wrong.content.decode()
    same = client.get(address, {"old": "2023-11-30"}).content.decode()
    assert "都是 2023-11-30，没有可更新的" in same


def test_a_text_without_a_day_asks_for_one(walk: Walk) -> None:
    client = walk("lin")
    page = client.get(handed_in(client, word_file(paragraph(run("列入问题清单3个。"))))).content.decode()
    assert "没有从文中看出它说的是哪一天" in page


def test_a_person_chooses_and_it_is_remembered_for_everybody(walk: Walk) -> None:
    client = walk("lin")
    address = handed_in(client)
    page = client.get(address).content.decode()
    selects = dict(re.findall(r'<select class="in" name="choose-(\d+)".*?<option value="(\w+)"', page, re.S))
    (mark,) = [mark for mark, key in selects.items() if key == "issues_total"]
    key = "issues_total"
    said = {**ticks(page), f"choose-{mark}": key, f"remember-{mark}": "yes", "do": "keep"}
    page = client.get(client.post(address, said)["Location"]).content.decode()
    assert f'name="choose-{mark}" value="{key}"' in page and f'id="take-{mark}" checked' in page
    assert PhraseDecision.objects.get().phrase == "梳理问题□个" and PhraseDecision.objects.get().figure == key
    again = client.get(handed_in(client)).content.decode()
    assert f'name="take" value="{mark}"' in again and f'name="choose-{mark}"' not in again


def test_somebody_who_may_not_decide_is_not_asked_to(walk: Walk) -> None:
    client = walk("xu")
    page = client.get(handed_in(client)).content.decode()
    assert "以后都按这样认定" not in page


def test_a_file_belongs_to_whoever_handed_it_in_and_goes_when_told(walk: Walk) -> None:
    client = walk("lin")
    address = handed_in(client)
    assert walk("xu").get(address).status_code == 404
    client.post(address, {"do": "forget"})
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "空.docx", "空文件"),
        ("列入问题清单3个".encode(), "稿.txt", "不是 Word 文件"),
        (REPORT[:-30], "坏.docx", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧.doc", "另存为 .docx"),
        (word_file(paragraph(run("长" * 60_001))), "长.docx", "一次最多 60000 个字"),
    ],
)
def test_what_cannot_be_rolled_is_one_sentence(walk: Walk, data: bytes, name: str, words: str) -> None:
    answer = walk("lin").post(reverse("roll"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    told = re.search(r'<p class="why" role="alert">([^<]+)</p>', answer.content.decode())
    assert told is not None and words in told[1] and "请" in told[1]


def test_no_file_at_all_is_one_sentence(walk: Walk) -> None:
    assert "没有选择文件" in walk("lin").post(reverse("roll")).content.decode()


def test_several_files_at_once_are_one_sentence(walk: Walk) -> None:
    files = [SimpleUploadedFile(f"{number}.docx", REPORT) for number in (1, 2)]
    assert "这里选了 2 份" in walk("lin").post(reverse("roll"), {"file": files}).content.decode()


def test_the_plan_asks_few_statements(walk: Walk) -> None:
    client = walk("lin")
    address = handed_in(client)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 12


def test_numbers_are_found_by_the_names_of_the_pack_whoever_reads_the_answer(world: World) -> None:
    def changes(language: str) -> list[tuple[str, str, str]]:
        with override(language):
            question = asked(
                world.campaign,
                "截至11月15日，未销号问题2个。",
                old=date(2023, 11, 15),
                new=date(2023, 11, 30),
                actor=world.actor("lin"),
            )
            return [(one.old, one.new, one.key) for one in plan(question).swaps]

    assert changes("en") == changes("zh-hans") == [("15", "30", ""), ("2", "3", "issues_open")]


def test_our_own_issue_is_known_by_its_bytes_and_by_its_words_whatever_is_entered_late(
    walk: Walk, world: World
) -> None:
    with clock.fixed(date(2023, 11, 15)):
        row = issued(world, date(2023, 11, 15), sources=True)
        with opened(row.files["docx"][0]) as kept:
            data = kept.read()
    for at in (6, 7):
        world.problem("F1", date(2023, 10, at))  # entered late: of the old day our records say five now
    client = walk("lin")
    changed = word_file(*(paragraph(run(line)) for line in read_bytes(data, "a.docx").text.split("\n")))
    for name, one in (("同一份.docx", data), ("另存的.docx", changed)):
        page = client.get(handed_in(client, one, name)).content.decode()
        assert "从文中看出截至 2023-11-15" in page and "按定稿时的记载认定" in page
        assert "印的是 3个（现在统计 2023-11-15 为 5个），2023-11-30 7个。" in page
        assert "定稿时会重新生成" in page
        assert "未能识别、没有动的数" not in page or "文中写法" not in page
    other = client.get(handed_in(client)).content.decode()
    assert "按定稿时的记载认定" not in other
