"""Addresses of workbooks that become registers."""

from __future__ import annotations

from django.urls import path

from guatu.web.workbooks import views

urlpatterns = [
    path("collection/workbooks/new/", views.new, name="workbook-new"),
    path("collection/workbooks/<slug:token>/<int:table>/", views.table, name="workbook-table"),
    path("collection/workbooks/<slug:token>/<int:table>/made/", views.made, name="workbook-made"),
]
