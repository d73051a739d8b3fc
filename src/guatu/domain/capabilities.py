"""What each role may do, as one table (model.md, who may see and do what).

Rights of items are in the pack (who fills a register, who may make a transition); this table holds the rest.
"""

from __future__ import annotations

from typing import Final

OPERATOR: Final = (
    "operator"  # the console of the installation: reads everything, sets up, never acts on items
)

BUSINESS: Final = frozenset(
    {
        "leader",
        "office",
        "working_group",
        "team_leader",
        "team_member",
        "liaison",
        "head",
        "filler",
        "observer",
        "auditor",
    }
)
ADMINISTRATORS: Final = frozenset({"system_admin", "security_admin", "audit_admin"})

CAPABILITIES: Final[dict[str, frozenset[str]]] = {
    "see_items": BUSINESS | {OPERATOR},
    "see_figures": BUSINESS | {OPERATOR},
    "check_text": BUSINESS | {OPERATOR},
    "decide_phrases": frozenset({"office", "working_group", "liaison"}),
    "comment": BUSINESS - {"observer", "auditor"},
    "read_messages": BUSINESS | ADMINISTRATORS,
    "urge": BUSINESS - {"observer", "auditor"},
    "set_up": frozenset({OPERATOR}),
    "open_campaign": frozenset({"office", "system_admin", OPERATOR}),
    "shape_campaign": frozenset({"office"}),
    "manage_units": frozenset({"office", "system_admin", OPERATOR}),
    "manage_people": frozenset({"office", "system_admin", "security_admin", OPERATOR}),
    "keep_administrators": frozenset({"security_admin", OPERATOR}),
    "reset_password": frozenset({"office", "security_admin", OPERATOR}),
    "keep_accounts": frozenset({"office", "liaison", "security_admin", OPERATOR}),
    "see_log_ins": frozenset({"security_admin", OPERATOR}),
    "reset_second_factor": frozenset({"security_admin", OPERATOR}),
    "manage_teams": frozenset({"office", "system_admin", OPERATOR}),
    "see_contacts": BUSINESS | {"system_admin", OPERATOR},
    "see_telephones": BUSINESS - {"working_group", "observer", "auditor"} | {"system_admin", OPERATOR},
    "report_burden": BUSINESS,
    "answer_burdens": frozenset({"office"}),
    "hand_down": frozenset({"office", "liaison"}),
    "coordinate": frozenset({"office"}),
    "group_causes": frozenset({"office", "liaison"}),
    "send_self_check": frozenset({"office", "liaison"}),
    "collect": frozenset({"office", "liaison"}),
    "correct_history": frozenset({"office"}),
    "see_supervision": BUSINESS - {"observer", "auditor"},
    "record_visits": frozenset({"office", "team_leader", "team_member"}),
    "file_findings": frozenset({"office", "team_leader", "liaison", "filler"}),
    "restrict": frozenset({"office", "head"}),
    "draw_sample": frozenset({"office", "team_leader"}),
    "see_samples": frozenset({"leader", "office", "working_group", "team_leader", "team_member"}),
    "look_again": frozenset({"office", "team_leader", "team_member"}),
    "change_due": frozenset({"office", "liaison"}),
    "transfer": frozenset({"office"}),
    "hand_over": frozenset({"office", "system_admin"}),
    "set_beside": frozenset({"office", "liaison", "filler"}),
    "keep_outside_rows": frozenset({"office"}),
    "issue_documents": frozenset({"office"}),
    "send_figures": frozenset({"office"}),
    "see_sent_figures": frozenset({"leader", "office", "working_group", "auditor", OPERATOR}),
    "keep_channels": frozenset({"system_admin", OPERATOR}),
    "see_reminders": frozenset({"office"}),
    "keep_forms": frozenset({"office", "liaison"}),
    "keep_calendar": frozenset({"system_admin", OPERATOR}),
    "seal": frozenset({"office", "audit_admin", OPERATOR}),
    "see_ledger": frozenset({"office", "audit_admin", "auditor", OPERATOR}),
}


def roles_with(capability: str) -> frozenset[str]:
    """The roles that have `capability`; an unknown one is nobody's (fails closed)."""
    return CAPABILITIES.get(capability, frozenset())
