"""Superiors' forms: who may keep, map and withdraw them, what is refused, and that the ledger tells all of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from guatu.actions.job_upkeep import remove_old_results
from guatu.actions.superior_forms import keep_form, map_form, withdraw_form
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.superior_form import CellSource, FormMapping
from guatu.queries.superior_forms import form_of, forms_of, kept_forms, unit_named
from guatu.queries.unit_tree import unit_tree
from guatu.queries.verify import verify
from guatu.records import files
from guatu.records.models import Batch, Job, SuperiorForm
from tests.actions.form_calls import MAPPING, kept
from tests.form_books import openpyxl_form
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


@pytest.mark.parametrize("who", ["gu", "lu", "ren", "xu"])
def test_only_the_office_and_liaisons_keep_forms(world: World, who: str) -> None:
    with clock.fixed(DAY), pytest.raises(NotAllowed):
        kept(world, who)


def test_a_liaison_changes_only_forms_of_her_own_the_office_all(world: World) -> None:
    with clock.fixed(DAY):
        hers, offices = kept(world, "zhou", title="甲"), kept(world, "lin", title="乙")
        map_form(world.actor("zhou"), campaign=world.campaign, form=hers.public_id, mapping=MAPPING)
        with pytest.raises(NotAllowed, match="“乙”由他人上传"):
            map_form(world.actor("zhou"), campaign=world.campaign, form=offices.public_id, mapping=MAPPING)
        with pytest.raises(NotAllowed):
            withdraw_form(world.actor("he"), campaign=world.campaign, form=hers.public_id, reason="换表")
        withdraw_form(world.actor("lin"), campaign=world.campaign, form=hers.public_id, reason="换表")


def test_a_form_is_offered_for_its_register_until_it_is_withdrawn(world: World) -> None:
    with clock.fixed(DAY):
        form = kept(world)
        assert forms_of(world.campaign, "problems") == ()
        map_form(world.actor("lin"), campaign=world.campaign, form=form.public_id, mapping=MAPPING)
        assert forms_of(world.campaign, "problems") == ((form.public_id, "月度进展情况表"),)
        [shown] = kept_forms(world.actor("lu"), world.campaign)
        assert (shown.mapping, shown.kept_by, shown.register) == (MAPPING, "林晓岚", "问题清单")
        withdraw_form(world.actor("lin"), campaign=world.campaign, form=form.public_id, reason="上级已换新表")
        assert forms_of(world.campaign, "problems") == kept_forms(world.actor("lu"), world.campaign) == ()
        with pytest.raises(NotFound):
            form_of(world.actor("lin"), world.campaign, form.public_id)
        assert Batch.objects.latest("seq").reason == "上级已换新表"
        kept(world)  # the title is free again
    assert verify().broken == ""


def test_a_title_is_needed_and_used_once(world: World) -> None:
    with clock.fixed(DAY):
        kept(world)
        with pytest.raises(BadInput, match="已有名为“月度进展情况表”的表样"):
            kept(world)
        with pytest.raises(BadInput, match="没有填写表样名称"):
            kept(world, title="  ")
        with pytest.raises(BadInput, match="最多 120 字"):
            kept(world, title="长" * 121)


def test_a_file_that_was_not_handed_in_is_refused(world: World) -> None:
    for file in ("0" * 64, "../../etc/passwd", ""):
        with clock.fixed(DAY), pytest.raises(BadInput, match="没有收到表样文件"):
            keep_form(world.actor("lin"), campaign=world.campaign, title="表", file=file, file_name="a.xlsx")


def test_keeping_twice_with_one_key_keeps_one(world: World) -> None:
    with clock.fixed(DAY):
        file, _size = files.keep([openpyxl_form()])
        asked = {"title": "表", "file": file, "file_name": "a.xlsx", "idempotency_key": "k1"}
        made = [keep_form(world.actor("lin"), campaign=world.campaign, **asked) for _ in range(2)]
    assert made[0] == made[1]
    assert SuperiorForm.objects.count() == 1


def test_who_maps_a_form_that_was_mapped_since_is_told(world: World) -> None:
    with clock.fixed(DAY):
        form = kept(world)
        first = {"campaign": world.campaign, "form": form.public_id, "mapping": MAPPING, "version": 1}
        map_form(world.actor("lin"), **first)
        with pytest.raises(Conflict, match="刚被他人修改"):
            map_form(world.actor("lin"), **first)


BAD = {
    "nothing": (FormMapping("表", "list", register="problems", first=5, last=9), "至少选定一处"),
    "no rows": (replace(MAPPING, first=9, last=5), "第 9 行到第 5 行，不成范围"),
    "too many rows": (replace(MAPPING, last=999_999), "最多 20,000 行"),
    "an unknown column": (replace(MAPPING, columns=(("A", "secret"),)), "A 列选的“secret”不在"),
    "a figure in a list": (replace(MAPPING, columns=(("A", "figure:issues_total"),)), "不在可填的内容"),
    "no level": (replace(MAPPING, kind="units", columns=(("A", "seq"),)), "没有选定按哪一级单位"),
    "an unknown figure": (
        FormMapping("表", cells=(CellSource("B2", "figure", key="none"),)),
        "统计项“none”不存在",
    ),
    "no figure": (FormMapping("表", cells=(CellSource("B2", "figure"),)), "没有选是哪一项"),
    "a cell twice": (
        FormMapping("表", cells=(CellSource("B2", "day"), CellSource("$b$2", "unit"))),
        "B2 指定了两次",
    ),
    "a cell among the rows": (replace(MAPPING, cells=(CellSource("A7", "day"),)), "A7 在数据行之内"),
    "no words": (FormMapping("表", cells=(CellSource("B2", "text", text=" "),)), "没有写内容"),
    "many words": (FormMapping("表", cells=(CellSource("B2", "text", text="长" * 201),)), "最多 200 字"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_mapping_that_makes_no_sense_is_refused_with_the_place(world: World, what: str) -> None:
    mapping, sentence = BAD[what]
    with clock.fixed(DAY):
        form = kept(world)
        with pytest.raises(BadInput, match=sentence):
            map_form(world.actor("lin"), campaign=world.campaign, form=form.public_id, mapping=mapping)
    form.refresh_from_db()
    assert (form.version, form.mapping) == (1, {})


def test_a_register_or_unit_that_there_is_none_of_is_refused(world: World) -> None:
    with clock.fixed(DAY):
        form = kept(world)
        for mapping in (
            replace(MAPPING, register="none"),
            FormMapping("表", cells=(CellSource("B2", "unit", unit="ZZ"),)),
        ):
            with pytest.raises(NotFound):
                map_form(world.actor("lin"), campaign=world.campaign, form=form.public_id, mapping=mapping)
        with pytest.raises(NotFound):
            map_form(world.actor("lin"), campaign=world.campaign, form=uuid4(), mapping=MAPPING)
        with pytest.raises(BadInput, match="没有写明停用的原因"):
            withdraw_form(world.actor("lin"), campaign=world.campaign, form=form.public_id, reason=" ")


def test_verify_names_a_form_that_was_changed_behind_the_ledger(world: World) -> None:
    with clock.fixed(DAY):
        form = kept(world)
    assert verify().broken == ""
    SuperiorForm.objects.filter(pk=form.pk).update(mapping={"sheet": "表", "kind": "cells"})
    assert "上级表样" in verify().broken
    SuperiorForm.objects.filter(pk=form.pk).update(mapping={}, ended_batch=form.batch_seq + 1)
    assert "上级表样" in verify().broken
    SuperiorForm.objects.filter(pk=form.pk).update(ended_batch=None)
    files.path_of(form.file).write_bytes(b"x")
    assert "“月度进展情况表”的文件缺失或已被改动" in verify().broken


def test_a_result_of_a_job_that_is_a_form_too_is_not_thrown_away(world: World) -> None:
    with clock.fixed(DAY):
        form = kept(world)
        old = clock.now()
    moment = old.replace(year=2020)
    Job.objects.create(
        public_id=uuid4(),
        owner_id=world.actor("lin").person,
        kind="export",
        state=Job.State.DONE,
        file=form.file,
        made_at=moment,
        ended_at=moment,
        language="zh-hans",
    )
    path = files.path_of(form.file)
    import os

    os.utime(path, (0, 0))
    assert remove_old_results() == 1
    assert path.exists()


def test_a_unit_is_known_by_any_of_its_names_but_only_to_the_letter(world: World) -> None:
    tree = unit_tree(world.campaign, DAY)
    assert unit_named(tree, " 一厂 ") == ("F1", ())
    assert unit_named(tree, "F1") == ("F1", ())
    assert unit_named(tree, "甲公") == ("", ("甲公司",))
    assert unit_named(tree, "丙") == ("", ())
