"""Common causes (共性问题): which open items say nearly the same, how much, and in which words.

Texts are compared by their characters (TF-IDF of one to three of them), so neither a word list nor a model is needed.
A suggestion is a head and the items near to it; people decide. Only what the reader may see is compared.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q

from guatu.access import Actor, visible
from guatu.domain.pack import Pack
from guatu.domain.words import listed
from guatu.records.bulk import in_chunks
from guatu.records.files import opened
from guatu.records.models import Campaign, Item, Job, Link
from guatu.records.packs import pack_of

SAME, UNLIKE = Link.Kind.SAME_AS, Link.Kind.UNLIKE
AT_ONCE = 2000
"""More texts than this are compared in the background."""
MOST = 5000
"""More texts than this are not compared: the newest are."""
JOB = "common_causes"
NEAR = 0.35
"""Pairs below this cosine are not suggested."""
MOST_MEMBERS = 20
MOST_GROUPS = 40
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
                _NOISE.sub(" ", " ".join((title, *texts))),
            )
        )  # fmt: skip
    return found


def suggestions(texts: Sequence[Text], apart: Collection[frozenset[int]] = ()) -> tuple[Suggestion, ...]:
    """Heads with what is near to them, the largest first; no pair of `apart` (grouped or dismissed) is suggested.

    Each item stands in one suggestion. Every suggestion has an item of the campaign that is looked at.
    """
    compared = _compared(tuple(text.words for text in texts))
    near: dict[int, list[tuple[float, int]]] = {}
    for one, other, score in compared.pairs:
        left, right = texts[one], texts[other]
        if not (left.here or right.here) or frozenset((left.pk, right.pk)) in apart:
            continue
        near.setdefault(one, []).append((score, other))
        near.setdefault(other, []).append((score, one))
    taken: set[int] = set()
    found = []
    heads = (place for place in near if texts[place].here)
    for head in sorted(heads, key=lambda place: (-len(near[place]), -sum(s for s, _o in near[place]), place)):
        if head in taken:
            continue
        members = sorted((-score, other) for score, other in near[head] if other not in taken)[:MOST_MEMBERS]
        if members:
            taken |= {head, *(other for _score, other in members)}
            found.append((head, [(other, -score) for score, other in members]))
    found.sort(key=lambda one: (-len(one[1]), -one[1][0][1]))
    return tuple(
        Suggestion(
            texts[head].pk,
            tuple(Near(texts[o].pk, round(score, 2), compared.shared(head, o)) for o, score in members),
        )
        for head, members in found[:MOST_GROUPS]
    )


@dataclass(frozen=True, slots=True)
class _Compared:
    """Texts as vectors, and (place, place, cosine) of every pair at least NEAR to each other."""

    words: tuple[str, ...]
    pairs: tuple[tuple[int, int, float], ...]
    matrix: Any = None
    grams: Any = None

    def shared(self, one: int, other: int) -> tuple[str, ...]:
        """The words that make two texts near."""
        product = self.matrix[one].multiply(self.matrix[other]).tocoo()
        best = sorted(zip(product.data, product.col, strict=True), reverse=True)[:24]
        weights = {str(self.grams[at]): float(weight) for weight, at in best if len(self.grams[at]) > 1}
        return shared_words(self.words[one], self.words[other], weights)


@lru_cache(maxsize=4)
def _compared(words: tuple[str, ...]) -> _Compared:
    if sum(bool(text) for text in words) < 2:
        return _Compared(words, ())
    # Imported here: the library takes a second to load, and only this page asks for it.
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer=_grams_of, sublinear_tf=True)
    matrix = vectors.fit_transform(words).tocsr()
    across = matrix.T.tocsr()
    found: list[tuple[int, int, float]] = []
    for begin in range(0, len(words), _ROWS):
        block = (matrix[begin : begin + _ROWS] @ across).tocoo()
        keep = (block.data >= NEAR) & (block.row + begin < block.col)
        rows, columns, scores = block.row[keep] + begin, block.col[keep], block.data[keep]
        found += zip(rows.tolist(), columns.tolist(), scores.tolist(), strict=True)
    return _Compared(words, tuple(found), matrix, vectors.get_feature_names_out())


def _grams_of(text: str) -> list[str]:
    """One to three characters that stand side by side; none across a comma, a number or the end of the title."""
    return [
        piece[at : at + size]
        for piece in text.split()
        for size in (1, 2, 3)
        for at in range(len(piece) - size + 1)
    ]


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
            piece = _whole(one, other, begin, end)
            pieces[piece] = sum(weight for gram, weight in weights.items() if gram in piece)
        begin, end = start, stop
    best = sorted((piece for piece in pieces if len(piece) > 1), key=lambda piece: (-pieces[piece], piece))
    kept: list[str] = []
    for piece in best:
        if not any(piece in longer for longer in kept):
            kept.append(piece)
    return tuple(kept[:most])


def _whole(one: str, other: str, begin: int, end: int) -> str:
    """The piece [begin, end) of `one` with what stands around it in both texts alike."""
    while end < len(one) and one[end] != " " and one[begin : end + 1] in other:
        end += 1
    while begin > 0 and one[begin - 1] != " " and one[begin - 1 : end] in other:
        begin -= 1
    return one[begin:end]


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


def kept(actor: Actor, campaign: Campaign) -> tuple[date | None, tuple[Suggestion, ...]]:
    """The reader's last comparison in the background: its day and what it found. One statement and one file."""
    job = (
        Job.objects.filter(owner=actor.person, campaign=campaign, kind=JOB, state=Job.State.DONE)
        .exclude(file="")
        .order_by("-pk")
        .first()
    )
    if job is None or job.ended_at is None:
        return None, ()
    with opened(job.file) as content:
        found = json.load(content)
    return job.ended_at.date(), tuple(
        Suggestion(one["head"], tuple(Near(pk, score, tuple(shared)) for pk, score, shared in one["near"]))
        for one in found
    )


def as_kept(found: Iterable[Suggestion]) -> str:
    """Suggestions as a background job keeps them: keys, scores and shared words, no titles."""
    return json.dumps(
        [{"head": one.head, "near": [(n.pk, n.score, n.shared) for n in one.members]} for one in found],
        ensure_ascii=False,
    )


def still(
    found: Iterable[Suggestion], texts: Iterable[Text], apart: Collection[frozenset[int]]
) -> tuple[Suggestion, ...]:
    """What of earlier suggestions the reader may still see and nobody has decided since."""
    known = {text.pk: text for text in texts}
    shown = []
    for one in found:
        members = tuple(
            near for near in one.members if near.pk in known and frozenset((one.head, near.pk)) not in apart
        )
        if members and one.head in known and known[one.head].here:
            shown.append(Suggestion(one.head, members))
    return tuple(shown)


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
