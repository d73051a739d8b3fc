"""The people of the deadline rush, in a process of their own: they know nothing of the product but its pages.

Reads a plan as JSON from the standard input and writes what was met as JSON to the standard output. Run as a program, with
the standard library only. Everybody has opened the form before; then they come evenly over the given seconds, each keeps
what was typed (自动暂存), hands it in and sees the page that answers; some press the button twice. Times are counted
from when somebody was due, so that waiting for a free client counts as waiting.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlencode

OPENERS = 4
"""Clients that open the forms beforehand."""
PATIENCE = 60.0
"""Seconds after which an answer counts as none."""
INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


class Met:
    """What was met, by step: milliseconds, and how often each status; the first words of what went wrong."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = {}
        self.statuses: dict[str, Counter[str]] = {}
        self.wrong: list[str] = []
        self.lock = threading.Lock()

    def note(self, step: str, since: float, status: int | str, wrong: str = "") -> None:
        """One answer, counted from `since`."""
        took = (time.perf_counter() - since) * 1000
        with self.lock:
            self.times.setdefault(step, []).append(round(took, 2))
            self.statuses.setdefault(step, Counter())[str(status)] += 1
            if wrong and len(self.wrong) < 20:
                self.wrong.append(f"{step}: {wrong}")


class Unit:
    """One unit's filler: the session, the form that was opened, the cells to be typed."""

    def __init__(self, port: int, plan: dict[str, Any], cells: Iterable[str], place: int) -> None:
        self.port, self.address, self.saving, self.session = (
            port,
            plan["address"],
            plan["saving"],
            plan["session"],
        )
        self.cells = {f"r0-{key}": str(1000 + place + number) for number, key in enumerate(cells)}
        self.form: dict[str, str] = {}
        self.token = ""

    def _send(self, line: HTTPConnection, path: str, form: dict[str, str] | None = None) -> None:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={self.token}"}
        if form is None:
            line.request("GET", path, headers=headers)
            return
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.token}
        line.request("POST", path, urlencode(form), headers)

    def open(self, met: Met) -> None:
        """The form, as it is before anything was typed."""
        began, line = time.perf_counter(), self._line()
        self._send(line, self.address)
        answer = line.getresponse()
        page = answer.read().decode()
        self.token = _cookie(answer, "csrftoken")
        for tag in INPUT.findall(page[page.find('id="fill"') :]):
            found = dict(ATTRIBUTE.findall(tag))
            if found.get("type") == "hidden" and "name" in found:
                self.form[found["name"]] = unescape(found.get("value", ""))
        line.close()
        met.note("open", began, answer.status, "" if "key" in self.form else _said(page))

    def hand_in(self, met: Met, due: float, *, twice: bool) -> None:
        """Keep what was typed, hand in, see the answer. `twice`: the button is pressed again before the answer is there."""
        line = self._line()
        self._send(line, self.saving, {**self.form, **self.cells})
        answer = line.getresponse()
        page = answer.read().decode()
        kept = re.search(r'name="draft"[^>]*value="(\d+)"', page)
        met.note("save", due, answer.status, "" if kept and answer.status == 200 else _said(page))
        form = {**self.form, **self.cells, "draft": kept.group(1) if kept else "0", "do": "data"}
        began = time.perf_counter()
        self._send(line, self.address, form)
        other = self._line() if twice else None
        if other is not None:
            self._send(other, self.address, form)
        answer = line.getresponse()
        page = answer.read().decode()
        met.note("hand_in", began, answer.status, "" if answer.status in (302, 409) else _said(page))
        if other is not None:
            second = other.getresponse()
            page = second.read().decode()
            met.note("again", began, second.status, "" if second.status in (302, 409) else _said(page))
            other.close()
        began = time.perf_counter()
        self._send(line, self.address)
        answer = line.getresponse()
        page = answer.read().decode()
        met.note("see", began, answer.status, "" if answer.status == 200 else _said(page))
        line.close()

    def _line(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)


def _cookie(answer: HTTPResponse, name: str) -> str:
    for value in answer.msg.get_all("Set-Cookie") or ():
        if value.startswith(f"{name}="):
            return str(value.split(";")[0].partition("=")[2])
    return ""


def _said(page: str) -> str:
    """The words of a page that was not expected."""
    body = page[page.find("<main") :] if "<main" in page else page
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())[:200]


def _all(count: int, clients: int, one: Callable[[int], None]) -> None:
    """Do `one` for each number, so many at a time."""
    left: SimpleQueue[int] = SimpleQueue()
    for number in range(count):
        left.put(number)

    def work() -> None:
        while True:
            try:
                number = left.get_nowait()
            except Empty:
                return
            one(number)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _read(plan: dict[str, Any], met: Met) -> float:
    """The list of all returns, read again and again by some people at the same time: pages a second."""
    start = time.perf_counter()

    def reader(_number: int) -> None:
        line = HTTPConnection("127.0.0.1", plan["port"], timeout=PATIENCE)
        while time.perf_counter() < start + plan["reading"]:
            began = time.perf_counter()
            try:
                line.request("GET", plan["listed"], headers={"Cookie": f"sessionid={plan['office']}"})
                answer = line.getresponse()
                page = answer.read().decode()
                met.note("list", began, answer.status, "" if answer.status == 200 else _said(page))
            except OSError as error:
                met.note("list", began, type(error).__name__, str(error))
                line.close()

    _all(plan["readers"], plan["readers"], reader)
    took = time.perf_counter() - start
    good = met.statuses.get("list", Counter())["200"]
    return round(good / took, 1)


def rush(plan: dict[str, Any]) -> dict[str, Any]:
    """Play the plan: `port`, `cells`, `owed`, `clients`, `seconds`, `every` (who presses twice)."""
    met, owed, seconds = Met(), plan["owed"], plan["seconds"]
    units = [Unit(plan["port"], one, plan["cells"], place) for place, one in enumerate(owed)]

    def opened(number: int) -> None:
        began = time.perf_counter()
        try:
            units[number].open(met)
        except OSError as error:
            met.note("open", began, type(error).__name__, str(error))

    _all(len(units), OPENERS, opened)
    start = time.perf_counter()

    def handed(number: int) -> None:
        due = start + seconds * number / len(units)
        time.sleep(max(0.0, due - time.perf_counter()))
        try:
            units[number].hand_in(met, due, twice=number % plan["every"] == 0)
        except OSError as error:
            met.note("error", due, type(error).__name__, str(error))

    _all(len(units), plan["clients"], handed)
    took = time.perf_counter() - start
    return {
        "seconds": round(took, 2),
        "per_second": _read(plan, met),
        "times": met.times,
        "statuses": met.statuses,
        "wrong": met.wrong,
        "cpu_seconds": round(time.process_time(), 2),
    }


if __name__ == "__main__":
    json.dump(rush(json.load(sys.stdin)), sys.stdout)
