"""From the drafts of a liaison list to rows, and what they would change: who is who, which unit, which post is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.fields.base import narrow
from guatu.domain.imports.near_names import candidates
from guatu.domain.imports.people_plan import PersonChange, PersonKind, PersonRow
from guatu.domain.imports.problems import SHOWN, Problem
from guatu.domain.imports.sheet import Draft, Reading, short
from guatu.domain.words import coded, listed
from guatu.domain.words import gettext as _


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody who stands already. `held`: (role, unit code) of the posts that hold or will hold, in this campaign.

    `within`: whether the actor keeps this person's entry.
    """

    id: int
    username: str
    name: str
    home: str
    roles: frozenset[str]
    held: frozenset[tuple[str, str]]
    telephone: str
    within: bool


@dataclass(frozen=True, slots=True)
class KnownPlaces:
    """The units of the campaign within the actor's reach: code → name, and name → codes. `stands`: on a day."""

    names: Mapping[str, str]
    called: Mapping[str, frozenset[str]]
    stands: Callable[[str, date], bool]


@dataclass(slots=True)
class PeopleFound:
    """What the rows come to."""

    rows: list[PersonRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def people_rows(
    reading: Reading, people: Sequence[KnownPerson], places: KnownPlaces, day: date
) -> PeopleFound:
    """The rows that can be understood, with the account each goes by, and what is wrong with the others."""
    found = PeopleFound()
    accounts = _Accounts(people, {d.values["username"] for d in reading.drafts if d.values.get("username")})
    finder = _Units(reading, places)
    seen: dict[tuple[str, str, str], int] = {}
    numbers: dict[str, tuple[int, str]] = {}
    units_of: dict[str, dict[str, int]] = {}
    for draft in reading.drafts:
        unit = finder.unit(draft, draft.values.get("day") or day)
        missing = list(_missing(draft, reading))
        found.problems += missing
        if isinstance(unit, Problem):
            found.problems.append(unit)
            continue
        if missing or draft.bad & {"name", "role", "username", "telephone", "day"} or not unit:
            continue
        username = accounts.of(draft, unit)
        if isinstance(username, Problem):
            found.problems.append(username)
            continue
        values = draft.values
        row = PersonRow(
            draft.row,
            unit,
            values["name"],
            username,
            values["role"],
            values.get("telephone") or "",
            values.get("day") or day,
        )
        key = (username, unit, row.role)
        if key in seen:
            found.problems.append(_twice(row, seen[key]))
            continue
        seen[key] = row.row
        first = numbers.setdefault(username, (row.row, row.telephone)) if row.telephone else None
        if first is not None and first[1] != row.telephone:
            found.problems.append(_two_numbers(row, first[0]))
            continue
        elsewhere = units_of.setdefault(row.name, {})
        if not values.get("username") and elsewhere and unit not in elsewhere:
            found.warnings.append(_namesake(row, next(iter(elsewhere.values()))))
        elsewhere.setdefault(unit, row.row)
        found.rows.append(row)
    return found


def people_changes(
    rows: Sequence[PersonRow],
    people: Sequence[KnownPerson],
    places: Mapping[str, str],
    roles: Mapping[str, str],
) -> list[PersonChange]:
    """What the rows bring about beyond what stands."""
    known = {person.username: person for person in people}
    entered: set[str] = set()
    noted: set[str] = set()
    changes = []
    for row in rows:
        person = known.get(row.username)
        kinds: list[PersonKind] = []
        if person is None and row.username not in entered:
            kinds.append("new")
            entered.add(row.username)
        if person is None or (row.role, row.unit) not in person.held:
            kinds.append("appointed")
        if (
            row.telephone
            and row.username not in noted
            and row.telephone != (person.telephone if person else "")
        ):
            kinds.append("telephone")
            noted.add(row.username)
        if kinds:
            changes.append(
                PersonChange(
                    row.row,
                    row.username,
                    row.name,
                    places.get(row.unit, row.unit),
                    roles.get(row.role, row.role),
                    tuple(kinds),
                    row.day,
                )
            )
    return changes


def _missing(draft: Draft, reading: Reading) -> list[Problem]:
    return [
        Problem(
            draft.row,
            _("第 {row} 行没有填“{column}”。请补填，或删去这一行。").format(
                row=draft.row, column=reading.heading(column, label)
            ),
            reading.heading(column, label),
        )
        for column, label in (("name", _("姓名")), ("role", _("身份")))
        if not draft.values.get(column) and column not in draft.bad
    ]


def _twice(row: PersonRow, first: int) -> Problem:
    return Problem(
        row.row,
        _("第 {row} 行“{name}”的身份与第 {first} 行重复。请删去其中一行。").format(
            row=row.row, name=row.name, first=first
        ),
    )


def _two_numbers(row: PersonRow, first: int) -> Problem:
    return Problem(
        row.row,
        _("第 {row} 行“{name}”的电话与第 {first} 行不一致。请改成一致。").format(
            row=row.row, name=row.name, first=first
        ),
        _("电话"),
    )


def _namesake(row: PersonRow, first: int) -> Problem:
    return Problem(
        row.row,
        _(
            "第 {row} 行“{name}”与第 {first} 行同名而单位不同，没有填账号，按两个人处理。是同一人的，请填同一账号。"
        ).format(row=row.row, name=row.name, first=first),
    )


@dataclass(slots=True)
class _Units:
    """Finds the unit of a row by code or exact name."""

    reading: Reading
    places: KnownPlaces
    missed: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def unit(self, draft: Draft, day: date) -> str | Problem:
        """The unit's code, or what is wrong; '' when its cell has been complained about already."""
        code, name = draft.values.get("unit_code"), draft.values.get("unit_name")
        if draft.bad & {"unit_code", "unit_name"}:
            return ""
        if not code and not name:
            heading = self.reading.heading("unit_code", self.reading.heading("unit_name", _("单位代码")))
            text = _("第 {row} 行没有填“{column}”。请补填，或删去这一行。")
            return Problem(draft.row, text.format(row=draft.row, column=heading), heading)
        by_code = self._found(draft.row, code, "unit_code", _("单位代码")) if code else None
        if isinstance(by_code, Problem):
            return by_code
        found = by_code or self._found(draft.row, str(name), "unit_name", _("单位"))
        if isinstance(found, Problem):
            return found
        if by_code and name and by_code not in self.places.called.get(name, frozenset()):
            return self._disagree(draft, by_code, name)
        if not self.places.stands(found, day):
            return Problem(
                draft.row,
                _("第 {row} 行：“{unit}”在 {day} 尚未设立或已撤销。请核对起始日期。").format(
                    row=draft.row, unit=self.places.names[found], day=day
                ),
                self.reading.heading("day", _("起始日期")),
            )
        return found

    def _found(self, row: int, text: str, column: str, label: str) -> str | Problem:
        heading = self.reading.heading(column, label)
        code = narrow(text).replace(" ", "")
        if code in self.places.names:
            return code
        fitting = sorted(self.places.called.get(text, frozenset()))
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            these = tuple(coded(self.places.names[code], code) for code in fitting)
            rule = _("第 {row} 行“{column}”填的“{value}”对应多家单位：{these}。请改填单位代码。")
        else:
            these = self._near(text)
            if these:
                rule = _("第 {row} 行“{column}”：“{value}”可能是：{these}。请选定一家。")
            else:
                rule = _("第 {row} 行“{column}”填的是“{value}”，没有这家单位，或不在您的管理范围内。请核对。")
        sentence = rule.format(row=row, column=heading, value=short(text), these=listed(these))
        return Problem(row, sentence, heading, text, these)

    def _near(self, text: str) -> tuple[str, ...]:
        if text not in self.missed and len(self.missed) < SHOWN:
            self.missed[text] = candidates(text, self.places.called)
        return self.missed.get(text, ())

    def _disagree(self, draft: Draft, code: str, name: str) -> Problem:
        return Problem(
            draft.row,
            _("第 {row} 行的单位代码“{code}”是“{own}”，与所填单位“{name}”不一致。请改成一致。").format(
                row=draft.row, code=code, own=self.places.names[code], name=short(name)
            ),
            self.reading.heading("unit_name", _("单位")),
        )


class _Accounts:
    """Which account a row goes by: the one it names, that of the same person, or a new one made from the code."""

    def __init__(self, people: Sequence[KnownPerson], named: set[str]) -> None:
        self._known = {person.username: person for person in people}
        self._taken = set(self._known) | named
        self._names: dict[str, str] = {}
        self._made: dict[tuple[str, str], str] = {}
        self._at: dict[tuple[str, str], list[KnownPerson]] = {}
        for person in people:
            for unit in {person.home, *(unit for _role, unit in person.held)} - {""}:
                self._at.setdefault((person.name, unit), []).append(person)

    def of(self, draft: Draft, unit: str) -> str | Problem:
        """The account, or what is wrong."""
        name, given = draft.values["name"], draft.values.get("username")
        if not given:
            same = self._at.get((name, unit), [])
            if len(same) > 1:
                text = _("第 {row} 行：该单位有 {count} 位“{name}”（{accounts}）。请填写账号。")
                accounts = listed(sorted(person.username for person in same))
                return Problem(
                    draft.row, text.format(row=draft.row, count=len(same), name=name, accounts=accounts)
                )
            given = same[0].username if same else self._new(name, unit)
        person = self._known.get(given)
        if person is not None and not person.within:  # said before whose it is
            text = _(
                "第 {row} 行“{name}”（{account}）的账号不在您的管理范围内。请联系其所在单位或集团办公室。"
            )
            return Problem(draft.row, text.format(row=draft.row, name=name, account=given))
        owner = person.name if person is not None else self._names.setdefault(given, name)
        if owner != name:
            text = _("第 {row} 行的账号“{account}”属于“{owner}”，与姓名“{name}”不一致。请核对账号或姓名。")
            return Problem(
                draft.row,
                text.format(row=draft.row, account=given, owner=owner, name=name),
                _("账号"),
                given,
            )
        if person is not None and person.roles & ADMINISTRATORS:
            text = _("第 {row} 行“{name}”是三员之一，不兼业务身份。请另定人员。")
            return Problem(draft.row, text.format(row=draft.row, name=name))
        return given

    def _new(self, name: str, unit: str) -> str:
        """An account for somebody new: the unit's code, the next with -2, -3 …"""
        if (name, unit) not in self._made:
            number, account = 1, unit
            while account in self._taken:
                number += 1
                account = f"{unit}-{number}"
            self._taken.add(account)
            self._made[name, unit] = account
        return self._made[name, unit]
