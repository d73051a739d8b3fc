"""Addresses of one item."""

from __future__ import annotations

from django.urls import path

from guatu.web.item import views

urlpatterns = [
    path("items/<uuid:public_id>/", views.item, name="item"),
    path("items/<uuid:public_id>/edit/", views.edit, name="edit"),
    path("items/<uuid:public_id>/move/<slug:transition>/", views.move, name="move"),
    path("items/<uuid:public_id>/comment/", views.comment, name="comment"),
]
