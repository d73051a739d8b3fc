"""What a request asks stands once it is sent: its words change by a step that tells every unit, and by no other door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guatu.actions.items import Edit, edit_items
from guatu.actions.items_import import apply_rows
from guatu.actions.request_changes import reopen_request, reword_request
from guatu.actions.requests import amend_roster, finish_request
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.queries.item_history import past_of
from guatu.records.models import Item, Message
from tests.actions.collection_scene import Collecting, at, collecting

pytestmark = pytest.mark.django_db
SAID = {"title": "十一月经营指标月报", "instructions": "收入填不含税的", "reason": "各单位口径不一"}


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def by(scene: Collecting, who: str, action: Callable[..., Any], day: int = 25, **said: Any) -> Any:
    """An action by somebody on a day of November."""
    with clock.fixed(at(day)):
        return action(scene.world.actor(who), campaign=scene.campaign, **said)


def fresh(item: Item) -> Item:
    """The item as it is stored now."""
    return Item.objects.get(pk=item.pk)


@pytest.mark.parametrize("by_import", [False, True])
def test_lin_does_not_change_a_sent_request_behind_the_units_backs(
    scene: Collecting, by_import: bool
) -> None:
    request, _returns = scene.send()
    said: dict[str, Any] = {
        "edits": [Edit(request.pk, {"instructions": "收入填含税的"}, title="改了名的月报")]
    }
    action = edit_items
    if by_import:
        action, said["register"] = apply_rows, "requests"  # type: ignore[assignment]
    with pytest.raises(
        NotAllowed, match="已发出，名称、要求和依据不能直接改。请在“填报”中打开这项任务，办理“改要求”"
    ):
        by(scene, "lin", action, **said)
    assert fresh(request).title == "十一月经营指标月报"


def test_while_it_is_drawn_up_it_is_edited_freely(scene: Collecting) -> None:
    item = scene.draft()
    by(scene, "lin", edit_items, edits=[Edit(item.pk, {"instructions": "按月结填"})])
    assert fresh(item).data["instructions"] == "按月结填"


def test_the_words_change_with_a_reason_and_every_unit_is_told(scene: Collecting) -> None:
    request, returns = scene.send()
    scene.hand_in("lu", returns["F1"], at(24, 15))
    by(scene, "lin", reword_request, request=request.pk, **SAID)
    assert fresh(request).data["instructions"] == "收入填不含税的"
    assert past_of(request.pk, None).revisions[-1].body["reason"] == "各单位口径不一"
    told = Message.objects.filter(kind="reworded")
    assert {row.item_id for row in told} == {item.pk for item in returns.values()}
    assert told.filter(person__username="lu").get().params["what"] == "填报要求"


def test_a_new_title_is_that_of_the_returns_too(scene: Collecting) -> None:
    request, returns = scene.send(["F1"])
    by(scene, "lin", reword_request, request=request.pk, **{**SAID, "title": "十一月经营快报"})
    assert fresh(returns["F1"]).title == fresh(request).title == "十一月经营快报"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "须写明原因"),
        ({"title": " "}, "没有填写任务名称"),
        ({"instructions": ""}, "没有变化"),
    ],
)
def test_a_change_that_says_nothing_is_refused(scene: Collecting, changes: dict[str, str], said: str) -> None:
    request, _returns = scene.send(["F1"])
    with pytest.raises(BadInput, match=said):
        by(scene, "lin", reword_request, request=request.pk, **{**SAID, **changes})
    assert not Message.objects.filter(kind="reworded").exists()


def test_only_whoever_asks_changes_the_words(scene: Collecting) -> None:
    request, _returns = scene.send(["F1"])
    with pytest.raises(NotFound):
        by(scene, "zhou", reword_request, request=request.pk, **SAID)
    with pytest.raises(NotAllowed):
        by(scene, "gu", reword_request, request=request.pk, **SAID)


def test_two_hands_on_the_words_do_not_overwrite_each_other(scene: Collecting) -> None:
    request, _returns = scene.send(["F1"])
    by(scene, "lin", reword_request, request=request.pk, version=request.version, **SAID)
    with pytest.raises(Conflict):
        by(
            scene,
            "lin",
            reword_request,
            request=request.pk,
            version=request.version,
            **{**SAID, "instructions": "填含税的"},
        )


def test_the_same_change_twice_is_written_once(scene: Collecting) -> None:
    request, _returns = scene.send(["F1"])
    for _time in range(2):
        by(scene, "lin", reword_request, request=request.pk, idempotency_key="k", **SAID)
    assert fresh(request).version == request.version + 1


def test_a_request_that_was_ended_is_opened_again_with_a_reason(scene: Collecting) -> None:
    request, returns = scene.send(["F1"])
    by(scene, "lin", finish_request, request=request.pk)
    with pytest.raises(BadInput, match="不能改要求"):
        by(scene, "lin", reword_request, request=request.pk, **SAID)
    with pytest.raises(BadInput, match="不能改应报单位名单"):
        by(scene, "lin", amend_roster, request=request.pk, reason="漏了", add=["F2"])
    with pytest.raises(BadInput):
        by(scene, "lin", reopen_request, request=request.pk, reason=" ")
    by(scene, "lin", reopen_request, day=26, request=request.pk, reason="二厂来电说漏了它")
    by(scene, "lin", amend_roster, day=26, request=request.pk, reason="漏了", add=["F2"])
    assert (fresh(request).state, fresh(returns["F1"]).state) == ("sent", "asked")
