"""Addresses of the registers."""

from __future__ import annotations

from django.urls import path

from guatu.web.registers import views

urlpatterns = [
    path("registers/", views.index, name="registers"),
    path("registers/<slug:key>/", views.items, name="list"),
    path("find/", views.find, name="find"),
]
