"""Addresses of supervision."""

from __future__ import annotations

from django.urls import path

from guatu.web.supervision import views

urlpatterns = [
    path("supervision/", views.supervision, name="supervision"),
    path("supervision/record/", views.record, name="supervision-record"),
    path("supervision/plan/", views.plan, name="supervision-plan"),
    path("supervision/findings/<uuid:public_id>/file/", views.file, name="finding-file"),
]
