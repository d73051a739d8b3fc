"""The liaison list as a sheet: the rows and telephone numbers that the page shows this reader, masked where it masks."""

from __future__ import annotations

from datetime import date

from guatu.access import Actor
from guatu.domain.words import gettext as _
from guatu.exchange.headlines import headlines
from guatu.exchange.tables import Head, Sheet
from guatu.queries.contacts import contact_list
from guatu.records.models import Campaign


def contact_sheets(
    actor: Actor, campaign: Campaign, day: date, *, company: str = "", role: str = "", q: str = ""
) -> tuple[Sheet, ...]:
    """One sheet in the list's order; raises what the list raises."""
    found = contact_list(actor, campaign, day=day, company=company, role=role, q=q)
    chosen = [one.name for one in found.companies if one.chosen]
    chosen += [label for _key, label, picked in found.roles if picked]
    rows = (
        (one.company, one.place, one.level, one.role_label, one.name, one.username, one.telephone)
        for one in found.contacts
    )
    return (
        Sheet(
            name=_("联络员名单"),
            title=_("联络员名单"),
            notes=headlines(
                actor, campaign, scope=_("联络员名单"), filters=[*chosen, *filter(None, [q])], day=day
            ),
            heads=(
                Head("company", _("所属公司"), "unit", 14),
                Head("unit", _("单位"), "unit", 16),
                Head("level", _("层级"), "text", 8),
                Head("role", _("身份"), "text", 10),
                Head("name", _("姓名"), "text", 8),
                Head("username", _("账号"), "text", 10),
                Head("telephone", _("电话"), "text", 10),
            ),
            rows=rows,
            count=len(found.contacts),
        ),
    )
