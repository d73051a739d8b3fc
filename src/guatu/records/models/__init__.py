"""All tables. Import models from here."""

from __future__ import annotations

from guatu.records.models.attachments import Comment, Evidence, Link, PrivateValue
from guatu.records.models.campaigns import Campaign, Deployment, PackVersion
from guatu.records.models.desk import Job, PersonalValue, SavedView, Seen
from guatu.records.models.items import Item, ItemUnit, Spell
from guatu.records.models.ledger import Batch, LedgerHead, Revision, Seal
from guatu.records.models.people import Person, Post, Team, TeamUnit
from guatu.records.models.units import ANCESTORS, HeadCount, Placement, SectorRow, Tree, Unit

__all__ = [
    "ANCESTORS",
    "Batch",
    "Campaign",
    "Comment",
    "Deployment",
    "Evidence",
    "HeadCount",
    "Item",
    "ItemUnit",
    "Job",
    "LedgerHead",
    "Link",
    "PackVersion",
    "Person",
    "PersonalValue",
    "Placement",
    "Post",
    "PrivateValue",
    "Revision",
    "SavedView",
    "Seal",
    "SectorRow",
    "Seen",
    "Spell",
    "Team",
    "TeamUnit",
    "Tree",
    "Unit",
]
