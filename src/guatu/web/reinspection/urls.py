"""Addresses of re-inspection."""

from __future__ import annotations

from django.urls import path

from guatu.web.reinspection import views

urlpatterns = [
    path("reinspection/", views.samples, name="reinspection"),
    path("reinspection/draw/", views.draw, name="reinspection-draw"),
    path("reinspection/<uuid:public_id>/", views.sample, name="sample"),
    path("reinspection/<uuid:public_id>/items/<uuid:item_id>/", views.look, name="sample-item"),
]
