"""One problem from a team's visit to its rebound, by named people of the cast, each at a browser of their own.

A copy of the demo of its own: the day moves on here. What the figures, the light, the unit's page and the movement
statement say is read off their pages after every step that changes them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.browser.cast import PHONE, Cast, paper, path_of
from tests.browsing import serving
from tests.demo_home import copied, run_guatu

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.browser

MEMBER, LEADER, FILLER, HEAD, OFFICE = "bailu", "xuzhiyuan", "hejingyi", "shaoqingyue", "linxiaolan"
UNIT, TITLE = "HY-13-01", "门诊二层无障碍坡道被货物占用"
TODAY, NOTICE_ENDS, AFTER_NOTICE = "2023-11-30", "2023-12-07", "2023-12-08"
"""The demo's day is a Thursday: of the five working days after it the last is the Thursday of the next week."""
KEYS = (
    "issues_total",
    "issues_open",
    "issues_closed",
    "issues_on_time",
    "issues_closings",
    "issues_closed_ever",
    "issues_closed_valid",
    "issues_rebounded",
    "reinspections_total",
    "reinspections_rebound",
)


def photo(tone: int) -> dict[str, object]:
    kept = io.BytesIO()
    Image.new("RGB", (64, 48), (tone, 120, 90)).save(kept, "JPEG")
    return {"name": f"现场{tone}.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def step_of(cast: Cast, who: str, path: str, key: str) -> Locator:
    """The form of one step at an item's page or in the queue, opened."""
    step = cast.at(who, path).locator(f"#move-{key}").first
    for folded in (step.locator("xpath=ancestor::details"), step.locator("details.ask")):
        for one in folded.all():
            if one.get_attribute("open") is None:
                one.locator("summary").first.click()
    return step


def send(step: Locator) -> str:
    """Send a step's form; what the page says then. Nothing may be refused."""
    page = step.page
    step.locator("button[type=submit]").last.click()
    page.wait_for_load_state()
    refused = page.locator(".why[role=alert]")
    assert refused.count() == 0, refused.all_inner_texts()
    return page.locator(".noteband").first.inner_text()


class Reader:
    """What the pages of everybody say about the unit, read by the office."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def figures(self, unit: str) -> dict[str, int]:
        """What the figures' page says, for the group ("") or for one unit."""
        page = self.cast.at(OFFICE, f"/figures/?unit={unit}")
        said = page.locator(".figtable a.nm").evaluate_all(
            "links => links.map(a => [a.pathname, a.closest('tr').querySelector('.val').innerText])"
        )
        values = {path.strip("/").split("/")[-1]: text for path, text in said}
        return {key: int(re.sub(r"\D", "", values[key])) for key in KEYS}

    def both(self) -> tuple[dict[str, int], dict[str, int]]:
        """The figures of the group and those of the unit."""
        return self.figures(""), self.figures(UNIT)

    def light(self, item: str) -> str:
        """Word and sentence of the item's light."""
        return self.cast.at(OFFICE, item).locator(".under .say").inner_text()

    def state(self, item: str) -> str:
        return self.cast.at(OFFICE, item).locator(".under .tag").first.inner_text()

    def on_the_units_page(self) -> tuple[int, int]:
        """How many problems the unit's page counts, and how many of them as closed."""
        row = self.cast.at(OFFICE, f"/units/{UNIT}/").locator("table.ledger tr", has_text="问题清单")
        held, closed = row.locator("td.num").all_inner_texts()[:2]
        return int(held), int(closed)

    def movement(self, last: str) -> dict[str, int]:
        """The unit's total row of the movement statement since the day on which the walk begins."""
        query = f"from={TODAY}&to={last}&unit={UNIT}"
        page = self.cast.at(OFFICE, f"/registers/problems/movement/?{query}")
        assert "逐行核对，全部相符" in page.locator(".equation").first.inner_text()
        heads = page.locator("table.movement thead th").all_inner_texts()[1:]
        numbers = page.locator("table.movement tfoot tr").first.locator("td").all_inner_texts()[1:]
        return {head: int(number) for head, number in zip(heads, numbers, strict=True)}


def changed(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {key: after[key] - before[key] for key in KEYS if after[key] != before[key]}


@pytest.fixture
def home(demo_template: Path, tmp_path: Path, worker_id: str) -> Iterator[dict[str, str]]:
    """A copy of the demo whose day this walk may move on."""
    folder = tmp_path / "home"
    folder.mkdir()
    with copied(demo_template, folder, f"guatu_loop_{worker_id}") as environment:
        yield environment


def test_a_problem_goes_from_a_teams_visit_to_its_rebound(
    browser: Browser, home: dict[str, str], tmp_path: Path
) -> None:
    # The office only reads here: without scripts its pages do not fetch their curves besides.
    cast = Cast(browser, "", phones=[MEMBER], readers=[OFFICE])
    reader = Reader(cast)
    try:
        with serving(["demo", "--no-worker"], home, tmp_path / "first") as cast.site:
            start = (reader.both(), reader.on_the_units_page())
            finding = a_visit_is_recorded_on_a_phone(cast)
            problem = the_finding_becomes_a_problem(cast, reader, finding)
            filed = reader.both()
            assert [changed(*pair) for pair in zip(start[0], filed, strict=True)] == [
                {"issues_total": 1, "issues_open": 1}
            ] * 2
            assert reader.on_the_units_page() == (start[1][0] + 1, start[1][1])
            it_is_put_right_and_signed(cast, reader, problem)
            the_team_sends_it_back(cast, reader, problem)
            it_comes_again_with_what_was_done(cast, reader, problem)
            it_goes_on_notice(cast, reader, problem)
            assert reader.both() == filed, "nothing counts as closed before the notice is over"
            assert reader.movement(TODAY)["新增"] == 1
            number = cast.at(OFFICE, problem).locator(".under span").first.inner_text()
        over = the_notice_runs_out(home, number)
        with serving(["demo", "--no-worker"], home, tmp_path / "second") as cast.site:
            assert reader.state(problem) == "已销号"
            assert reader.light(problem) == "已销号。"
            closed = reader.both()
            gains = ("issues_closed", "issues_closings", "issues_closed_ever", "issues_closed_valid")
            for before, after, count in zip(filed, closed, (over, 1), strict=True):
                assert {key: after[key] - before[key] for key in gains} == dict.fromkeys(gains, count)
                assert before["issues_open"] - after["issues_open"] == count
            assert closed[1]["issues_on_time"] - filed[1]["issues_on_time"] == 1
            assert reader.on_the_units_page() == (start[1][0] + 1, start[1][1] + 1)
            it_rebounds(cast, problem)
            again = {
                "issues_open": 1,
                "issues_closed": -1,
                "issues_on_time": -1,
                "issues_closed_valid": -1,
                "issues_rebounded": 1,
                "reinspections_total": 1,
                "reinspections_rebound": 1,
            }
            assert [changed(*pair) for pair in zip(closed, reader.both(), strict=True)] == [again] * 2
            assert reader.on_the_units_page() == (start[1][0] + 1, start[1][1])
            the_second_round_begins(cast, reader, problem)
            moved = reader.movement(AFTER_NOTICE)
            assert (moved["新增"], moved["期末"] - moved["期初"]) == (1, 1)
    except BaseException as failed:
        failed.add_note("\n".join(cast.photographed(tmp_path)))
        raise
    finally:
        cast.close()


def a_visit_is_recorded_on_a_phone(cast: Cast) -> str:
    page = cast.at(MEMBER, "/supervision/")
    page.get_by_role("link", name="登记督导").click()
    page.locator("select[name=unit]").select_option(UNIT)
    page.locator("input[name=title]").fill("枫林医院门诊督导")
    page.locator("select[name=kind]").select_option(label="现场走访")
    page.locator("input[name=f1-title]").fill(TITLE)
    page.locator("select[name=f1-category]").select_option(label="民生")
    page.locator("textarea[name=f1-description]").fill("坡道上堆放医用耗材，轮椅过不去")
    page.locator("input[name=f1-files]").set_input_files([photo(10)])  # type: ignore[list-item]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("form.quick .send button").click()
    page.wait_for_load_state()
    assert "组内底稿 1 条" in page.locator(".noteband").inner_text()
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_load_state()
    finding = path_of(page)
    hidden = cast.at(FILLER).request.get(f"{cast.site}{finding}", max_redirects=0)
    assert hidden.status == 404, "a team's note does not exist for the unit"
    return finding


def the_finding_becomes_a_problem(cast: Cast, reader: Reader, finding: str) -> str:
    assert "组长审定" in send(step_of(cast, LEADER, finding, "approve"))
    assert "已反馈" in send(step_of(cast, LEADER, finding, "feed_back"))
    assert "已签收" in send(step_of(cast, FILLER, finding, "acknowledge"))
    page = cast.at(FILLER, "/supervision/")
    page.locator("li", has_text=TITLE).get_by_role("link", name="立项").click()
    page.locator("input[name=due]").fill("2023-12-20")
    page.locator("form.quick .send button").click()
    page.wait_for_load_state()
    problem = path_of(page)
    if reader.state(problem) == "待立项":
        send(step_of(cast, FILLER, problem, "file"))
    assert reader.state(problem) == "待整改"
    assert reader.light(problem).split() == ["正常推进", "还有", "20", "天到期。"]
    return problem


def it_is_put_right_and_signed(cast: Cast, reader: Reader, problem: str) -> None:
    started = step_of(cast, FILLER, problem, "start")
    started.get_by_label("责任人").fill("何静宜")
    send(started)
    measures = cast.at(FILLER).locator("#children-measures")
    measures.locator("input[name=title]").fill("清空坡道，划定货物暂存区")
    measures.locator("input[name=due]").fill("2023-12-05")
    send(measures)
    assert "清空坡道，划定货物暂存区" in cast.at(FILLER).locator("#children-measures table").inner_text()
    asked = step_of(cast, FILLER, problem, "submit_for_signature")
    asked.get_by_label("整改措施").fill("清空坡道；货物每日 7 时前转入暂存区")
    asked.locator("input[type=file][name=files]").first.set_input_files([paper("整改情况.pdf"), photo(30)])  # type: ignore[list-item]
    assert "待审签" in send(asked)
    assert "已申请销号" in send(step_of(cast, HEAD, problem, "sign_off"))
    assert "已按时报审" in reader.light(problem)


def the_team_sends_it_back(cast: Cast, reader: Reader, problem: str) -> None:
    page = cast.at(LEADER, "/queue/")
    page.locator(".qrow a.t", has_text=TITLE).click()
    papers = page.locator("#qpanel #papers a.k")
    for place, title in enumerate(("整改情况.pdf", "现场30.jpg")):
        papers.nth(place).click()
        page.locator("#viewer .lookbar", has_text=title).wait_for()
    review = problem.replace("/items/", "/queue/")
    assert "已查阅 2/2" in cast.at(LEADER, review).locator("#papers-seen").inner_text()
    assert "核验中" in send(step_of(cast, LEADER, review, "take_up"))
    returned = step_of(cast, LEADER, review, "send_back")
    returned.locator("textarea[name=reason]").fill("看不出货物移到了哪里，请补拍")
    assert "退回整改" in send(returned)
    assert reader.light(problem).startswith("临期或滞后")
    waiting = cast.at(FILLER, "/").locator("main").inner_text()
    assert "看不出货物移到了哪里，请补拍" in waiting


def it_comes_again_with_what_was_done(cast: Cast, reader: Reader, problem: str) -> None:
    page = cast.at(FILLER, problem)
    page.get_by_text("添加佐证材料").click()
    evidence = page.locator("#evidence form")
    evidence.locator("input[type=file][name=files-after_photo]").first.set_input_files([photo(77)])  # type: ignore[list-item]
    send(evidence)
    again = step_of(cast, FILLER, problem, "submit_for_signature")
    again.locator("textarea[name=reason]").fill("耗材移入负一层暂存间，补拍照片")
    send(again)
    send(step_of(cast, HEAD, problem, "sign_off"))
    assert reader.state(problem) == "已申请销号"


def it_goes_on_notice(cast: Cast, reader: Reader, problem: str) -> None:
    review = problem.replace("/items/", "/queue/")
    shown = cast.at(LEADER, review).locator("#review")
    told = shown.inner_text()
    difference = shown.locator("[aria-label=退回以来的变化]").inner_text()
    assert "耗材移入负一层暂存间，补拍照片" in difference and "现场77.jpg" in difference
    assert told.index("退回以来的变化") < told.index("佐证材料\n"), "what has changed stands first"
    send(step_of(cast, LEADER, review, "take_up"))
    approved = step_of(cast, LEADER, review, "give_notice")
    approved.get_by_label("核验意见").fill("现场看过，坡道已畅通")
    assert approved.locator("[name=notice_kind]").input_value() == "public"
    assert "公示中" in send(approved)
    assert f"公示期至 {NOTICE_ENDS} 止" in cast.at(LEADER, problem).locator(".way").inner_text()


def the_notice_runs_out(home: dict[str, str], number: str) -> int:
    """Move the demo's day on and let the worker's turn come, twice; how many notices it has ended."""
    ended: list[list[str]] = []
    for day in (NOTICE_ENDS, AFTER_NOTICE):
        moved = run_guatu("demo", "--load-only", "--day", day, home=home)
        assert moved.returncode == 0, moved.stderr
        told = run_guatu("tick", home=home).stdout.splitlines()
        ended.append([line for line in told if "公示期满销号" in line])
    on_the_last_day, on_the_day_after = ended
    assert not [line for line in on_the_last_day if line.startswith(f"{number} ")]
    assert [line for line in on_the_day_after if line.startswith(f"{number} ")]
    return len(on_the_last_day) + len(on_the_day_after)


def it_rebounds(cast: Cast, problem: str) -> None:
    page = cast.at(OFFICE, "/reinspection/draw/")
    rule = page.locator("form[method=get]", has=page.locator("input[name=per_unit]"))
    rule.locator("input[name=first]").fill(AFTER_NOTICE)
    rule.locator("input[name=seed]").fill("十二月第一次")
    rule.get_by_role("button", name="先看结果").click()
    page.get_by_role("button", name=re.compile("抽取这 .* 项")).click()
    page.wait_for_load_state()
    assert "按同样的规则和种子重抽，结果一致" in page.locator("main").inner_text()
    drawn = page.locator("tr", has_text=TITLE).inner_text()
    assert "必查" in drawn, "a problem of livelihood is always drawn"
    page = cast.at(MEMBER, path_of(page))
    page.locator("tr", has_text=TITLE).get_by_role("link", name="登记结论").click()
    page.locator("input[name=result][value=rebound]").check()
    page.locator("textarea[name=note]").fill("坡道又被货物占用")
    page.get_by_role("button", name="登记").click()
    page.wait_for_load_state()
    assert "出现反弹 1 项" in page.locator("main").inner_text()
    assert "反弹，重新整改，第 2 轮" in cast.at(OFFICE, problem).locator(".isnow").inner_text()


def the_second_round_begins(cast: Cast, reader: Reader, problem: str) -> None:
    assert TITLE in cast.at(FILLER, "/").locator("main").inner_text()
    assert "整改中" in send(step_of(cast, FILLER, problem, "resume"))
    assert "第 2 轮" in cast.at(FILLER).locator(".isnow").inner_text()
    assert "还有 12 天到期" in reader.light(problem)
