"""The address at which a unit is merged, ended or moved."""

from __future__ import annotations

from django.urls import path

from guatu.web.unit_change import views

urlpatterns = [
    path("units/change/", views.choose_unit, name="unit-changes"),
    path("units/<str:code>/change/", views.change_unit, name="unit-change"),
]
