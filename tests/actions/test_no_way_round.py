"""Ways round the loop that look harmless one by one: each is refused, or gains nothing."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.writing import NewEvidence
from guatu.domain.errors import BadInput
from guatu.queries.signed_versions import current_code
from guatu.records.models import Item
from tests.people import PAPER, World, small_world

DAY = date(2023, 11, 6)


@pytest.fixture
def world(db: None) -> World:
    return small_world()


def test_a_referral_dated_back_gains_the_unit_no_days(world: World) -> None:
    due, late = date(2023, 11, 20), date(2023, 11, 28)
    item = world.problem("F1", DAY, due=due)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move("lu", "refer_up", [item], DAY, late, reason="根源在上级")
    world.move("lu", "withdraw_referral", [item], late, reason="自己解决")
    now = Item.objects.get(pk=item.pk)
    assert (now.due, now.base_due) == (due, due)


def test_the_scan_of_an_earlier_application_signs_nothing_more(world: World) -> None:
    item = world.problem("F1", DAY)
    scan = NewEvidence(title="签章件", place="档案柜", keeper="白露", kind="signed_sheet")
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    code = str(current_code(Item.objects.get(pk=item.pk)))
    world.move("lu", "sign_on_paper", [item], DAY, evidence=(scan,), sheet=code)
    world.move("xu", "send_back", [item], DAY, reason="与现场不符")
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "改了制度"}, reason="已改写"
    )
    again = str(current_code(Item.objects.get(pk=item.pk)))
    with pytest.raises(BadInput, match="缺少佐证材料：签章件"):
        world.move("lu", "sign_on_paper", [item], DAY, sheet=again)
    world.move("lu", "sign_on_paper", [item], DAY, evidence=(scan,), sheet=again)
