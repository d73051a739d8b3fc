"""Addresses of self-checks: what was sent out, sending one, how far one has come, and a unit's answer."""

from __future__ import annotations

from django.urls import path

from guatu.web.self_checks import views

urlpatterns = [
    path("self-checks/", views.sent, name="self-checks"),
    path("self-checks/<uuid:public_id>/", views.one, name="self-check"),
    path("self-checks/<uuid:public_id>/<slug:form>/", views.one_file, name="self-check-file"),
    path("items/<uuid:public_id>/self-check/", views.send, name="self-check-send"),
    path("items/<uuid:public_id>/answer/", views.answer, name="self-check-answer"),
]
