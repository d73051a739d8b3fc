"""The house of the deadline rush: so many units, a filler in each, and one request that has been sent to all of them.

Made through the actions, as an office would; of what one opens by hand only the log-in is left out: each filler's session
is put into the store as the door puts it there, because checking a thousand passwords measures the hash of passwords.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection, transaction
from django.urls import reverse

from guatu.access import operator, resolve
from guatu.access.sessions import LIMITS
from guatu.actions.pack_changes import add_register
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.requests import draft_request, send_request
from guatu.actions.setup import create_campaign, create_tree
from guatu.actions.units import NewUnit, enter_units
from guatu.demo.demos import usual_demo
from guatu.domain import clock
from guatu.domain.collection import Asked, Form
from guatu.domain.loop_tracks import BASIS, RETURN
from guatu.domain.pack import Pack, builtin_pack
from guatu.domain.pack.growing import free_key, free_prefix
from guatu.domain.pack.register import Field, Register
from guatu.domain.words import gettext as _
from guatu.queries.returns import collection_of
from guatu.records.models import Campaign, FillDraft, Item, Person, Unit
from guatu.records.packs import pack_of

BELOW = 7
"""So many units stand below one."""
DAYS = 10
"""The cut-off is so many days ahead: far enough that no reminder falls into what is measured."""
ROOT, OFFICE = "HQ", "office"
DAY = "period"


@dataclass(frozen=True, slots=True)
class Owed:
    """A return that somebody owes: its address, and the session of its filler."""

    address: str
    saving: str
    session: str


@dataclass(frozen=True, slots=True)
class House:
    """What is rushed at: the register of the rows and its cells, and what each unit owes.

    `listed`: the address of the list of all returns, `office` a session of somebody who sees them all.
    """

    campaign: Campaign
    request: Item
    register: str
    cells: tuple[str, ...]
    owed: tuple[Owed, ...]
    listed: str
    office: str


def build(units: int) -> House:
    """A house in an empty database. One return of the request for each of the units of the lowest level."""
    pack = builtin_pack(usual_demo())
    rows, lowest = _units(pack, units)
    setter, day = operator(), clock.today()
    with transaction.atomic():
        first = pack.head.trees[0]
        tree = create_tree(setter, key=first.key, name=first.label)
        enter_units(setter, tree=tree, rows=rows)
        campaign = create_campaign(
            setter,
            key="rush",
            name=pack.name,
            short_name=pack.name,
            pack=pack,
            tree=tree,
            root=Unit.objects.get(code=ROOT),
            starts_on=day,
        )
        companies = [row.code for row in rows if row.parent == ROOT]
        enter_people(setter, people=list(_people(companies, lowest)))
        posts = [Appointment(OFFICE, "office", ROOT)]
        posts += [Appointment(code, "liaison", code) for code in companies]
        posts += [Appointment(code, "filler", code) for code in lowest]
        appoint(setter, campaign=campaign, appointments=posts)
    office = resolve(Person.objects.get(username=OFFICE), campaign)
    register = _register(pack_of(campaign))
    campaign = add_register(office, campaign=campaign, register=register)
    cells = tuple(field.key for field in register.fields if field.key != DAY)
    form = Form(
        register=register.key,
        fields=tuple(Asked(key) for key in cells),
        cut_off=datetime.combine(day + timedelta(days=DAYS), time(18)),
        period=day,
        rows="one",
    )
    drawn = draft_request(office, campaign=campaign, unit=ROOT, title=_("测速用的月报"), form=form)
    send_request(office, campaign=campaign, request=drawn.pk, units=lowest)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    listed = reverse("list", args=[collection_of(pack_of(campaign)).returns])
    person = Person.objects.get(username=OFFICE)
    owed = tuple(_owed(campaign, drawn))
    return House(campaign, drawn, register.key, cells, owed, listed, _session(person))


@dataclass(frozen=True, slots=True)
class Tally:
    """What stands afterwards. `doubled`: rows and revisions beyond one row and one step for each return."""

    handed_in: int
    rows: int
    doubled: int
    drafts_left: int


def tally(house: House) -> Tally:
    """Count what stands in the database."""
    spec = collection_of(pack_of(house.campaign))
    returns = Item.objects.filter(campaign=house.campaign, register=spec.returns, parent=house.request)
    rows = Item.objects.filter(campaign=house.campaign, register=house.register)
    carried = [
        (version, data.get(RETURN), data.get(BASIS)) for version, data in rows.values_list("version", "data")
    ]
    twice = len(carried) - len({of for _version, of, _basis in carried})
    return Tally(
        handed_in=returns.filter(phase="review").count(),
        rows=sum(basis == "reported" for _version, _of, basis in carried),
        doubled=twice
        + sum(version != 1 for version, _of, _basis in carried)
        + returns.filter(version__gt=2).count(),
        drafts_left=FillDraft.objects.count(),
    )


def _units(pack: Pack, count: int) -> tuple[list[NewUnit], list[str]]:
    """The whole tree, from the root to `count` units of the pack's lowest level, and the codes of those."""
    levels = [level.key for level in pack.head.levels]
    sector = pack.head.sectors[0].key if pack.head.sectors else ""
    rows = [NewUnit(ROOT, _("测速集团"), _("测速集团"), levels[0])]
    above = [ROOT]
    for depth, level in enumerate(levels[1:], start=1):
        many = max(1, count // BELOW ** (len(levels) - 1 - depth))
        codes = [f"L{depth}-{number:05d}" for number in range(many)]
        for number, code in enumerate(codes):
            name = _("测速单位 {code}").format(code=code)
            parent = above[number * len(above) // many]
            rows.append(NewUnit(code, name, name, level, parent, sector if depth == 1 else "", order=number))
        above = codes
    return rows, above


def _people(companies: Sequence[str], lowest: Sequence[str]) -> Iterator[NewPerson]:
    """One of the office, a liaison of each company, a filler of each unit: their account is the unit's code."""
    yield NewPerson(OFFICE, _("测速办公室"), ROOT)
    for code in (*companies, *lowest):
        yield NewPerson(code, _("测速人员 {code}").format(code=code), code)


def _register(pack: Pack) -> Register:
    """A monthly return of eight numbers, one row a unit, as it is made by clicks."""
    spec = collection_of(pack)
    numbers = [
        Field(key=f"cell_{place}", label=_("第 {n} 格").format(n=place), type="integer")
        for place in range(1, 9)
    ]
    return Register.model_validate(
        {
            "key": free_key(pack.registers),
            "label": _("测速用的月报"),
            "noun": _("记录"),
            "measure": _("份"),
            "prefix": free_prefix([one.prefix for one in pack.registers.values()]),
            "section": pack.register(spec.requests).section,
            "done_word": _("登记"),
            "lead_levels": tuple(level.key for level in pack.head.levels[1:]),
            "workflow": spec.collected,
            "fills": ("office", "liaison", "filler"),
            "flow_day": DAY,
            "rows": "one",
            "fields": (Field(key=DAY, label=_("期末日"), type="date"), *numbers),
            "columns": ("number", "unit", DAY, numbers[0].key),
        }
    )


def _owed(campaign: Campaign, request: Item) -> Iterator[Owed]:
    fillers = {person.home_unit_id: person for person in Person.objects.exclude(username=OFFICE)}
    with transaction.atomic():
        for item in Item.objects.filter(campaign=campaign, parent=request).order_by("pk"):
            yield Owed(
                reverse("return", args=[item.public_id]),
                reverse("return-save", args=[item.public_id]),
                _session(fillers[item.unit_id]),
            )


def _session(person: Person) -> str:
    """The key of a session of this person, as the door leaves it behind."""
    moment = clock.real_now().timestamp()
    rests, lasts = settings.GUATU_IDLE_MINUTES * 60, settings.GUATU_SESSION_HOURS * 3600
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "guatu.access.sign_in.PersonBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[LIMITS] = {"began": moment, "seen": moment, "rests": rests, "lasts": lasts}
    session.set_expiry(lasts)
    session.save()
    return str(session.session_key)
