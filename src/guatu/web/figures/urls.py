"""Addresses of the figures: the catalogue, one figure, what comes from outside, what was sent."""

from __future__ import annotations

from django.urls import path

from guatu.web.figure_making import views as making
from guatu.web.figures import about, outside, relations, sent, variants, views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/trends/", views.figure_trends, name="trends"),
    path("figures/file/<slug:form>/", views.figures_file, name="figures-file"),
    path("figures/outside/", outside.outside, name="outside"),
    path("figures/outside/<uuid:row>/withdraw/", outside.outside_withdraw, name="outside-withdraw"),
    path("figures/sent/", sent.sent, name="sent"),
    path("figures/sent/new/", sent.sent_new, name="sent-new"),
    path("figures/sent/used/", sent.sent_used, name="sent-used"),
    path("figures/sent/file/<slug:form>/", sent.sent_file, name="sent-file"),
    path("figures/sent/<uuid:line>/", sent.sent_one, name="sent-figure"),
    path("figures/sent/<uuid:line>/correct/", sent.sent_correct, name="sent-correct"),
    path("figures/new/", making.new, name="figure-new"),
    path("figures/relations/", relations.relations, name="figure-relations"),
    path("figures/<slug:key>/", views.figure, name="figure"),
    path("figures/<slug:key>/about/", about.about, name="figure-about"),
    path("figures/<slug:key>/change/", making.change, name="figure-change"),
    path("figures/<slug:key>/retire/", making.retire, name="figure-retire"),
    path("figures/<slug:key>/difference/<slug:variant>/", variants.difference, name="figure-difference"),
]
