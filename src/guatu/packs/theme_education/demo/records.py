"""The log registers of the story: meetings, media, guidance, studies, cases, contracts, services and the like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from guatu.demo.chronicle import between
from guatu.demo.spread import deal
from guatu.packs.theme_education.demo.days import STARTS, working
from guatu.packs.theme_education.demo.lexicon import health, logs, manufacturing, trade
from guatu.packs.theme_education.demo.lexicon.shapes import Sector, fitting
from guatu.packs.theme_education.demo.teller import Teller
from guatu.packs.theme_education.demo.tree import ROOT, Third

_BRANDS: dict[Sector, tuple[str, ...]] = {
    "manufacturing": manufacturing.BRANDS,
    "health": health.BRANDS,
    "trade": trade.BRANDS,
}
OFFICE = "linxiaolan"


def tell_records(teller: Teller) -> None:
    """Everything that is logged beside research and the closed loop."""
    _meetings(teller)
    _media(teller)
    _papers(teller)
    _study(teller)
    _contracts(teller)
    _services(teller)


def evenly(first: date, last: date, count: int) -> list[date]:
    """`count` working days spread over a span."""
    span = (last - first).days
    return [working(first + timedelta(days=span * (2 * n + 1) // (2 * count))) for n in range(count)]


def _meetings(teller: Teller) -> None:
    rng, targets = teller.rng, teller.targets
    for kind, count, size in (
        ("push", targets.mtg_push, 240),
        ("office", targets.mtg_office, 22),
        ("training", targets.mtg_training, 310),
        ("group", 2, 18),
        ("talk", 9, 65),
    ):
        subjects = logs.MEETINGS[kind]
        for n, day in enumerate(evenly(STARTS, date(2023, 11, 29), count)):
            title = {
                "push": f"第{n + 1}次专题推进会：{subjects[n % len(subjects)]}",
                "office": f"第{n + 1}次主任例会：{subjects[n % len(subjects)]}",
                "training": subjects[n % len(subjects)] + (f"（第{n + 1}期）" if n >= len(subjects) else ""),
                "group": f"领导小组会议：{subjects[n % len(subjects)]}",
                "talk": f"集团领导{subjects[n % len(subjects)]}",
            }[kind]
            data = {
                "kind": kind,
                "held_on": day.isoformat(),
                "attendance": size + rng.randint(-size // 6, size // 6),
                "place": rng.choice(("集团第一会议室", "集团报告厅", "视频会议"))
                if kind != "talk"
                else "基层单位",
            }
            if kind in ("push", "office", "group"):
                data["decisions"] = "".join(rng.sample(logs.DECISIONS, 2))
            teller.new("meetings", ROOT, title, "recorded", "closed", day, by=OFFICE, data=data)
    for third in teller.org.thirds[:: max(1, len(teller.org.thirds) // 24)]:
        day = teller.next_day(third.code, between(rng, date(2023, 9, 12), date(2023, 11, 24)))
        teller.new(
            "meetings",
            third.code,
            f"{third.short}主要负责人{rng.choice(logs.MEETINGS['talk'])}",
            "recorded",
            "closed",
            day,
            by=teller.staff.filler(third.code, day),
            data={"kind": "talk", "held_on": day.isoformat(), "attendance": rng.randint(16, 90)},
        )


def _media(teller: Teller) -> None:
    rng = teller.rng
    for tier, count in (("mainstream", teller.targets.media_reports), ("industry", 9), ("own", 22)):
        for n, day in enumerate(evenly(date(2023, 9, 12), date(2023, 11, 29), count)):
            title = logs.MEDIA_TITLES[(n + len(tier)) % len(logs.MEDIA_TITLES)]
            teller.new(
                "media",
                ROOT,
                title,
                "recorded",
                "closed",
                day,
                by="guxingzhou",
                data={
                    "tier": tier,
                    "outlet": rng.choice(logs.OUTLETS[tier]),
                    "published_on": day.isoformat(),
                },
            )


def _papers(teller: Teller) -> None:
    """Guidance, answers and briefings of the office."""
    for n, (title, day) in enumerate(
        zip(logs.GUIDANCE, evenly(date(2023, 9, 7), date(2023, 11, 20), len(logs.GUIDANCE)), strict=True)
    ):
        kind = "answer" if n % 3 == 2 else "guide"
        data = {
            "kind": kind,
            "issued_on": day.isoformat(),
            "answer": f"请按填报说明中“{title}”一节办理；有疑问的，请与办公室联系。",
        }
        if kind == "answer":
            data["question"] = f"{title}？" if "如何" in title else f"{title}有哪些？"
        teller.new("guidance", ROOT, title, "recorded", "closed", day, by="guxingzhou", data=data)
    days = evenly(date(2023, 9, 10), date(2023, 11, 29), len(logs.BRIEFINGS))
    for n, (title, day) in enumerate(zip(logs.BRIEFINGS, days, strict=True), start=1):
        teller.new(
            "briefings",
            ROOT,
            f"第{n}期：{title}",
            "recorded",
            "closed",
            day,
            by="guxingzhou",
            data={"issue": n, "issued_on": day.isoformat()},
        )


def _study(teller: Teller) -> None:
    """One to three sessions of each unit and company; the sessions count, never anybody's hours."""
    rng = teller.rng
    words = {
        "reading_class": "读书班",
        "centre_group": "中心组学习",
        "lecture": "专题党课",
        "branch_day": "主题党日",
    }
    for code in [*(f.code for f in teller.org.firms), *(t.code for t in teller.org.thirds)]:
        for form in rng.sample(logs.STUDY_FORMS[:3], rng.choice((1, 1, 2))):
            day = teller.next_day(code, between(rng, date(2023, 9, 8), date(2023, 11, 25)))
            topic = rng.choice(logs.STUDY_TOPICS)
            teller.new(
                "study",
                code,
                f"{words[form]}：{topic}",
                "recorded",
                "closed",
                day,
                by=teller.staff.filler(code, day),
                data={
                    "form": form,
                    "held_on": day.isoformat(),
                    "topic": topic,
                    "attendance": rng.randint(9, 120),
                },
            )


def _contracts(teller: Teller) -> None:
    """Contracts of exactly as many units as targeted, one or two each."""
    rng = teller.rng
    for third in rng.sample(list(teller.org.thirds), teller.targets.new_contract_units):
        for _ in range(rng.choice((1, 1, 2))):
            day = teller.next_day(third.code, between(rng, date(2023, 9, 15), date(2023, 11, 28)))
            line = teller.org.firm(third.code, STARTS).line
            fit = [(p, name) for words, name in logs.CONTRACTS[third.sector] for p in fitting((words,), line)]
            party, contract = rng.choice(fit)
            teller.new(
                "contracts",
                third.code,
                f"与{party}签订{contract}",
                "recorded",
                "closed",
                day,
                by=teller.staff.filler(third.code, day),
                data={
                    "signed_on": day.isoformat(),
                    "counterparty": party,
                    "amount": f"{rng.randint(80, 9600) * 10000}",
                },
            )


def _services(teller: Teller) -> None:
    """Services at as many places as targeted; villagers and pupils as counts that add up."""
    rng, targets = teller.rng, teller.targets
    places = [
        *(("county", name) for name in _places(logs.COUNTIES, targets.aid_counties)),
        *(("village", name) for name in _places(logs.VILLAGES, targets.aid_villages)),
        *(("school", name) for name in _places(logs.SCHOOLS, targets.aid_schools)),
    ]
    places += [("community", name) for name in ("梧桐里社区", "北渡街社区", "青岚园社区")]
    places += [("site", name) for name in ("第一项目部工地", "东屏厂区")]

    def shares(total: int, kind: str) -> list[int]:
        at = [rng.uniform(0.6, 1.4) if k == kind else 0.0 for k, _ in places]
        if not any(at):
            at = [1.0 if k == "community" else 0.0 for k, _ in places]
        return deal(rng, total, at)

    villagers, pupils = shares(targets.aid_villagers, "village"), shares(targets.aid_pupils, "school")
    healers: Sequence[Third] = [
        t for t in teller.org.thirds if teller.org.firm(t.code, STARTS).line in ("clinic", "care")
    ] or teller.org.thirds
    for (kind, place), village, pupil in zip(places, villagers, pupils, strict=True):
        third = rng.choice(healers)
        day = teller.next_day(third.code, between(rng, date(2023, 9, 20), date(2023, 11, 24)))
        brands = _BRANDS[third.sector]
        brand = rng.choice(
            [b for b in brands if ("课堂" in b or "校园" in b) is (kind == "school")] or brands
        )
        teller.new(
            "services",
            third.code,
            f"{brand}走进{place}",
            "recorded",
            "closed",
            day,
            by=teller.staff.filler(third.code, day),
            data={
                "held_on": day.isoformat(),
                "brand": brand,
                "place_kind": kind,
                "place": place,
                "villagers": village,
                "pupils": pupil,
            },
        )


def _places(names: Sequence[str], count: int) -> list[str]:
    """As many different names of places as asked for."""
    found = list(names[:count])
    for n in range(len(found), count):
        found.append(f"{names[n % len(names)]}（{n // len(names) + 1}）")
    return found
