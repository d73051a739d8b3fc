"""The units of a company that nobody of the cast fills for answer a request: `… collection_others TITLE COMPANY [LEFT_OUT …]`.

Each hands in what the form fills in beforehand, two sessions and 10,000; its head signs. Printed: how many have.
"""

from __future__ import annotations

import os
import sys

FUNDS, SESSIONS = "10000", 2


def answer(title: str, company: str, left_out: list[str]) -> int:
    """Hand in and sign for all units below the company (a code) but those named. How many."""
    from guatu.access import resolve
    from guatu.actions.returns import hand_in, sign
    from guatu.domain import clock
    from guatu.domain.filling import Filled
    from guatu.queries.installation import campaign, installation
    from guatu.queries.return_form import return_form
    from guatu.records.models import Item, Person

    day = installation().demo_day
    assert day is not None
    clock.fix_for_process(day)
    here = campaign()
    returns = Item.objects.filter(
        register="returns", parent__title=title, unit__code__startswith=f"{company}-", state="asked"
    )
    done = 0
    for item in returns.exclude(unit__code__in=left_out).select_related("unit").order_by("unit__code"):
        filler, head = (
            resolve(
                Person.objects.get(posts__role=role, posts__unit=item.unit, posts__to_day=None), here, day
            )
            for role in ("filler", "head")
        )
        form = return_form(filler, here, item.public_id, day=day, past=False)
        held = {key: one.value for key, one in form.held.fresh.items()}
        hand_in(
            filler,
            campaign=here,
            return_=item.pk,
            answer="data",
            rows=(Filled({**held, "sessions": SESSIONS, "funds": FUNDS}),),
            prefilled=len(held),
        )
        sign(head, campaign=here, return_=item.pk)
        done += 1
    return done


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.project.settings")
    import django

    django.setup()
    print(answer(sys.argv[1], sys.argv[2], sys.argv[3:]))
