"""Sending what the outbox holds: letter by letter, each channel at its own pace. Called by the worker and `guatu notify`."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from guatu.access.house_language import house_language
from guatu.actions import outbox
from guatu.actions.jobs import STOPPING
from guatu.actions.outbox import Claimed, claim, drop, hold_all, hold_lost, settle
from guatu.domain.clock import now
from guatu.domain.errors import GuatuError
from guatu.domain.reminding.channels import MAIL, Channels
from guatu.domain.reminding.outcomes import Outcome, Verdict
from guatu.domain.words import gettext as _
from guatu.exchange.letters import compose
from guatu.exchange.notifiers.base import Notifier
from guatu.exchange.notifiers.table import opened
from guatu.queries.channels import channels, choice_of
from guatu.queries.installation import installation

log = logging.getLogger("guatu.delivering")
SECONDS = 20.0
"""How long one call may go on: jobs wait beside it."""


@dataclass(slots=True)
class Delivered:
    """What came of one call: letters by verdict, facts that had become needless, what stands in the way."""

    sent: int = 0
    later: int = 0
    refused: int = 0
    unknown: int = 0
    dropped: int = 0
    held: int = 0
    said: str = ""
    demo: bool = False


def deliver(
    at: Callable[[], datetime] = now, *, seconds: float = SECONDS, only: str | None = None
) -> Delivered:
    """Send what may go now, for at most `seconds`; `only` one channel. Never raises for what goes wrong outside.

    A demonstration opens no connection: what waits is held, with the sentence that says so.
    """
    result = Delivered()
    with house_language():
        result.held = hold_lost(at())
        if installation().demo:
            result.said = _("演示不向外发送消息。")
            result.held += hold_all(result.said)
            result.demo = True
            return result
        try:
            known = channels()
        except GuatuError as refused:
            result.said = str(refused)
            return result
        end = time.monotonic() + seconds
        for key in known.keys:
            if only in (None, key):
                _empty(known, key, at, end, result)
    return result


def _empty(known: Channels, key: str, at: Callable[[], datetime], end: float, result: Delivered) -> None:
    """Send the letters of one channel until none may go, or the time is over."""
    notifier: Notifier | None = None
    try:
        notifier = opened(known, key)
        while time.monotonic() < end and not STOPPING.is_set():
            taken = claim(key, limits=notifier.limits, at=at())
            if taken is None:
                return
            _one(known, key, notifier, taken, at, result)
    finally:
        if notifier is not None:
            notifier.close()


def _one(
    known: Channels,
    key: str,
    notifier: Notifier,
    taken: Claimed,
    at: Callable[[], datetime],
    result: Delivered,
) -> None:
    to = ""
    if key == MAIL:
        to = _reached_by_mail(taken)
        if to and known.mail is not None and not known.mail.takes(to):  # the domains may be others since
            drop([row.pk for row in taken.rows], _("邮箱不在可用的域名之内，不再发送。"))
            result.dropped += len(taken.rows)
            return
        if not to:
            drop([row.pk for row in taken.rows], _("本人不再用邮件接收，不再发送。"))
            result.dropped += len(taken.rows)
            return
    try:
        made = compose(taken.rows, known.named(key), at())
    except Exception:  # a fault of ours, before anything went out: one letter must not stop the others
        log.exception("letter of %s", key.partition(":")[0])
        settle(key, taken.token, Outcome(Verdict.LATER, _("系统出错，没有发出，稍后再试。")), at())
        result.later += 1
        return
    for said, rows in made.needless.items():
        drop(rows, said)
        result.dropped += len(rows)
    if made.letter is None:
        return
    try:
        outcome = notifier.send(made.letter, to=to, ident=taken.token)
    except (
        Exception
    ) as failure:  # a fault of ours: the letter may have gone out, and nothing else may stop for it
        log.error(
            "letter of %s: %s", key.partition(":")[0], type(failure).__name__
        )  # its text could hold a token
        outcome = Outcome(Verdict.UNKNOWN, _("系统出错，可能已经送达。请核实后再点“重发”。"))
    settle(key, taken.token, outcome, at())
    setattr(result, outcome.verdict.value, getattr(result, outcome.verdict.value) + 1)


def _reached_by_mail(taken: Claimed) -> str:
    """The addressee's mail address, if they still want mail; a test goes to whoever asked for it."""
    person = taken.rows[0].person
    if person is None or not person.is_active:
        return ""
    choice = choice_of(person.pk)
    wants = choice.email or taken.rows[0].payload.get("kind") == outbox.TEST
    return choice.address if wants else ""
