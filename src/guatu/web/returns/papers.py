"""Files in the form of a return: the file that a cell holds, and the papers that go with the whole.

A file is taken in as soon as it is chosen and stands in the form as a signed mark, so that it is chosen once, whatever
becomes of the rest. A mark is good for the person that it was shown to: nobody reaches a file by naming its hash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.actions.returns import is_on_behalf
from guatu.actions.writing import NewEvidence
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.pack.register import Field
from guatu.exchange.uploads import take_in
from guatu.queries.return_form import ReturnForm
from guatu.web.here import Here
from guatu.web.item.handed_in import FILES, KEPT, HandedIn, hand_in
from guatu.web.item.typed import Files

SALT = "guatu.fill.file"
KEPT_SECONDS = 7 * 24 * 3600
CHOSEN = "up-"
"""What the name of an input in which a cell's file is chosen begins with; the cell's own name carries the mark."""
_CELL = re.compile(r"^(r\d{1,4}-)([a-z0-9_]+)$")


@dataclass(frozen=True, slots=True)
class PaperShown:
    """A file in the form: the mark that brings it along, what it is called, where it can be read ("" for a new one).

    `drop`: what the button that takes it away says.
    """

    mark: str
    title: str
    href: str = ""
    drop: str = ""


@dataclass(frozen=True, slots=True)
class BoxShown:
    """A place for files: `name` carries the marks, `chosen` is the input; `many` says how many it holds.

    `save`: where a chosen file goes at once.
    """

    name: str
    chosen: str
    label: str
    papers: tuple[PaperShown, ...]
    save: str
    many: bool = False
    error: str = ""


def mark_of(at: Here, sha256: str, title: str) -> str:
    """What stands in the form for a file that this reader may hand in."""
    return signing.dumps([at.actor.person, sha256, title], salt=SALT)


def marked(at: Here, mark: str) -> tuple[str, str] | None:
    """(SHA-256, title) of a mark; None for one that is not ours, too old, or somebody else's."""
    try:
        person, sha256, title = signing.loads(mark, salt=SALT, max_age=KEPT_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (sha256, title) if person == at.actor.person else None


def read_paper(
    at: Here, each: Field, post: QueryDict, files: Files | None, prefix: str
) -> tuple[str, str, str]:
    """The file of a cell as a form sends it: (SHA-256, title, sentence). A chosen one goes before the one that stood there."""
    given = files.getlist(f"{CHOSEN}{prefix}{each.key}") if files is not None else []
    trouble = ""
    if given:
        try:
            [kept] = take_in(given[-1:])
        except BadInput as failure:
            trouble = str(failure)
        else:
            return kept.sha256, kept.title, ""
    found = marked(at, post.get(prefix + each.key, ""))
    return (*found, trouble) if found is not None else ("", "", trouble)


def paper_box(
    at: Here, each: Field, name: str, sha256: str, title: str, *, save: str, href: str = "", error: str = ""
) -> BoxShown:
    """The place of a cell's file."""
    papers = (PaperShown(mark_of(at, sha256, title), title or each.label, href, name),) if sha256 else ()
    return BoxShown(name, f"{CHOSEN}{name}", each.label, papers, save, error=error)


def whole_box(handed: HandedIn, *, behalf: bool, save: str) -> BoxShown:
    """The place of the papers that go with the whole return: the scan, or what else belongs to it."""
    label = _("签字的纸质表") if behalf else _("佐证材料")
    papers = tuple(PaperShown(each.mark, each.title, drop=each.sha256) for each in handed.kept)
    return BoxShown(KEPT, FILES, label, papers, save, many=True, error=handed.error)


def box_of(at: Here, found: ReturnForm, post: QueryDict, files: Files) -> BoxShown:
    """The place that a form names (`box`), with what was chosen in it just now. NotFound for a place that it has not."""
    name = post.get("box", "")
    save = at.to("return-paper", found.item.public_id)
    if name == KEPT:
        behalf = found.way.fill is not None and is_on_behalf(
            at.actor, at.campaign, found.way.fill, found.item
        )
        return whole_box(hand_in(at, post, files, ()), behalf=behalf, save=save)
    place = _CELL.match(name)
    each = found.register.field(place.group(2)) if place is not None else None
    if place is None or each is None or each.type != "file" or each not in found.fields:
        raise NotFound()
    sha256, title, trouble = read_paper(at, each, post, files, place.group(1))
    return paper_box(at, each, name, sha256, title, save=save, error=trouble)


def drafted(evidence: NewEvidence) -> dict[str, Any]:
    """A paper of the whole as the draft keeps it."""
    return {"title": evidence.title, "sha256": evidence.sha256, "size": evidence.size}


def from_drafted(told: Mapping[str, Any]) -> NewEvidence:
    """A paper of the whole from the draft."""
    return NewEvidence(title=told["title"], sha256=told["sha256"], size=told.get("size"))
