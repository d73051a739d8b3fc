"""Addresses of the check."""

from __future__ import annotations

from django.urls import path

from guatu.web.check import views

urlpatterns = [
    path("check/", views.check, name="check"),
    path("check/<slug:token>/", views.several, name="check-set"),
    path("check/<slug:token>/<int:number>/", views.text, name="check-text"),
    path("check/<slug:token>/<int:number>/word/", views.word, name="check-word"),
    path("check/<slug:token>/<int:number>/change/", views.change, name="check-change"),
    path("check/<slug:token>/<int:number>/decide/", views.decide, name="check-decide"),
]
