"""Importing a tree of units in one batch, and taking such a batch back."""

from __future__ import annotations

from guatu.access import Actor
from guatu.domain.imports.unit_plan import Applied, ImportPlan
from guatu.records.models import Batch, Tree


def apply_import(actor: Actor, *, tree: Tree, plan: ImportPlan, seen: str = "", reason: str = "") -> Applied:
    """Write what the plan says in one batch, or nothing.

    `seen`: the token of the plan that the person was shown, where the plan was made again since (a page: plan on
    upload, show, then plan again from the kept file on “apply”). BadInput when the plan has errors; Conflict, naming
    units, when what stands has changed since. The same token again gives the batch that was written the first time.
    """
    raise ValueError(actor, tree, plan, seen, reason)


def undo_import(actor: Actor, *, tree: Tree, batch: int, reason: str) -> Batch:
    """Take an import back as a new batch: new units never existed, moved ones stand where they stood, names return.

    Raises BadInput when something has been built on it since (items, posts, later changes): what, and of which unit.
    """
    raise ValueError(actor, tree, batch, reason)
