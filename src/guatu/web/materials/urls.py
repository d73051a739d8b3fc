"""Addresses of the pool of good practice. They stand before those of documents and of the pack's reports."""

from __future__ import annotations

from django.urls import path

from guatu.web.materials import views

urlpatterns = [
    path("documents/materials/", views.materials, name="materials"),
    path("documents/materials/take/<uuid:public_id>/", views.take, name="material-take"),
    path("documents/materials/<slug:number>/into/", views.into, name="material-into"),
]
