"""The item page: correct a field, move along the way, leave a remark; nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.queries.figures import evaluate
from guatu.records.models import Evidence, Item
from tests.people import World
from tests.web.conftest import DAY, Walk

FORM = {
    "title": "走访二车间",
    "held_on": "2023-11-10",
    "visited_body": "二车间",
    "solved": "2",
    "note": "听取意见",
    "version": "1",
}


def edit(client: Client, item: Item, **values: str) -> HttpResponse:
    return client.post(reverse("edit", args=[item.public_id]), {**FORM, **values})


def move(client: Client, item: Item, transition: str, **values: str) -> HttpResponse:
    version = Item.objects.values_list("version", flat=True).get(pk=item.pk)
    return client.post(reverse("move", args=[item.public_id, transition]), {"version": version, **values})


def solved(world: World) -> object:
    return (
        evaluate(world.campaign, ["survey_solved"], days=[DAY], actor=world.actor("lin"))
        .result("survey_solved")
        .value
    )


def test_a_filler_corrects_what_was_solved_on_the_spot_and_the_figure_and_the_report_change(
    walk: Walk, world: World, visit: Item
) -> None:
    client = walk("lu")
    assert solved(world) == 2
    answer = edit(client, visit, solved="5")
    assert answer["Location"] == reverse("item", args=[visit.public_id])
    assert solved(world) == 5
    page = client.get(reverse("item", args=[visit.public_id])).content.decode()
    assert f"{visit.number} 已更正，统计项和文稿随之更新。" in page
    assert re.search(r"<del>2 ?个?</del>\s*<ins>5 ?个?</ins>", page)
    report = walk("lin").get(reverse("report", args=["summary"])).content.decode()
    assert ">5个</a>" in report


def test_the_past_keeps_the_correction_too_because_the_fact_was_always_so(
    walk: Walk, world: World, visit: Item
) -> None:
    edit(walk("lu"), visit, solved="5")
    page = (
        walk("lin").get(reverse("figure", args=["survey_solved"]), {"as_of": "2023-11-20"}).content.decode()
    )
    assert '<p class="value">5<small>' in page


def test_an_error_stays_beside_its_field_and_nothing_typed_is_lost(walk: Walk, visit: Item) -> None:
    answer = edit(walk("lu"), visit, solved="五个", note="改过的情况摘要", held_on="2023-11-31")
    assert answer.status_code == 422
    page = answer.content.decode()
    for key in ("solved", "held_on"):
        assert f'id="in-edit-{key}-error"' in page
    assert 'value="五个"' in page
    assert 'value="2023-11-31"' in page
    assert "改过的情况摘要" in page
    assert "有 2 项需要改正" in page
    assert Item.objects.get(pk=visit.pk).version == 1


def test_a_refusal_of_the_whole_keeps_what_was_typed(walk: Walk, visit: Item) -> None:
    answer = edit(walk("lu"), visit, visited_body="", note="改过的情况摘要")
    assert answer.status_code == 422
    assert "调研对象单位" in answer.content.decode()
    assert "改过的情况摘要" in answer.content.decode()


def test_the_second_of_two_editors_sees_both_values(walk: Walk, visit: Item) -> None:
    edit(walk("lu"), visit, solved="5")
    answer = edit(walk("zhou"), visit, solved="7")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "“现场解决问题数”已由陆文博于 11-30 " in page
    assert "与您的内容不一致。请选择保留哪一项。" in page
    assert 'name="solved" value="7" checked' in page
    assert 'name="solved" value="5"' in page
    assert 'name="version" value="2"' in page
    assert Item.objects.get(pk=visit.pk).data["solved"] == 5
    edit(walk("zhou"), visit, solved="7", version="2")
    assert Item.objects.get(pk=visit.pk).data["solved"] == 7


def test_saving_without_a_change_writes_nothing(walk: Walk, visit: Item) -> None:
    answer = edit(walk("lu"), visit)
    assert answer.status_code == 302
    assert Item.objects.get(pk=visit.pk).version == 1


def test_a_task_goes_from_the_unit_to_the_liaison_and_is_done(walk: Walk, task: Item) -> None:
    address = reverse("item", args=[task.public_id])
    filler, liaison = walk("lu"), walk("zhou")
    assert "签收" in filler.get(address).content.decode()
    move(filler, task, "acknowledge")
    without = move(filler, task, "submit", reason="")
    assert without.status_code == 422
    assert "缺少佐证材料" in without.content.decode()
    half = move(filler, task, "submit", title="总结", place="档案柜")
    assert half.status_code == 422
    assert 'value="档案柜"' in half.content.decode()
    paper = {"title": "总结", "place": "档案柜", "keeper": "陆文博", "number": "2023-8"}
    assert move(filler, task, "submit", **paper)["Location"] == address
    assert Evidence.objects.get(item=task).keeper == "陆文博"
    assert move(filler, task, "accept").status_code == 403
    assert move(liaison, task, "accept")["Location"] == address
    assert Item.objects.get(pk=task.pk).phase == "closed"
    page = liaison.get(address).content.decode()
    assert "已完成" in page
    assert "线下备查：档案柜，陆文博保管" in page


def test_sending_back_needs_a_reason_and_the_reason_is_told(walk: Walk, world: World, task: Item) -> None:
    world.move("lu", "submit", [task], date(2023, 11, 1), evidence=(paper(),))
    liaison = walk("zhou")
    bare = move(liaison, task, "send_back", reason=" ")
    assert bare.status_code == 422
    assert "须写明原因" in bare.content.decode()
    move(liaison, task, "send_back", reason="缺参加人员名单")
    page = walk("lu").get(reverse("item", args=[task.public_id])).content.decode()
    assert "缺参加人员名单" in page
    assert "已退回" in page


def paper() -> NewEvidence:
    return NewEvidence(title="总结", place="档案柜", keeper="陆文博")


def test_the_page_says_who_may_and_why_not_the_reader(walk: Walk, task: Item) -> None:
    page = walk("gu").get(reverse("item", args=[task.public_id])).content.decode()
    assert "谁能做" in page
    assert "您的身份（华岳集团领导）不办理这一步。" in page
    assert 'class="btn primary"' not in page


def test_a_remark_is_kept_under_its_writer(walk: Walk, visit: Item) -> None:
    walk("zhou").post(reverse("comment", args=[visit.public_id]), {"text": "请补充照片说明"})
    page = walk("lu").get(reverse("item", args=[visit.public_id])).content.decode()
    assert "<b>周启明</b> 评论<blockquote>请补充照片说明</blockquote>" in page
    empty = walk("zhou").post(reverse("comment", args=[visit.public_id]), {"text": "  "})
    assert empty.status_code == 422
    assert 'id="remark-error"' in empty.content.decode()


def test_what_people_write_is_never_markup(walk: Walk, visit: Item) -> None:
    edit(walk("lu"), visit, note="<script>alert(1)</script>", title="<b>走访</b>")
    page = walk("lin").get(reverse("item", args=[visit.public_id])).content.decode()
    assert "<script>alert" not in page
    assert "<b>走访</b>" not in page


def test_a_problem_shows_its_way_from_visit_to_close(walk: Walk, world: World, problem: Item) -> None:
    world.close(problem, date(2023, 11, 20))
    world.move("xu", "rebound", [problem], date(2023, 11, 25), reason="再次排长队")
    page = walk("lin").get(reverse("item", args=[problem.public_id])).content.decode()
    assert "第 2 轮" in page
    assert "再次排长队" in page
    assert "反弹，重新整改 1 次，11-25" in page
    earlier = (
        walk("lin").get(reverse("item", args=[problem.public_id]), {"as_of": "2023-11-21"}).content.decode()
    )
    assert "再次排长队" not in earlier
    assert "已销号" in earlier


def test_a_day_before_the_item_existed_is_one_sentence(walk: Walk, visit: Item) -> None:
    answer = walk("lin").get(reverse("item", args=[visit.public_id]), {"as_of": "2023-10-05"})
    assert answer.status_code == 404
    assert "还没有登记" in answer.content.decode()


def test_a_late_entry_says_from_when_it_holds(walk: Walk, world: World) -> None:
    late = world.create(
        "lu", "visits", "F1", "补记走访", date(2023, 11, 2), recorded=date(2023, 11, 20),
        fields={"held_on": "2023-11-02", "visited_body": "三车间", "solved": 1},
    )  # fmt: skip
    with clock.fixed(DAY):
        page = walk("lin").get(reverse("item", args=[late.public_id])).content.decode()
    assert "补录" in page
    assert "自 2023-11-02 起生效" in page


def test_the_address_of_a_form_opened_anew_is_the_item(walk: Walk, task: Item) -> None:
    client, own = walk("lu"), reverse("item", args=[task.public_id])
    for name, args in (("move", ["acknowledge"]), ("comment", [])):
        answer = client.get(reverse(name, args=[task.public_id, *args]), {"as_of": "2023-11-20"})
        assert answer["Location"] == f"{own}?as_of=2023-11-20"
    answer = client.get(reverse("edit", args=[task.public_id]), {"as_of": "2023-11-20"})
    assert answer["Location"] == f"{own}?as_of=2023-11-20"


def test_another_day_chosen_beside_a_refused_form_shows_the_item(walk: Walk, task: Item) -> None:
    client, own = walk("lu"), reverse("item", args=[task.public_id])
    move(client, task, "acknowledge")
    page = move(client, task, "submit").content.decode()
    assert f'<form method="get" action="{own}">' in page
    assert "move/submit" in page
    assert f'href="{own}?as_of=' in page


def test_more_children_than_fit_are_announced_and_listed(
    walk: Walk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guatu.queries import item_children

    monkeypatch.setattr(item_children, "FIRST", 2)
    for _each in range(3):
        task = world.task("F1", date(2023, 10, 12), date(2023, 10, 12), date(2023, 12, 20))
    parent = task.parent
    assert parent is not None
    client = walk("lin")
    page = client.get(reverse("item", args=[parent.public_id])).content.decode()
    assert "共 3 项，已完成 0 项（0%）" in page
    address = reverse("list", args=["unit_tasks"])
    [href] = re.findall(rf'href="({address}\?parent=[^"]*)"', page)
    assert re.search(r'class="cnt">3 ', client.get(href).content.decode())


def test_a_logged_record_has_no_next_step_and_asks_for_no_evidence(walk: Walk, visit: Item) -> None:
    page = walk("lin").get(reverse("item", args=[visit.public_id])).content.decode()
    assert "登记即生效" in page
    assert "已经办结" not in page
    assert "佐证材料" not in page
