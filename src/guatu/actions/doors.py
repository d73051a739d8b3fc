"""What is done at a person's door by others and by themselves: opened after a lock-out, the second factor set up or reset.

The history says that it was done and by whom; no code, key or address stands in it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django.db import transaction

from guatu.access import Actor, require
from guatu.access.keepers import held_posts, keeps_account
from guatu.access.lock_out import shut_accounts
from guatu.actions.accounts import last_said, write_person
from guatu.actions.messages import tell
from guatu.domain.capabilities import OPERATOR, roles_with
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Batch, Person, Post

FACTORS = ("totp", "webauthn", "recovery_codes")


def unlock_account(actor: Actor, *, username: str, reason: str = "") -> Batch:
    """Open an account again before its half hour is over. Raises BadInput when it is not shut."""
    with transaction.atomic():
        person = kept_person(actor, username)
        if not shut_accounts([person.username]):
            raise BadInput(_("“{account}”没有被锁定，不需要解锁。"), account=username)
        head, plain = last_said(person)
        batch = write_person(actor, person, head, plain, action="people.unlock", reason=reason, unlocked=True)
        person.save(update_fields=["version"])
        AxesProxyHandler.reset_attempts(username=person.username)
        tell([person.pk], kind="account_unlocked", campaign=None, by=actor, batch=batch.seq)
    return batch


def reset_second_factor(actor: Actor, *, username: str, reason: str) -> Batch:
    """Take away a person's second factors after a device was lost: the next log-in sets up new ones.

    For the security administrator and the console only. Raises BadInput without a reason or when nothing is set up.
    """
    if not reason.strip():
        raise BadInput(_("重置两步验证须写明原因，例如“手机遗失，已电话核实本人”。请填写后再提交。"))
    with transaction.atomic():
        require(actor, "reset_second_factor")
        person = kept_person(actor, username)
        found = Authenticator.objects.filter(user=person)
        if not found.exists():
            raise BadInput(_("“{account}”没有设置两步验证，不需要重置。"), account=username)
        head, plain = last_said(person)
        batch = write_person(
            actor,
            person,
            head,
            plain,
            action="people.reset_second_factor",
            reason=reason.strip(),
            second_factor="reset",
        )
        person.save(update_fields=["version"])
        found.delete()
        tell([person.pk], kind="account_factor", campaign=None, by=actor, batch=batch.seq)
        told = {"account": person.username}
        tell(
            security_administrators(),
            kind="account_factors",
            campaign=None,
            by=actor,
            batch=batch.seq,
            params=told,
        )
    return batch


def note_second_factor(actor: Actor, *, what: str, added: bool) -> Batch:
    """Keep in the history that somebody has set up or taken away a second factor of their own."""
    if what not in FACTORS:
        raise BadInput(_("没有“{what}”这种两步验证。"), what=what)
    with transaction.atomic():
        person: Person = Person.objects.select_for_update().get(pk=actor.person)
        head, plain = last_said(person)
        action = "people.add_second_factor" if added else "people.drop_second_factor"
        batch = write_person(actor, person, head, plain, action=action, second_factor=what)
        person.save(update_fields=["version"])
    return batch


def kept_person(actor: Actor, username: str) -> Person:
    """The person, locked, whose account the actor keeps.

    Raises NotFound for somebody outside the actor's reach, NotAllowed for oneself and for an equal or higher post.
    """
    return kept_people(actor, [username])[0]


def kept_people(actor: Actor, usernames: Collection[str]) -> list[Person]:
    """The same for several: all of them, in the order of their units and names, or a refusal that names the first."""
    require(actor, "keep_accounts")
    wanted = sorted(set(usernames))
    rows = Person.objects.select_for_update(of=("self",)).select_related("home_unit")
    found: dict[str, Person] = {
        row.username: row for row in rows.filter(username__in=wanted, is_active=True).order_by("pk")
    }
    held: dict[int, list[Post]] = {}
    for post in held_posts([row.pk for row in found.values()]):
        held.setdefault(post.person_id, []).append(post)
    for username in wanted:
        person = found.get(username)
        if person is None or not _in_sight(actor, person, held.get(person.pk, [])):
            raise NotFound(
                _("没有账号为“{account}”的人员，或不在您的管理范围内。请核对账号。"), account=username
            )
        if not keeps_account(actor, person, held.get(person.pk, [])):
            raise NotAllowed(
                _(
                    "“{name}”的账号不能由您办理：是您本人，或其身份与您同级、更高。请联系上级单位联络员或安全管理员。"
                ),
                name=person.name,
            )
    return sorted(found.values(), key=lambda one: (one.home_unit.code if one.home_unit else "", one.username))


def security_administrators() -> list[int]:
    """Who is told of what happens at other people's doors."""
    rows = Post.objects.filter(role="security_admin", to_day=None)
    return list(rows.values_list("person", flat=True).distinct())


def _in_sight(actor: Actor, person: Person, posts: Collection[Post]) -> bool:
    """Whether one of the posts by which the actor keeps accounts reaches the person at all."""
    roles = roles_with("keep_accounts")
    lines: list[tuple[int, ...]] = [post.unit.line for post in posts if post.unit is not None]
    if person.home_unit is not None:
        lines.append(person.home_unit.line)
    grants: list[Any] = [grant for grant in actor.grants if grant.role in roles]
    return any(
        grant.everywhere
        or grant.role == OPERATOR
        or len(grant.line) == 1
        or any(grant.covers(line) for line in lines)
        for grant in grants
    )
