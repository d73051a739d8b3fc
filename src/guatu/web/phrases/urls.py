"""Addresses of decisions about phrases."""

from __future__ import annotations

from django.urls import path

from guatu.web.phrases import views

urlpatterns = [
    path("documents/phrases/", views.phrases, name="phrases"),
    path("documents/phrases/<uuid:phrase>/end/", views.end, name="phrase-end"),
]
