"""The scene of the loop's property test: problems at every stage, and each channel by which a step can be tried."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from guatu.access import operator
from guatu.actions.delegations import delegate
from guatu.actions.moves_import import move_listed
from guatu.actions.people import Appointment, NewPerson, appoint, end_post, enter_people
from guatu.actions.workflow import Move, move_items
from guatu.console import move as console_move
from guatu.domain import clock
from guatu.domain.errors import GuatuError
from guatu.exchange.moves_in import read_steps
from guatu.queries.signed_versions import current_code
from guatu.records.models import Evidence, Item, Person, Post
from guatu.records.packs import pack_of
from tests.actions.loop_reference import FIRST, HOMES, POSTS, STAND_INS, STEPS, SWITCH, Given, Problem, done
from tests.people import PAPER, World, small_world

EARLY, LATE, BEGIN = date(2023, 11, 6), date(2023, 11, 9), date(2023, 11, 10)
DUE = date(2023, 11, 9)
BACKEND = "guatu.access.sign_in.PersonBackend"
NAMES = {
    "ou": "欧阳旭",
    "mei": "梅若愚",
    "tao": "陶然",
    "dan": "单云舒",
    "fan": "范希文",
    "song": "宋知微",
    "han": "韩松",
    "qin": "秦未央",
}
TRIED = {"own": {"F1": ("lu", "ren"), "Y3": ("ji", "ou")}, "outside": "xu"}
WAYS = {
    "open": (),
    "doing": ("start",),
    "signing": ("start", "submit_for_signature"),
    "applied": ("start", "submit_for_signature", "sign_off"),
    "verifying": ("start", "submit_for_signature", "sign_off", "take_up"),
    "closed": ("start", "submit_for_signature", "sign_off", "take_up", "approve"),
    "returned": ("start", "submit_for_signature", "sign_off", "send_back"),
}
STAGES = (
    *(("F1", state, EARLY, "research") for state in WAYS),
    ("F1", "verifying", EARLY, "research"),
    ("F1", "verifying", EARLY, "public"),
    ("F1", "verifying", LATE, "research"),
    ("Y3", "open", EARLY, "research"),
    ("Y3", "verifying", EARLY, "research"),
    ("Y3", "verifying", EARLY, "research"),
)
"""Problems as they stand when every story begins."""


@dataclass(repr=False)
class Scene:
    """The world, its items, what the reference knows of them, and a browser for everybody."""

    world: World
    items: list[int]
    known: list[Problem]
    clients: dict[str, Client]
    folder: Path
    day: date = BEGIN
    proofs: int = 1000
    pieces: dict[int, list[int]] = field(default_factory=dict)

    def fresh(self) -> Scene:
        """The scene as it was at the beginning, for another story."""
        return Scene(self.world, self.items, deepcopy(self.known), self.clients, self.folder)

    def rows(self, places: list[int]) -> list[Item]:
        found = {item.pk: item for item in Item.objects.filter(pk__in=[self.items[at] for at in places])}
        return [found[self.items[at]] for at in places]

    def try_step(
        self, who: str, channel: str, key: str, places: list[int], given: Given, back: int = 0
    ) -> bool:
        """Whether the step was made. The channels bring the same things along."""
        rows = self.rows(places)
        fields = {"owner": "陆文博", "measures_text": "加开窗口"}
        if given.verification and key == "approve":
            fields["verification"] = "现场看过"
        reason = "现场核对属实" if given.reason else ""
        sheets = {
            item.pk: str(current_code(item)) if given.sheet == "right" else given.sheet for item in rows
        }
        effective = self.day - timedelta(days=back) if back else None
        with clock.fixed(self.day):
            if channel == "page":
                return self._page(who, key, rows[0], fields, reason, given)
            if channel in ("sheet", "console"):
                return self._listed(who, channel, key, rows, fields, reason, given, sheets)
            moves = [
                Move(
                    item.pk,
                    fields=fields,
                    evidence=self._evidence(key, given),
                    reason=reason,
                    sheet=sheets[item.pk],
                )
                for item in rows
            ]
            try:
                move_items(
                    self.world.actor(who),
                    campaign=self.world.campaign,
                    transition=key,
                    moves=moves,
                    effective=effective,
                )
            except GuatuError:
                return False
            return True

    def _evidence(self, key: str, given: Given) -> tuple[object, ...]:
        if key == "sign_on_paper":
            return (type(PAPER)(title="签章件", place="档案柜", keeper="白露", kind="signed_sheet"),)
        return (PAPER,) if given.evidence and key == "submit_for_signature" else ()

    def _page(
        self, who: str, key: str, item: Item, fields: dict[str, str], reason: str, given: Given
    ) -> bool:
        form = {f"field-{name}": value for name, value in fields.items()}
        if evidence := self._evidence(key, given):
            paper = evidence[0]
            form |= {"title": paper.title, "place": paper.place, "keeper": paper.keeper, "kind": paper.kind}
        form |= {"reason": reason, "version": str(item.version)}
        answer = self.clients[who].post(reverse("move", args=[item.public_id, key]), form)
        assert answer.status_code in (302, 403, 404, 409, 422), answer.status_code
        if answer.status_code == 302:
            assert "/items/" in answer["Location"], answer["Location"]
        return answer.status_code == 302

    def _listed(
        self,
        who: str,
        channel: str,
        key: str,
        rows: list[Item],
        fields: dict[str, str],
        reason: str,
        given: Given,
        sheets: dict[int, str],
    ) -> bool:
        heads = [
            "编号",
            "办理",
            "原因",
            "责任人",
            "整改措施",
            "核验意见",
            "材料名称",
            "存放处",
            "保管人",
            "材料种类",
            "版本码",
        ]
        lines = [",".join(heads)]
        for item in rows:
            paper = self._evidence(key, given)
            piece = [paper[0].title, paper[0].place, paper[0].keeper, paper[0].kind] if paper else [""] * 4
            words = [fields["owner"], fields["measures_text"], fields.get("verification", "")]
            lines.append(",".join([item.number, key, reason, *words, *piece, sheets[item.pk]]))
        text = "\n".join(lines) + "\n"
        if channel == "sheet":
            steps = read_steps(text.encode(), pack_of(self.world.campaign), "办理.csv")
            return move_listed(self.world.actor(who), campaign=self.world.campaign, steps=steps).written
        file = self.folder / "办理.csv"
        file.write_text(text, encoding="utf-8")
        result = CliRunner().invoke(console_move.command, [str(file), "--as", who, "--json"])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return bool(json.loads(result.output)["written"])


def build(folder: Path) -> Scene:
    """The world with its second posts, past posts and stand-ins, and the problems at their stages."""
    world = small_world()
    _people(world)
    items: list[int] = []
    known: list[Problem] = []
    scene = Scene(world, items, known, {}, folder)
    for unit, state, day, source in STAGES:
        item = world.problem(unit, day, due=DUE, source=source)
        items.append(item.pk)
        known.append(Problem(unit, day, by_people=source == "public"))
        at = len(items) - 1
        scene.day = day
        for key in WAYS[state]:
            filler, head = TRIED["own"][unit]
            who = "xu" if STEPS[key].side == "outside" else head if key == "sign_off" else filler
            assert scene.try_step(who, "action", key, [at], Given()), (unit, state, key)
            note_done(scene, who, key, [at], Given())
    for who in {post.who for post in POSTS} | {"tao", "fan", "guest"}:
        client = Client()
        client.force_login(Person.objects.get(username=who), backend=BACKEND)
        scene.clients[who] = client
    scene.day = BEGIN
    return scene


def note_done(scene: Scene, who: str, key: str, places: list[int], given: Given) -> None:
    """Tell the reference that the step was made; a new piece of evidence gets its number from the records."""
    for at in places:
        newest = (
            Evidence.objects.filter(item=scene.items[at]).order_by("-pk").values_list("pk", flat=True).first()
        )
        done(who, key, [scene.known[at]], given, scene.day, newest or 0)


def _people(world: World) -> None:
    with clock.fixed(FIRST):
        setter, campaign = operator(), world.campaign
        enter_people(
            setter, people=[NewPerson(user, name, home_unit=HOMES.get(user)) for user, name in NAMES.items()]
        )
        known = {(post.person.username, post.role) for post in Post.objects.select_related("person")}
        new = [post for post in POSTS if (post.who, post.role) not in known]
        appoint(
            setter,
            campaign=campaign,
            appointments=[
                Appointment(post.who, post.role, team="t3")
                if post.place == "t3"
                else Appointment(post.who, post.role, post.place)
                for post in new
            ],
        )
    for post in POSTS:
        if post.ends is not None:
            with clock.fixed(post.ends):
                row = Post.objects.get(person__username=post.who, role=post.role)
                end_post(world.actor("lin"), campaign=campaign, post=row.pk, day=post.ends)
    for lent in STAND_INS:
        with clock.fixed(lent.begins):
            row = Post.objects.get(person__username=lent.post.who, role=lent.post.role)
            delegate(
                world.actor(lent.post.who),
                campaign=campaign,
                post=row.pk,
                taker=lent.taker,
                first_day=lent.begins,
                last_day=lent.ends - timedelta(days=1),
            )


assert SWITCH > EARLY  # somebody left the unit while its first problems were open
