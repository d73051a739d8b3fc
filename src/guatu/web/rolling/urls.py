"""Addresses of rolling a text forward. They stand before those of reports, whose keys are words."""

from __future__ import annotations

from django.urls import path

from guatu.web.rolling import views

urlpatterns = [
    path("documents/roll/", views.roll, name="roll"),
    path("documents/roll/<slug:token>/", views.rolled, name="rolled"),
]
