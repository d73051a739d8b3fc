"""Addresses of the figures."""

from __future__ import annotations

from django.urls import path

from guatu.web.figures import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/trends/", views.figure_trends, name="trends"),
    path("figures/<slug:key>/", views.figure, name="figure"),
]
