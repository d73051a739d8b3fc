"""The addresses at which a key task is handed down, and at which one sees who has acknowledged it."""

from __future__ import annotations

from django.urls import path

from guatu.web.hand_down import views

urlpatterns = [
    path("items/<uuid:public_id>/hand-down/", views.hand_down_to_units, name="hand-down"),
    path("items/<uuid:public_id>/acknowledged/", views.acknowledged, name="acknowledged"),
]
