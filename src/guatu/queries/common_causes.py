"""Common causes (共性问题): which open items say nearly the same, how much, and in which words.

Texts are compared by their characters (TF-IDF of one to three of them), so neither a word list nor a model is needed.
A suggestion is a head and the items near to it; people decide. Only what the reader may see is compared.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q

from guatu.access import Actor, visible
from guatu.domain.pack import Pack
from guatu.domain.words import listed
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Link
from guatu.records.packs import pack_of

SAME, UNLIKE = Link.Kind.SAME_AS, Link.Kind.UNLIKE
AT_ONCE = 2000
"""More texts than this are compared in the background."""
MOST = 5000
"""More texts than this are not compared: the newest are."""
NEAR = 0.35
"""Pairs below this cosine are not suggested."""
MOST_MEMBERS = 30
MOST_GROUPS = 60
_NOISE = re.compile(r"[\W\d_]+")
_ROWS = 400


@dataclass(frozen=True, slots=True)
class Text:
    """One item as it is compared. `here`: it belongs to the campaign that is looked at and is not done."""

    pk: int
    public_id: str
    campaign: int
    number: str
    title: str
    unit: str
    state: str
    register: str
    here: bool
    words: str


@dataclass(frozen=True, slots=True)
class Near:
    """An item near to the head of a suggestion: how near (0…1), and the words that both have."""

    pk: int
    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Items that say nearly the same as the head."""

    head: int
    members: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """A group that somebody has made: its head, its name, and the links of its members."""

    head: Text | None
    title: str
    members: tuple[tuple[int, Text], ...]


def texts_of(person: Actor, campaign: Campaign, campaigns: Iterable[Campaign]) -> list[Text]:
    """The problems that the reader may see: open ones of this campaign, all of the others'. A statement per campaign.

    The newest come first; at most MOST.
    """
    found: list[Text] = []
    for one in sorted(campaigns, key=lambda each: each != campaign):
        pack = pack_of(one)
        if pack.loop.problems is None:
            continue
        rows = Item.objects.filter(campaign=one, register=pack.loop.problems)
        rows = rows.filter(phase__in=("open", "review")) if one == campaign else rows.exclude(phase="void")
        rows = visible(person, rows, one).order_by("-pk")[: MOST - len(found)]
        found += _read(pack, one, rows, here=one == campaign)
    return found


def _read(pack: Pack, campaign: Campaign, rows: Any, *, here: bool) -> list[Text]:
    columns = ("pk", "public_id", "number", "title", "unit__short_name", "state", "register", "data")
    found = []
    for pk, public_id, number, title, unit, state, register, data in rows.values_list(*columns):
        spec = pack.register(register)
        texts = [
            str(data.get(field.key) or "")
            for field in spec.fields
            if field.key in spec.search and field.type in ("text", "long_text")
        ]
        states = pack.workflow_of(register).states
        label = states[state].label if state in states else state
        found.append(
            Text(
                pk, str(public_id), campaign.pk, number, title, unit, label, register, here,
                _NOISE.sub("", title + "".join(texts)),
            )
        )  # fmt: skip
    return found


def suggestions(texts: Sequence[Text], apart: Collection[frozenset[int]] = ()) -> tuple[Suggestion, ...]:
    """Heads with what is near to them, the largest first; no pair of `apart` (grouped or dismissed) is suggested.

    Each item stands in one suggestion. Every suggestion has an item of the campaign that is looked at.
    """
    known = {text.pk: text for text in texts}
    near: dict[int, list[Near]] = {}
    for one, other, score, shared in _pairs(tuple(text.words for text in texts)):
        left, right = texts[one], texts[other]
        if not (left.here or right.here) or frozenset((left.pk, right.pk)) in apart:
            continue
        near.setdefault(left.pk, []).append(Near(right.pk, score, shared))
        near.setdefault(right.pk, []).append(Near(left.pk, score, shared))
    taken: set[int] = set()
    found = []
    heads = (pk for pk in near if known[pk].here)
    for head in sorted(heads, key=lambda pk: (-len(near[pk]), -sum(one.score for one in near[pk]), pk)):
        if head in taken:
            continue
        members = sorted((one for one in near[head] if one.pk not in taken), key=lambda one: -one.score)
        if members:
            taken |= {head, *(one.pk for one in members[:MOST_MEMBERS])}
            found.append(Suggestion(head, tuple(members[:MOST_MEMBERS])))
    found.sort(key=lambda one: (-len(one.members), -one.members[0].score))
    return tuple(found[:MOST_GROUPS])


@lru_cache(maxsize=4)
def _pairs(words: tuple[str, ...]) -> tuple[tuple[int, int, float, tuple[str, ...]], ...]:
    """(place, place, cosine, shared words) of every pair of texts at least NEAR to each other."""
    if sum(bool(text) for text in words) < 2:
        return ()
    # Imported here: the library takes a second to load, and only this page asks for it.
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    matrix = vectors.fit_transform(words).tocsr()
    grams = vectors.get_feature_names_out()
    across = matrix.T.tocsc()
    found = []
    for begin in range(0, len(words), _ROWS):
        block = (matrix[begin : begin + _ROWS] @ across).tocoo()
        keep = (block.data >= NEAR) & (block.row + begin < block.col)
        for row, column, score in zip(block.row[keep], block.col[keep], block.data[keep], strict=True):
            one, other = int(row) + begin, int(column)
            product = matrix[one].multiply(matrix[other]).tocoo()
            best = sorted(zip(product.data, product.col, strict=True), reverse=True)[:24]
            weights = {str(grams[at]): float(weight) for weight, at in best if len(grams[at]) > 1}
            found.append(
                (one, other, round(float(score), 2), shared_words(words[one], words[other], weights))
            )
    return tuple(found)


def shared_words(one: str, other: str, weights: dict[str, float], most: int = 4) -> tuple[str, ...]:
    """What two texts have in common, as one reads it: n-grams that overlap in the one put together, as far as the
    whole stands in the other, the weightiest first."""
    spans: list[tuple[int, int]] = []
    for gram in weights:
        start = one.find(gram)
        while start >= 0:
            spans.append((start, start + len(gram)))
            start = one.find(gram, start + 1)
    pieces: dict[str, float] = {}
    begin = end = -1
    for start, stop in [*sorted(spans), (len(one) + 2, len(one) + 2)]:
        if begin >= 0 and start < end and one[begin : max(end, stop)] in other:
            end = max(end, stop)
            continue
        if begin >= 0 and one[begin:end] in other:
            piece = one[begin:end]
            pieces[piece] = sum(weight for gram, weight in weights.items() if gram in piece)
        begin, end = start, stop
    best = sorted(pieces, key=lambda piece: (-pieces[piece], piece))
    kept: list[str] = []
    for piece in best:
        if not any(piece in longer for longer in kept):
            kept.append(piece)
    return tuple(kept[:most])


def usual_title(suggestion: Suggestion, head: Text) -> str:
    """What a group is called unless somebody names it otherwise: the words that most of its members share."""
    counted: dict[str, int] = {}
    for member in suggestion.members:
        for word in member.shared:
            counted[word] = counted.get(word, 0) + 1
    common = sorted(
        (word for word in counted if len(word) > 1), key=lambda word: (-counted[word], -len(word))
    )
    return listed(common[:2]) or head.title


def kept_apart(pks: Collection[int]) -> set[frozenset[int]]:
    """Pairs that are not suggested any more: in one group already, or dismissed. One statement a chunk."""
    heads: dict[int, set[int]] = {}
    apart: set[frozenset[int]] = set()
    for chunk in in_chunks(sorted(pks)):
        rows = Link.objects.filter(
            Q(source__in=chunk) | Q(target__in=chunk), kind__in=(SAME, UNLIKE), ended_batch=None
        )
        for kind, source, target in rows.values_list("kind", "source_id", "target_id"):
            if kind == UNLIKE:
                apart.add(frozenset((source, target)))
            else:
                heads.setdefault(target, {target}).add(source)
    for group in heads.values():
        members = sorted(group)
        apart |= {frozenset((a, b)) for place, a in enumerate(members) for b in members[place + 1 :]}
    return apart


def groups_of(person: Actor, campaign: Campaign, campaigns: Iterable[Campaign]) -> tuple[Grouped, ...]:
    """The groups with an item of this campaign that the reader may see, the newest first.

    Members out of the reader's sight are neither named nor counted. Two statements, one more per further campaign.
    """
    pack = pack_of(campaign)
    mine = visible(person, Item.objects.filter(campaign=campaign, register=pack.loop.problems), campaign)
    heads = Link.objects.filter(
        Q(source__in=mine.values("pk")) | Q(target__in=mine.values("pk")), kind=SAME, ended_batch=None
    )
    rows = list(
        Link.objects.filter(kind=SAME, ended_batch=None, target__in=heads.values("target"))
        .order_by("-target", "pk")
        .values_list("pk", "source_id", "target_id", "note")
    )
    if not rows:
        return ()
    wanted = {pk for _link, source, target, _note in rows for pk in (source, target)}
    seen: dict[int, Text] = {}
    for one in campaigns:
        its = pack_of(one)
        found = visible(person, Item.objects.filter(campaign=one, pk__in=sorted(wanted)), one)
        seen.update({text.pk: text for text in _read(its, one, found, here=one == campaign)})
    groups: dict[int, list[tuple[int, int, str]]] = {}
    for link, source, target, note in rows:
        groups.setdefault(target, []).append((link, source, note))
    shown = []
    for head, members in groups.items():
        known = tuple((link, seen[source]) for link, source, _note in members if source in seen)
        title = next((note for _link, _source, note in members if note), "")
        if head in seen or known:
            shown.append(Grouped(seen.get(head), title, known))
    return tuple(shown)
