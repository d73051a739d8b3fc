"""Addresses of the units."""

from __future__ import annotations

from django.urls import path

from guatu.web.units import views

urlpatterns = [
    path("units/", views.units, name="units"),
    path("units/<str:code>/", views.unit, name="unit"),
]
