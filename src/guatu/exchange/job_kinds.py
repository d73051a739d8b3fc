"""Every kind of work in the background, in one table. `settings.GUATU_JOB_KINDS` names it."""

from __future__ import annotations

from guatu.actions.jobs import JobKind
from guatu.exchange.causes_job import compare_problems
from guatu.exchange.exporters import run_export
from guatu.exchange.returned_drop import run_drop
from guatu.exchange.workbook_making import run_making

JOB_KINDS: dict[str, JobKind] = {
    "export": JobKind(run_export, "see_items"),
    "common_causes": JobKind(compare_problems, "see_items"),
    "returned_drop": JobKind(run_drop, "see_items"),
    "workbook": JobKind(run_making, "shape_campaign"),
}
