"""All tables. Import models from here."""

from __future__ import annotations

from guatu.records.models.attachments import Comment, Evidence, Link, PrivateValue
from guatu.records.models.campaigns import Campaign, Deployment, PackVersion
from guatu.records.models.collection import FillDraft, OutsideRow, SentFigure, SentRecord, SuperiorForm
from guatu.records.models.deliveries import ChannelState, Delivery, NoticeChoice, ReminderDay
from guatu.records.models.desk import EvidenceOpened, Job, Message, PersonalValue, SavedView, Seen
from guatu.records.models.issuing import IssuedDocument, IssuedRecord
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
from guatu.records.models.phrases import PhraseDecision, PhraseUse
from guatu.records.models.units import ANCESTORS, HeadCount, Placement, SectorRow, Tree, Unit

__all__ = [
    "ANCESTORS",
    "AccessCode",
    "Batch",
    "BurdenReport",
    "Campaign",
    "ChannelState",
    "Comment",
    "Delegation",
    "Delivery",
    "Deployment",
    "Evidence",
    "EvidenceOpened",
    "FillDraft",
    "HeadCount",
    "IssuedDocument",
    "IssuedRecord",
    "Item",
    "ItemReader",
    "ItemUnit",
    "Job",
    "LedgerHead",
    "Link",
    "Message",
    "NoticeChoice",
    "Objection",
    "OutsideRow",
    "PackVersion",
    "Person",
    "PersonalValue",
    "PhraseDecision",
    "PhraseUse",
    "Placement",
    "Post",
    "PrivateValue",
    "Proposal",
    "ReminderDay",
    "Revision",
    "Sample",
    "SampleItem",
    "SavedView",
    "Seal",
    "SectorRow",
    "Seen",
    "SentFigure",
    "SentRecord",
    "Spell",
    "SuperiorForm",
    "Team",
    "TeamUnit",
    "Tree",
    "Unit",
    "WorkingYear",
]
