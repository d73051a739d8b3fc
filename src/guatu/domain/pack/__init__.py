"""Packs (专项模板): their schema, loading and checks."""

from guatu.domain.pack.load import builtin_pack, builtin_packs, load_pack
from guatu.domain.pack.register import FIELD_TYPES, ROLES, STANDARD_ATTRIBUTES, Field, Register
from guatu.domain.pack.schema import LightRule, Pack, Wall
from guatu.domain.pack.source import PackError
from guatu.domain.pack.template import ReportTemplate
from guatu.domain.pack.workflow import State, Transition, Workflow

__all__ = [
    "FIELD_TYPES",
    "ROLES",
    "STANDARD_ATTRIBUTES",
    "Field",
    "LightRule",
    "Pack",
    "PackError",
    "Register",
    "ReportTemplate",
    "State",
    "Transition",
    "Wall",
    "Workflow",
    "builtin_pack",
    "builtin_packs",
    "load_pack",
]
