"""Texts that were handed in to be checked, several at a time: they stay with whoever handed them in, for a day at most.

A checked set is a small list beside the files (`kept_uploads`): their names, what could not be read and why, which set it
corrects, and what its owner has had corrected. Nobody else finds it, whatever address they have.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from guatu.domain.errors import NotFound
from guatu.domain.words import gettext as _
from guatu.exchange.documents_in import MAX_FILE_BYTES
from guatu.exchange.kept_uploads import keep_upload, kept_path, kept_upload

MOST_LIST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """The characters from `start` to `end` of a text are to become `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class KeptText:
    """One text: its bytes under `token`, or the sentence why it could not be read."""

    name: str
    token: str = ""
    sentence: str = ""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """A checked set. `before`: the set that it is a corrected version of; `at`: ISO moment when it was handed in."""

    token: str
    owner: str
    texts: tuple[KeptText, ...]
    at: str = ""
    before: str = ""


def keep_text(name: str, data: bytes) -> KeptText:
    """Keep a text's bytes."""
    return KeptText(name, keep_upload(name, [data], most=MAX_FILE_BYTES))


def keep_check(owner: str, texts: Sequence[KeptText], *, at: str, before: str = "") -> KeptCheck:
    """Keep the list of a set that has just been handed in."""
    made = KeptCheck("", owner, tuple(texts), at, before)
    return replace(made, token=keep_upload("list", [_written(made)], most=MOST_LIST))


def kept_check(owner: str, token: str) -> KeptCheck:
    """The set, for its owner. Raises NotFound for somebody else's, and when a day has passed."""
    gone = NotFound(_("这份校核已过期，或不是您上传的。请重新上传稿件。"))
    try:
        said = json.loads(kept_upload(token))
        if not owner or said["owner"] != owner:
            raise gone
        texts = tuple(
            KeptText(
                str(one["name"]),
                str(one["token"]),
                str(one["sentence"]),
                tuple(Edit(int(start), int(end), str(new)) for start, end, new in one["edits"]),
            )
            for one in said["texts"]
        )
        return KeptCheck(token, owner, texts, str(said["at"]), str(said["before"]))
    except (NotFound, ValueError, KeyError, TypeError):
        # Other files wait under tokens too; one that is no list of texts is none of ours.
        raise gone from None


def change_edits(kept: KeptCheck, place: int, edits: Sequence[Edit]) -> KeptCheck:
    """Note what of the text at `place` (from 0) its owner has had corrected."""
    texts = list(kept.texts)
    texts[place] = replace(texts[place], edits=tuple(sorted(edits)))
    changed = replace(kept, texts=tuple(texts))
    path = kept_path(kept.token)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    beside.write_bytes(_written(changed))
    beside.chmod(0o600)
    beside.replace(path)
    return changed


def bytes_of(text: KeptText) -> bytes:
    """What was handed in. Raises NotFound when a day has passed."""
    return kept_upload(text.token)


def _written(kept: KeptCheck) -> bytes:
    said = {
        "owner": kept.owner,
        "at": kept.at,
        "before": kept.before,
        "texts": [
            {
                "name": one.name,
                "token": one.token,
                "sentence": one.sentence,
                "edits": [[edit.start, edit.end, edit.new] for edit in one.edits],
            }
            for one in kept.texts
        ],
    }
    return json.dumps(said, ensure_ascii=False).encode()
