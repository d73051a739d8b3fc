"""All tables. Import models from here."""

from __future__ import annotations

from guatu.records.models.attachments import Comment, Evidence, Link, PrivateValue
from guatu.records.models.campaigns import Campaign, Deployment, PackVersion
from guatu.records.models.desk import EvidenceOpened, Job, Message, PersonalValue, SavedView, Seen
from guatu.records.models.items import Item, ItemUnit, Spell
from guatu.records.models.ledger import Batch, LedgerHead, Revision, Seal
from guatu.records.models.loop import (
    BurdenReport,
    ItemReader,
    Objection,
    Proposal,
    Sample,
    SampleItem,
    WorkingYear,
)
from guatu.records.models.people import AccessCode, Delegation, Person, Post, Team, TeamUnit
from guatu.records.models.units import ANCESTORS, HeadCount, Placement, SectorRow, Tree, Unit

__all__ = [
    "ANCESTORS",
    "AccessCode",
    "Batch",
    "BurdenReport",
    "Campaign",
    "Comment",
    "Delegation",
    "Deployment",
    "Evidence",
    "EvidenceOpened",
    "HeadCount",
    "Item",
    "ItemReader",
    "ItemUnit",
    "Job",
    "LedgerHead",
    "Link",
    "Message",
    "Objection",
    "PackVersion",
    "Person",
    "PersonalValue",
    "Placement",
    "Post",
    "PrivateValue",
    "Proposal",
    "Revision",
    "Sample",
    "SampleItem",
    "SavedView",
    "Seal",
    "SectorRow",
    "Seen",
    "Spell",
    "Team",
    "TeamUnit",
    "Tree",
    "Unit",
    "WorkingYear",
]
