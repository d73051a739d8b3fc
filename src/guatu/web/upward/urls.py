"""Addresses of what was referred upward: the answer of the unit that is asked, and the office's list."""

from __future__ import annotations

from django.urls import path

from guatu.web.upward import views

urlpatterns = [
    path("items/<uuid:public_id>/claim/", views.claim, name="claim"),
    path("coordination/", views.coordination, name="coordination"),
    path("coordination/<uuid:public_id>/", views.coordinate, name="coordinate"),
]
