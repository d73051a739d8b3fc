"""Evidence as a form hands it in: files, papers kept elsewhere, and files that an earlier, refused post brought.

A file that was taken in is never asked for again: when the rest of the form is refused, it is named in the form by a
signed mark that only the same person's next post can use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.actions.writing import NewEvidence
from guatu.domain.errors import BadInput
from guatu.domain.pack.base import Option
from guatu.exchange.uploads import take_in
from guatu.web.here import Here
from guatu.web.item.typed import Files

SALT = "guatu.evidence"
KEPT_SECONDS = 24 * 3600
FILES, KEPT = "files", "kept"
ACCEPT = "image/*,.pdf,.docx,.xlsx,.doc,.xls,.zip,.txt"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is in the store already: the mark that brings it along, its title, its kind in words, its hash."""

    mark: str
    title: str
    kind: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One place to choose files: the input's name, its label (empty for files of any kind), what it offers."""

    name: str
    label: str
    accept: str = ACCEPT


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The files of one post; `errors` has a sentence for each that was refused."""

    evidence: tuple[NewEvidence, ...] = ()
    kept: tuple[KeptFile, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def error(self) -> str:
        """All refusals together."""
        return "".join(self.errors)


def slots(kinds: Sequence[Option]) -> tuple[Slot, ...]:
    """Where files are chosen: a place for each kind that is told apart, and one for all others."""
    named = tuple(Slot(f"{FILES}-{kind.key}", kind.label) for kind in kinds)
    return (*named, Slot(FILES, _("其他材料") if named else ""))


def hand_in(at: Here, post: QueryDict, files: Files, kinds: Sequence[Option]) -> HandedIn:
    """Take in the files of a post, one by one: a refused one does not cost the others."""
    labels = {kind.key: kind.label for kind in kinds}
    found = [_back(at, mark) for mark in dict.fromkeys(post.getlist(KEPT))]
    evidence = [each for each in found if each is not None]
    errors: list[str] = []
    for key in ("", *labels):
        name = f"{FILES}-{key}" if key else FILES
        for upload in files.getlist(name):
            try:
                [taken] = take_in([upload], already=len(evidence))
            except BadInput as failure:
                errors.append(str(failure))
                continue
            if all((each.sha256, each.kind) != (taken.sha256, key) for each in evidence):
                evidence.append(replace(taken, kind=key))
    kept = tuple(_kept(at, each, labels) for each in evidence)
    return HandedIn(tuple(evidence), kept, tuple(errors))


def kept_again(at: Here, evidence: Sequence[NewEvidence], kinds: Sequence[Option] = ()) -> HandedIn:
    """Files that are in the store already, as a form hands them on: each with a fresh mark of this reader."""
    labels = {kind.key: kind.label for kind in kinds}
    return HandedIn(tuple(evidence), tuple(_kept(at, each, labels) for each in evidence))


def _kept(at: Here, each: NewEvidence, labels: Mapping[str, str]) -> KeptFile:
    told = [at.actor.person, each.sha256, each.size, each.title, each.kind]
    return KeptFile(signing.dumps(told, salt=SALT), each.title, labels.get(each.kind, ""), each.sha256)


def _back(at: Here, mark: str) -> NewEvidence | None:
    """The file that a mark stands for; None for a mark that is not ours, too old, or somebody else's."""
    try:
        person, sha256, size, title, kind = signing.loads(mark, salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if person != at.actor.person:
        return None
    return NewEvidence(title=title, sha256=sha256, size=size, kind=kind)


def paper_of(words: Mapping[str, str]) -> tuple[NewEvidence, ...]:
    """The paper kept elsewhere (线下备查), if any of its lines was filled; the action says what is missing."""
    lines = {name: words.get(name, "").strip() for name in ("title", "place", "keeper", "number")}
    if not any(lines.values()):
        return ()
    return (NewEvidence(**lines, kind=words.get("kind", "").strip()),)
