"""The monthly progress of all third-tier units, asked for once: sent, filled, reviewed, with everything that happens on the way.

October was typed in from paper by the office; November is the first that the units fill themselves. By the evening of the
30th most are in, some are late, a tenfold number waits to be questioned, and one unit's draft is half done.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from zlib import crc32

from guatu.actions.items import NewItem, create_items
from guatu.actions.requests import amend_roster, draft_request, send_request
from guatu.actions.return_drafts import save_draft
from guatu.actions.return_review import Flaw, pass_rest, send_back
from guatu.actions.returns import hand_in
from guatu.demo.papers import Paper
from guatu.demo.scenes import Scene, Stage, handed_in
from guatu.domain.collection import Asked, Form
from guatu.domain.errors import BadInput
from guatu.domain.filling import Filled
from guatu.packs.theme_education.demo.scenes.places import at
from guatu.queries.figures import evaluate, row_of
from guatu.queries.unit_tree import unit_tree
from guatu.records.models import Item

REGISTER = "progress"
OCTOBER, NOVEMBER = date(2023, 10, 31), date(2023, 11, 30)
CUT_OFF = datetime.fromisoformat("2023-11-30T18:00")
_ASKED = (
    Asked("members", "figure:party_members"),
    Asked("found", "figure:issues_total"),
    Asked("closed", "figure:issues_closed"),
    Asked("sessions"),
    Asked("funds"),
    Asked("difficulties"),
)
_DAYS = {date(2023, 11, 27): 34, date(2023, 11, 28): 62, date(2023, 11, 29): 80, date(2023, 11, 30): 84}
"""Up to which per cent of the units has handed in by the evening of the day."""
FILLERS = ("hanzhiwei", "hejingyi")
"""Who of the cast fills for a unit: the first has begun, the second has everything before them."""
_NEEDS = (
    "检修备件采购周期较长，请公司统一协调供应商。",
    "学习场地与生产排班冲突，请协调错峰安排。",
    "系统接口改造由公司信息部门统一安排，请给出时间。",
)


def _chance(code: str, about: str = "") -> int:
    """0 … 99, the same for the same unit."""
    return crc32(f"{code}/{about}".encode()) % 100


def _units(stage: Stage) -> list[str]:
    """The third-tier units that stand on the day, by code."""
    nodes = unit_tree(stage.campaign, stage.day).nodes.values()
    return sorted(node.code for node in nodes if node.level == "third")


def _values(code: str, month: date) -> dict[str, object]:
    """What a unit fills in itself for a month: sessions, money, now and then a need."""
    chance = _chance(code, month.isoformat())
    fields: dict[str, object] = {
        "month": month.isoformat(),
        "sessions": 2 + _chance(code) % 3 + chance % 2,
        "funds": str((4 + _chance(code, "money") % 40) * 10_000 + chance * 500),
    }
    if chance < 9:
        fields["difficulties"] = _NEEDS[chance % len(_NEEDS)]
    return fields


def _october(stage: Stage) -> None:
    """The office types the paper reports of October in, in one go."""
    rows = [
        NewItem(
            register=REGISTER,
            unit=code,
            title="10月进展",
            fields=_values(code, OCTOBER),
            effective=stage.day,
            on_behalf=True,
        )
        for code in _units(stage)
    ]
    create_items(stage.actor("linxiaolan"), campaign=stage.campaign, rows=rows, reason="按纸质月报录入。")


def _sent(stage: Stage) -> None:
    """The office asks all units but one, which it had forgotten."""
    office = stage.actor("linxiaolan")
    units = _units(stage)
    form = Form(
        register=REGISTER,
        fields=_ASKED,
        cut_off=CUT_OFF,
        period=NOVEMBER,
        second_due=date(2023, 11, 29),
        chain=("second", "office"),
        rows="one",
        minutes=5,
    )
    request = draft_request(
        office,
        campaign=stage.campaign,
        unit=at(stage, "linxiaolan"),
        title="11月进展月报",
        form=form,
        units=units[:-1],
        instructions="党员人数、问题数由系统带出，请核对；只填学习次数、整改投入和需要协调的事项。投入以元为单位，没有的填 0。",
        document="关于报送11月进展情况的通知",
    )
    send_request(office, campaign=stage.campaign, request=request.pk, units=units[:-1])


def _request(stage: Stage) -> Item | None:
    return (
        Item.objects.filter(campaign=stage.campaign, register="requests", state="sent").order_by("pk").first()
    )


def _returns(stage: Stage, *states: str) -> list[Item]:
    rows = Item.objects.filter(campaign=stage.campaign, register="returns", state__in=states)
    return list(rows.select_related("unit").order_by("unit__code"))


def _added(stage: Stage) -> None:
    """The forgotten unit is added."""
    request = _request(stage)
    if request is not None:
        amend_roster(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            request=request.pk,
            add=_units(stage)[-1:],
            reason="发出时漏选，补入应报单位名单。",
        )


def _handed_in(stage: Stage) -> None:
    """Every unit whose turn it is by this day hands in what it has filled."""
    share, left = _DAYS[stage.day], _left_open(stage)
    waiting = [
        item
        for item in _returns(stage, "asked")
        if _chance(item.unit.code, "day") < share and item.unit.code not in left
    ]
    held, tenfold = _held(stage, waiting), _tenfold(stage)
    for item in waiting:
        code = item.unit.code
        if _answers_without_data(stage, item):
            continue
        fields = _values(code, NOVEMBER)
        if code == tenfold:
            fields["funds"] = f"{fields['funds']}0"
        hand_in(
            stage.filler(code),
            campaign=stage.campaign,
            return_=item.pk,
            answer="data",
            rows=(Filled({**fields, **held[code]}),),
            minutes=3 + _chance(code, "minutes") % 8,
            prefilled=len(held[code]),
        )


def _left_open(stage: Stage) -> set[str]:
    """The units of the cast's fillers: whoever walks through the demo fills for them."""
    return {at(stage, username) for username in FILLERS}


def _held(stage: Stage, items: Sequence[Item]) -> dict[str, dict[str, object]]:
    """What the form fills in for each unit, taken over as it is."""
    named = {one.field: one.held.removeprefix("figure:") for one in _ASKED if one.held}
    if not items:
        return {}
    table = evaluate(
        stage.campaign,
        tuple(named.values()),
        rows=[row_of(item.unit) for item in items],
        days=[stage.day],
        actor=stage.actor("linxiaolan"),
    )
    found: dict[str, dict[str, object]] = {}
    for item in items:
        key = row_of(item.unit).key
        values = {name: table.result(figure, key).value for name, figure in named.items()}
        found[item.unit.code] = {name: int(value) for name, value in values.items() if value is not None}
    return found


def _answers_without_data(stage: Stage, item: Item) -> bool:
    chance = _chance(item.unit.code, "answer")
    filler = stage.filler(item.unit.code)
    if chance < 2:
        hand_in(
            filler,
            campaign=stage.campaign,
            return_=item.pk,
            answer="not_applicable",
            explanation="本单位正在筹建，尚未开展集中学习和整改。",
        )
    elif chance < 10:
        hand_in(
            filler, campaign=stage.campaign, return_=item.pk, answer="nil", explanation="本月没有新增投入。"
        )
    return chance < 10


def _tenfold(stage: Stage) -> str:
    """The unit that types a nought too many: one of 周启明's."""
    company = at(stage, "zhouqiming")
    left = _left_open(stage)
    units = [code for code in _units(stage) if code.startswith(f"{company}-") and code not in left]
    fitting = [
        code
        for code in units
        if _chance(code, "day") < _DAYS[date(2023, 11, 28)] and _chance(code, "answer") >= 10
    ]
    return fitting[0] if fitting else ""


def _on_behalf(stage: Stage) -> None:
    """A unit without a connection sends its sheet on paper; 周启明 fills it in and hands the scan in with it."""
    company = at(stage, "zhouqiming")
    for item in _returns(stage, "asked"):
        code = item.unit.code
        if not code.startswith(f"{company}-") or code in _left_open(stage):
            continue
        sheet = Paper(
            "11月进展月报",
            (f"单位：{item.unit.name}", "本月集中学习 3 次，整改投入 86,000 元。"),
            "单位负责人（签字）　2023年11月29日",
            item.unit.short_name,
        )
        held = _held(stage, [item])[code]
        fields = {"month": NOVEMBER.isoformat(), "sessions": 3, "funds": "86000", **held}
        hand_in(
            stage.post("zhouqiming", "liaison"),
            campaign=stage.campaign,
            return_=item.pk,
            answer="data",
            rows=(Filled(fields),),
            minutes=6,
            prefilled=len(held),
            evidence=(handed_in(sheet, "11月进展月报（签字）.pdf"),),
        )
        return


def _reviewed(stage: Stage) -> None:
    """Two companies in three have looked at what is in: what is doubtful goes back, the rest passes."""
    request = _request(stage)
    if request is None:
        return
    tenfold = _tenfold(stage)
    for item in _returns(stage, "handed_in"):
        if item.unit.code == tenfold:
            _sent_back(stage, item)
    for company in sorted({item.unit.code.rpartition("-")[0] for item in _returns(stage, "handed_in")}):
        if _chance(company, "review") < 66:
            liaison = next(p.username for p in stage.story.posts if p.unit == company and p.role == "liaison")
            with suppress(BadInput):  # everything that waits is the liaison's own
                pass_rest(stage.actor(liaison), campaign=stage.campaign, request=request.pk, judge="second")


def _sent_back(stage: Stage, item: Item) -> None:
    row = (
        Item.objects.filter(campaign=stage.campaign, register=REGISTER, unit=item.unit)
        .order_by("-pk")
        .first()
    )
    if row is not None:
        send_back(
            stage.post("zhouqiming", "liaison"),
            campaign=stage.campaign,
            return_=item.pk,
            flaws=(Flaw("比10月多了近十倍，请核对是不是多打了一个 0。", row.pk, "funds"),),
        )


def _accepted(stage: Stage) -> None:
    """The office accepts what the second tier has passed, company by company."""
    request = _request(stage)
    if request is not None:
        with suppress(BadInput):  # nothing has come so far
            pass_rest(stage.actor("linxiaolan"), campaign=stage.campaign, request=request.pk, judge="office")


def _begun(stage: Stage) -> None:
    """A filler of the cast has begun and not handed in."""
    for item in _returns(stage, "asked"):
        if item.unit.code == at(stage, FILLERS[0]):
            raw = {"month": NOVEMBER.isoformat(), "sessions": "3"}
            save_draft(
                stage.actor(FILLERS[0]),
                campaign=stage.campaign,
                return_=item.pk,
                cells={"rows": [{"item": "", "raw": raw}], "explanation": "", "minutes": ""},
                seconds=95,
            )


SCENES = (
    Scene(date(2023, 11, 2), _october),
    Scene(date(2023, 11, 24), _sent),
    Scene(date(2023, 11, 27), _added),
    *(Scene(day, _handed_in) for day in _DAYS),
    Scene(date(2023, 11, 29), _on_behalf),
    Scene(date(2023, 11, 29), _reviewed),
    Scene(date(2023, 11, 30), _accepted),
    Scene(date(2023, 11, 30), _begun),
)
