"""Addresses of the documents."""

from __future__ import annotations

from django.urls import path, re_path

from guatu.web.report import views

urlpatterns = [
    path("documents/<slug:key>/", views.report, name="report"),
    re_path(
        r"^documents/(?P<key>[-a-z0-9_]+)/file\.(?P<form>docx|pdf|html|txt)$",
        views.report_file,
        name="report_file",
    ),
]
