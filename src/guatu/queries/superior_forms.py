"""Superiors' forms (上级表样): which are kept, what each is mapped to, what may be put into their cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from guatu.access import Actor, may, require
from guatu.domain.errors import NotFound
from guatu.domain.imports.near_names import candidates
from guatu.domain.pack import Pack
from guatu.domain.superior_form import COMPANY, FIGURE, FULL_NAME, SEQUENCE, UNIT, FormMapping, mapping_from
from guatu.domain.words import gettext as _
from guatu.queries.list_columns import columns_by_key
from guatu.queries.unit_tree import Node, UnitTree
from guatu.records.models import Batch, Campaign, Revision, SuperiorForm
from guatu.records.packs import pack_of

CAPABILITY = "keep_forms"
KEEP = "form.keep"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form as lists show it. `register` is the label of the register that it takes its rows from, if any."""

    public_id: UUID
    title: str
    file_name: str
    register: str
    mapping: FormMapping | None
    kept_by: str
    kept_on: str


def kept_forms(actor: Actor, campaign: Campaign) -> tuple[KeptForm, ...]:
    """Every form that is kept in the campaign, the newest first. Two statements."""
    require(actor, "see_items", campaign=campaign)
    pack = pack_of(campaign)
    rows = list(SuperiorForm.objects.filter(campaign=campaign, ended_batch=None).order_by("-pk"))
    signed = _signed(row.pk for row in rows)
    return tuple(
        KeptForm(
            row.public_id,
            row.title,
            row.file_name,
            pack.registers[row.register].label if row.register in pack.registers else "",
            mapping_from(row.mapping),
            *signed.get(row.pk, ("", "")),
        )
        for row in rows
    )


def _signed(pks: object) -> dict[int, tuple[str, str]]:
    """Who kept each form, and on which day."""
    first = Revision.objects.filter(subject_kind="form", subject_id__in=list(pks), version=1)  # type: ignore[call-overload]
    batches = dict(first.values_list("subject_id", "batch_id"))
    told = {
        seq: (name, f"{moment:%Y-%m-%d}")
        for seq, name, moment in Batch.objects.filter(seq__in=batches.values()).values_list(
            "seq", "actor_name", "recorded_on"
        )
    }
    return {pk: told[seq] for pk, seq in batches.items() if seq in told}


def form_of(actor: Actor, campaign: Campaign | None, public_id: str | UUID) -> SuperiorForm:
    """The form. Raises NotFound for one that is not (or no longer) kept in this campaign. One statement."""
    require(actor, "see_items", campaign=campaign)
    try:
        wanted = UUID(str(public_id))
    except ValueError:
        wanted = UUID(int=0)
    row = SuperiorForm.objects.filter(campaign=campaign, public_id=wanted, ended_batch=None).first()
    if row is None:
        raise NotFound(_("没有找到这份上级表样，或已停用。请在“上级表样”中重新选择。"))
    return row


def forms_of(campaign: Campaign, register: str) -> tuple[tuple[UUID, str], ...]:
    """The forms that take their rows from this register: (public id, title). One statement."""
    rows = SuperiorForm.objects.filter(campaign=campaign, register=register, ended_batch=None)
    return tuple(rows.order_by("title", "pk").values_list("public_id", "title"))


def may_change(actor: Actor, campaign: Campaign, form: SuperiorForm) -> bool:
    """Whether the actor may map or withdraw the form: the campaign's office any, everybody else one of their own."""
    if not may(actor, CAPABILITY, campaign=campaign):
        return False
    return may(actor, CAPABILITY, campaign.root, campaign) or (
        actor.person is not None and actor.person == keeper_of(form.pk)
    )


def keeper_of(form: int) -> int | None:
    """The person who took the form in. One statement."""
    first = Revision.objects.filter(subject_kind="form", subject_id=form, version=1)
    keeper: int | None = (
        Batch.objects.filter(seq__in=first.values("batch")).values_list("actor_id", flat=True).first()
    )
    return keeper


def column_choices(pack: Pack, register: str) -> Mapping[str, str]:
    """What a column of a list form can be filled with: key → label."""
    spec = pack.registers.get(register)
    if spec is None:
        return {}
    own = {key: column.label for key, column in columns_by_key(spec).items()}
    return {SEQUENCE: _("序号"), **own, FULL_NAME: _("牵头单位全称"), COMPANY: _("牵头单位的上级单位")}


def unit_choices(pack: Pack) -> Mapping[str, str]:
    """What a column of a form with a row for each unit can be filled with: key → label."""
    return {
        SEQUENCE: _("序号"),
        UNIT: _("单位"),
        FULL_NAME: _("单位全称"),
        COMPANY: _("上级单位"),
        **{FIGURE + key: label for key, label in figure_choices(pack).items()},
    }


def figure_choices(pack: Pack) -> Mapping[str, str]:
    """The figures that can be put into a form: key → label."""
    return {key: figure.label for key, figure in pack.figures.items() if not figure.internal}


def names_of(tree: UnitTree) -> frozenset[str]:
    """Every code, name, short name, alias and former name of a unit."""
    return frozenset(
        name
        for node in tree.nodes.values()
        for name in (node.code, node.name, node.short_name, *node.aliases, *node.former_names)
        if name
    )


def unit_named(tree: UnitTree, text: str) -> tuple[str, tuple[str, ...]]:
    """The code of the unit that is called so (by code, name, short name, alias or former name, to the letter), else
    the short names that are near it. What two units are called is near only.
    """
    wanted = text.strip()
    if wanted in tree.codes:
        return wanted, ()
    called: dict[str, list[Node]] = {}
    for node in tree.nodes.values():
        for name in {node.name, node.short_name, *node.aliases, *node.former_names} - {""}:
            called.setdefault(name, []).append(node)
    if len(called.get(wanted, ())) == 1:
        return called[wanted][0].code, ()
    near = [node.short_name for name in candidates(wanted, called) for node in called[name]]
    return "", tuple(dict.fromkeys(near))
