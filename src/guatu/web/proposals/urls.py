"""Addresses of the proposals."""

from __future__ import annotations

from django.urls import path

from guatu.web.proposals import views

urlpatterns = [
    path("proposals/", views.proposals, name="proposals"),
    path("proposals/new/<slug:kind>/", views.new_proposal, name="propose"),
    path("proposals/<uuid:public_id>/", views.proposal, name="proposal"),
]
