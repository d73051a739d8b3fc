"""Addresses whose roles are tried by tests of their own, by what they are of; the table of every address counts them in."""

from __future__ import annotations

OF_A_UNIT = {"unit"}
OF_WHAT_WAS_SENT = {  # tests/web/test_sent_figures.py
    "sent",
    "sent-new",
    "sent-used",
    "sent-file",
    "sent-figure",
    "sent-correct",
    "outside",
    "outside-withdraw",
}
OF_CHECKED_TEXTS = {  # tests/web/test_checking.py
    "check-set",
    "check-text",
    "check-word",
    "check-change",
    "check-decide",
    "phrase-end",
}
OF_A_ROLLED_TEXT = {"rolled"}  # tests/web/test_rolling.py
OF_SECRETS = {"readers"}  # tests/web/test_readers.py
OF_SUPERVISION = {  # tests/web/test_supervision.py
    "supervision",
    "supervision-record",
    "supervision-plan",
    "finding-file",
}
OF_A_DESK = {"todo_sheet", "todo_pdf"}  # tests/web/todo/test_sheet.py
OF_A_LIST = {"list_urge", "list_views", "list_view", "list_due"}  # tests/web/test_list_tools.py
OF_A_JOB = {"job", "job_file", "job_cancel", "exports"}  # tests/web/test_jobs.py
OF_AN_ITEM = (
    "todo_item",
    "todo_move",
    "item",
    "edit",
    "move",
    "comment",
    "evidence",
    "beside",
    "link",
    "unlink",
)
OF_ONES_OWN = {"inbox", "item_people"}  # tests/web/test_inbox.py, tests/web/test_mentions.py
OF_THE_QUEUE = {
    "queue",
    "queue-item",
    "queue-paper",
    "queue-seen",
    "queue-move",
    "queue-bulk",
}  # tests/web/test_queue.py
CONTACTS = {"contacts": (), "contacts-file": ("xlsx",)}
OF_THE_SET_UP = {  # tests/web/setup/
    "setup",
    "setup-house",
    "setup-keepers",
    "setup-first-passwords",
    "setup-units",
    "setup-units-apply",
    "setup-units-typed",
    "setup-units-undo",
    "setup-units-file",
    "setup-campaign",
    "setup-people",
    "setup-people-apply",
    "setup-people-typed",
    "setup-people-team",
    "setup-people-file",
    "setup-calendar",
    "setup-calendar-notice",
    "setup-calendar-day",
    "setup-check",
    "setup-start",
    "setup-channels",  # tests/web/test_reminders.py
    "setup-channels-test",
    "setup-channels-again",
    "contacts-telephone",
}
OF_A_SIGNATURE = {"sign-off", "sign-sheet", "sign-restore"}  # tests/web/test_sign_off.py
OF_THE_OFFICE = {"hand-down", "acknowledged"}  # tests/web/test_hand_down.py
OF_A_NOTICE = {"notice", "notice-answer", "notice-sheet"}  # tests/web/test_notice.py
OF_REFERRALS = {"claim", "coordination", "coordinate"}  # tests/web/test_upward.py
OF_SELF_CHECKS = {  # tests/web/test_self_checks.py
    "self-check",
    "self-check-file",
    "self-check-send",
    "self-check-answer",
}
OF_COLLECTION = {  # tests/web/test_collection.py
    "collection-new",
    "collection-edit",
    "collection-send",
    "collection-request",
    "collection-missing",
    "collection-roster",
    "collection-cut-off",
    "collection-change",
    "collection-review",
    "collection-review-one",
    "collection-file",
}
OF_RETURNS = {  # tests/web/test_returns.py
    "return",
    "return-save",
    "return-paper",
    "return-sign",
    "return-amend",
}
OF_BURDENS_MEASURED = {"meter", "meter-file", "meter-unit"}  # tests/web/test_meter.py
OF_SAMPLES = {"reinspection", "reinspection-draw", "sample", "sample-item"}  # tests/web/test_reinspection.py
OF_THE_DOOR = {
    "account_login",
    "mfa_authenticate",
    "activate",
}  # tests/web/test_second_factor.py, test_activate.py
OF_ONESELF = {  # tests/web/test_account.py
    "account",
    "account-sessions",
    "account_reauthenticate",
    "factors",
    "factor-app",
    "factor-key",
    "factor-codes",
    "factor-drop",
    "account-notices",  # tests/web/test_reminders.py
}
OF_ACCOUNTS = {
    "accounts",
    "accounts-slips",
    "accounts-unlock",
    "accounts-factor",
    "log-ins",  # tests/web/test_log_ins.py
}  # tests/web/test_accounts.py
OF_UNITS_CHANGED = {"unit-changes", "unit-change"}  # tests/web/test_unit_change.py
OF_A_PROPOSAL = {"propose", "proposal"}  # tests/web/test_proposals.py
OF_THE_KEEPERS = {  # tests/web/test_people.py
    "people",
    "person",
    "person-appoint",
    "person-home",
    "person-on",
    "person-end-post",
    "person-leaving",
    "person-leaving-file",
}
OF_WHAT_WAS_ISSUED = {  # tests/web/test_issued.py
    "issued-list",
    "issued",
    "issued-figure",
    "issued-changes",
    "issued-file",
    "issued-withdraw",
    "issued-sent",
    "issue-report",
    "issue-document",
}
OF_DOCUMENTS = {  # tests/web/test_document_pages.py
    "document-new",
    "document",
    "document-edit",
    "document-draft",
    "document-drop",
    "document-palette",
    "document-check",
    "document-sections",
    "document-versions",
    "document-step",
    "document-comment",
    "document-file",
    "document-sourced",
}
OF_A_FORM = {  # tests/web/test_superior_forms.py
    "superior-form",
    "superior-form-file",
    "superior-form-original",
}
OF_MATERIALS = {"material-take", "material-into"}  # tests/web/test_materials.py
OF_FIGURES_MADE = {"figure-new", "figure-change", "figure-retire"}  # tests/web/test_figure_making.py
OF_A_WORKBOOK = {"workbook-new", "workbook-table", "workbook-made"}  # tests/web/test_workbooks.py
OF_A_FILLED_BOOK = {"fill-file", "fill-check", "fill-drop"}  # tests/web/test_fill_sheets.py
OF_A_FILE = {"evidence_file", "evidence_image", "field_file"}  # tests/web/test_item_files.py
OF_EVIDENCE = {"evidence-view", "evidence-page", "evidence-withdraw", "dossier"}  # tests/web/test_evidence.py
