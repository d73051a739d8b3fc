"""The closed loop in the story: problems and special plans from listing to close-out, with what goes wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guatu.demo.days import ENDS, working
from guatu.demo.lexicon import health, logs, manufacturing, party, trade
from guatu.demo.lexicon.shapes import Sector, Subject
from guatu.demo.plan import Value
from guatu.demo.spread import deal, weighted
from guatu.demo.teller import Line, Teller, between
from guatu.demo.tree import MERGED_ON, ROOT, Third

SUBJECTS: dict[Sector, tuple[Subject, ...]] = {
    "manufacturing": manufacturing.SUBJECTS + party.SUBJECTS,
    "health": health.SUBJECTS + party.SUBJECTS,
    "trade": trade.SUBJECTS + party.SUBJECTS,
}
_LISTED_FROM, _LISTED_UNTIL = date(2023, 9, 14), date(2023, 11, 22)
_STATES: tuple[tuple[str, float], ...] = (
    ("doing", 79.5), ("fresh", 4), ("returned", 3.2), ("rebounded", 0.6), ("signing", 1.4), ("applied", 1.6),
    ("verifying", 2.6), ("on_notice", 1.2), ("referred", 0.7), ("claimed", 0.4), ("staged", 1.8), ("long_term", 3.0),
)
_SOURCES: tuple[tuple[str, float], ...] = (
    ("research", 34), ("self_review", 27), ("public", 20), ("supervision", 11), ("inspection", 4), ("audit", 4),
)
PLAN_KINDS: tuple[tuple[str, str], ...] = (
    ("livelihood", "民生"), ("development", "发展"), ("conduct", "干部思想作风"), ("safety", "安全生产"), ("talent", "人才队伍"),
    ("system", "制度机制"), ("service", "服务质量"), ("cost", "成本管控"), ("digital", "数字化"), ("risk", "风险防控"),
    ("green", "绿色低碳"), ("supply", "供应保障"), ("quality", "质量管理"), ("contract", "合同管理"), ("assets", "资产管理"),
    ("research", "科技创新"), ("market", "市场开拓"), ("project", "项目管理"), ("training", "教育培训"), ("archive", "档案资料"),
)
"""Kinds of plans: the first three are the pack's own, more are added when a target asks for them."""
_PLAN_TITLES: dict[str, tuple[str, ...]] = {
    "livelihood": ("职工住宿洗浴条件专项整治", "倒班职工就餐专项整治", "高峰等候时间专项整治", "停车与通勤专项整治", "驻外人员关怀专项整治"),
    "development": ("设备停机专项整治", "应收账款清理专项整治", "交付周期专项整治", "库存周转专项整治", "检验互认专项整治"),
    "conduct": ("审批层级专项整治", "重复报表专项整治", "会议过多专项整治", "意见答复超期专项整治", "检查过频专项整治"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What a loop item needs to know on its way: its lead unit and when it was listed."""

    line: Line
    unit: str
    listed: date
    due: date


def tell_problems(teller: Teller) -> list[Line]:
    """Problems in the targeted totals, and some that do not count: drafts, merged and withdrawn ones."""
    rng, targets = teller.rng, teller.targets
    leads = _leads(teller, targets.issues_total, with_root=True)
    listed = sorted(between(rng, _LISTED_FROM, _LISTED_UNTIL, 1.35) for _ in leads)
    ripe = sorted(range(len(leads)), key=lambda i: (listed[i] - _LISTED_FROM).days + rng.gauss(0, 14))
    closing = set(ripe[: targets.issues_closed])
    lines: list[Line] = []
    for i, (unit, third) in enumerate(leads):
        held = _list_problem(teller, unit, third, teller.next_day(unit, listed[i]), i)
        lines.append(held.line)
        if i in closing:
            close(teller, held, again=rng.random() < 0.05)
        else:
            leave_open(teller, held, weighted(rng, _STATES))
    _that_do_not_count(teller, lines)
    return lines


def tell_plans(teller: Teller) -> list[Line]:
    """Special plans of the targeted kinds; the open ones are all within their time."""
    rng, targets = teller.rng, teller.targets
    leads = _leads(teller, targets.plans_total, with_root=False)
    order = list(range(len(leads)))
    rng.shuffle(order)
    closing = set(order[: targets.plans_closed])
    lines: list[Line] = []
    for i, (unit, _third) in enumerate(leads):
        kind, label = PLAN_KINDS[i % max(1, targets.problem_kinds)]
        listed = teller.next_day(unit, between(rng, date(2023, 10, 11), date(2023, 11, 3)))
        due = date(2023, 12, 20) if i in closing else date(2023, 12, 31) + timedelta(days=rng.choice((0, 0, 0, 31, 60, 91, 182)))
        title = rng.choice(_PLAN_TITLES.get(kind, (f"{label}专项整治",)))
        measures = rng.choice(SUBJECTS[teller.org.firm(unit, listed).sector]).measures
        line = teller.new(
            "plans", unit, f"{teller.org.shorts[unit]}{title}方案", "open", "open", listed,
            by=teller.staff.filler(unit, listed), start=listed, due=due,
            data={
                "kind": kind, "lead_person": _person_of(teller, unit), "measures_text": _numbered(measures),
            },
        )
        lines.append(line)
        held = Held(line, unit, listed, due)
        if i in closing:
            close(teller, held, again=False)
        else:
            leave_open(teller, held, "doing" if rng.random() < 0.93 else "staged")
    return lines


def _leads(teller: Teller, total: int, *, with_root: bool) -> list[tuple[str, Third | None]]:
    """A lead unit for each item: nearly all third-tier units, some companies, a few at the group."""
    rng, org = teller.rng, teller.org
    at_root = min(6, total // 200) if with_root else 0
    at_firms = total // 25
    worse = {"strong": 0.8, "healthy": 1.0, "middling": 1.25, "weak": 1.6}
    shares = deal(rng, total - at_root - at_firms, [worse[t.quality] * rng.uniform(0.5, 1.5) for t in org.thirds])
    leads: list[tuple[str, Third | None]] = [(ROOT, None)] * at_root
    leads += [(rng.choice(org.firms).code, None) for _ in range(at_firms)]
    leads += [(t.code, t) for t, share in zip(org.thirds, shares, strict=True) for _ in range(share)]
    rng.shuffle(leads)
    return leads


def _list_problem(teller: Teller, unit: str, third: Third | None, listed: date, place: int) -> Held:
    rng, staff = teller.rng, teller.staff
    if third is not None and teller.org.mergers and unit == teller.org.mergers[0].into and listed < MERGED_ON:
        unit = teller.org.mergers[0].unit if place % 2 else unit
    absorbed = teller.org.merged is not None and unit == teller.org.merged.code
    sector = teller.org.firm(unit, listed).sector if unit != ROOT else rng.choice(teller.org.firms).sector
    subject = rng.choice(SUBJECTS[sector])
    where, n, m = rng.choice(subject.where), rng.randint(2, 9), rng.randint(12, 68)
    source = weighted(rng, _SOURCES)
    kind = rng.random()
    if kind < 0.035:
        due = between(rng, date(2023, 10, 20), date(2023, 11, 29))
    elif kind < 0.11:
        due = between(rng, date(2023, 12, 1), date(2023, 12, 7))
    else:
        due = date(2023, 12, 15) + timedelta(days=rng.choice((0, 5, 10, 16, 16, 16, 31, 47, 76, 107)))
    due = max(due, listed + timedelta(days=10))
    known = listed
    if rng.random() < 0.02 and not absorbed:
        known = teller.next_day(unit, min(listed + timedelta(days=rng.randint(3, 12)), ENDS))
    data: dict[str, Value] = {
        "category": subject.category, "source": source,
        "found_on": (listed - timedelta(days=rng.randint(0, 9))).isoformat(),
        "description": subject.fact.format(w=where, n=n, m=m),
        "measures_text": _numbered(subject.measures), "owner": _person_of(teller, unit),
    }
    line = teller.new(
        "problems", unit, subject.title.format(w=where), "open", "open", listed, recorded=known,
        by=staff.filler(unit, known), data=data, due=due,
    )
    return Held(line, unit, listed, due)


def _numbered(measures: tuple[str, ...]) -> str:
    return "".join(f"{'一二三四五'[i]}、{text}。" for i, text in enumerate(measures))


def _person_of(teller: Teller, unit: str) -> str:
    staff = teller.staff
    chosen = staff.heads[unit] if teller.rng.random() < 0.35 else staff.own_fillers.get(unit, staff.heads[unit])
    return staff.names[chosen]


def _start(teller: Teller, held: Held, day: date) -> None:
    teller.step(held.line, "start", "doing", "open", day, by=teller.staff.filler(held.unit, day))


def _apply(teller: Teller, held: Held, day: date) -> None:
    line = held.line
    line.applicant = teller.staff.signer(held.unit, day)
    teller.step(
        line, "submit_for_signature", "signing", "review", day, by=line.applicant, evidence=teller.evidence(held.unit),
    )


def _sign(teller: Teller, held: Held, day: date) -> None:
    teller.step(held.line, "sign_off", "applied", "review", day, by=teller.staff.head(held.unit, day))


def _take_up(teller: Teller, held: Held, day: date) -> None:
    if held.unit == ROOT:
        return
    teller.step(held.line, "take_up", "verifying", "review", day, by=teller.staff.verifier(held.unit))


def _approve(teller: Teller, held: Held, day: date) -> None:
    rng = teller.rng
    data: dict[str, Value] = {"verification": rng.choice(logs.VERIFICATIONS)}
    if held.unit == ROOT:
        minutes = f"专项工作办公室会议纪要〔2023〕{rng.randint(3, 19)}号"
        teller.step(held.line, "approve_own", "closed", "closed", day, by="linxiaolan", data=data, decision=minutes)
        return
    teller.step(held.line, "approve", "closed", "closed", day, by=teller.staff.verifier(held.unit), data=data)


def _send_back(teller: Teller, held: Held, day: date) -> None:
    teller.step(
        held.line, "send_back", "returned", "open", day, by=teller.staff.verifier(held.unit),
        reason=teller.rng.choice(logs.RETURN_REASONS),
    )


def _resume(teller: Teller, held: Held, day: date) -> None:
    teller.step(held.line, "resume", "doing", "open", day, by=teller.staff.filler(held.unit, day))


def _rebound(teller: Teller, held: Held, day: date) -> None:
    teller.step(
        held.line, "rebound", "rebounded", "open", day, by=teller.staff.verifier(held.unit),
        reason=teller.rng.choice(logs.REBOUND_REASONS),
    )


class Pace:
    """Days one after another, spread over what is left of the story; never after its last day."""

    def __init__(self, teller: Teller, unit: str, day: date) -> None:
        self._teller, self._unit, self.day = teller, unit, day

    def later(self, low: int, high: int) -> date:
        """The unit's next day, `low` to `high` days on."""
        wanted = self.day + timedelta(days=self._teller.rng.randint(low, high))
        self.day = max(self.day, min(self._teller.next_day(self._unit, working(min(wanted, ENDS))), ENDS))
        return self.day

    def starting(self, room: int) -> date:
        """The day on which the unit begins: listed problems are taken up every second week."""
        day = self._teller.next_day(self._unit, self.day)
        if room > 24 and day.isocalendar().week % 2:
            day = self._teller.next_day(self._unit, day + timedelta(days=6))
        self.day = max(self.day, day)
        return self.day

    def checked(self, low: int, high: int) -> date:
        """The verifier's next day: teams verify on one weekday, the office on any."""
        wanted = self.day + timedelta(days=self._teller.rng.randint(low, high))
        self.day = max(self.day, min(self._teller.verifying_day(self._unit, working(min(wanted, ENDS))), ENDS))
        return self.day


def close(teller: Teller, held: Held, *, again: bool) -> None:
    """From listed to closed; some are sent back once, `again` means closed, rebounded and closed once more."""
    rng = teller.rng
    room = (ENDS - held.line.known).days
    pace = Pace(teller, held.unit, held.line.known)
    work = max(1, min(30, room - 14))
    _start(teller, held, pace.starting(room))
    if rng.random() < 0.12 and room > 40 and held.unit != ROOT:
        _apply(teller, held, pace.later(work // 4, work // 2))
        _sign(teller, held, pace.later(0, 2))
        _take_up(teller, held, pace.checked(0, 3))
        _send_back(teller, held, pace.checked(0, 4))
        _resume(teller, held, pace.later(1, 3))
        work = max(1, (ENDS - pace.day).days - 10)
    again = again and room > 45 and held.unit != ROOT
    _apply(teller, held, pace.later(work // 5 if again else work // 2, work // 3 if again else work))
    _sign(teller, held, pace.later(0, 2 if room > 12 else 0))
    _take_up(teller, held, pace.checked(0, 3 if room > 12 else 0))
    _approve(teller, held, pace.checked(0, 4 if room > 12 else 0))
    if again:
        _rebound(teller, held, pace.checked(6, 12))
        _resume(teller, held, pace.later(0, 3))
        _apply(teller, held, pace.later(4, 9))
        _sign(teller, held, pace.later(0, 1))
        _take_up(teller, held, pace.checked(0, 1))
        _approve(teller, held, pace.checked(0, 2))
    elif rng.random() < 0.025 and held.unit != ROOT and (ENDS - pace.day).days > 5 and pace.day > held.line.known - timedelta(days=9):
        wrong = held.line.day
        right = wrong + timedelta(days=1)
        teller.correct(
            held.line, right, pace.later(3, 5), by="guxingzhou", reason="同意销号的日期录入有误，以核验记录单为准。",
        )


def leave_open(teller: Teller, held: Held, state: str) -> None:
    """The item stands in `state` at the end of the story, or as near to it as the days left allow."""
    rng, room = teller.rng, (ENDS - held.line.known).days
    if state == "fresh" or room < 4:
        return
    if held.unit == ROOT and state not in ("signing", "applied"):
        state = "doing"
    pace = Pace(teller, held.unit, held.line.known)
    _start(teller, held, pace.starting(room))
    if held.line.register == "problems" and rng.random() < 0.03 and (held.due - pace.day).days > 12:
        asked = teller.next_day(held.unit, min(held.due - timedelta(days=6), ENDS))
        if asked < held.due:
            teller.extend(
                held.line, held.due + timedelta(days=rng.choice((15, 30, 45))), asked, by="linxiaolan",
                reason=rng.choice(logs.EXTEND_REASONS),
            )
            pace.day = max(pace.day, asked)
    left = (ENDS - pace.day).days
    if state in ("staged", "long_term") and left > 3:
        how = ("stage", "staged") if state == "staged" else ("keep_up", "long_term")
        teller.step(
            held.line, how[0], how[1], "open", pace.later(2, 6), by="linxiaolan",
            reason="需跨年度分步投入，已明确过渡措施。" if state == "staged" else "属长期坚持事项，按季检查。",
        )
    elif state in ("referred", "claimed") and left > 8:
        _refer(teller, held, pace, claimed=state == "claimed")
    elif state == "rebounded" and left > 24:
        _apply(teller, held, pace.later(3, 8))
        _sign(teller, held, pace.later(0, 1))
        _take_up(teller, held, pace.checked(0, 1))
        _approve(teller, held, pace.checked(0, 2))
        _rebound(teller, held, pace.checked(5, 8))
    elif state in ("returned", "signing", "applied", "verifying", "on_notice") and left > 10:
        pace.day = max(pace.day, ENDS - timedelta(days=rng.randint(6, 10)))
        _apply(teller, held, pace.later(0, 2))
        if state == "signing":
            return
        _sign(teller, held, pace.later(0, 1))
        if state == "applied":
            return
        _take_up(teller, held, pace.checked(0, 1))
        if state == "returned":
            _send_back(teller, held, pace.checked(0, 2))
        elif state == "on_notice":
            teller.step(
                held.line, "give_notice", "on_notice", "review", pace.later(0, 1), by=teller.staff.verifier(held.unit),
                data={"verification": rng.choice(logs.VERIFICATIONS)},
            )


def _refer(teller: Teller, held: Held, pace: Pace, *, claimed: bool) -> None:
    """The root of the matter lies above: referred up, in some cases claimed there."""
    if held.unit.count("-") != 2:
        return
    rng, day = teller.rng, pace.later(2, 6)
    reason = rng.choice(logs.REFER_REASONS)
    teller.step(held.line, "refer_up", "referred", "open", day, by=teller.staff.filler(held.unit, day), reason=reason)
    if claimed:
        day = pace.later(2, 4)
        teller.step(held.line, "claim", "claimed", "open", day, by=teller.staff.liaison(held.unit, day))


def _that_do_not_count(teller: Teller, lines: list[Line]) -> None:
    """Drafts waiting to be listed, one problem merged into another, one withdrawn."""
    rng, staff = teller.rng, teller.staff
    if len(lines) < 20:
        return
    drafts = min(18, len(lines) // 60)
    for n in range(drafts + 2 + len(lines) // 400):
        third = rng.choice(teller.org.thirds)
        day = teller.next_day(third.code, between(rng, date(2023, 10, 9), date(2023, 11, 20)))
        held = _draft(teller, third, day)
        if n < drafts:
            continue
        after = teller.next_day(third.code, day + timedelta(days=2))
        teller.step(held, "file", "open", "open", after, by=staff.filler(third.code, after))
        last = teller.next_day(third.code, after + timedelta(days=3))
        if n % 2:
            teller.step(held, "void", "void", "void", last, by="linxiaolan", reason="经核实不属于本次清单范围。")
        else:
            teller.step(held, "merge", "merged", "void", last, by="linxiaolan", reason="与本单位同类问题并案办理。")
            kin = next((x for x in lines if x.unit == third.code and x.known < last), None)
            if kin is not None:
                teller.link("merged_into", held, kin, by="linxiaolan")


def _draft(teller: Teller, third: Third, day: date) -> Line:
    subject = teller.rng.choice(SUBJECTS[third.sector])
    where = teller.rng.choice(subject.where)
    return teller.new(
        "problems", third.code, subject.title.format(w=where), "draft", "draft", day,
        by=teller.staff.filler(third.code, day), due=date(2023, 12, 31),
        data={
            "category": subject.category, "source": "self_review", "found_on": day.isoformat(),
            "description": subject.fact.format(w=where, n=3, m=24), "measures_text": _numbered(subject.measures),
            "owner": _person_of(teller, third.code),
        },
    )
