"""What a phrase means is decided once for everybody, by name; taken back with a reason, never deleted."""

from __future__ import annotations

from uuid import uuid4

import pytest

from guatu.actions.phrases import decide_phrase, end_phrase, note_phrase_use
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.queries.phrases import decided_for, kept_phrases
from guatu.queries.verify import verify
from guatu.records.models import Batch, PhraseDecision, Revision
from tests.actions.phrase_calls import PHRASE, decided
from tests.people import small_world

pytestmark = pytest.mark.django_db


def test_a_decision_holds_for_everybody_in_the_campaign_and_names_who_decided() -> None:
    world = small_world()
    row = decided(world)
    (told,) = decided_for(world.campaign)
    assert (told.phrase, told.measure, told.key, told.person) == (PHRASE, "个", "issues_total", "林晓岚")
    assert told.mark == str(row.public_id)
    (kept,) = kept_phrases(world.actor("lu"), world.campaign)
    assert (kept.label, kept.may_end, kept.texts) == ("问题清单", False, 0)


def test_the_same_decision_twice_is_one_and_another_is_told_of_the_first() -> None:
    world = small_world()
    first = decided(world)
    batches = Batch.objects.count()
    assert decided(world, "zhou").pk == first.pk
    assert Batch.objects.count() == batches
    with pytest.raises(Conflict, match="林晓岚"):
        decided(world, "zhou", figure="issues_closed")


def test_a_number_of_ones_own_is_remembered_as_such() -> None:
    world = small_world()
    decided(world, figure="")
    assert [one.key for one in decided_for(world.campaign)] == [None]


@pytest.mark.parametrize("phrase", ["", "列入清单", "列入清单□个和□个", "列入清单12□个", "长" * 200 + "□个"])
def test_what_no_text_can_say_is_no_phrase(phrase: str) -> None:
    world = small_world()
    with pytest.raises(BadInput, match="说不清"):
        decided(world, phrase=phrase)
    assert not PhraseDecision.objects.exists()


def test_a_figure_that_counts_otherwise_or_is_unknown_is_refused() -> None:
    world = small_world()
    with pytest.raises(BadInput, match="不是同一种数"):
        decided(world, figure="survey_visits")
    with pytest.raises(BadInput, match="没有标识"):
        decided(world, figure="nothing_such")


def test_who_only_fills_decides_nothing() -> None:
    world = small_world()
    with pytest.raises(NotAllowed):
        decided(world, "lu")


def test_taking_back_wants_a_reason_and_keeps_the_row_with_it() -> None:
    world = small_world()
    row = decided(world)
    lin = world.actor("lin")
    with pytest.raises(BadInput, match="原因"):
        end_phrase(lin, campaign=world.campaign, phrase=row.public_id, reason=" ")
    end_phrase(lin, campaign=world.campaign, phrase=row.public_id, reason="口径已改")
    assert decided_for(world.campaign) == ()
    (kept,) = kept_phrases(lin, world.campaign, ended=True)
    assert (kept.reason, kept.ended_by) == ("口径已改", "林晓岚")
    with pytest.raises(BadInput, match="已于"):
        end_phrase(lin, campaign=world.campaign, phrase=row.public_id, reason="再撤")
    decided(world, figure="issues_closed")  # the phrase is free again
    assert Revision.objects.filter(subject_kind="phrase").count() == 3
    assert verify().whole


def test_somebody_elses_decision_is_taken_back_by_the_office_alone() -> None:
    world = small_world()
    row = decided(world)
    with pytest.raises(NotAllowed, match="他人"):
        end_phrase(world.actor("zhou"), campaign=world.campaign, phrase=row.public_id, reason="不对")
    with pytest.raises(NotFound):
        end_phrase(world.actor("lin"), campaign=world.campaign, phrase=uuid4(), reason="不对")
    other = decided(world, "zhou", phrase="排查□个")
    end_phrase(world.actor("lin"), campaign=world.campaign, phrase=other.public_id, reason="不对")


def test_a_decision_changed_behind_the_products_back_is_found() -> None:
    world = small_world()
    row = decided(world)
    PhraseDecision.objects.filter(pk=row.pk).update(figure="issues_closed")
    assert "措辞认定" in verify().broken


def test_a_text_in_which_it_was_used_is_named_to_its_own_reader_only() -> None:
    world = small_world()
    row = decided(world)
    for _again in range(2):
        note_phrase_use(world.actor("lu"), marks=[str(row.public_id)], name="11月汇报.docx")
    note_phrase_use(world.actor("zhou"), marks=[str(row.public_id)], name="简报.docx")
    (seen,) = kept_phrases(world.actor("lu"), world.campaign)
    assert (seen.texts, seen.own) == (2, ("11月汇报.docx",))
    (office,) = kept_phrases(world.actor("lin"), world.campaign)
    assert (office.texts, office.own) == (2, ())


def test_decisions_are_found_by_their_words_and_by_their_figure() -> None:
    world = small_world()
    decided(world)
    decide_phrase(world.actor("lin"), campaign=world.campaign, phrase="走访单位□家", measure="家", figure="")
    lin = world.actor("lin")
    assert [one.phrase for one in kept_phrases(lin, world.campaign, words="走访")] == ["走访单位□家"]
    assert [one.phrase for one in kept_phrases(lin, world.campaign, words="问题清单")] == [PHRASE]
