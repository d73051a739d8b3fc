"""Addresses of issued documents; before those of the reports, whose keys stand in the same place."""

from __future__ import annotations

from django.urls import path, re_path

from guatu.web.issued import issuing, views

urlpatterns = [
    path("documents/issued/", views.issued_list, name="issued-list"),
    path("documents/issued/<uuid:issued>/", views.issued_one, name="issued"),
    path("documents/issued/<uuid:issued>/changes/", views.issued_changes, name="issued-changes"),
    path("documents/issued/<uuid:issued>/figures/<str:ref>/", views.issued_figure, name="issued-figure"),
    path("documents/issued/<uuid:issued>/sent/", issuing.issued_sent, name="issued-sent"),
    path("documents/issued/<uuid:issued>/withdraw/", issuing.issued_withdraw, name="issued-withdraw"),
    re_path(
        r"^documents/issued/(?P<issued>[0-9a-f-]{36})/file\.(?P<form>docx|pdf|html)$",
        views.issued_file,
        name="issued-file",
    ),
    path("documents/<uuid:public_id>/issue/", issuing.issue_written, name="issue-document"),
    path("documents/<slug:key>/issue/", issuing.issue_report, name="issue-report"),
]
