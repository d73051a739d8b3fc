"""Who may not review a return (回避): what is known of a reviewer and of returns, for four eyes.

Nobody reviews what their own side handed in, and nobody makes two steps of one review: whoever let a return pass the second
tier, the office's substitute there included, does not accept it as well. Sending it back stays open to them: it lets nothing through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guatu.access import Actor
from guatu.domain.errors import NotAllowed
from guatu.domain.loop_tracks import FILLED_BY, RETURN
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Workflow
from guatu.domain.words import gettext as _
from guatu.queries.four_eyes import Standing, ground_against, touched
from guatu.queries.returns import collection_of, rows_of
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Revision


@dataclass(frozen=True, slots=True)
class Pass:
    """A review of the present submission by one of the persons behind the reviewer. `own`: by the reviewer in person."""

    step: str
    who: str
    own: bool


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What four eyes look at: where the reviewer stands, and which of the returns they have let pass already."""

    standing: Standing
    passed: Mapping[int, Pass] = field(default_factory=dict)


def reviewer_of(actor: Actor, campaign: Campaign, pack: Pack, returns: Sequence[Item]) -> Reviewer:
    """The reviewer's posts and home, whether they handed one of these returns in, ever, or wrote in a row that it carries,
    by whatever door; and whether they reviewed what is handed in now.

    Only the steps of returns that the unit makes count, not those of other lists that are called the same.
    """
    spec = collection_of(pack)
    flow = pack.workflow_of(spec.returns)
    own = [way.key for way in flow.transitions if way.level == "own"]
    reviews = (*spec.review, spec.accept)
    standing = Standing.of(actor, campaign, returns, own, handed=spec.hand_in, reviews=reviews)
    for item in returns:
        filled_by = item.data.get(FILLED_BY) or {}
        if filled_by.get("person") in standing.sides.persons:
            standing.acted.add(item.pk)
    rows = rows_of(campaign, returns)
    written = touched(standing.sides, rows)
    standing.acted.update(row.data[RETURN] for row in rows if row.pk in written)
    return Reviewer(standing, _passed(standing, flow))


def refuse_own_review(reviewer: Reviewer, item: Item, *, onward: bool) -> None:
    """Raise NotAllowed with the ground if this person may not review this return (审核、接收).

    `onward`: the step lets the return through; who has let it pass before does not make it.
    """
    standing = reviewer.standing
    ground = ground_against(standing, item)
    if ground is not None:
        sentences = {
            ("post", True): _(
                "您代{holder}办理，{holder}是{post}，按回避要求不能审核 {number}。请由其他审核人办理。"
            ),
            ("post", False): _("您是{post}，按回避要求不能审核 {number}。请由其他审核人办理。"),
            ("home", False): _(
                "您的原单位就是 {number} 的报送单位，按回避要求不能审核。请由其他审核人办理。"
            ),
            ("home", True): _(
                "您代{holder}办理，{holder}的原单位就是 {number} 的报送单位，按回避要求不能审核。请由其他审核人办理。"
            ),
            ("acted", False): _("{number} 由您填报或代填，按回避要求不能审核。请由其他审核人办理。"),
        }
        raise NotAllowed(
            sentences[ground.kind, bool(ground.holder)],
            holder=ground.holder,
            post=ground.label,
            number=item.number,
        )
    before = reviewer.passed.get(item.pk)
    if onward and before is not None:
        said = (
            _(
                "{number} 的“{step}”由您办理，按回避要求，下一级审核须由另一个人办理。请由其他审核人办理；有问题的，您仍可退回。"
            )
            if before.own
            else _(
                "{number} 的“{step}”由{who}办理，与您是代办关系，按回避要求，下一级审核须由另一个人办理。请由其他审核人办理；有问题的，您仍可退回。"
            )
        )
        raise NotAllowed(said, number=item.number, step=before.step, who=before.who)


def own_among(
    actor: Actor, campaign: Campaign, pack: Pack, returns: Sequence[Item], *, onward: bool = True
) -> dict[int, str]:
    """The returns that this person may not review, each with the sentence why; `onward` as for `refuse_own_review`."""
    return barred(reviewer_of(actor, campaign, pack, returns), returns, onward=onward)


def barred(reviewer: Reviewer, returns: Sequence[Item], *, onward: bool) -> dict[int, str]:
    """The same of a reviewer who is known already. No statement."""
    found: dict[int, str] = {}
    for item in returns:
        try:
            refuse_own_review(reviewer, item, onward=onward)
        except NotAllowed as refusal:
            found[item.pk] = str(refusal)
    return found


def _passed(standing: Standing, flow: Workflow) -> dict[int, Pass]:
    """The same with what was done and by whom. One statement where there is such a pass, else none."""
    found: dict[int, Pass] = {}
    for chunk in in_chunks(sorted(standing.passed)):
        revisions = Revision.objects.filter(subject_kind="item", subject_id__in=chunk)
        steps = revisions.filter(version__in={standing.passed[pk] for pk in chunk})
        for pk, version, action, actor, who in steps.values_list(
            "subject_id", "version", "batch__action", "batch__actor_id", "batch__actor_name"
        ):
            way = flow.transition(action.partition(":")[2])
            if standing.passed[pk] == version and way is not None:
                found[pk] = Pass(way.label, who, (actor,) == standing.sides.persons[:1])
    return found
