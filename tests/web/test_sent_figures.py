"""报送台账 and 系统外数据 on the screen: who may, what is shown, what is refused, what the difference names."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.domain import clock
from guatu.records.models import Item, OutsideRow, SentFigure
from tests.actions.figure_calls import corrected, outside_row, sent
from tests.people import World
from tests.web.conftest import Walk
from tests.web.test_access_table import EVERYBODY, NOBODY

SENT = {"sent": (), "sent-used": (), "sent-file": ("csv",)}
DAY = date(2023, 11, 6)


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_who_reads_the_log_and_who_keeps_it(walk: Walk, world: World, problem: Item) -> None:
    with clock.fixed(DAY):
        line, row = sent(world), outside_row(world)
    read = {
        who: {walk(who).get(reverse(name, args=args)).status_code for name, args in SENT.items()}
        for who in (*EVERYBODY, *NOBODY)
    }
    assert read == {who: {200} if who in ("lin", "gu", "shen") else {403} for who in (*EVERYBODY, *NOBODY)}
    one = {who: walk(who).get(reverse("sent-figure", args=[line.public_id])).status_code for who in EVERYBODY}
    assert one == {who: 404 if who == "shen" else 200 if who in ("lin", "gu") else 403 for who in EVERYBODY}
    kept = {}
    for who in (*EVERYBODY, *NOBODY):
        client = walk(who)
        kept[who] = {
            client.get(reverse("sent-new")).status_code,
            client.get(reverse("outside")).status_code,
            client.post(reverse("sent-correct", args=[line.public_id]), {"cause": ""}).status_code - 222,
            client.post(reverse("outside-withdraw", args=[row.public_id]), {"reason": ""}).status_code - 222,
        }
    assert {who for who, found in kept.items() if found == {200}} == {"lin"}
    assert {code for who, found in kept.items() if who != "lin" for code in found} == {403, 403 - 222}
    assert Client().get(reverse("sent")).status_code == 302


def test_a_figure_is_written_down_with_the_value_that_was_evaluated(
    walk: Walk, world: World, problem: Item
) -> None:
    client = walk("lin")
    form = client.get(reverse("sent-new"), {"figure": "issues_total", "as_of_day": "2023-11-06"})
    assert "按上面的填写，上报数为 1 个。" in words(form)
    answer = client.post(
        reverse("sent-new"),
        {
            "figure": "issues_total@upward",
            "as_of_day": "2023-11-06",
            "recipient": "上级办公室",
            "channel": "telephone",
            "said": "2个",
        },
    )
    assert answer.status_code == 302
    page = words(client.get(answer["Location"]))
    assert "SB-0001" in page
    assert "口头所报为“2个”，当时的统计值为 1，相差 1。" in page
    row = SentFigure.objects.get()
    assert (row.value, row.text, row.variant, row.records) == (1, "2个", "upward", [[problem.pk, 1]])


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"recipient": " "}, 422, "请填写报送对象"),
        ({"as_of_day": "2030-01-01"}, 422, "还没有数据"),
        ({"as_of_day": "年底"}, 422, "不是日期"),
        ({"sent_on": "2023-01-01"}, 422, "应在截至日"),
        ({"channel": "pigeon"}, 422, "没有“pigeon”这种报送渠道"),
        ({"said": "2个"}, 422, "只有电话报送可以另记口头所报的数"),
        ({"figure": "nothing"}, 422, "没有标识为“nothing”的统计项"),
        ({"figure": "issues_total@other"}, 422, "没有“other”口径"),
        ({"figure": "contact_cov"}, 422, "是论断，没有数值"),
        ({"figure": "issues_due_rate", "as_of_day": "2023-10-02"}, 422, "没有数值，不能列入报送台账"),
        ({"basis": "seen"}, 422, "没有“seen”这一认定层级"),
        ({"unit": "NONE"}, 404, "没有代码为“NONE”的单位"),
        ({"known_at": "昨天"}, 422, "知悉截至“昨天”无法识别"),
    ],
)
def test_what_cannot_be_sent_is_refused_and_stays_in_the_form(
    walk: Walk, world: World, problem: Item, changed: dict[str, str], status: int, said: str
) -> None:
    typed = {
        "figure": "issues_total",
        "as_of_day": "2023-11-06",
        "recipient": "上级办公室",
        "channel": "document",
        "document": "函〔2023〕9号",
        **changed,
    }
    answer = walk("lin").post(reverse("sent-new"), typed)
    assert answer.status_code == status
    assert said in words(answer)
    assert "函〔2023〕9号" in answer.content.decode()
    assert not SentFigure.objects.exists()


def test_the_same_figure_for_the_same_day_and_recipient_is_locked(
    walk: Walk, world: World, problem: Item
) -> None:
    typed = {
        "figure": "issues_total",
        "as_of_day": "2023-11-06",
        "recipient": "上级办公室",
        "channel": "document",
    }
    client = walk("lin")
    assert client.post(reverse("sent-new"), typed).status_code == 302
    again = client.post(reverse("sent-new"), typed)
    assert again.status_code == 409
    assert "锁定。确有差错的，请办理“更正”。" in words(again)
    assert SentFigure.objects.count() == 1


def test_a_late_entry_is_named_and_a_correction_stamps_the_old_line(
    walk: Walk, world: World, problem: Item
) -> None:
    with clock.fixed(DAY):
        first = sent(world)
    late = world.problem("F1", date(2023, 11, 3), date(2023, 11, 20))
    client = walk("lin")
    page = words(client.get(reverse("sent-figure", args=[first.public_id])))
    assert "现为 2 个，11月6日上报 1 个，相差 1 个。" in page
    moved = page[page.index('id="moved"') :]
    assert late.number in moved
    assert "补录" in moved
    assert problem.number not in moved
    refused = client.post(reverse("sent-correct", args=[first.public_id]), {"cause": "补录", "approver": ""})
    assert refused.status_code == 422
    assert "请填写批准人姓名" in words(refused)
    answer = client.post(
        reverse("sent-correct", args=[first.public_id]), {"cause": "补录 1 项", "approver": "顾行舟"}
    )
    new = SentFigure.objects.get(number="GZ-0001")
    assert answer["Location"] == reverse("sent-figure", args=[new.public_id])
    assert (new.value, new.corrects_id) == (2, first.pk)
    log = words(client.get(reverse("sent")))
    assert "已由 GZ-0001 更正" in log
    assert "更正 SB-0001：补录 1 项（批准人：顾行舟）" in log
    again = client.post(
        reverse("sent-correct", args=[first.public_id]), {"cause": "再改", "approver": "顾行舟"}
    )
    assert again.status_code == 409
    assert "SB-0001 已由 GZ-0001 更正。请在 GZ-0001 上办理。" in words(again)


def test_the_page_of_a_record_says_which_sent_figures_used_it(
    walk: Walk, world: World, problem: Item
) -> None:
    with clock.fixed(DAY):
        line = sent(world)
    other = world.problem("F2", date(2023, 11, 7))
    client = walk("lin")
    item_page = client.get(reverse("item", args=[problem.public_id])).content.decode()
    href = reverse("sent-used") + f"?item={problem.number}"
    assert href in item_page
    page = words(client.get(href))
    assert line.number in page
    assert "没有上报过的数计入这条记录" in words(client.get(reverse("sent-used"), {"item": other.number}))
    assert client.get(reverse("sent-used"), {"item": "WT-9999"}).status_code == 404
    filler = walk("lu").get(reverse("item", args=[problem.public_id])).content.decode()
    assert reverse("sent-used") not in filler


def test_rows_from_outside_are_added_and_said_to_be_everywhere(walk: Walk, world: World) -> None:
    client = walk("lin")
    typed = {
        "figure": "study_total",
        "unit": "F1",
        "counts_on": "2023-11-06",
        "value": "12",
        "document": "境外函〔2023〕8号",
        "approver": "顾行舟",
    }
    refused = client.post(reverse("outside"), {**typed, "value": "1.5"})
    assert refused.status_code == 422
    assert "最多写 0 位小数" in words(refused)
    assert "境外函〔2023〕8号" in refused.content.decode()
    for changed, said in (
        ({"document": ""}, "请填写依据文件"),
        ({"approver": ""}, "请填写批准人"),
        ({"figure": "issues_total"}, "不计系统外数据"),
        ({"value": "-1"}, "应大于 0"),
        ({"value": "十二"}, "不是数字"),
        ({"counts_on": "2030-01-01"}, "请核对年份"),
    ):
        assert said in words(client.post(reverse("outside"), {**typed, **changed})), changed
    assert client.post(reverse("outside"), typed).status_code == 302
    for unit, value in (("", "12"), ("JIA", "12"), ("YI", "0")):
        page = words(client.get(reverse("figure", args=["study_total"]), {"unit": unit}))
        assert f'<p class="value">{value}<small>' in page
        assert ("其中系统外数据 12 场" in page) is (value == "12")
    page = words(client.get(reverse("figure", args=["study_total"])))
    assert "境外函〔2023〕8号" in page
    assert "其中系统外数据 12 场" in words(client.get(reverse("figures")))
    assert "其中系统外数据 12 场" in client.get(reverse("figures-file", args=["csv"])).content.decode(
        "utf-8-sig"
    )
    rival = words(walk("ji").get(reverse("figure", args=["study_total"])))
    assert "其中 12 属于您查看范围外的单位" in rival
    assert "境外函〔2023〕8号" not in rival
    row = OutsideRow.objects.get()
    taken = client.post(reverse("outside-withdraw", args=[row.public_id]), {"reason": "已在系统登记"})
    assert taken.status_code == 302
    assert '<p class="value">0<small>' in words(client.get(reverse("figure", args=["study_total"])))
    again = client.post(reverse("outside-withdraw", args=[row.public_id]), {"reason": "再撤"})
    assert again.status_code == 422
    assert "自 2023-11-06 起不再计入：已在系统登记" in words(client.get(reverse("outside")))


def test_both_definitions_stand_beside_each_other_and_their_difference_is_told_record_by_record(
    walk: Walk, world: World
) -> None:
    asked = world.problem("F1", date(2023, 11, 2))
    told = world.problem("F1", date(2023, 11, 2), source="public")
    client = walk("lin")
    page = words(client.get(reverse("figure", args=["issues_total"])))
    assert "内部口径</span> <b>2 <small>个</small></b>" in page
    assert "上报口径</span> <b>1 <small>个</small></b>" in page
    assert "少 1。" in page
    assert '<p class="value">1<small>' in words(
        client.get(reverse("figure", args=["issues_total"]), {"variant": "upward"})
    )
    difference = words(client.get(reverse("figure-difference", args=["issues_total", "upward"])))
    assert told.number in difference
    assert asked.number not in difference
    assert "问题来源为“群众反映”，不在“上报口径”之内" in difference
    assert client.get(reverse("figure", args=["issues_total"]), {"variant": "odd"}).status_code == 422
    assert client.get(reverse("figure", args=["issues_total"]), {"basis": "odd"}).status_code == 422
    assert client.get(reverse("figure", args=["units_l3"]), {"basis": "signed"}).status_code == 422
    assert client.get(reverse("figure-difference", args=["issues_total", "odd"])).status_code == 422
    file = client.get(reverse("figures-file", args=["csv"])).content.decode("utf-8-sig")
    assert "问题清单（上报口径）" in file
    assert client.get(reverse("figures-file", args=["csv"]), {"basis": "odd"}).status_code == 422


def test_the_page_of_a_corrected_line_costs_no_more_than_twelve_statements(
    walk: Walk, world: World, problem: Item
) -> None:
    with clock.fixed(DAY):
        made = corrected(world)
    client = walk("lin")
    assert made.corrects is not None
    for line in (made, made.corrects):
        client.get(reverse("sent-figure", args=[line.public_id]))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("sent-figure", args=[line.public_id])).status_code == 200
        assert len(queries) <= 12
