"""What is told from items themselves is what the one predicate answers."""

from __future__ import annotations

from datetime import date

from guatu.access import nobody, operator, resolve, seen_among, visible
from guatu.access.system import system_actor
from guatu.demo.demos import demo_of, usual_demo
from guatu.domain import clock
from guatu.records.models import Campaign, Item, Person


def test_everybody_sees_the_same_items_told_one_by_one_as_by_the_predicate(demo: Campaign) -> None:
    with clock.fixed(date(2023, 11, 30)):
        cast = Person.objects.filter(username__in=demo_of(usual_demo()).usernames)
        actors = [resolve(person, demo) for person in cast] + [nobody(), operator(), system_actor()]
        kept = Item.objects.filter(campaign=demo, phase__in=("draft", "void"))
        some = [
            *Item.objects.filter(campaign=demo, restricted=True),
            *kept.order_by("pk")[:200],
            *Item.objects.filter(campaign=demo).exclude(pk__in=kept).order_by("public_id")[:1500],
        ]
        keys = [item.pk for item in some]
        counts = []
        for actor in actors:
            rows = visible(actor, Item.objects.filter(campaign=demo), demo)
            asked = set(rows.values_list("pk", flat=True))
            told = seen_among(actor, some, demo)
            assert [item.pk for item in told] == [pk for pk in keys if pk in asked], actor.username
            counts.append(len(told))
        assert min(counts) == 0 and len(set(counts)) > 4
