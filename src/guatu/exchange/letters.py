"""What a letter says, made when it goes out: with the titles, days and rights of that moment.

What has been done, moved or read in the meantime is left out, so the outbox keeps no words at all. A mail names an item
by number and title, a restricted one by number only; a group is told counts and names of units, never an item.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse

from guatu.access import resolve, visible
from guatu.access.secrecy import is_kept
from guatu.domain.loop_tracks import CUT_OFF
from guatu.domain.message_kinds import sentence
from guatu.domain.reminding.channels import INBOX, Group
from guatu.domain.reminding.letters import Entry, Letter
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.reminders import running
from guatu.queries.telephones import telephones
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Delivery, Item, Message, Person
from guatu.records.packs import pack_of

LISTED = 200
"""Items that a mail lists; of more, how many they are."""
NAMES = 30
"""Units named in one line; of more, the first and how many they are."""
MOST_CALLED = 100
"""Telephones that one message calls upon: their numbers count for its size, and whoever calls on everybody calls on nobody."""
READ_WITH = timedelta(minutes=1)
"""How far apart the line in the inbox and the row of the outbox were made at most."""
DIGESTS = frozenset({"due", "up"})
BELOW = frozenset({"late_below", "not_reported_below"})


@dataclass(slots=True)
class Composed:
    """A letter, or None where nothing of it is needed any more; `needless`: sentence → the rows left out for it."""

    letter: Letter | None = None
    needless: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def compose(rows: Sequence[Delivery], group: Group | None, at: datetime) -> Composed:
    """The letter of these rows, all for one addressee. A handful of statements, whatever it holds."""
    result = Composed()
    if rows[0].payload.get("kind") == "test":
        result.letter = _test("" if group else str(rows[0].payload.get("by", "")))
        return result
    items = _items({row.item_id for row in rows if row.item_id is not None})
    kept = _still_needed(rows, items, result)
    if not kept:
        return result
    result.letter = _to_group(kept, group, at) if group else _to_person(kept, at)
    return result


def _items(pks: Collection[int]) -> dict[int, Item]:
    found: dict[int, Item] = {}
    for chunk in in_chunks(sorted(pks)):
        rows = Item.objects.filter(pk__in=chunk).select_related("unit", "campaign__pack", "campaign__root")
        found.update({item.pk: item for item in rows})
    return found


def _still_needed(
    rows: Sequence[Delivery], items: Mapping[int, Item], result: Composed
) -> list[tuple[Delivery, Item]]:
    """Rows whose item still waits for the same day, and which their reader has not read and may be told."""
    waits = _waiting(items)
    read = _read(rows)
    seen = _in_sight(rows[0].person, items)
    kept: list[tuple[Delivery, Item]] = []
    for row in rows:
        item = items.get(row.item_id or 0)
        if item is None or (
            row.payload.get("kind") in DIGESTS and (item.pk not in waits or item.due != row.due)
        ):
            result.needless[_("事项已办理或时限已变，不再发送。")].append(row.pk)
        elif row.pk in read:
            result.needless[_("本人已在消息中读过，不再发送。")].append(row.pk)
        elif row.person_id is None and _kept_from_groups(item):
            result.needless[_("受限事项不发到群里。")].append(row.pk)
        elif row.person_id is not None and item.pk not in seen:
            result.needless[_("所涉事项已不在其查看范围内，不再发送。")].append(row.pk)
        else:
            kept.append((row, item))
    return kept


def _kept_from_groups(item: Item) -> bool:
    """Whether a group must not even hear that there is something: a restricted item, one that a team keeps to itself."""
    return item.restricted or is_kept(pack_of(item.campaign), item.register, item.state, item.data)


def _in_sight(person: Person | None, items: Mapping[int, Item]) -> set[int]:
    """Those of the items that the person may see as things stand now: a post may have ended since the row was made."""
    found: set[int] = set()
    if person is None:
        return found
    campaigns = {item.campaign_id: item.campaign for item in items.values()}
    for pk, campaign in campaigns.items():
        actor = resolve(person, campaign)
        for chunk in in_chunks(sorted(item.pk for item in items.values() if item.campaign_id == pk)):
            rows = visible(actor, Item.objects.filter(pk__in=chunk), campaign)
            found.update(rows.values_list("pk", flat=True))
    return found


def _waiting(items: Mapping[int, Item]) -> set[int]:
    """Those of the items whose unit's clock still runs. One statement for each campaign."""
    campaigns = {item.campaign_id: item.campaign for item in items.values()}
    found: set[int] = set()
    for pk, campaign in campaigns.items():
        mine = [item.pk for item in items.values() if item.campaign_id == pk]
        for chunk in in_chunks(mine):
            rows = Item.objects.filter(running(pack_of(campaign)), pk__in=chunk)
            found.update(rows.values_list("pk", flat=True))
    return found


def _read(rows: Sequence[Delivery]) -> set[int]:
    """The rows whose line in the inbox their reader has read before the letter goes out. One statement."""
    person = rows[0].person_id
    if person is None:
        return set()
    since = min(row.made_at for row in rows) - READ_WITH
    lines = list(
        Message.objects.filter(person=person, made_at__gte=since, read_at__isnull=False).values_list(
            "kind", "campaign_id", "item_id", "made_at"
        )
    )

    def told(row: Delivery) -> bool:
        kind = str(row.payload.get("kind"))
        kinds = {"due": frozenset({"due_digest"}), "up": BELOW}.get(kind, frozenset({kind}))
        item = None if kind in DIGESTS else row.item_id
        return any(
            (its_kind in kinds and campaign == row.campaign_id and its_item == item)
            and abs(made - row.made_at) <= READ_WITH
            for its_kind, campaign, its_item, made in lines
        )

    return {row.pk for row in rows if told(row)}


def _to_person(kept: Sequence[tuple[Delivery, Item]], at: datetime) -> Letter:
    """One letter: what was said to them, what is due by day, what is late below."""
    said, due, up = [], [], []
    for row, item in kept:
        kind = row.payload.get("kind")
        (due if kind == "due" else up if kind == "up" else said).append((row, item))
    entries = [_message(row, item) for row, item in said]
    ordered = sorted((item for _row, item in due), key=lambda item: (item.due or date.max, item.number))
    entries += [_due(item, at) for item in ordered[:LISTED]]
    if len(ordered) > LISTED:
        entries.append(
            Entry(_("另有 {n} 项，请到待办查看。").format(n=len(ordered) - LISTED), address("todo"))
        )
    below = _below(up)
    entries += below
    names = {item.campaign.short_name for _row, item in kept}
    title = _("【{campaign}】{n} 条提醒").format(
        campaign=names.pop() if len(names) == 1 else _("专项工作"), n=len(said) + len(ordered) + len(below)
    )
    return Letter(
        title,
        tuple(entries),
        href=address("todo"),
        closing=_("这封邮件由系统发出，请勿回复。不想再收到的，请在“我的账号 → 通知方式”中关闭。"),
    )


def named(item: Item) -> str:
    """Number and title; of a restricted item the number only: a mail leaves the house."""
    return item.number if item.restricted else f"{item.number} {item.title}"


def _message(row: Delivery, item: Item) -> Entry:
    said = sentence(
        str(row.payload.get("kind")),
        {
            "by": row.payload.get("by") or _("系统"),
            "number": item.number,
            "title": "" if item.restricted else item.title,
            **({} if item.restricted else dict(row.payload.get("params", {}))),
        },
    )
    text = _("{item}（{unit}）：{said}").format(item=named(item), unit=item.unit.short_name, said=said)
    return Entry(text, _item_address(item))


def _due(item: Item, at: datetime) -> Entry:
    assert item.due is not None  # rows without one were left out
    text = _("{when}：{item}（{unit}）").format(
        when=when(item.due, at.astimezone(ZoneInfo(item.campaign.zone)).date(), _hour(item)),
        item=named(item),
        unit=item.unit.short_name,
    )
    return Entry(text, _item_address(item))


def _hour(item: Item) -> str:
    """The hour of the cut-off, for what is handed in until one."""
    cut_off = item.data.get(CUT_OFF)
    return str(cut_off).partition("T")[2][:5] if cut_off else ""


def when(due: date, day: date, hour: str = "") -> str:
    """How far the due day is from `day`; on the day itself until which hour, if there is one."""
    days = (due - day).days
    if days == 0:
        return _("今天 {time} 截止").format(time=hour) if hour else _("今天到期")
    if days > 0:
        return _("{day} 到期，还有 {n} 天").format(day=due, n=days)
    return _("{day} 到期，已逾期 {n} 天").format(day=due, n=-days)


def _below(rows: Sequence[tuple[Delivery, Item]]) -> list[Entry]:
    """One line for each register and campaign."""
    grouped: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for _row, item in rows:
        grouped[(item.campaign_id, item.register)].append(item)
    entries = []
    for (_campaign, register), late in grouped.items():
        pack, words = pack_of(late[0].campaign), _units(late)
        returns = pack.loop.collection is not None and register == pack.loop.collection.returns
        entries.append(
            Entry(
                sentence(
                    "not_reported_below" if returns else "late_below",
                    {"register": pack.register(register).label, "items": len(late), **words},
                ),
                address("list", register, campaign=late[0].campaign, late="1"),
            )
        )
    return entries


def _units(items: Sequence[Item]) -> dict[str, Any]:
    """How many units these are, and their names."""
    units = sorted({(item.unit.code, item.unit.short_name) for item in items})
    names = listed(name for _code, name in units[:NAMES])
    return {"units": len(units), "names": f"{names}…" if len(units) > NAMES else names}


def _to_group(kept: Sequence[tuple[Delivery, Item]], group: Group, at: datetime) -> Letter:
    """Counts and names of units by register and day; never an item, never a telephone but where the setting says so."""
    campaign: Campaign = kept[0][1].campaign
    day = at.astimezone(ZoneInfo(campaign.zone)).date()
    grouped: dict[tuple[int, str, date], list[Item]] = defaultdict(list)
    for _row, item in kept:
        assert item.due is not None
        due = item.due if item.due >= day else date.min
        grouped[(item.campaign_id, item.register, due)].append(item)
    entries = []
    for (_pk, register, due), found in sorted(grouped.items(), key=lambda pair: (pair[0][2], pair[0][1])):
        label = pack_of(found[0].campaign).register(register).label
        words = {"register": label, "n": len(found), **_units(found)}
        entries.append(Entry(_group_line(due, day).format(day=due, **words)))
    names = {item.campaign.short_name for _row, item in kept}
    title = _("【{campaign}】{day} 到期提醒").format(
        campaign=campaign.short_name if len(names) == 1 else _("专项工作"), day=day
    )
    mobiles = _mobiles([row for row, _item in kept]) if group.at_mobiles else ()
    return Letter(title, tuple(entries), href=address("todo"), mobiles=mobiles)


def _group_line(due: date, day: date) -> str:
    if due == date.min:
        return _("“{register}”{n} 项逾期，{units} 家单位：{names}")
    if due == day:
        return _("“{register}”{n} 项今天到期，{units} 家单位：{names}")
    return _("“{register}”{n} 项 {day} 到期，{units} 家单位：{names}")


def _mobiles(rows: Sequence[Delivery]) -> tuple[str, ...]:
    """The telephones of those who were told the same facts: a bot that may call upon people needs them."""
    people: set[int] = set()
    for chunk in in_chunks(sorted({row.fact for row in rows})):
        told = Delivery.objects.filter(channel=INBOX, fact__in=chunk).values_list("person_id", flat=True)
        people.update(person for person in told if person is not None)
    numbers = {"".join(sign for sign in number if sign.isdigit()) for number in telephones(people).values()}
    return tuple(sorted(number for number in numbers if len(number) == 11))[:MOST_CALLED]


def _test(by: str) -> Letter:
    """A group is told nobody's name."""
    said = _("这是一条测试消息，由{by}发出，收到说明通道可用。").format(by=by or _("系统管理员"))
    return Letter(
        _("测试消息"),
        (Entry(said),),
        href=address("home"),
    )


def _item_address(item: Item) -> str:
    return address("item", str(item.public_id), campaign=item.campaign)


def address(name: str, *args: object, campaign: Campaign | None = None, **query: str) -> str:
    """The whole address of a page; empty where GUATU_ADDRESS does not say under which name people open it."""
    if not settings.GUATU_ADDRESS:
        return ""
    asked = {**({"campaign": campaign.key} if campaign is not None else {}), **query}
    path = reverse(name, args=args)
    return f"{settings.GUATU_ADDRESS}{path}" + (f"?{urlencode(asked)}" if asked else "")
